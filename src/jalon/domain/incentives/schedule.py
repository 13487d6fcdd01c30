"""Brackets and curves: what an attainment or an amount gives.

`slices` cuts a value into what each bracket pays for; the three "accelerators" of the
field differ only there. At 140 % of a quota with brackets from 0 and from 100 %:
whole pays 140 % at the second rate; overage and marginal pay 100 % at the first and
40 % at the second (they differ from the third bracket on).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from jalon.domain.incentives.plan import (
    ZERO,
    Beyond,
    Curve,
    Ends,
    Mode,
    Schedule,
    Tier,
)


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the value, and the bracket that pays for it."""

    start: Decimal
    end: Decimal
    tier: Tier

    @property
    def width(self) -> Decimal:
        """Return how much of the value lies in this part."""
        return self.end - self.start


def slices(value: Decimal, schedule: Schedule) -> tuple[Slice, ...]:
    """Return the parts of a value, from the lowest; none below the first bracket."""
    tiers = schedule.tiers
    reached = reached_tier(value, tiers, schedule.ends)
    if reached is None:
        return ()
    last = tiers[reached]
    if schedule.mode is Mode.WHOLE:
        return (Slice(ZERO, value, last),) if _inside(value, last, schedule) else ()
    if schedule.mode is Mode.OVERAGE:
        return _overage(value, tiers[0], last)
    return _marginal(value, tiers[: reached + 1])


def reached_tier(value: Decimal, tiers: Sequence[Tier], ends: Ends) -> int | None:
    """Return the rank of the highest bracket that the value has entered.

    With closed ends a value equal to a start is still in the bracket below; the first
    bracket always holds its own start.
    """
    entered = [
        rank
        for rank, tier in enumerate(tiers)
        if value > tier.start
        or (value == tier.start and (ends is Ends.OPEN or rank == 0))
    ]
    return entered[-1] if entered else None


def read_curve(value: Decimal, curve: Curve) -> Decimal:
    """Return the height of the curve; 0 below its first point."""
    points = curve.points
    if value < points[0][0]:
        return ZERO
    for (left, low), (right, high) in pairwise(points):
        if value <= right:
            return low + (high - low) * (value - left) / (right - left)
    if curve.beyond is Beyond.ZERO and value > points[-1][0]:
        return ZERO
    if curve.beyond is Beyond.EXTEND and len(points) > 1:
        (left, low), (right, high) = points[-2:]
        return high + (high - low) / (right - left) * (value - right)
    return points[-1][1]


def factor(value: Decimal, schedule: Schedule) -> Decimal:
    """Return the multiplier of a value: the curve's height or the bracket's times.

    Outside every bracket the factor is 0.
    """
    if schedule.curve is not None:
        return read_curve(value, schedule.curve)
    reached = reached_tier(value, schedule.tiers, schedule.ends)
    if reached is None or not _inside(value, schedule.tiers[reached], schedule):
        return ZERO
    return schedule.tiers[reached].times or ZERO


def _inside(value: Decimal, tier: Tier, schedule: Schedule) -> bool:
    """Return whether the value lies before the bracket's end (holes pay nothing)."""
    if tier.end is None or value < tier.end:
        return True
    return value == tier.end and schedule.ends is Ends.CLOSED


def _overage(value: Decimal, first: Tier, last: Tier) -> tuple[Slice, ...]:
    top = value if first.end is None else min(value, first.end)
    below = Slice(first.start, top, first)
    return (below,) if top == value else (below, Slice(top, value, last))


def _marginal(value: Decimal, tiers: Sequence[Tier]) -> tuple[Slice, ...]:
    swallowing = [rank for rank, tier in enumerate(tiers) if tier.retroactive]
    begin = swallowing[-1] if swallowing else 0
    parts = []
    for rank, tier in enumerate(tiers[begin:]):
        top = value if tier.end is None else min(value, tier.end)
        bottom = ZERO if rank == 0 and tier.retroactive else tier.start
        parts.append(Slice(bottom, top, tier))
    return tuple(parts)
