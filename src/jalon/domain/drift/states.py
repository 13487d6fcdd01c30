"""The state of an objective by the probability of its target, without flapping.

Amber below one chance in two, red below three in ten; a change of state is believed
when two readings in a row say it, and it dates from the first of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

AMBER_BELOW = 0.5
RED_BELOW = 0.3
CLEAR = 0.05  # beyond a limit, to leave the worse state for the better


class State(StrEnum):
    """How likely the target is."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


_ORDER = (State.GREEN, State.AMBER, State.RED)


@dataclass(frozen=True, slots=True)
class Standing:
    """A state, the day it dates from, and the one it followed (None at first)."""

    state: State
    since: date
    former: State | None


def standing(readings: Sequence[tuple[date, float]]) -> Standing | None:
    """Return the state that readings, oldest first, have settled; None without any."""
    settled: Standing | None = None
    pending: tuple[date, State] | None = None
    for day, probability in readings:
        said = _state(probability)
        if settled is None:
            settled = Standing(said, day, None)
        elif said is settled.state:
            pending = None
        elif pending is None:
            pending = (day, said)
        else:
            settled = Standing(said, pending[0], settled.state)
            pending = None
    return settled


def settled(readings: Sequence[tuple[date, float]]) -> Standing | None:
    """Return the state believed, a first doubtful reading needing a second too.

    The difference from `standing`: an objective is held to be likely at first, and a
    state is left upwards only when the probability is `CLEAR` of its limit, so that
    one that hovers around it is not told again and again.
    """
    found: Standing | None = None
    pending: tuple[date, State] | None = None
    for day, probability in readings:
        now = State.GREEN if found is None else found.state
        said = _state(probability, leaving=now)
        if found is None:
            found = Standing(now, day, None)
        if said is now:
            pending = None
        elif pending is None or _worse(pending[1], now) != _worse(said, now):
            pending = (day, said)
        else:
            found = Standing(said, pending[0], now)
            pending = None
    return found


def _worse(state: State, than: State) -> bool:
    return _ORDER.index(state) > _ORDER.index(than)


def _state(probability: float, *, leaving: State = State.GREEN) -> State:
    clear = 0.0 if leaving is State.GREEN else CLEAR
    if probability < RED_BELOW + (clear if leaving is State.RED else 0.0):
        return State.RED
    return State.AMBER if probability < AMBER_BELOW + clear else State.GREEN
