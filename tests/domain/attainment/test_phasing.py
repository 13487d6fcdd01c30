"""Where one should be: working days, season, ramp and absences."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.domain.attainment.phasing import (
    ALWAYS,
    Presence,
    day_weights,
    season_of,
    way,
)
from jalon.domain.objectives.objective import Phasing, PhasingKind
from jalon.domain.periods import Period, WorkingDays

JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))
QUARTER = Period(date(2026, 1, 1), date(2026, 4, 1))
FRANCE = WorkingDays(frozenset({date(2026, 1, 1)}))


def share(
    day: date,
    *,
    period: Period = JANUARY,
    phasing: Phasing = Phasing(),  # noqa: B008
    season: dict[int, Decimal] | None = None,
    presence: Presence = ALWAYS,
) -> Decimal:
    weights = day_weights(
        period,
        phasing=phasing,
        working_days=FRANCE,
        season=season or {},
        presence=presence,
    )
    return way(period, weights).share_on(day)


def test_a_holiday_adds_nothing() -> None:
    assert share(date(2026, 1, 1)) == 0


def test_a_saturday_adds_nothing() -> None:
    assert share(date(2026, 1, 10)) == share(date(2026, 1, 9))


def test_half_the_working_days_are_half_the_way() -> None:
    """January 2026 has 21 working days in France; 12 are gone on Monday 19."""
    assert share(date(2026, 1, 19)) == Decimal(12) / 21


def test_before_nothing_is_expected_and_after_everything_is() -> None:
    assert share(date(2025, 12, 31)) == 0
    assert share(date(2026, 2, 1)) == 1


def test_even_is_a_straight_line_over_calendar_days() -> None:
    assert (
        share(date(2026, 1, 10), phasing=Phasing(PhasingKind.EVEN)) == Decimal(10) / 31
    )


def test_a_month_that_sells_twice_as_well_counts_twice() -> None:
    """Working days: 21, 20, 22; March at the double rate: (21 + 20) / (41 + 44)."""
    season = {1: Decimal(1), 2: Decimal(1), 3: Decimal(2)}

    found = share(date(2026, 2, 28), period=QUARTER, season=season)

    assert found == Decimal(41) / 85


def test_weights_given_month_by_month_are_kept() -> None:
    weights = Phasing(PhasingKind.WEIGHTS, (Decimal(1), Decimal(1), Decimal(2)))

    found = share(date(2026, 2, 28), period=QUARTER, phasing=weights)

    assert round(found, 20) == Decimal("0.5")


def test_days_of_absence_expect_nothing() -> None:
    first_week = frozenset(date(2026, 1, day) for day in range(1, 11))

    assert share(date(2026, 1, 10), presence=Presence(absent=first_week)) == 0


def test_a_newcomer_starts_slowly() -> None:
    newcomer = Presence(started_on=date(2026, 1, 1))

    assert share(date(2026, 1, 16), presence=newcomer) < share(date(2026, 1, 16))


def test_the_season_is_the_mean_of_the_years_that_tell() -> None:
    working = {2024: {1: 20, 2: 20}, 2025: {1: 20, 2: 20}}
    history = {
        2024: {1: Decimal(200), 2: Decimal(600)},
        2025: {1: Decimal(100), 2: None},
    }

    found = season_of(history, working, months=[1, 2])

    assert found == {1: Decimal("0.25"), 2: Decimal("0.75")}


def test_without_a_year_that_tells_there_is_no_season() -> None:
    assert season_of({2025: {1: None}}, {2025: {1: 20}}, months=[1]) == {}


@given(st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 3, 30)))
def test_the_way_never_goes_back(day: date) -> None:
    season = {1: Decimal("0.2"), 2: Decimal("0.5"), 3: Decimal("0.3")}
    today = share(day, period=QUARTER, season=season)

    assert today <= share(
        date.fromordinal(day.toordinal() + 1), period=QUARTER, season=season
    )


@pytest.mark.parametrize("kind", list(PhasingKind))
def test_the_end_of_the_way_is_the_target(kind: PhasingKind) -> None:
    weights = (Decimal(1),) if kind is PhasingKind.WEIGHTS else ()

    assert share(date(2026, 1, 31), phasing=Phasing(kind, weights)) == 1
