"""Which slices run ahead of the company, which behind: each against its own N-1.

The company's growth is the common measure: a slice is over by what it brought beyond
its own N-1 grown as the company grew. A slice of few sales is set aside, never ranked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

FEW = 10
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One slice now and in N-1: money, and how many sales it was made of."""

    dimension: str
    label: str | None
    now: Decimal
    before: Decimal
    sales_now: Decimal
    sales_before: Decimal

    @property
    def growth(self) -> Decimal | None:
        """Return the growth since N-1, None where there was nothing then."""
        return self.now / self.before - 1 if self.before > ZERO else None

    @property
    def is_small(self) -> bool:
        """Return whether too few sales, now or then, make the slice."""
        return min(self.sales_now, self.sales_before) < FEW

    def beyond(self, company: Decimal) -> Decimal:
        """Return what was brought beyond the company's own growth."""
        return self.now - self.before * (1 + company)


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """The company's growth, and the slices over it, under it, and too small to say."""

    company: Slice
    over: tuple[Slice, ...] = ()
    under: tuple[Slice, ...] = ()
    small: tuple[Slice, ...] = ()


def segments(company: Slice, slices: Iterable[Slice]) -> Segments:
    """Return the slices in order, the furthest from the company first.

    Without a company N-1 there is no measure: every slice is left out.
    """
    growth = company.growth
    if growth is None:
        return Segments(company=company)
    everyone = list(slices)
    told = [one for one in everyone if not one.is_small]
    over = [one for one in told if one.beyond(growth) > ZERO]
    under = [one for one in told if one.beyond(growth) < ZERO]
    return Segments(
        company=company,
        over=tuple(sorted(over, key=lambda one: -one.beyond(growth))),
        under=tuple(sorted(under, key=lambda one: one.beyond(growth))),
        small=tuple(
            sorted((one for one in everyone if one.is_small), key=lambda one: -one.now)
        ),
    )
