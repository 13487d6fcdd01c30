"""Seven words, and when each is said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from jalon.domain.attainment.status import Standing, Status, status_on
from jalon.domain.objectives.objective import Direction
from jalon.domain.periods import Period

QUARTER = Period(date(2026, 1, 1), date(2026, 4, 1))
MIDDLE, AFTER = date(2026, 2, 15), date(2026, 4, 1)


def standing(
    actual: str | None,
    *,
    target: str = "100",
    expected: str = "50",
    baseline: str | None = None,
    direction: Direction = Direction.UP,
    flow: bool = True,
) -> Standing:
    return Standing(
        period=QUARTER,
        direction=direction,
        flow=flow,
        actual=None if actual is None else Decimal(actual),
        target=Decimal(target),
        expected=Decimal(expected),
        baseline=None if baseline is None else Decimal(baseline),
    )


@pytest.mark.parametrize(
    ("actual", "status"),
    [
        pytest.param(None, Status.NO_DATA, id="no value"),
        pytest.param("50", Status.ON_TRACK, id="just there"),
        pytest.param("45", Status.WATCH, id="10 % behind"),
        pytest.param("44.9", Status.OFF_TRACK, id="more than 10 % behind"),
        pytest.param("0", Status.OFF_TRACK, id="a month without a sale shows the gap"),
        pytest.param("100", Status.REACHED, id="there before the end"),
    ],
)
def test_in_the_middle_of_the_quarter(actual: str | None, status: Status) -> None:
    assert status_on(MIDDLE, standing(actual)) is status


@pytest.mark.parametrize(
    ("actual", "status"),
    [("100", Status.REACHED), ("99.99", Status.MISSED)],
)
def test_at_the_end_it_is_reached_or_missed(actual: str, status: Status) -> None:
    assert status_on(AFTER, standing(actual)) is status


def test_before_its_first_day_it_has_not_started() -> None:
    assert status_on(date(2025, 12, 31), standing("10")) is Status.NOT_STARTED


@pytest.mark.parametrize(
    ("actual", "status"),
    [
        pytest.param("39", Status.ON_TRACK, id="shorter than expected"),
        pytest.param("41", Status.WATCH, id="a tenth of the way late"),
        pytest.param("42", Status.OFF_TRACK, id="later"),
        pytest.param("35", Status.ON_TRACK, id="a mean may still move until the end"),
    ],
)
def test_a_cycle_from_45_to_35_days_is_expected_at_40(
    actual: str, status: Status
) -> None:
    cycle = standing(
        actual,
        target="35",
        expected="40",
        baseline="45",
        direction=Direction.DOWN,
        flow=False,
    )

    assert status_on(MIDDLE, cycle) is status
