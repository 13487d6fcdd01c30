"""What open and future deals will bring: Monte Carlo, leaf by leaf.

Each open deal is won by chance from its age; each leaf has its own pace (Gamma, shrunk
to 1 by the equivalent of forty wins), all share a common shock, so that deals are not
independent and a company's uncertainty does not vanish. New deals arrive at the leaf's
recent rate, over-dispersed as the whole company's weeks are. Amounts are won as won
deals were: their hoped amount times a ratio drawn from those seen.
"""

from __future__ import annotations

import numpy as np

from jalon.domain.forecast.hazards import (
    MOST,
    TINY,
    Hazards,
    bin_of,
    expected_by_day,
    expected_wins,
    fitted,
)
from jalon.domain.forecast.history import OPEN, Floats, History, Ints

PACE = 40.0  # wins that a leaf's usual pace is worth
SHOCK = 0.04  # variance of the company's pace, before any past
SHOCK_PRIOR = 6.0  # four weeks that it is worth
SHOCK_LIMITS = (0.0025, 0.16)
SHOCK_DAYS, MOST_BLOCKS = 28, 12  # of past that tell it
PACE_DAYS = 120
ARRIVAL_DAYS = 56
WEEK = 7
OWN = 40  # won amounts from which a leaf's own are enough
BLOCK = 2_000_000  # deals × draws simulated at once


def simulate(history: History, after: int, draws: int, seed: int = 0) -> Floats:
    """Return what each leaf will win before `after`, from today: leaves, draws."""
    still_open, to_come = simulated_parts(history, after, draws, seed)
    return still_open + to_come


def simulated_parts(
    history: History, after: int, draws: int, seed: int = 0
) -> tuple[Floats, Floats]:
    """Return apart what open deals and deals to come will bring: leaves, draws."""
    dice = np.random.default_rng(seed)
    horizon = max(after - history.asof, 0)
    if not horizon or not len(history.created):
        nothing = np.zeros((history.leaves, draws))
        return nothing, nothing.copy()
    hazards = fitted(history)
    pace = _pace(history, hazards, draws, dice)
    return (
        _from_open(history, hazards, horizon, pace, dice),
        _from_new(history, hazards, horizon, pace, dice),
    )


def _pace(
    history: History, hazards: Hazards, draws: int, dice: np.random.Generator
) -> Floats:
    """Return each leaf's pace in each draw, around 1: leaves, draws."""
    since = max(history.observed_from, history.asof - PACE_DAYS)
    recent = history.won & (history.closed >= since)
    seen = np.bincount(history.leaf[recent], minlength=history.leaves)
    wins = expected_wins(history, hazards, since)
    wins = wins * (seen.sum() / max(wins.sum(), 1e-9))
    expected = np.bincount(history.leaf, wins, minlength=history.leaves)
    shape, rate = PACE + seen, PACE + expected
    own = dice.gamma(shape[:, None], 1 / rate[:, None], (history.leaves, draws))
    shock = _shock(history, hazards)
    common = dice.gamma(1 / shock, shock, draws)
    found: Floats = own * common
    return found


def _shock(history: History, hazards: Hazards) -> float:
    """Return how much the company's pace varies from four weeks to others.

    What wins departed from those expected, beyond chance, relatively; pulled to what
    is usual where there is little past.
    """
    blocks = min(history.days // SHOCK_DAYS, MOST_BLOCKS)
    if not blocks:
        return SHOCK
    since = history.asof - blocks * SHOCK_DAYS
    inside = history.won & (history.closed >= since)
    days = history.closed[inside] - since
    seen = np.bincount(days // SHOCK_DAYS, minlength=blocks)
    by_day = expected_by_day(history, hazards, since)
    expected = by_day.reshape(blocks, SHOCK_DAYS).sum(axis=1)
    expected *= seen.sum() / max(expected.sum(), TINY)
    beyond = ((seen - expected) ** 2 - seen) / np.maximum(expected, 1) ** 2
    found = (beyond.sum() + SHOCK * SHOCK_PRIOR) / (blocks + SHOCK_PRIOR)
    return float(np.clip(found, *SHOCK_LIMITS))


def _from_open(
    history: History,
    hazards: Hazards,
    horizon: int,
    pace: Floats,
    dice: np.random.Generator,
) -> Floats:
    draws = pace.shape[1]
    found = np.zeros((history.leaves, draws))
    still = np.flatnonzero(history.outcome == OPEN)
    if not len(still):
        return found
    still = still[np.argsort(history.leaf[still], kind="stable")]
    ages = history.asof - history.created[still]
    known, place = np.unique(ages, return_inverse=True)
    chance = hazards.incidence(history.asof, horizon, known)[place, -1]
    ratios = _ratios(history)
    size = max(1, BLOCK // draws)
    for begin in range(0, len(still), size):
        part = still[begin : begin + size]
        leaf = history.leaf[part]
        odds = 1 - (1 - chance[begin : begin + size, None]) ** pace[leaf]
        worth = np.where(dice.random(odds.shape) < odds, history.amount[part, None], 0)
        if not history.counts:
            worth = worth * ratios[dice.integers(0, len(ratios), worth.shape)]
        leaves, starts = np.unique(leaf, return_index=True)
        found[leaves] += np.add.reduceat(worth, starts, axis=0)
    return found


def _from_new(
    history: History,
    hazards: Hazards,
    horizon: int,
    pace: Floats,
    dice: np.random.Generator,
) -> Floats:
    draws = pace.shape[1]
    window = min(ARRIVAL_DAYS, history.days + 30)
    recent = history.created >= history.asof - window
    each = np.bincount(history.leaf[recent], minlength=history.leaves)
    mean = recent.sum() / history.leaves / window
    rate = (each + 2 * mean) / (window + 2)
    expected = rate[:, None] * _reaching(history, hazards, horizon, window) * pace
    spread = _overdispersion(history, recent, window) / max(1, horizon / WEEK)
    shape = 1 / max(spread, 1e-3)
    number = dice.poisson(expected * dice.gamma(shape, 1 / shape, expected.shape))
    if history.counts:
        return np.asarray(number, np.float64)
    return _worth(history, number, dice, draws)


def _reaching(history: History, hazards: Hazards, horizon: int, window: int) -> float:
    """Return how many wins one deal a day, arriving from today, gives by the end."""
    past = hazards.time(np.arange(history.asof - window, history.asof))
    ahead = hazards.time(np.arange(history.asof, history.asof + horizon))
    season = hazards.arrivals[ahead] / hazards.arrivals[past].mean()
    surviving = np.zeros(horizon)
    wins = 0.0
    for day in range(horizon):  # all deals born so far, one day older
        surviving[day] = season[day]
        bins = bin_of(day - np.arange(day + 1))
        won = hazards.rates[0, bins, ahead[day]]
        lost = hazards.rates[1, bins, ahead[day]]
        both = np.minimum(won + lost, MOST)
        gone = surviving[: day + 1] * both
        wins += float(gone @ (won / np.maximum(won + lost, TINY)))
        surviving[: day + 1] -= gone
    return wins


def _worth(
    history: History, number: Ints, dice: np.random.Generator, draws: int
) -> Floats:
    """Return the sum of as many won amounts as deals arrive and are won."""
    ratios = _ratios(history)
    won = history.won
    everyone = history.amount[won] if won.any() else history.amount
    found = np.zeros((history.leaves, draws))
    for leaf in np.flatnonzero(number.max(axis=1)):
        own = history.amount[won & (history.leaf == leaf)]
        if len(own) < OWN:
            own = np.concatenate([own, dice.choice(everyone, OWN - len(own))])
        total = int(number[leaf].sum())
        worth = own[dice.integers(0, len(own), total)]
        worth = worth * ratios[dice.integers(0, len(ratios), total)]
        place = np.repeat(np.arange(draws), number[leaf])
        found[leaf] = np.bincount(place, worth, minlength=draws)
    return found


def _ratios(history: History) -> Floats:
    """Return what won deals brought over what was hoped of them."""
    won = history.won & (history.amount > 0)
    if not won.any():
        return np.ones(1)
    found: Floats = history.value[won] / history.amount[won]
    return found


def _overdispersion(history: History, recent: np.ndarray, window: int) -> float:
    """Return by how much weekly arrivals vary beyond Poisson, relatively."""
    weeks = max(window // WEEK, 2)
    place = (history.created[recent] - (history.asof - window)) // WEEK
    seen = np.bincount(np.minimum(place, weeks - 1), minlength=weeks)
    mean = seen.mean()
    if not mean:
        return 0.01
    return float(max(0.01, (seen.var(ddof=1) - mean) / mean**2))
