"""What is still needed to arrive: remaining ÷ the win rate of the past, term by term.

Amounts are in the objective's unit (money, deals); a rate is a fraction. Below
`LEAST_CLOSED` closed deals a win rate means nothing, and there is no need told.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

LEAST_CLOSED = 20
ZERO = Decimal(0)

TOO_FEW = "pacing.too_few_closed"
NOTHING_WON = "pacing.nothing_won"
NOTHING_LEFT = "pacing.nothing_left"


@dataclass(frozen=True, slots=True)
class PastRate:
    """Deals won and deals closed (won or lost) over the past, and whose they are."""

    won: Decimal
    closed: Decimal
    owner: str = "company"

    @property
    def rate(self) -> Decimal | None:
        """Return the win rate, None where too few deals were closed to tell."""
        return self.won / self.closed if self.tells else None

    @property
    def tells(self) -> bool:
        """Return whether enough deals were closed."""
        return self.closed >= LEAST_CLOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """The pipeline needed, each term of the sum, or why there is none."""

    remaining: Decimal
    rate: Decimal | None = None
    pipeline: Decimal | None = None
    needed: Decimal | None = None
    reason: str = ""

    @property
    def missing(self) -> Decimal | None:
        """Return the pipeline still to be found; below 0, what there is in excess."""
        if self.needed is None or self.pipeline is None:
            return None
        return self.needed - self.pipeline


def pipeline_needed(
    remaining: Decimal, *, past: PastRate | None, pipeline: Decimal | None
) -> Need:
    """Return how much open pipeline it takes to do what remains."""
    if remaining <= ZERO:
        return Need(
            remaining=remaining, pipeline=pipeline, needed=ZERO, reason=NOTHING_LEFT
        )
    rate = past.rate if past else None
    if rate is None:
        return Need(remaining=remaining, pipeline=pipeline, reason=TOO_FEW)
    if rate == ZERO:
        return Need(
            remaining=remaining, pipeline=pipeline, rate=rate, reason=NOTHING_WON
        )
    return Need(
        remaining=remaining, rate=rate, pipeline=pipeline, needed=remaining / rate
    )


def coverage(pipeline: Decimal | None, remaining: Decimal | None) -> Decimal | None:
    """Return how many times the pipeline covers what remains, if anything does."""
    if pipeline is None or remaining is None or remaining <= ZERO:
        return None
    return pipeline / remaining
