"""A target along the months: the same split, with the season as weights.

Flows (revenue, new customers) are shared out and add up to the year. A stock (recurring
revenue) is not: it walks from its start to its target, month after month. A rate keeps
its volumes: its months are a cascade of rates like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

import numpy as np

from jalon.domain.cascade.split import split

ONE = Decimal(1)


class Spread(StrEnum):
    """How a year is spread over its months."""

    EVEN = "even"
    WEIGHTED = "weighted"  # by working days, ramp and absences
    SEASON = "season"  # last year's months


def spread(
    total: Decimal,
    weights: Sequence[Decimal],
    *,
    step: Decimal,
    locked: Sequence[Decimal | None] = (),
) -> tuple[Decimal, ...]:
    """Return the months of a total, exact; locked ones keep theirs.

    What is left after whole steps goes to the largest month that is not locked. Where
    all weights are 0 the free months share equally. Where locked months exceed the
    total, free ones get nothing and the months exceed the total too: the caller shows.
    """
    fixed = list(locked) or [None] * len(weights)
    free = [rank for rank, figure in enumerate(fixed) if figure is None]
    rest = max(total - sum((f for f in fixed if f is not None), Decimal(0)), Decimal(0))
    if not free:
        return tuple(figure or Decimal(0) for figure in fixed)
    steps = int(rest // step)
    shares = np.array([float(weights[rank]) for rank in free])
    amounts = split(steps, shares).amounts
    figures = {
        rank: int(amount) * step for rank, amount in zip(free, amounts, strict=True)
    }
    largest = max(free, key=lambda rank: (figures[rank], -rank))
    figures[largest] += rest - steps * step
    return tuple(
        figures[rank] if figure is None else figure for rank, figure in enumerate(fixed)
    )


def walk(
    start: Decimal, target: Decimal, weights: Sequence[Decimal], *, step: Decimal
) -> tuple[Decimal, ...]:
    """Return a stock at the end of each month: its way, by the season's shares."""
    up = ONE if target >= start else -ONE
    moves = spread(abs(target - start), weights, step=step)
    ends, level = [], start
    for move in moves:
        level += up * move
        ends.append(level)
    return tuple(ends)
