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
TINY = 1e-17


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
    return min(_tail(inside, outside), 1.0)


def apart_by_chance(inside: Share, outside: Share) -> float:
    """Return the chance of a difference so large either way, both being alike."""
    above = _tail(inside, outside)
    same = math.exp(_likely(inside, outside))
    below = max(1 - above + same, same)
    return min(1.0, 2 * min(above, below))


def _tail(inside: Share, outside: Share) -> float:
    """Return the hypergeometric chance of so many successes inside, or more."""
    all_won, all_tried = inside.won + outside.won, inside.tried + outside.tried
    lost = all_tried - all_won
    term = math.exp(_likely(inside, outside))
    total = term
    for won in range(inside.won, min(inside.tried, all_won)):
        missed = inside.tried - won
        ratio = (all_won - won) * missed / ((won + 1) * (lost - missed + 1))
        term *= ratio
        total += term
        if term < total * TINY and ratio < 1:
            break
    return total


def _likely(inside: Share, outside: Share) -> float:
    """Return the logarithm of the chance of exactly these successes inside."""
    all_won, all_tried = inside.won + outside.won, inside.tried + outside.tried
    return (
        _choices(all_won, inside.won)
        + _choices(all_tried - all_won, inside.tried - inside.won)
        - _choices(all_tried, inside.tried)
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
