"""The states of an objective, the allowed moves, and who may make each.

`system` is the passing of time: an active objective closes by itself at its end.
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where an objective stands between people."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    AGREED = "agreed"
    CONTESTED = "contested"
    ACTIVE = "active"
    REACHED = "reached"
    MISSED = "missed"
    ABANDONED = "abandoned"


class Actor(StrEnum):
    """Who makes a move, seen from the objective."""

    OWNER = "owner"
    MANAGER = "manager"
    DIRECTOR = "director"
    SYSTEM = "system"


DECIDERS = frozenset({Actor.MANAGER, Actor.DIRECTOR})
SIGNERS = frozenset({Actor.OWNER, Actor.DIRECTOR})
ANYBODY = frozenset({Actor.OWNER, Actor.MANAGER, Actor.DIRECTOR})
TIME = frozenset({Actor.SYSTEM})

MOVES: dict[tuple[State, State], frozenset[Actor]] = {
    (State.DRAFT, State.PROPOSED): ANYBODY,
    (State.DRAFT, State.ACTIVE): DECIDERS,
    (State.DRAFT, State.ABANDONED): ANYBODY,
    (State.PROPOSED, State.DRAFT): DECIDERS,
    (State.PROPOSED, State.AGREED): SIGNERS,
    (State.PROPOSED, State.CONTESTED): frozenset({Actor.OWNER}),
    (State.PROPOSED, State.ABANDONED): DECIDERS,
    (State.CONTESTED, State.PROPOSED): DECIDERS,
    (State.CONTESTED, State.AGREED): SIGNERS,
    (State.CONTESTED, State.ABANDONED): DECIDERS,
    (State.AGREED, State.ACTIVE): DECIDERS | TIME,
    (State.AGREED, State.ABANDONED): DECIDERS,
    (State.ACTIVE, State.REACHED): TIME,
    (State.ACTIVE, State.MISSED): TIME,
    (State.ACTIVE, State.ABANDONED): DECIDERS,
}

CLOSED = frozenset({State.REACHED, State.MISSED, State.ABANDONED})
FOLLOWED = frozenset({State.ACTIVE, State.REACHED, State.MISSED})


class UnableToMoveError(Exception):
    """The table has no such move, or not for this actor."""

    def __init__(self, former: State, new: State, actor: Actor) -> None:
        super().__init__(
            f"An objective cannot go from {former} to {new} by its {actor}."
            f" Expected from {former}: {', '.join(moves_from(former)) or 'nothing'}."
        )


def moves_from(state: State) -> tuple[State, ...]:
    """Return the states that may follow, in the order of the table."""
    return tuple(new for former, new in MOVES if former is state)


def check_move(former: State, new: State, *, actor: Actor) -> None:
    """Do nothing where the move is allowed.

    Raises:
        UnableToMoveError: If the move is not in the table for this actor.
    """
    if actor not in MOVES.get((former, new), frozenset()):
        raise UnableToMoveError(former, new, actor)
