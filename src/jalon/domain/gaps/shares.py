"""Shares of small counts: their interval, and which groups truly do better.

Intervals are Wilson's at 95 % (Brown, Cai and DasGupta 2001). Many groups looked at
once give some that shine by luck: Benjamini and Hochberg (1995) keep the share of such
among those shown below `FALSE_SHARE`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z = 1.959964  # 95 %
FALSE_SHARE = 0.10


@dataclass(frozen=True, slots=True)
class Share:
    """Successes of trials, and the interval of their share; None without trials."""

    won: int
    tried: int

    @property
    def value(self) -> float | None:
        """Return the share; None without trials."""
        return self.won / self.tried if self.tried else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Return Wilson's interval at 95 %."""
        if not self.tried:
            return None
        share, square = self.won / self.tried, Z * Z
        middle = share + square / (2 * self.tried)
        spread = share * (1 - share) / self.tried + square / (4 * self.tried**2)
        half, below = Z * math.sqrt(spread), 1 + square / self.tried
        return max((middle - half) / below, 0.0), min((middle + half) / below, 1.0)


def better_by_chance(inside: Share, outside: Share) -> float:
    """Return the chance of so many successes inside, both being alike (Fisher)."""
    won, tried = inside.won, inside.tried
    all_won, all_tried = won + outside.won, tried + outside.tried
    most = min(tried, all_won)
    return min(
        1.0,
        math.fsum(
            math.exp(
                _choices(all_won, one)
                + _choices(all_tried - all_won, tried - one)
                - _choices(all_tried, tried)
            )
            for one in range(won, most + 1)
            if tried - one <= all_tried - all_won
        ),
    )


def discoveries(chances: Sequence[float], *, share: float = FALSE_SHARE) -> list[bool]:
    """Return which of these chances stand once all are looked at together."""
    order = sorted(range(len(chances)), key=lambda rank: chances[rank])
    last = 0
    for place, rank in enumerate(order, start=1):
        if chances[rank] <= share * place / len(chances):
            last = place
    kept = set(order[:last])
    return [rank in kept for rank in range(len(chances))]


def shrunk(own: Share, whole: float, *, weight: float) -> float:
    """Return a share drawn towards the whole's, as if `weight` trials came before."""
    return (own.won + weight * whole) / (own.tried + weight)


def _choices(of: int, taken: int) -> float:
    """Return the logarithm of a binomial coefficient."""
    return math.lgamma(of + 1) - math.lgamma(taken + 1) - math.lgamma(of - taken + 1)
