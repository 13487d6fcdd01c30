"""The period another one is compared with: a year earlier, or the one before.

Whole months map to whole months; a partial period maps to the same elapsed days, and
29 February to 28.
"""

from __future__ import annotations

from datetime import date, timedelta

from jalon.domain.periods import Period
from jalon.domain.periods.calendar import MONTHS, months_later

ONE = timedelta(days=1)


def year_before(day: date) -> date:
    """Return the same day a year earlier; 29 February becomes the 28th."""
    return months_later(day, -MONTHS)


def in_n_1(period: Period) -> Period:
    """Return the same days a year earlier."""
    if period.after.day == 1:
        return Period(year_before(period.first), year_before(period.after))
    return Period(year_before(period.first), year_before(period.after - ONE) + ONE)


def previous(period: Period, *, whole: Period | None = None) -> Period:
    """Return the period before; of a partial one, its first days, as many as elapsed.

    `whole` is the period that `period` is the beginning of.
    """
    full = whole or period
    before = Period(_opening_before(full), full.first)
    if full == period:
        return before
    elapsed = period.after - period.first
    return Period(before.first, min(before.first + elapsed, before.after))


def compared(period: Period, against: str, *, whole: Period | None = None) -> Period:
    """Return what a period is compared with; `against` is "N-1" or "previous"."""
    return in_n_1(period) if against == "N-1" else previous(period, whole=whole)


def up_to(period: Period, on: date) -> Period | None:
    """Return the days of the period gone by the end of `on`, or None if none are."""
    after = min(period.after, on + ONE)
    return Period(period.first, after) if period.first < after else None


def _opening_before(period: Period) -> date:
    first, after = period.first, period.after
    if first.day == after.day == 1:
        months = (after.year - first.year) * MONTHS + after.month - first.month
        return months_later(first, -months)
    return first - (after - first)
