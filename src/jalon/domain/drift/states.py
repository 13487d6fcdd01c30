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


class State(StrEnum):
    """How likely the target is."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


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


def _state(probability: float) -> State:
    if probability < RED_BELOW:
        return State.RED
    return State.AMBER if probability < AMBER_BELOW else State.GREEN
