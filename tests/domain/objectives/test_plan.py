"""The plan of actions: lines added, done, taken up again and dropped, never mistaken."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.domain.objectives.objective import Action, Direction, Objective
from jalon.domain.objectives.plan import (
    UnableToActError,
    dropped,
    finished,
    is_late,
    planned,
    reopened,
    rewritten,
)
from jalon.domain.objectives.states import State
from jalon.domain.periods import Period

ON = datetime.date(2026, 5, 15)
BARE = Objective(
    id="o",
    kpi="revenue",
    owner="person:bob",
    period=Period(datetime.date(2026, 4, 1), datetime.date(2026, 7, 1)),
    direction=Direction.UP,
    original_target=Decimal(1),
)
CALL = Action(action="Appeler", due=datetime.date(2026, 5, 14), lever="Le canal")


def done(objective: Objective) -> Objective:
    return finished(
        objective,
        0,
        known="Appeler",
        on=ON,
        by="person:bob",
        result=" Deux rendez-vous ",
    )


def test_a_new_action_is_never_done_already() -> None:
    sly = replace(CALL, done=True, done_on=ON, done_by="x", result="y")

    assert planned(BARE, sly).actions == (CALL,)


def test_an_action_done_says_when_by_whom_and_what_it_gave() -> None:
    (line,) = done(planned(BARE, CALL)).actions

    assert line == replace(
        CALL, done=True, done_on=ON, done_by="person:bob", result="Deux rendez-vous"
    )


def test_rewriting_keeps_what_it_gave_and_reopening_forgets_it() -> None:
    whole = done(planned(BARE, CALL))
    other = rewritten(whole, 0, Action(action="Rappeler"), known="Appeler")

    assert other.actions[0].result == "Deux rendez-vous"
    assert reopened(whole, 0, known="Appeler").actions == (CALL,)


def test_late_is_due_before_the_day_and_not_done() -> None:
    assert is_late(CALL, on=ON)
    assert not is_late(CALL, on=datetime.date(2026, 5, 14))
    assert not is_late(replace(CALL, done=True), on=ON)
    assert not is_late(replace(CALL, due=None), on=ON)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(
            lambda one: planned(one, Action(action=" ")),
            "action.says_nothing",
            id="nothing said",
        ),
        pytest.param(
            lambda one: dropped(one, 0, known="Autre"),
            "action.changed_meanwhile",
            id="another text",
        ),
        pytest.param(
            lambda one: dropped(one, 7, known="Appeler"),
            "action.changed_meanwhile",
            id="no such line",
        ),
        pytest.param(lambda one: done(done(one)), "action.done_already", id="twice"),
        pytest.param(
            lambda one: planned(replace(one, state=State.REACHED), CALL),
            "action.closed",
            id="closed",
        ),
    ],
)
def test_what_cannot_be_is_refused(change: object, reason: str) -> None:
    with pytest.raises(UnableToActError) as refused:
        change(planned(BARE, CALL))  # type: ignore[operator]

    assert refused.value.reason == reason


@given(st.lists(st.text(min_size=1).filter(str.strip), max_size=8), st.data())
def test_a_line_added_then_dropped_leaves_the_plan_as_it_was(
    texts: list[str], data: st.DataObject
) -> None:
    objective = BARE
    for text in texts:
        objective = planned(objective, Action(action=text))
    longer = planned(objective, CALL)
    rank = data.draw(st.integers(0, len(texts)))

    assert dropped(longer, len(texts), known="Appeler") == objective
    assert len(dropped(longer, rank, known=longer.actions[rank].action).actions) == len(
        texts
    )
