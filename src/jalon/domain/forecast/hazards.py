"""How fast open deals are won and lost: competing risks by age and time of quarter.

Discrete-time cause-specific hazards h_k(age) × m_k(age group, month of quarter), with
delayed entry where closings were not recorded before a day, and censoring at the day
of the forecast. Every rate is shrunk to a prior worth a few events, so that a thin
history gives a plain one. A deal's chance to be won before a day is the cumulative
incidence of winning in the presence of losing (Prentice 1978).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jalon.domain.forecast.history import LOST, WON, Floats, History, Ints

EDGES = np.array([0, 4, 8, 15, 29, 57, 85, 113, 141, 10**6])  # ages in days
BINS = len(EDGES) - 1
FRESH = 4  # the first age bins: less than four weeks old
MONTHS = 3  # of a quarter
CALENDAR_FROM = 80  # days of history below which months of the quarter are one
PRIOR_AGE, PRIOR_CALENDAR, PRIOR_LEVEL = 2.0, 30.0, 25.0  # in events
LEVEL_DAYS = 60  # the recent past that sets the level
ROUNDS = 10  # of alternating between ages and months
CAUSES = (WON, LOST)
MOST = 0.95  # a deal never closes for sure on a day
TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Hazards:
    """Daily rates by cause (won, lost), age bin and month of the quarter."""

    rates: Floats  # causes, bins, months
    arrivals: Floats  # by month: how new deals depart from their mean rate
    months: int

    def month(self, days: Ints) -> Ints:
        """Return the month of the quarter of each day, 0 to 2; 0 without calendar."""
        if self.months == 1:
            return np.zeros(len(days), np.int64)
        return months_of_quarter(days)

    def incidence(self, day: int, horizon: int, ages: Ints) -> Floats:
        """Return the chance to be won within 0, 1, … `horizon` days, by age today."""
        months = self.month(np.arange(day, day + horizon))
        surviving = np.ones(len(ages))
        found = np.zeros((len(ages), horizon + 1))
        for step in range(horizon):
            bins = bin_of(ages + step)
            won = self.rates[0, bins, months[step]]
            lost = self.rates[1, bins, months[step]]
            both = np.minimum(won + lost, MOST)
            part = won / np.maximum(won + lost, TINY)
            found[:, step + 1] = found[:, step] + surviving * both * part
            surviving = surviving * (1 - both)
        return found


def fitted(history: History) -> Hazards:
    """Return the hazards of a history, at the level of its last two months."""
    months = MONTHS if history.days >= CALENDAR_FROM else 1
    exposure = _exposure(history, history.observed_from, months).sum(0)
    events = _events(history, history.observed_from, months)
    rates = np.stack([_rates(events[k], exposure) for k in range(len(CAUSES))])
    found = Hazards(rates, _arrivals(history, months), months)
    return Hazards(
        rates * _level(history, found)[:, None, None], found.arrivals, months
    )


def expected_wins(history: History, hazards: Hazards, since: int) -> Floats:
    """Return how many wins each deal was expected to give since a day."""
    exposure = _exposure(history, since, hazards.months)
    found: Floats = np.einsum("dbm,bm->d", exposure, hazards.rates[0])
    return found


def months_of_quarter(days: Ints) -> Ints:
    """Return 0, 1 or 2 for each day."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months % MONTHS


def bin_of(ages: Ints) -> Ints:
    """Return the age bin of each age in days."""
    return np.searchsorted(EDGES, ages, "right") - 1


def _exposure(history: History, since: int, months: int) -> Floats:
    """Return the days each deal spent open, by age bin and month: deals, bins, months.

    Each stay in an age bin is an interval of days; prefix counts of the months turn
    intervals into day counts without a loop over days.
    """
    closed = np.where(history.outcome >= 0, history.closed + 1, history.asof)
    begin = history.created[:, None] + EDGES[None, :-1]
    end = np.minimum(history.created[:, None] + EDGES[None, 1:], closed[:, None])
    low = np.clip(begin, since, history.asof) - since
    high = np.clip(end, since, history.asof) - since
    high = np.maximum(low, high)
    prefix = _prefix(since, history.asof, months)
    found: Floats = prefix[high] - prefix[low]
    return found


def _prefix(first: int, after: int, months: int) -> Floats:
    """Return for each day the number of days before it in each month class."""
    days = np.arange(first, after)
    classes = months_of_quarter(days) if months > 1 else np.zeros(len(days), np.int64)
    found = np.zeros((len(days) + 1, months))
    found[1:] = np.cumsum(classes[:, None] == np.arange(months), axis=0)
    return found


def _events(history: History, since: int, months: int) -> Floats:
    """Return the closings by cause, age bin and month."""
    found = np.zeros((len(CAUSES), BINS, months))
    seen = (history.closed >= since) & (history.closed < history.asof)
    for rank, cause in enumerate(CAUSES):
        those = seen & (history.outcome == cause)
        bins = bin_of(np.maximum(history.closed[those] - history.created[those], 0))
        classes = (
            months_of_quarter(history.closed[those])
            if months > 1
            else np.zeros(int(those.sum()), np.int64)
        )
        np.add.at(found[rank], (bins, classes), 1)
    return found


def _rates(events: Floats, exposure: Floats) -> Floats:
    """Return one cause's rates: by age, times multipliers by age group and month."""
    group = (np.arange(BINS) >= FRESH).astype(int)
    base = max(events.sum() / max(exposure.sum(), 1), 1e-9)
    times = np.ones((2, events.shape[1]))
    by_age = np.full(BINS, base)
    for _ in range(ROUNDS):
        shaped = (exposure * times[group]).sum(1)
        by_age = (events.sum(1) + PRIOR_AGE) / (shaped + PRIOR_AGE / base)
        expected = exposure * by_age[:, None]
        for each in range(2):
            seen = events[group == each].sum(0) + PRIOR_CALENDAR
            times[each] = seen / (expected[group == each].sum(0) + PRIOR_CALENDAR)
    found: Floats = by_age[:, None] * times[group]
    return found


def _level(history: History, hazards: Hazards) -> Floats:
    """Return by cause the recent closings over those expected, shrunk to 1."""
    since = max(history.observed_from, history.asof - LEVEL_DAYS)
    exposure = _exposure(history, since, hazards.months).sum(0)
    expected = (exposure[None] * hazards.rates).sum((1, 2))
    seen = _events(history, since, hazards.months).sum((1, 2))
    found: Floats = (seen + PRIOR_LEVEL) / (expected + PRIOR_LEVEL)
    return found


def _arrivals(history: History, months: int) -> Floats:
    """Return how the rate of new deals departs from its mean, by month of quarter."""
    if months == 1:
        return np.ones(1)
    first, after = history.observed_from, history.asof
    since = history.created[history.created >= first]
    seen = np.bincount(months_of_quarter(since), minlength=months)
    days = np.bincount(months_of_quarter(np.arange(first, after)), minlength=months)
    rate = seen.sum() / max(1, days.sum())
    found: Floats = (seen + PRIOR_CALENDAR) / (days * rate + PRIOR_CALENDAR)
    return found
