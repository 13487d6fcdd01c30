"""How long things last when some are not over yet (Kaplan and Meier 1958).

What is still going on is not left out, which would make everything look shorter: it
counts until the day it was last seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Curve:
    """The share still there after each number of days; it starts at (0, 1)."""

    days: tuple[int, ...]
    still: tuple[float, ...]

    def at(self, day: int) -> float:
        """Return the share still there after so many days."""
        return self.still[int(np.searchsorted(self.days, day, side="right")) - 1]

    def when(self, share: float) -> int | None:
        """Return the first day on which no more than `share` are there; None if never.

        `when(0.5)` is the median.
        """
        for day, still in zip(self.days, self.still, strict=True):
            if still <= share + 1e-12:
                return day
        return None


def kaplan_meier(lasted: Ints, over: Flags) -> Curve:
    """Return the curve of durations in days; `over` says which have ended."""
    ends = np.unique(lasted[over])
    still, days, shares = 1.0, [0], [1.0]
    order = np.sort(lasted)
    for day in ends:
        there = len(order) - int(np.searchsorted(order, day, side="left"))
        still *= 1 - int((lasted[over] == day).sum()) / there
        if day == 0:
            shares[0] = still
            continue
        days.append(int(day))
        shares.append(still)
    return Curve(tuple(days), tuple(shares))
