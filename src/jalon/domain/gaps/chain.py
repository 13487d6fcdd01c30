"""A product that changed, shared out exactly among its factors.

Revenue = leads × qualification × win rate × basket: when it moves from V0 to V1, how
much of the difference does each factor own? Two exact answers that depend on no order:

* LMDI-I (Ang 2005, Energy Policy 33): effect_k = L(V1, V0) · ln(x1_k / x0_k), with the
  logarithmic mean L(a, b) = (a - b) / ln(a / b). Effects of segments add up.
* Shapley: the mean over all orders of replacing one factor after the other; it also
  takes zeros and negatives, at a cost of 2^n.

A factor that was or became zero has no logarithm: in the limit it owns the whole change
(Wood and Lenzen 2006, Energy Policy 34); several such factors share it equally.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

CLOSE = 1e-12  # two values nearer than this, relatively, are one


def lmdi(before: Sequence[float], after: Sequence[float]) -> list[float]:
    """Return each factor's effect on the product; effects add up to its change.

    Raises:
        ValueError: If a factor is negative, or the two chains differ in length.
    """
    _same_length(before, after)
    if any(x < 0 for x in (*before, *after)):
        message = "a factor is negative: expected factors of 0 or more"
        raise ValueError(message)
    was, now = math.prod(before), math.prod(after)
    if was > 0 and now > 0:
        weight = logarithmic_mean(now, was)
        effects = [weight * math.log(b / a) for a, b in zip(before, after, strict=True)]
        return _settled(effects, now - was)
    return _limit(before, after, now - was)


def shapley(before: Sequence[float], after: Sequence[float]) -> list[float]:
    """Return each factor's mean effect over all orders; they add up to the change."""
    _same_length(before, after)
    count = len(before)
    effects = [0.0] * count
    for factor in range(count):
        others = [one for one in range(count) if one != factor]
        for size in range(count):
            weight = (
                math.factorial(size)
                * math.factorial(count - size - 1)
                / math.factorial(count)
            )
            for moved in itertools.combinations(others, size):
                rest = _rest(before, after, factor, set(moved))
                effects[factor] += weight * rest * (after[factor] - before[factor])
    return _settled(effects, math.prod(after) - math.prod(before))


def logarithmic_mean(a: float, b: float) -> float:
    """Return (a - b) / ln(a / b): between the geometric and the arithmetic mean."""
    if abs(a - b) < CLOSE * max(a, b):
        return a
    return (a - b) / math.log(a / b)


def _limit(
    before: Sequence[float], after: Sequence[float], change: float
) -> list[float]:
    vanished = [
        rank
        for rank, (a, b) in enumerate(zip(before, after, strict=True))
        if (a == 0) != (b == 0)
    ]
    part = change / len(vanished) if vanished else 0.0
    return [part if rank in vanished else 0.0 for rank in range(len(before))]


def _settled(effects: list[float], change: float) -> list[float]:
    """Return effects whose sum is the change: the largest takes the last rounding."""
    largest = max(range(len(effects)), key=lambda rank: abs(effects[rank]))
    effects[largest] += change - math.fsum(effects)
    return effects


def _rest(
    before: Sequence[float], after: Sequence[float], factor: int, moved: set[int]
) -> float:
    return math.prod(
        after[rank] if rank in moved else before[rank]
        for rank in range(len(before))
        if rank != factor
    )


def _same_length(before: Sequence[float], after: Sequence[float]) -> None:
    if len(before) != len(after):
        message = "the two chains differ in length"
        raise ValueError(message)
