"""What an objective's page tells besides its figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from jalon.domain.attainment.evaluation import Evaluation
from jalon.domain.attainment.status import Status
from jalon.domain.periods import Period, WorkingDays
from jalon.queries.objective_page import Rest, rests, telling

FRENCH_MAY = WorkingDays(frozenset({date(2026, 5, 1), date(2026, 5, 8)}))


def evaluation(day: int, status: Status) -> Evaluation:
    return Evaluation(
        objective="ca",
        on=date(2026, 1, day),
        snapshot="g1",
        status=status,
        baseline=None,
        target=Decimal(10),
        original_target=Decimal(10),
        joined_target=None,
        actual=Decimal(day),
        numerator=None,
        denominator=None,
        expected=None,
        attainment=None,
        original_attainment=None,
        gap=None,
    )


def test_a_weekend_is_one_rest_and_a_holiday_another() -> None:
    # Friday 1 May 2026 is a holiday, then comes the weekend; Friday 8 May too.
    found = rests(Period(date(2026, 5, 1), date(2026, 5, 11)), FRENCH_MAY)

    assert found == (
        Rest(date(2026, 5, 1), date(2026, 5, 2), holiday=True),
        Rest(date(2026, 5, 2), date(2026, 5, 4), holiday=False),
        Rest(date(2026, 5, 8), date(2026, 5, 9), holiday=True),
        Rest(date(2026, 5, 9), date(2026, 5, 11), holiday=False),
    )


def test_rests_and_working_days_share_the_period_out() -> None:
    period = Period(date(2026, 1, 1), date(2027, 1, 1))
    away = sum((one.after - one.first).days for one in rests(period, FRENCH_MAY))

    assert away + FRENCH_MAY.count(period) == 365


def test_changes_of_state_stay_beside_the_latest_days() -> None:
    states = [Status.ON_TRACK] * 5 + [Status.WATCH] * 20
    history = [evaluation(day, state) for day, state in enumerate(states, start=1)]

    kept = [one.on.day for one in telling(history)]

    assert kept == [*range(25, 13, -1), 6, 1]


def test_the_last_evaluation_of_a_day_counts() -> None:
    history = [evaluation(1, Status.WATCH), evaluation(1, Status.ON_TRACK)]

    assert [one.status for one in telling(history)] == [Status.ON_TRACK]


@pytest.mark.parametrize("history", [[], [evaluation(3, Status.WATCH)]])
def test_little_history_is_told_whole(history: list[Evaluation]) -> None:
    assert list(telling(history)) == history
