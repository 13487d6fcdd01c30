"""How far our own targets were from what came: the bias of the last few.

An amount or a count is told as a share of what came: targets of 111 where 100 came
were 11 % too high. A rate or a score is told in its own unit. "Too high" is for a
figure better when it rises; for one that should fall, a target too low is the ambitious
side, and `ambitious` says it for both. The first target counts, not the re-target.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

LAST, FEWEST = 4, 2
SMALL = 0.03  # below, targets are told as right


@dataclass(frozen=True, slots=True)
class Past:
    """One closed objective: the target first written and what came."""

    target: float
    came: float


@dataclass(frozen=True, slots=True)
class Bias:
    """How far the last `number` targets were above what came.

    `off` is a share of what came for amounts, else a difference in the KPI's unit.
    `reached` is how many of them were; `relative` says which of both `off` is.
    """

    number: int
    off: float
    relative: bool
    reached: int
    down: bool = False

    @property
    def ambitious(self) -> bool:
        """Return whether the targets asked for more than came."""
        return self.off < 0 if self.down else self.off > 0

    @property
    def slight(self) -> bool:
        """Return whether it is too little to be told as a bias."""
        return self.relative and abs(self.off) < SMALL


def bias(past: Sequence[Past], *, flow: bool, down: bool = False) -> Bias | None:
    """Return the bias of the last targets, oldest first; None under two of them."""
    last = list(past)[-LAST:]
    if len(last) < FEWEST:
        return None
    came = math.fsum(one.came for one in last)
    relative = flow and came > 0
    gap = math.fsum(one.target - one.came for one in last)
    reached = sum(
        one.came <= one.target if down else one.came >= one.target for one in last
    )
    return Bias(
        number=len(last),
        off=gap / came if relative else gap / len(last),
        relative=relative,
        reached=reached,
        down=down,
    )
