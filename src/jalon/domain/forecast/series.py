"""Plain series: what the days and weeks before say, without looking at deals.

Block bootstrap of the last thirteen weeks; Theta (exponential smoothing with half the
trend, Assimakopoulos and Nikolopoulos 2000) and the quarter before, both on weekly
totals with their residuals drawn again. At company level they are hard to beat.
"""

from __future__ import annotations

import numpy as np

from jalon.domain.forecast.history import Floats

WEEK = 7
RECENT = 91  # days the bootstrap draws from
SMOOTHINGS = np.arange(0.05, 0.65, 0.05)
TREND_PRIOR = 8  # weeks that pull the trend to none
QUARTER = 13  # weeks
FEWEST = 4  # weeks below which there is no series


def bootstrap(
    daily: Floats, horizon: int, draws: int, dice: np.random.Generator
) -> Floats:
    """Return sums of blocks of days drawn from the last weeks: series, draws.

    `daily` is series by days, the last day first known. All series share the blocks,
    so that sums of series stay sums.
    """
    recent = daily[:, -RECENT:]
    length = recent.shape[1]
    running = np.concatenate(
        [np.zeros((len(recent), 1)), np.cumsum(recent, axis=1)], axis=1
    )
    found = np.zeros((len(recent), draws))
    left = horizon
    while left > 0 and length:
        size = min(WEEK, left, length)
        start = dice.integers(0, length - size + 1, draws)
        found += running[:, start + size] - running[:, start]
        left -= size
    return found


def theta(daily: Floats, horizon: int, draws: int, dice: np.random.Generator) -> Floats:
    """Return Theta paths of weekly totals, cut at the horizon: series, draws."""
    weekly = weeks_of(daily)
    count, length = weekly.shape
    if length < FEWEST:
        return bootstrap(daily, horizon, draws, dice)
    slope = _slope(weekly)
    flat = weekly - 0.5 * slope[:, None] * np.arange(length)
    level, errors, smoothing = _smoothed(flat)
    steps = -(-horizon // WEEK)
    states = np.repeat(level[:, None], draws, axis=1)
    kept = errors[:, 2:] - errors[:, 2:].mean(axis=1, keepdims=True)
    found = np.zeros((count, draws))
    for step in range(steps):
        drawn = kept[:, dice.integers(0, kept.shape[1], draws)]
        ahead = states + 0.5 * slope[:, None] * (length + step) + drawn
        found += ahead * min(1.0, (horizon - WEEK * step) / WEEK)
        states = states + smoothing[:, None] * drawn
    return np.maximum(found, 0)


def last_quarter(
    daily: Floats, horizon: int, draws: int, dice: np.random.Generator
) -> Floats:
    """Return last quarter's weeks again, with their errors: series, draws."""
    weekly = weeks_of(daily)
    length = weekly.shape[1]
    if length < QUARTER + 2:
        return bootstrap(daily, horizon, draws, dice)
    errors = weekly[:, QUARTER:] - weekly[:, :-QUARTER]
    errors = errors - errors.mean(axis=1, keepdims=True)
    found = np.zeros((len(weekly), draws))
    for step in range(-(-horizon // WEEK)):
        past = weekly[:, length - QUARTER + step % QUARTER]
        drawn = errors[:, dice.integers(0, errors.shape[1], draws)]
        part = min(1.0, (horizon - WEEK * step) / WEEK)
        found += (past[:, None] + drawn) * part
    return np.maximum(found, 0)


def weeks_of(daily: Floats) -> Floats:
    """Return totals of whole weeks that end on the last day: series, weeks."""
    length = daily.shape[1] // WEEK
    kept = daily[:, daily.shape[1] - length * WEEK :]
    found: Floats = kept.reshape(len(daily), length, WEEK).sum(axis=2)
    return found


def _slope(weekly: Floats) -> Floats:
    """Return the trend a week, shrunk for short series."""
    length = weekly.shape[1]
    place = np.arange(length) - (length - 1) / 2
    slope = weekly @ place / (place**2).sum()
    found: Floats = slope * (length / (length + TREND_PRIOR))
    return found


def _smoothed(flat: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the last level, the errors and the smoothing that errs least."""
    count, length = flat.shape
    level = np.repeat(flat[:, :FEWEST].mean(axis=1)[:, None], len(SMOOTHINGS), axis=1)
    errors = np.zeros((count, length, len(SMOOTHINGS)))
    for week in range(length):
        errors[:, week] = flat[:, week, None] - level
        level = level + SMOOTHINGS * errors[:, week]
    best = (errors**2).sum(axis=1).argmin(axis=1)
    rows = np.arange(count)
    return level[rows, best], errors[rows, :, best], SMOOTHINGS[best]
