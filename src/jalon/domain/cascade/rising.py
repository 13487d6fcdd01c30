"""Sums of clipped lines: how much a group takes when its common level rises.

Each member takes `clip(base + level x slope, low, high)`. Their sum is piecewise linear
and never falls, so the level that reaches a total is found by one sort, without
iterating. The same form serves a split (base 0, slope = weight) and a compromise
(base = proposal, slope = variance): both are the optimum of a quadratic programme with
bounds, whose conditions (Karush-Kuhn-Tucker) say exactly that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
NONE: Floats = np.empty(0)
_FLAT = 1e-12


@dataclass(frozen=True, slots=True)
class Rising:
    """x(level) = intercept + slope x level, its slope changing by `change` at `knots`.

    Knots need no order: adding two of these is putting their knots together.
    """

    intercept: float
    slope: float
    knots: Floats
    change: Floats

    def reaching(self, total: float) -> float:
        """Return a level at which the total is reached, else the nearest one."""
        if not len(self.knots):
            return (total - self.intercept) / self.slope if self.slope else 0.0
        knots, values, slopes = self._in_order()
        after = int(np.searchsorted(values, total, "left"))
        if after == 0:
            slope, start = self.slope, (knots[0], values[0])
        else:
            slope, start = slopes[after - 1], (knots[after - 1], values[after - 1])
        if slope > _FLAT * max(float(np.max(np.abs(self.change))), _FLAT):
            return float(start[0] + (total - start[1]) / slope)
        return float(knots[min(after, len(knots) - 1)])

    def at(self, level: float) -> float:
        """Return the total at a level."""
        bent = self.change * np.maximum(level - self.knots, 0.0)
        return float(self.intercept + self.slope * level + bent.sum())

    def within(self, low: float, high: float) -> Rising:
        """Return the same, stopped below `low` and above `high`."""
        least, most = self._ends()
        if low >= most or high <= least:
            return Rising(low if low >= most else high, 0.0, NONE, NONE)
        first = self.reaching(low) if low > least else -np.inf
        last = self.reaching(high) if high < most else np.inf
        knots, _, slopes = self._in_order()
        inside = (knots > first) & (knots < last)
        at_first = self.slope + self.change[self.knots <= first].sum()
        kept = np.concatenate([[first], knots[inside], [last]])
        rates = np.concatenate([[0.0, at_first], slopes[inside], [0.0]])
        bends = np.diff(rates)[np.isfinite(kept)]
        start = (low, 0.0) if low > least else (self.intercept, self.slope)
        return Rising(*start, kept[np.isfinite(kept)], bends)

    def pulled(self, towards: float, variance: float) -> Rising:
        """Return the same group whose sum has an opinion of its own.

        The level seen from above is level + (x - towards) / variance.
        """
        if variance == 0:
            return Rising(towards, 0.0, NONE, NONE)
        knots, values, slopes = self._in_order()
        shrink = 1 + self.slope / variance
        softer = np.concatenate([[self.slope], slopes])
        softer = softer / (1 + softer / variance)
        return Rising(
            (self.intercept + self.slope * towards / variance) / shrink,
            float(softer[0]),
            knots + (values - towards) / variance,
            np.diff(softer),
        )

    def _ends(self) -> tuple[float, float]:
        """Return the totals that no level goes below, and above."""
        knots, values, slopes = self._in_order()
        least = -np.inf if self.slope > 0 else self.intercept
        if not len(knots):
            return least, np.inf if self.slope > 0 else self.intercept
        rises = slopes[-1] > _FLAT * float(np.max(np.abs(self.change)))
        return least, np.inf if rises else float(values[-1])

    def _in_order(self) -> tuple[Floats, Floats, Floats]:
        """Return the knots in order, the value at each and the slope after each."""
        if not len(self.knots):
            return self.knots, self.knots, self.knots
        order = np.argsort(self.knots)
        knots = self.knots[order]
        slopes = self.slope + np.cumsum(self.change[order])
        risen = np.concatenate([[0.0], np.cumsum(slopes[:-1] * np.diff(knots))])
        values = self.intercept + self.slope * knots[0] + risen
        return knots, np.maximum.accumulate(values), slopes


def lines(base: Floats, slope: Floats, low: Floats, high: Floats) -> Rising:
    """Return the sum of `clip(base + level x slope, low, high)`; bounds may be inf."""
    moving = slope > 0
    still = float(np.clip(base[~moving], low[~moving], high[~moving]).sum())
    base, slope, low, high = (each[moving] for each in (base, slope, low, high))
    floored, capped = np.isfinite(low), np.isfinite(high)
    return Rising(
        still + float(np.where(floored, low, base).sum()),
        float(slope[~floored].sum()),
        np.concatenate(
            [
                (low - base)[floored] / slope[floored],
                (high - base)[capped] / slope[capped],
            ]
        ),
        np.concatenate([slope[floored], -slope[capped]]),
    )


def filled(
    total: float, base: Floats, slope: Floats, low: Floats, high: Floats
) -> tuple[Floats, float]:
    """Return the amounts whose sum is the total (or the nearest), and the level.

    Members without slope stay at their base, held within bounds; they move, equally,
    only when all the others are at a bound. A slope that is 1e-12 of the largest counts
    as none.
    """
    largest = float(slope.max(initial=0.0)) or 1.0
    slope = np.where(slope <= _FLAT * largest, 0.0, slope / largest)
    level = lines(base, slope, low, high).reaching(total)
    amounts = np.clip(base + level * slope, low, high)
    still = slope <= 0
    rest = total - float(amounts.sum())
    if still.any() and abs(rest) > _FLAT * max(1.0, abs(total)):
        share = float(amounts[still].sum()) + rest
        same = np.ones(int(still.sum()))
        of_still = lines(amounts[still], same, low[still], high[still])
        amounts[still] = np.clip(
            amounts[still] + of_still.reaching(share), low[still], high[still]
        )
    return amounts, level / largest


def sum_of(parts: list[Rising]) -> Rising:
    """Return the groups put together: one common level for all."""
    return Rising(
        sum(part.intercept for part in parts),
        sum(part.slope for part in parts),
        np.concatenate([part.knots for part in parts]),
        np.concatenate([part.change for part in parts]),
    )
