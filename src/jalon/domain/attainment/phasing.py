"""How the way to the target is spread over the days of the period.

A day's weight = working day x last years' rate of its month x ramp, nothing on a day of
absence or outside the person's stay. Weights have no unit; only their shares count.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from jalon.domain.objectives.objective import Phasing, PhasingKind
from jalon.domain.periods import Period, WorkingDays

RAMP_DAYS = 90
ONE, ZERO = Decimal(1), Decimal(0)

Season = Mapping[int, Decimal]  # month of the year -> rate of one working day


@dataclass(frozen=True, slots=True)
class Presence:
    """When a person can work; `left_on` is the first day away. By default, always."""

    started_on: datetime.date | None = None
    left_on: datetime.date | None = None
    absent: frozenset[datetime.date] = frozenset()
    ramp_days: int = RAMP_DAYS

    def share(self, day: datetime.date) -> Decimal:
        """Return how much of a working day this is: a newcomer ramps up first."""
        if day in self.absent or (self.left_on and day >= self.left_on):
            return ZERO
        if self.started_on is None:
            return ONE
        done = (day - self.started_on).days + 1
        return min(max(Decimal(done), ZERO) / max(self.ramp_days, 1), ONE)


ALWAYS = Presence()


def day_weights(
    period: Period,
    *,
    phasing: Phasing,
    working_days: WorkingDays,
    season: Season,
    presence: Presence = ALWAYS,
) -> dict[datetime.date, Decimal]:
    """Return the weight of each day of the period; all equal where none would count."""
    even = dict.fromkeys(period.days(), ONE)
    if phasing.kind is PhasingKind.EVEN:
        return even
    open_days = {
        day: presence.share(day) if working_days.includes(day) else ZERO for day in even
    }
    if not any(open_days.values()):
        open_days = even
    rates = _rates(open_days, phasing, season)
    found = {day: weight * rates(day) for day, weight in open_days.items()}
    return found if any(found.values()) else open_days


class _Rates:
    """The rate of a day by its month: given month by month, or last years' season."""

    def __init__(self, by_month: Mapping[tuple[int, int], Decimal]) -> None:
        self._by_month = by_month

    def __call__(self, day: datetime.date) -> Decimal:
        return self._by_month.get((day.year, day.month), ONE)


def _rates(
    open_days: Mapping[datetime.date, Decimal], phasing: Phasing, season: Season
) -> _Rates:
    months = list(dict.fromkeys((day.year, day.month) for day in open_days))
    if phasing.kind is not PhasingKind.WEIGHTS:
        return _Rates({(year, month): season.get(month, ONE) for year, month in months})
    opened = {
        month: sum(w for day, w in open_days.items() if (day.year, day.month) == month)
        for month in months
    }
    given = dict(zip(months, phasing.weights, strict=False))
    return _Rates(
        {
            month: given.get(month, ZERO) / opened[month] if opened[month] else ZERO
            for month in months
        }
    )


def season_of(
    history: Mapping[int, Mapping[int, Decimal | None]],
    working: Mapping[int, Mapping[int, int]],
    *,
    months: Sequence[int],
) -> Season:
    """Return the rate of a working day of each month, as a share of its own year.

    Args:
        history: Year -> month -> value of the KPI.
        working: Year -> month -> number of working days.
        months: The months of the year to cover.

    A year that lacks one of these months, or has one without a positive value, tells
    nothing; without any telling year the season is empty (working days alone count).
    """
    telling = [
        [
            (values.get(month) or ZERO) / working[year][month]
            if working[year].get(month)
            else ZERO
            for month in months
        ]
        for year, values in history.items()
    ]
    telling = [rates for rates in telling if rates and min(rates) > 0]
    if not telling:
        return {}
    shares = [[rate / sum(rates) for rate in rates] for rates in telling]
    return {
        month: sum((year[rank] for year in shares), ZERO) / len(shares)
        for rank, month in enumerate(months)
    }


@dataclass(frozen=True, slots=True)
class Way:
    """The days of a period and the share of the way done at the end of each."""

    period: Period
    days: tuple[datetime.date, ...]
    done: tuple[Decimal, ...]
    weights: Mapping[datetime.date, Decimal]

    def share_on(self, day: datetime.date) -> Decimal:
        """Return the share of the way to be done at the end of `day`, 0 to 1."""
        if day < self.period.first:
            return ZERO
        if day >= self.days[-1]:
            return ONE
        return self.done[(day - self.period.first).days]

    def share_within(self, stretch: Period, day: datetime.date) -> Decimal:
        """Return the share of one stretch of the way, by its own days only."""
        inside = {d: w for d, w in self.weights.items() if _holds(stretch, d)}
        whole = sum(inside.values(), ZERO)
        if not whole:
            return ONE if day >= stretch.first else ZERO
        return sum((w for d, w in inside.items() if d <= day), ZERO) / whole


def way(period: Period, weights: Mapping[datetime.date, Decimal]) -> Way:
    """Return the way made of the days' weights."""
    whole = sum(weights.values(), ZERO)
    done = tuple(gone / whole for gone in accumulate(weights.values()))
    return Way(period, tuple(weights), done, weights)


def _holds(period: Period, day: datetime.date) -> bool:
    return period.first <= day < period.after
