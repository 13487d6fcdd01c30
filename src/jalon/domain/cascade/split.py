"""An additive target shared out by weights, within bounds, lossless to the unit.

Amounts are counted in whole steps (cents, contracts, hundreds of euros): integers go
in, integers come out, and their sum is the total.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
from numpy.typing import NDArray

from jalon.domain.cascade.rising import Floats, filled

Whole = NDArray[np.int64]
_NOISE = 9  # decimals beyond which two remainders are the same


@dataclass(frozen=True, slots=True)
class Split:
    """What each receives, in steps; `level` is how much one unit of weight receives.

    `missing` is what no one may take (above 0) or what floors give too much (below 0).
    """

    amounts: Whole
    level: float
    missing: int


def split(
    total: int, weights: Floats, low: Floats | None = None, high: Floats | None = None
) -> Split:
    """Return the total shared in proportion to the weights, within the bounds.

    A bound that is no whole step counts as the next one inside. Who has no weight gets
    the floor, until all the others are at their ceiling. Remainders go to the largest
    ones first, then to the larger amount, then to the first named: always the same way.
    """
    floors = np.zeros(len(weights)) if low is None else np.ceil(low)
    ceilings = np.full(len(weights), np.inf) if high is None else np.floor(high)
    least, most = float(floors.sum()), float(ceilings.sum())
    met = int(min(max(total, least), most))
    amounts, level = filled(met, np.zeros(len(weights)), weights, floors, ceilings)
    whole = rounded(amounts, met, floors, ceilings)
    return Split(whole, level, total - int(whole.sum()))


def rounded(amounts: Floats, total: int, low: Floats, high: Floats) -> Whole:
    """Return whole amounts of that total, each within 1 of the exact one (Hamilton)."""
    whole = np.floor(np.round(amounts, _NOISE))
    missing = total - int(whole.sum())
    remainders = np.round(amounts - whole, _NOISE)
    ranks = np.arange(len(amounts))
    while missing:
        up = missing > 0
        room = np.flatnonzero(whole < high if up else whole > low)
        if not len(room):
            break
        sign = -1 if up else 1
        by = (ranks[room] * -sign, sign * amounts[room], sign * remainders[room])
        chosen = room[np.lexsort(by)][: abs(missing)]
        whole[chosen] -= sign
        missing += sign * len(chosen)
    return whole.astype(np.int64)


def stepped(amount: Decimal, step: Decimal | None) -> Decimal:
    """Return the amount on the nearest whole step."""
    if step is None:
        return amount
    return (amount / step).quantize(Decimal(1), ROUND_HALF_EVEN) * step
