"""How sure a survey is: public worked examples, and laws."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.domain.feedback.surveys import margin_of, mean_margin, share_interval


@pytest.mark.parametrize(
    ("satisfied", "answers", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_s_interval_as_published(
    satisfied: int, answers: int, low: float, high: float
) -> None:
    """Newcombe (1998), Statistics in Medicine 17, table I, method 3."""
    found = share_interval(Decimal(satisfied), Decimal(answers))

    assert [float(end) for end in found] == pytest.approx([low, high], abs=5e-5)


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_interval_holds_the_share_and_stays_a_share(yes: int, more: int) -> None:
    low, high = share_interval(Decimal(yes), Decimal(yes + more))

    assert 0 <= low <= Decimal(yes) / (yes + more) + Decimal("1e-20")
    assert Decimal(yes) / (yes + more) - Decimal("1e-20") <= high <= 1


@given(st.integers(1, 50), st.integers(2, 10))
def test_more_of_the_same_answers_are_surer(yes: int, times: int) -> None:
    def width(factor: int) -> Decimal:
        low, high = share_interval(Decimal(yes * factor), Decimal(60 * factor))
        return high - low

    assert width(times) < width(1)


def test_the_margin_of_a_mean_by_hand() -> None:
    """2 4 4 4 5 5 7 9: mean 5, variance 4; 1.96 × √(4 ÷ 7) = 1.4816."""
    assert float(mean_margin(Decimal(4), Decimal(8)) or 0) == pytest.approx(
        1.4816, abs=1e-4
    )
    assert mean_margin(Decimal(4), Decimal(1)) is None


def test_only_surveys_have_a_margin() -> None:
    def told(kpi: str, answers: int | None) -> Decimal | None:
        return margin_of(
            kpi,
            numerator=Decimal(3),
            denominator=None if answers is None else Decimal(answers),
            beside={"margin": Decimal(7), "variance": Decimal(4)},
        )

    assert told("win_rate", 60) is None
    assert told("nps", 60) == 7
    assert told("nps", None) is None
    assert told("csat", 0) is None
    assert told("team_engagement", 8) == mean_margin(Decimal(4), Decimal(8))
