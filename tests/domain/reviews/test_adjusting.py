"""A target proposed from evidence, and when none is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from jalon.domain.reviews.adjusting import Evidence, proposed, rounded


def evidence(**more: Any) -> Evidence:
    told: dict[str, Any] = {
        "target": Decimal(587000),
        "actual": Decimal(273800),
        "landing": (Decimal(460000), Decimal(514800), Decimal(570000)),
        "probability": Decimal("0.08"),
        "unit": "money",
    }
    return Evidence(**(told | more))


def test_the_landing_at_even_odds_is_proposed_and_what_is_done_is_credited() -> None:
    found = proposed(evidence())

    assert found.target == Decimal(515000)
    assert found.credited == Decimal(273800)


@pytest.mark.parametrize(
    ("more", "refused"),
    [
        pytest.param({"probability": Decimal("0.5")}, "adjust.holds", id="even odds"),
        pytest.param({"landing": None}, "adjust.no_landing", id="no forecast"),
        pytest.param({"actual": Decimal(520000)}, "adjust.done", id="done already"),
        pytest.param({"target": Decimal(500000)}, "adjust.holds", id="it lands beyond"),
    ],
)
def test_no_easier_target_is_proposed_where_none_is_needed(
    more: dict[str, Any], refused: str
) -> None:
    found = proposed(evidence(**more))

    assert found.target is None
    assert found.refused == refused


def test_for_a_figure_that_should_fall_easier_is_higher() -> None:
    days = (Decimal(52), Decimal(57), Decimal(63))
    found = proposed(
        evidence(
            target=Decimal(45),
            actual=Decimal(60),
            landing=days,
            unit="day",
            direction="down",
            flow=False,
        )
    )

    assert found.target == Decimal(57)
    assert found.credited is None


def test_the_heaviest_driver_and_the_class_said_most_give_the_reason() -> None:
    found = proposed(
        evidence(
            drivers=(
                ("leads", Decimal(4000)),
                ("win_rate", Decimal(-35194)),
                ("average_basket", Decimal(-2000)),
                ("ambition", Decimal(-90000)),
            ),
            classes=(("competitor", 99, 8), ("price", 25, 7)),
        )
    )

    assert (found.lever, found.heard, found.why) == ("win_rate", "competitor", "market")


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        ("0.1574", "share", "0.155"),
        ("514800", "money", "515000"),
        ("10.6", "count", "11"),
        ("34.26", "score", "34.3"),
    ],
)
def test_a_proposal_is_a_figure_somebody_would_write(
    value: str, unit: str, told: str
) -> None:
    assert rounded(Decimal(value), unit) == Decimal(told)
