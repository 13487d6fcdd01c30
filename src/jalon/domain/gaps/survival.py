"""How long things last when some are not over yet (Kaplan and Meier 1958).

What is still going on is not left out, which would make everything look shorter: it
counts until the day it was last seen. Intervals are those of nineteen times in twenty,
by Greenwood's variance on the scale log(−log) (Kalbfleisch and Prentice 1980).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
NINETEEN_IN_TWENTY = 1.959964
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Curve:
    """The share still there after each number of days, with its interval.

    It starts at (0, 1). `low` and `high` are empty where nothing was counted.
    """

    days: tuple[int, ...]
    still: tuple[float, ...]
    low: tuple[float, ...] = field(default=(), kw_only=True)
    high: tuple[float, ...] = field(default=(), kw_only=True)

    @property
    def median_interval(self) -> tuple[int | None, int | None]:
        """Return the first days on which half may have left, and surely have."""
        return self._first_under(self.low), self._first_under(self.high)

    def _first_under(self, shares: tuple[float, ...]) -> int | None:
        pairs = zip(self.days, shares, strict=False)
        return next((day for day, share in pairs if share <= HALF), None)

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
    days, ended = np.unique(lasted[over], return_counts=True)
    there = len(lasted) - np.searchsorted(np.sort(lasted), days, side="left")
    still: Floats = np.cumprod(1 - ended / there, dtype=np.float64)
    left = np.maximum(there - ended, 1)  # none left: the interval is not drawn from it
    low, high = _interval(still, np.cumsum(ended / (there * left)))
    if not len(days) or days[0] > 0:
        days = np.concatenate([[0], days])
        still, low, high = (np.concatenate([[1.0], one]) for one in (still, low, high))
    return Curve(
        tuple(days.tolist()),
        tuple(still.tolist()),
        low=tuple(low.tolist()),
        high=tuple(high.tolist()),
    )


def _interval(still: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Return both ends for each share, `variance` being Greenwood's sum.

    Where nobody is left the upper end stays what it was.
    """
    some = still > 0
    log = np.log(np.where(some, still, HALF))
    away = np.exp(NINETEEN_IN_TWENTY * np.sqrt(variance) / -log)
    low = np.where(some, still**away, 0.0)
    high = np.where(some, still ** (1 / away), 1.0)
    return low, np.minimum.accumulate(high)
