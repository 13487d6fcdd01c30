"""What something tried gave: before and after, with an interval that is honest.

A rate is compared by Newcombe's interval of a difference (1998, method 10, built on
Wilson's of each share): it stays right for few deals and near 0 or 1. Anything else is
compared week by week, the difference of the means with Welch's standard error. A change
whose interval holds 0 is told as one that may be chance; nothing here says what caused
it, only what came with it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

Z_95 = 1.96
FEWEST_TRIED = 5  # under so many deals on a side, no interval is told
FEWEST_WEEKS = 4
# Student's t at 97.5 %, by degrees of freedom; beyond the last, the normal's.
T_95 = (
    (1, 12.706),
    (2, 4.303),
    (3, 3.182),
    (4, 2.776),
    (5, 2.571),
    (6, 2.447),
    (7, 2.365),
    (8, 2.306),
    (9, 2.262),
    (10, 2.228),
    (12, 2.179),
    (15, 2.131),
    (20, 2.086),
    (30, 2.042),
    (60, 2.000),
)


class Verdict(StrEnum):
    """What may be said of a change."""

    BETTER = "better"
    WORSE = "worse"
    UNCLEAR = "unclear"  # 0 is inside the interval: it may be chance
    TOO_FEW = "too_few"  # no interval can be told


@dataclass(frozen=True, slots=True)
class Change:
    """Before, after, their difference and its 95 % interval, in the KPI's unit.

    `low` and `high` are None where too little was counted; `cases` are what was counted
    before and after: deals tried, or weeks.
    """

    before: float
    after: float
    low: float | None
    high: float | None
    cases: tuple[int, int]

    @property
    def difference(self) -> float:
        """Return after less before."""
        return self.after - self.before

    def verdict(self, *, better: str) -> Verdict:
        """Return what may be said, where `better` is "up" or "down"."""
        if self.low is None or self.high is None:
            return Verdict.TOO_FEW
        if self.low <= 0 <= self.high:
            return Verdict.UNCLEAR
        rose = self.difference > 0
        return Verdict.BETTER if rose is (better != "down") else Verdict.WORSE


def rates(before: tuple[float, float], after: tuple[float, float]) -> Change | None:
    """Return the change of a rate, each (won, tried); None if a side is untried."""
    (won, tried), (won_after, tried_after) = before, after
    if not tried or not tried_after:
        return None
    one, two = won / tried, won_after / tried_after
    low = high = None
    if min(tried, tried_after) >= FEWEST_TRIED:
        (least, most), (least_after, most_after) = (
            wilson(won, tried),
            wilson(won_after, tried_after),
        )
        low = max(two - one - math.hypot(two - least_after, most - one), -1.0)
        high = min(two - one + math.hypot(most_after - two, one - least), 1.0)
    return Change(one, two, low, high, (round(tried), round(tried_after)))


def weekly(before: Sequence[float], after: Sequence[float]) -> Change | None:
    """Return the change of the mean of weeks; None where a side has none."""
    if not before or not after:
        return None
    one, two = math.fsum(before) / len(before), math.fsum(after) / len(after)
    low = high = None
    if min(len(before), len(after)) >= FEWEST_WEEKS:
        half = _welch(before, after)
        low, high = two - one - half, two - one + half
    return Change(one, two, low, high, (len(before), len(after)))


def wilson(won: float, tried: float) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share."""
    share, z2 = won / tried, Z_95**2
    middle = share + z2 / (2 * tried)
    half = Z_95 * math.sqrt(share * (1 - share) / tried + z2 / (4 * tried**2))
    whole = 1 + z2 / tried
    return max((middle - half) / whole, 0.0), min((middle + half) / whole, 1.0)


def _welch(before: Sequence[float], after: Sequence[float]) -> float:
    one, two = _error(before), _error(after)
    if one + two == 0:
        return 0.0
    freedom = (one + two) ** 2 / (
        one**2 / (len(before) - 1) + two**2 / (len(after) - 1)
    )
    return _student(freedom) * math.sqrt(one + two)


def _error(values: Sequence[float]) -> float:
    """Return the variance of the mean."""
    mean = math.fsum(values) / len(values)
    spread = math.fsum((one - mean) ** 2 for one in values)
    return spread / (len(values) - 1) / len(values)


def _student(freedom: float) -> float:
    """Return the quantile of the nearest fewer degrees of freedom: never too narrow."""
    if freedom > 2 * T_95[-1][0]:
        return Z_95
    return next(t for degrees, t in reversed(T_95) if degrees <= max(freedom, 1))
