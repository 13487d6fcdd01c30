"""The table of moves and who may make them."""

from __future__ import annotations

import pytest

from jalon.domain.objectives.states import (
    CLOSED,
    MOVES,
    Actor,
    State,
    UnableToMoveError,
    check_move,
    moves_from,
)


def test_a_salesperson_may_contest_what_is_proposed() -> None:
    check_move(State.PROPOSED, State.CONTESTED, actor=Actor.OWNER)


def test_nobody_but_time_says_that_an_objective_is_reached() -> None:
    for actor in (Actor.OWNER, Actor.MANAGER, Actor.DIRECTOR):
        with pytest.raises(UnableToMoveError):
            check_move(State.ACTIVE, State.REACHED, actor=actor)
    check_move(State.ACTIVE, State.REACHED, actor=Actor.SYSTEM)


def test_a_salesperson_does_not_abandon_an_active_objective_alone() -> None:
    with pytest.raises(UnableToMoveError, match="active"):
        check_move(State.ACTIVE, State.ABANDONED, actor=Actor.OWNER)


@pytest.mark.parametrize("state", sorted(CLOSED))
def test_a_closed_objective_moves_no_more(state: State) -> None:
    assert moves_from(state) == ()


def test_every_state_but_draft_can_be_entered() -> None:
    assert {new for _, new in MOVES} | {State.DRAFT} == set(State)
