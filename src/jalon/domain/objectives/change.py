"""What people write as a change: "+15 %", "-10 %", "+6 pt", "x1.15", "+50".

On a rate a bare "+15 %" has two readings, 15 points more or 1.15 times as much, so it
is refused: the reader must choose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.quantities import LARGEST

WRITTEN = re.compile(
    r"\s*(?P<sign>[+\-−x×*])\s*(?P<number>\d+(?:[ \u00a0\u202f]\d{3})*(?:[.,]\d+)?)"
    r"\s*(?P<unit>%|pts?|points?)?\s*",
    re.IGNORECASE,
)
HUNDRED = Decimal(100)
LARGEST_FACTOR = Decimal(10) ** 6


class UnreadableChangeError(ValueError):
    """The change is none of the known forms."""


class AmbiguousChangeError(ValueError):
    """A bare percentage of a rate: points, or relative to the baseline?"""

    def __init__(self, amount: Decimal) -> None:
        super().__init__(f"{amount} % of a rate has two readings.")
        self.amount = amount


@dataclass(frozen=True, slots=True)
class Change:
    """From baseline to target: baseline x factor + step."""

    factor: Decimal
    step: Decimal

    def of(self, baseline: Decimal) -> Decimal:
        """Return the target; a relative change grows away from zero."""
        return baseline + abs(baseline) * (self.factor - 1) + self.step


def read_change(text: str, *, rate: bool) -> Change:
    """Return what a change says of a KPI; `rate` where its values are shares.

    Raises:
        UnreadableChangeError: If it is none of the known forms.
        AmbiguousChangeError: If it is a bare percentage of a rate.
    """
    found = WRITTEN.fullmatch(text)
    if found is None:
        raise UnreadableChangeError(text)
    amount = Decimal(re.sub(r"\s", "", found["number"]).replace(",", "."))
    relative = found["sign"] in "xX×*" or found["unit"] == "%"
    if amount >= (LARGEST_FACTOR if relative else LARGEST):
        raise UnreadableChangeError(text)
    if found["sign"] in "xX×*":
        return Change(amount, Decimal(0))
    signed = -amount if found["sign"] in "-−" else amount
    if found["unit"] == "%":
        if rate:
            raise AmbiguousChangeError(signed)
        return Change(1 + signed / HUNDRED, Decimal(0))
    points = bool(found["unit"]) and rate
    return Change(Decimal(1), signed / HUNDRED if points else signed)
