"""How fast open deals are won and lost: competing risks by age and time of quarter.

Discrete-time cause-specific hazards h_k(age) × m_k(age group, time of quarter): each of
its three months, and in each the last days apart, when many close what they can. With
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
LATE = 5  # last days of a month, that are a time apart
TIMES = 2 * MONTHS  # of a quarter: each month but its last days, then those
CALENDAR_FROM = 80  # days of history below which times of the quarter are one
PRIOR_AGE, PRIOR_CALENDAR, PRIOR_LEVEL = 2.0, 30.0, 25.0  # in events
LEVEL_DAYS = 60  # the recent past that sets the level
ROUNDS = 10  # of alternating between ages and times
CAUSES = (WON, LOST)
MOST = 0.95  # a deal never closes for sure on a day
TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Hazards:
    """Daily rates by cause (won, lost), age bin and time of the quarter."""

    rates: Floats  # causes, bins, times
    arrivals: Floats  # by time: how new deals depart from their mean rate
    times: int

    def time(self, days: Ints) -> Ints:
        """Return the time of the quarter of each day, 0 to 5; 0 without calendar."""
        if self.times == 1:
            return np.zeros(len(days), np.int64)
        return times_of_quarter(days)

    def incidence(self, day: int, horizon: int, ages: Ints) -> Floats:
        """Return the chance to be won within 0, 1, … `horizon` days, by age today."""
        times = self.time(np.arange(day, day + horizon))
        surviving = np.ones(len(ages))
        found = np.zeros((len(ages), horizon + 1))
        for step in range(horizon):
            bins = bin_of(ages + step)
            won = self.rates[0, bins, times[step]]
            lost = self.rates[1, bins, times[step]]
            both = np.minimum(won + lost, MOST)
            part = won / np.maximum(won + lost, TINY)
            found[:, step + 1] = found[:, step] + surviving * both * part
            surviving = surviving * (1 - both)
        return found


def fitted(history: History) -> Hazards:
    """Return the hazards of a history, at the level of its last two times."""
    times = TIMES if history.days >= CALENDAR_FROM else 1
    exposure = _exposure(history, history.observed_from, times).sum(0)
    events = _events(history, history.observed_from, times)
    rates = np.stack([_rates(events[k], exposure) for k in range(len(CAUSES))])
    found = Hazards(rates, _arrivals(history, times), times)
    return Hazards(rates * _level(history, found)[:, None, None], found.arrivals, times)


def expected_wins(history: History, hazards: Hazards, since: int) -> Floats:
    """Return how many wins each deal was expected to give since a day."""
    exposure = _exposure(history, since, hazards.times)
    found: Floats = np.einsum("dbm,bm->d", exposure, hazards.rates[0])
    return found


def expected_by_day(history: History, hazards: Hazards, since: int) -> Floats:
    """Return how many wins were expected of all deals on each day since one."""
    low, high = _stays(history, since)
    days = history.asof - since
    times = hazards.time(np.arange(since, history.asof))
    found = np.zeros(days)
    for rank in range(BINS):
        entered = np.bincount(low[:, rank], minlength=days + 1)
        left = np.bincount(high[:, rank], minlength=days + 1)
        still = np.cumsum(entered - left)[:days]
        found += still * hazards.rates[0, rank, times]
    return found


def times_of_quarter(days: Ints) -> Ints:
    """Return 0, 2 or 4 for each day by its month; 1, 3 or 5 for its last days."""
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    late = months != (days + LATE).astype("datetime64[D]").astype("datetime64[M]")
    found: Ints = months.astype(np.int64) % MONTHS * 2 + late
    return found


def bin_of(ages: Ints) -> Ints:
    """Return the age bin of each age in days."""
    return np.searchsorted(EDGES, ages, "right") - 1


def _exposure(history: History, since: int, times: int) -> Floats:
    """Return the days each deal spent open, by age bin and time: deals, bins, times.

    Each stay in an age bin is an interval of days; prefix counts of the times turn
    intervals into day counts without a loop over days.
    """
    low, high = _stays(history, since)
    prefix = _prefix(since, history.asof, times)
    found: Floats = prefix[high] - prefix[low]
    return found


def _stays(history: History, since: int) -> tuple[Ints, Ints]:
    """Return when each deal's stay in each age bin began and ended, in days since."""
    closed = np.where(history.outcome >= 0, history.closed + 1, history.asof)
    begin = history.created[:, None] + EDGES[None, :-1]
    end = np.minimum(history.created[:, None] + EDGES[None, 1:], closed[:, None])
    low = np.clip(begin, since, history.asof) - since
    high = np.clip(end, since, history.asof) - since
    return low, np.maximum(low, high)


def _prefix(first: int, after: int, times: int) -> Floats:
    """Return for each day the number of days before it in each time class."""
    days = np.arange(first, after)
    classes = times_of_quarter(days) if times > 1 else np.zeros(len(days), np.int64)
    found = np.zeros((len(days) + 1, times))
    found[1:] = np.cumsum(classes[:, None] == np.arange(times), axis=0)
    return found


def _events(history: History, since: int, times: int) -> Floats:
    """Return the closings by cause, age bin and time."""
    found = np.zeros((len(CAUSES), BINS, times))
    seen = (history.closed >= since) & (history.closed < history.asof)
    for rank, cause in enumerate(CAUSES):
        those = seen & (history.outcome == cause)
        bins = bin_of(np.maximum(history.closed[those] - history.created[those], 0))
        classes = (
            times_of_quarter(history.closed[those])
            if times > 1
            else np.zeros(int(those.sum()), np.int64)
        )
        np.add.at(found[rank], (bins, classes), 1)
    return found


def _rates(events: Floats, exposure: Floats) -> Floats:
    """Return one cause's rates: by age, times multipliers by age group and time."""
    group = (np.arange(BINS) >= FRESH).astype(int)
    base = max(events.sum() / max(exposure.sum(), 1), 1e-9)
    times = np.ones((2, events.shape[1]))
    by_age = np.full(BINS, base)
    for _ in range(ROUNDS):
        shaped = (exposure * times[group]).sum(1)
        by_age = (events.sum(1) + PRIOR_AGE) / (shaped + PRIOR_AGE / base)
        expected = exposure * by_age[:, None]
        for each in range(2):
            mine = group == each
            times[each] = _multipliers(events[mine].sum(0), expected[mine].sum(0))
    found: Floats = by_age[:, None] * times[group]
    return found


def _multipliers(seen: Floats, expected: Floats) -> Floats:
    """Return what came over what was expected, by time of the quarter.

    A month is shrunk to 1, its last days and its other days to their month.
    """
    size = min(len(seen), 2)
    month = (seen.reshape(-1, size).sum(1) + PRIOR_CALENDAR) / (
        expected.reshape(-1, size).sum(1) + PRIOR_CALENDAR
    )
    usual = np.repeat(month, size)
    found: Floats = (
        usual * (seen + PRIOR_CALENDAR) / (expected * usual + PRIOR_CALENDAR)
    )
    return found


def _level(history: History, hazards: Hazards) -> Floats:
    """Return by cause the recent closings over those expected, shrunk to 1."""
    since = max(history.observed_from, history.asof - LEVEL_DAYS)
    exposure = _exposure(history, since, hazards.times).sum(0)
    expected = (exposure[None] * hazards.rates).sum((1, 2))
    seen = _events(history, since, hazards.times).sum((1, 2))
    found: Floats = (seen + PRIOR_LEVEL) / (expected + PRIOR_LEVEL)
    return found


def _arrivals(history: History, times: int) -> Floats:
    """Return how the rate of new deals departs from its mean, by time of quarter."""
    if times == 1:
        return np.ones(1)
    first, after = history.observed_from, history.asof
    since = history.created[history.created >= first]
    seen = np.bincount(times_of_quarter(since), minlength=times)
    days = np.bincount(times_of_quarter(np.arange(first, after)), minlength=times)
    rate = seen.sum() / max(1, days.sum())
    return _multipliers(seen.astype(np.float64), days * rate)
