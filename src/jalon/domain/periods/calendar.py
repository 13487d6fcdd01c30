"""The company's calendar: fiscal months to years, its weeks, and their names.

A fiscal year and its quarters are named after the year in which they end: with a year
that opens in April, "2018-Q1" is April to June 2017. Months keep their calendar name. A
week begins on Monday, or on the day the company chose; it bears the ISO number of the
Monday in it, so that each has one name wherever it begins.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum

from jalon.domain.periods import Period

MONTHS = 12
MONDAY = 0  # as `date.weekday` tells it
WEEK_STARTS = {"monday": MONDAY, "saturday": 5, "sunday": 6}
_ONE_DAY = timedelta(days=1)
_ONE_WEEK = timedelta(days=7)


class Grain(StrEnum):
    """How long one step of a series lasts."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


_LENGTH = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.HALF: 6, Grain.YEAR: 12}
_NAME = re.compile(r"(\d{4})(?:-(?:Q([1-4])|H([12])|W(\d{2})|(\d{2})(?:-(\d{2}))?))?")


class UnknownPeriodNameError(ValueError):
    """A text names no period."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f'"{text}" names no period. Expected e.g. 2017-Q3, 2017-04, 2017-W23, '
            f"2017-H1 or 2017."
        )


def months_later(day: date, months: int) -> date:
    """Return the same day some months later; the 31st becomes the last of the month."""
    index = day.year * MONTHS + day.month - 1 + months
    year, month = divmod(index, MONTHS)
    return date(year, month + 1, min(day.day, _last_day(year, month + 1)))


def containing(
    day: date, grain: Grain, *, first_month: int = 1, week_start: int = MONDAY
) -> Period:
    """Return the period of that grain the day falls in.

    `week_start` is the weekday that weeks begin on, Monday being 0.
    """
    if grain is Grain.DAY:
        return Period(day, day + _ONE_DAY)
    if grain is Grain.WEEK:
        first = day - (day.weekday() - week_start) % 7 * _ONE_DAY
        return Period(first, first + _ONE_WEEK)
    length = _LENGTH[grain]
    rank = (day.month - first_month) % MONTHS % length
    first = months_later(day.replace(day=1), -rank)
    return Period(first, months_later(first, length))


def week_of(day: date, week_start: int = MONDAY) -> Period:
    """Return the week the day falls in."""
    return containing(day, Grain.WEEK, week_start=week_start)


def iso_week(first: date) -> tuple[int, int]:
    """Return the year and number of a week by its first day: those of its Monday."""
    year, week, _ = (first + -first.weekday() % 7 * _ONE_DAY).isocalendar()
    return year, week


def steps(
    period: Period, grain: Grain, *, first_month: int = 1, week_start: int = MONDAY
) -> tuple[Period, ...]:
    """Return the periods of that grain that touch the period, whole, in order."""
    found = []
    day = period.first
    while day < period.after:
        step = containing(day, grain, first_month=first_month, week_start=week_start)
        found.append(step)
        day = step.after
    return tuple(found)


def name_of(first: date, grain: Grain, *, first_month: int = 1) -> str:
    """Return the name of the period of that grain which opens on `first`."""
    if grain is Grain.DAY:
        return first.isoformat()
    if grain is Grain.WEEK:
        year, week = iso_week(first)
        return f"{year}-W{week:02d}"
    if grain is Grain.MONTH:
        return f"{first:%Y-%m}"
    year = months_later(first, (first_month - 1 - first.month) % MONTHS).year
    rank = (first.month - first_month) % MONTHS // _LENGTH[grain] + 1
    suffix = {Grain.QUARTER: f"-Q{rank}", Grain.HALF: f"-H{rank}", Grain.YEAR: ""}
    return f"{year}{suffix[grain]}"


def named(text: str, *, first_month: int = 1, week_start: int = MONDAY) -> Period:
    """Return the period of a name: 2017, 2017-H1, 2017-Q3, 2017-04, 2017-W23, a day.

    Raises:
        UnknownPeriodNameError: If the text names no period.
    """
    found = _NAME.fullmatch(text.strip().upper())
    if found is None:
        raise UnknownPeriodNameError(text)
    year, quarter, half, week, month, day = found.groups()
    try:
        if week:
            return week_of(date.fromisocalendar(int(year), int(week), 1), week_start)
        if month:
            grain = Grain.DAY if day else Grain.MONTH
            return containing(date(int(year), int(month), int(day or 1)), grain)
    except ValueError as error:
        raise UnknownPeriodNameError(text) from error
    opening = date(int(year) - (first_month > 1), first_month, 1)
    grain = Grain.QUARTER if quarter else Grain.HALF if half else Grain.YEAR
    rank = int(quarter or half or 1) - 1
    first = months_later(opening, rank * _LENGTH[grain])
    return containing(first, grain, first_month=first_month)


def _last_day(year: int, month: int) -> int:
    following = date(year + month // MONTHS, month % MONTHS + 1, 1)
    return (following - timedelta(days=1)).day
