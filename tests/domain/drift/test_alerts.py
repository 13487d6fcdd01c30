"""When an alert is said, and at which level: worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from jalon.domain.drift.alerts import (
    Change,
    Said,
    carriers,
    of_objective,
    of_owner,
    often_enough,
)
from jalon.domain.drift.states import State, settled
from jalon.domain.objectives.objective import Direction, Objective
from jalon.domain.periods import Period

MONDAY = date(2026, 3, 2)
WEEK = timedelta(days=7)


def _readings(*chances: float) -> list[tuple[date, float]]:
    return [(MONDAY + rank * WEEK, chance) for rank, chance in enumerate(chances)]


def _objective(
    name: str, owner: str, parent: str = "", kpi: str = "revenue"
) -> Objective:
    return Objective(
        id=name,
        kpi=kpi,
        owner=owner,
        period=Period(date(2026, 1, 1), date(2026, 4, 1)),
        direction=Direction.UP,
        original_target=Decimal(100),
        parent=parent,
    )


BOB = _objective("bob", "person:bob", "north")
NORTH = _objective("north", "team:north", "company")
COMPANY = _objective("company", "company")


@pytest.mark.parametrize(
    ("chances", "state", "weeks"),
    [
        pytest.param((0.2,), "green", 0, id="one bad reading is not believed"),
        pytest.param((0.2, 0.25), "red", 0, id="two are, from the first of them"),
        pytest.param((0.7, 0.45, 0.2), "red", 1, id="worse and worse is believed"),
        pytest.param((0.7, 0.4, 0.4, 0.52, 0.52), "amber", 1, id="not clearly better"),
        pytest.param((0.7, 0.4, 0.4, 0.6, 0.6), "green", 3, id="clearly better"),
        pytest.param((0.7, 0.4, 0.6, 0.4, 0.6), "green", 0, id="now so, now so"),
    ],
)
def test_the_state_believed(chances: tuple[float, ...], state: str, weeks: int) -> None:
    found = settled(_readings(*chances))
    assert found is not None
    assert (found.state, found.since) == (state, MONDAY + weeks * WEEK)


def test_an_alert_is_said_once_then_only_when_the_state_changes_again() -> None:
    bad = _readings(0.7, 0.4, 0.4)
    on = MONDAY + 2 * WEEK
    first = of_objective(BOB, bad, said=None, on=on)
    assert first is not None
    assert (first.state, first.former) == (State.AMBER, State.GREEN)
    assert first.change is Change.WORSENING
    assert first.since == MONDAY + WEEK

    said = Said("amber", on)
    later = on + WEEK
    assert of_objective(BOB, bad, said=said, on=later) is None

    better = of_objective(
        BOB, [*bad, (later, 0.8), (later + WEEK, 0.8)], said=said, on=later + WEEK
    )
    assert better is not None
    assert better.change is Change.RECOVERING
    assert better.state == State.GREEN


def test_history_read_anew_says_nothing_of_a_day_already_past() -> None:
    said = Said("green", MONDAY + 9 * WEEK)
    assert of_objective(BOB, _readings(0.1, 0.1), said=said, on=MONDAY + WEEK) is None


def test_who_leaves_the_path_is_said_and_armed_again_by_the_way_back() -> None:
    left = of_owner("team:north", left_on=MONDAY, said=None, on=MONDAY + WEEK)
    assert left is not None
    assert (left.since, left.change) == (MONDAY, Change.WORSENING)
    said = Said("left", MONDAY + WEEK)
    on = MONDAY + 5 * WEEK
    assert of_owner("team:north", left_on=MONDAY, said=said, on=on) is None
    back = of_owner("team:north", left_on=None, said=said, on=on)
    assert back is not None
    assert back.change is Change.RECOVERING
    again = of_owner("team:north", left_on=on, said=Said("back", on), on=on + WEEK)
    assert again is not None
    assert again.state == "left"


def test_what_is_rare_is_carried_by_the_team_above_on_the_same_kpi() -> None:
    calls = _objective("calls", "person:bob", "north", kpi="calls")
    everybody = {one.id: one for one in (BOB, NORTH, COMPANY, calls)}
    rare = carriers(everybody, {"bob": False, "calls": False})
    assert rare == {"bob": "north"}  # nobody above counts calls: Bob's are watched
    assert carriers(everybody, {"bob": True}) == {}


def test_three_a_week_are_often_enough() -> None:
    assert often_enough(39, 13)
    assert not often_enough(38, 13)
    assert not often_enough(10, 0)
