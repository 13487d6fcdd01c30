"""Draws with little noise: quotas instead of coin tosses.

A story of −15 % over eight weeks would drown in the chance of a small company; so the
number of wins of a month is fixed; durations and amounts are quantiles of their law.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from random import Random
from statistics import NormalDist

_NORMAL = NormalDist()
GOLDEN = (math.sqrt(5) - 1) / 2


def spread_over(
    count: int, *, mean: float, deviation: float, rng: Random
) -> list[float]:
    """Return `count` shuffled quantiles of a log-normal law, their mean being exact."""
    raw = [
        math.exp(deviation * _NORMAL.inv_cdf((rank + 0.5) / count))
        for rank in range(count)
    ]
    factor = mean * count / sum(raw) if raw else 1.0
    rng.shuffle(raw)
    return [value * factor for value in raw]


def evenly(values: Sequence[float]) -> list[float]:
    """Return the same values in an order where any few in a row are like the whole.

    Their ranks follow the multiples of the golden ratio, whose parts below one fill
    the interval as evenly as can be (Weyl 1916).
    """
    places = sorted(range(len(values)), key=lambda rank: rank * GOLDEN % 1)
    found = [0.0] * len(values)
    for place, value in zip(places, sorted(values), strict=True):
        found[place] = value
    return found


def picked(weights: Sequence[float], count: int, rng: Random) -> frozenset[int]:
    """Return `count` distinct ranks, heavier ones more often (Efraimidis, 2006)."""
    keys = [(rng.random() ** (1 / weight), rank) for rank, weight in enumerate(weights)]
    return frozenset(rank for _, rank in sorted(keys, reverse=True)[:count])


def one_of(weights: Mapping[str, float], rng: Random) -> str:
    """Return one name, in proportion to the weights."""
    return rng.choices(tuple(weights), tuple(weights.values()))[0]


class Quota:
    """Whole numbers whose running sum never strays from the exact one."""

    def __init__(self, start: float = 0.5) -> None:
        self._owed = start

    def of(self, amount: float) -> int:
        """Return the whole part of what is owed once `amount` is added."""
        self._owed += amount
        whole = int(self._owed)
        self._owed -= whole
        return whole
