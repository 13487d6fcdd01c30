"""The state of an objective: two readings in a row, worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta

from jalon.domain.drift.states import State, standing

MONDAY = date(2026, 3, 2)


def _readings(*chances: float) -> list[tuple[date, float]]:
    return [
        (MONDAY + timedelta(days=7 * rank), chance)
        for rank, chance in enumerate(chances)
    ]


def test_one_doubtful_reading_changes_nothing() -> None:
    found = standing(_readings(0.7, 0.4, 0.6, 0.45))
    assert found is not None
    assert (found.state, found.since) == (State.GREEN, MONDAY)


def test_two_in_a_row_change_the_state_from_the_first_of_them() -> None:
    found = standing(_readings(0.7, 0.45, 0.42))
    assert found is not None
    assert found.state is State.AMBER
    assert found.since == MONDAY + timedelta(days=7)
    assert found.former is State.GREEN


def test_below_three_in_ten_is_red_and_three_in_ten_is_not() -> None:
    red = standing(_readings(0.29))
    amber = standing(_readings(0.3))
    green = standing(_readings(0.5))
    assert red is not None
    assert amber is not None
    assert green is not None
    assert [red.state, amber.state, green.state] == ["red", "amber", "green"]


def test_without_a_reading_there_is_no_state() -> None:
    assert standing([]) is None
