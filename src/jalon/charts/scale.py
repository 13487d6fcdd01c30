"""From values to places on a drawing, and the round numbers people like on an axis."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import floor, log10

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line from values [low, high] to places [start, end]."""

    low: float
    high: float
    start: float
    end: float

    def place(self, value: float | Decimal) -> float:
        """Return the place of a value; values outside fall outside."""
        share = (float(value) - self.low) / ((self.high - self.low) or 1.0)
        return self.start + share * (self.end - self.start)


def ticks(low: float, high: float, *, count: int = 4) -> tuple[float, ...]:
    """Return about `count` round numbers from `low` to `high`, both ends included.

    The first is at or below `low` and the last at or above `high`.
    """
    step = round_step((high - low or abs(high) or 1.0) / count)
    first = floor(low / step + 1e-9)
    last = -floor(-high / step + 1e-9)
    return tuple(round(n * step, 10) for n in range(first, max(last, first + 1) + 1))


def round_step(wanted: float) -> float:
    """Return the least of 1, 2, 2.5, 5 times a power of ten that is not below."""
    power = 10.0 ** floor(log10(wanted))
    return next(step * power for step in STEPS if step * power >= wanted * 0.999)


def month_starts(
    first: datetime.date, last: datetime.date, *, most: int = 6
) -> tuple[datetime.date, ...]:
    """Return first days of months in the range, thinned to at most `most`."""
    day, found = first.replace(day=1), []
    while day <= last:
        if day >= first:
            found.append(day)
        day = (day + datetime.timedelta(days=32)).replace(day=1)
    every = -(-len(found) // most) or 1
    return tuple(found[::every])


def spread(places: list[float], *, least: float) -> list[float]:
    """Return the places pushed apart so that no two are nearer than `least`.

    The order is kept; labels meant for the same height stand one under the other.
    """
    order = sorted(range(len(places)), key=lambda rank: places[rank])
    moved = list(places)
    for above, below in pairwise(order):
        moved[below] = max(moved[below], moved[above] + least)
    return moved
