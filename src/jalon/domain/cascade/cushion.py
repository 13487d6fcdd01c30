"""How much to hand out beyond a target so that the sum reaches it often enough.

Public habits go from nothing to 50 %; here the share is computed: the smallest one with
which the past attainments of those who carry the target would have reached it.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from jalon.domain.cascade.rising import Floats

_TINY = 1e-12


def needed(
    amounts: Floats, attainments: NDArray[np.float64], target: float, probability: float
) -> float:
    """Return the smallest share, never below 0, that reaches the target that often.

    `attainments` has one row for each past period (or draw), one column for each
    amount: actual / target. The share is for amounts that all grow alike.
    """
    reached = np.sort(attainments @ amounts / target)[::-1]
    place = max(math.ceil(probability * len(reached) - _TINY), 1) - 1
    likely = float(reached[place])
    return math.inf if likely <= 0 else max(1 / likely - 1, 0.0)


def chance(amounts: Floats, attainments: NDArray[np.float64], target: float) -> float:
    """Return how often the sum would have reached the target."""
    sums = attainments @ amounts
    return float(np.mean(sums >= target * (1 - _TINY)))
