"""The days of the sample company: three years to the day given, and their season.

The story starts eight weeks before the day given. Ranges are first (in) to after (out).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

import holidays

YEARS = 3
STORY_DAYS = 56
HORIZON_DAYS = 210  # how far ahead deals that are still open are to close
YEARLY_GROWTH = 1.09

_MONTHS = (0.90, 0.97, 1.18, 0.93, 0.88, 1.25, 0.90, 0.42, 1.05, 1.08, 1.08, 1.25)


@dataclass(frozen=True, slots=True)
class Timeline:
    """The days that matter; `working` are the working days of France, in order."""

    on: date
    first: date
    story: date
    working: tuple[date, ...]

    def worked(self, day: date) -> date:
        """Return the day itself if it is worked, else the next one that is."""
        return self.working[bisect_left(self.working, day)]

    def between(self, first: date, last: date) -> tuple[date, ...]:
        """Return the working days from `first` to `last`, both in."""
        start = bisect_left(self.working, first)
        stop = bisect_left(self.working, last + timedelta(days=1))
        return self.working[start:stop]

    def in_story(self, day: date) -> bool:
        """Return whether the competitor was already there on that day."""
        return day >= self.story


def timeline(on: date) -> Timeline:
    """Return the days of a company seen on a day."""
    first = years_before(on, YEARS)
    start, stop = first - timedelta(days=1200), on + timedelta(days=HORIZON_DAYS + 40)
    closed = holidays.country_holidays("FR", years=range(start.year, stop.year + 1))
    saturday = 5
    working = tuple(
        day
        for day in days(start, stop)
        if day.weekday() < saturday and day not in closed
    )
    return Timeline(on, first, on - timedelta(days=STORY_DAYS), working)


def days(first: date, after: date) -> Iterator[date]:
    """Return every calendar day of a range."""
    return (first + timedelta(days=rank) for rank in range((after - first).days))


def years_before(day: date, years: int) -> date:
    """Return the same day some years before; 29 February becomes the 28th."""
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - years, day=28 if leap_day else day.day)


def month_of(day: date) -> date:
    """Return the first day of its month."""
    return day.replace(day=1)


def next_month(day: date) -> date:
    """Return the first day of the month after."""
    return month_of(month_of(day) + timedelta(days=32))


def months(first: date, last: date) -> Iterator[date]:
    """Return the first day of every month from that of `first` to that of `last`."""
    month = month_of(first)
    while month <= last:
        yield month
        month = next_month(month)


def busyness(day: date, on: date) -> float:
    """Return how busy a working day is for signatures; 1 is a usual day of `on`'s year.

    Quarters end in a rush, August and the last days of December are quiet.
    """
    weight = _MONTHS[day.month - 1]
    rush_from, lull_from = 18, 23
    if day.month == 12 and day.day >= lull_from:  # noqa: PLR2004
        return weight * 0.3
    if day.month % 3 == 0 and day.day >= rush_from:
        weight *= 1.4
    return float(weight * YEARLY_GROWTH ** ((day - on).days / 365))


def at_work(day: date, rng: Random) -> datetime:
    """Return a moment of that day between half past eight and half past six."""
    return datetime.combine(day, time(8, 30)) + timedelta(minutes=rng.randrange(600))
