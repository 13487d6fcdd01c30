"""Plain series: what the days and weeks before say, without looking at deals.

Block bootstrap of the last thirteen weeks; Theta (exponential smoothing with half the
trend, Assimakopoulos and Nikolopoulos 2000) on weekly totals with its residuals drawn
again; the same days of past months, quarters and years, at today's pace. At company
level they are hard to beat.
"""

from __future__ import annotations

import numpy as np

from jalon.domain.forecast.history import Floats, Ints

WEEK = 7
RECENT = 91  # days the bootstrap draws from
SMOOTHINGS = np.arange(0.05, 0.65, 0.05)
TREND_PRIOR = 8  # weeks that pull the trend to none
SEASONS = 4  # years a season is looked for
MOST_SEASONS = 12
LEAST_BEFORE = 28  # days that tell the pace before a season
HALF_LIFE = 365.0  # days after which a past season weighs half
SCALE_PRIOR = 0.5  # of the series' usual pace, that pulls each pace to all
PACES = (0.25, 4.0)  # of today's over a past season's
TINY = 1e-9
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


def same_days(
    daily: Floats,
    horizon: int,
    draws: int,
    dice: np.random.Generator,
    *,
    asof: int,
    months: int,
) -> Floats:
    """Return what the same days brought in seasons before, at today's pace.

    A season is so many `months`; its days are counted back from the end, since months
    end alike and begin alike only if as long. Each past season is scaled by the last
    quarter over the one that came before it, pulled to what all series did together.
    No value (NaN) where there is no such season in the past: series, draws.
    """
    ends = _ends(asof, horizon, months, first=asof - daily.shape[1])
    if not ends:
        return np.full((len(daily), draws), np.nan)
    begin = asof - daily.shape[1]
    running = _running(daily)
    after = np.array(ends) - begin
    brought = running[:, after] - running[:, after - horizon]
    before = _quarter_before(running, after - horizon)
    now = _quarter_before(running, np.array([daily.shape[1]]))
    common = now.sum() / np.maximum(before.sum(axis=0), TINY)
    prior = SCALE_PRIOR * np.maximum(now.mean(), TINY)
    pace = np.clip((now + prior * common) / (before + prior), *PACES)
    weight = 0.5 ** ((asof - np.array(ends)) / HALF_LIFE)
    drawn = dice.choice(len(ends), draws, p=weight / weight.sum())
    seen = (brought * pace)[:, drawn]
    spread = _spread(daily, horizon) * np.sqrt(min(1.0, 2 / len(ends)))
    found = seen + spread[:, None] * dice.standard_normal(draws)
    kept: Floats = np.maximum(found, 0)
    return kept


def _ends(asof: int, horizon: int, months: int, *, first: int) -> list[int]:
    """Return the days after past seasons' same days, the last season first."""
    after = asof + horizon
    month = np.datetime64(after, "D").astype("datetime64[M]")
    inside = after - int(month.astype("datetime64[D]").astype(np.int64))
    found: list[int] = []
    for rank in range(1, SEASONS * 12 // months + 1):
        back = month - rank * months
        end = int(back.astype("datetime64[D]").astype(np.int64)) + inside
        if end - horizon < first + LEAST_BEFORE or len(found) == MOST_SEASONS:
            break
        if end <= asof:
            found.append(end)
    return found


def _running(daily: Floats) -> Floats:
    """Return sums from the first day to before each day: series, days and one."""
    nothing = np.zeros((len(daily), 1))
    return np.concatenate([nothing, np.cumsum(daily, axis=1)], axis=1)


def _quarter_before(running: Floats, days: Ints) -> Floats:
    """Return the mean a day over the quarter before each day: series, days."""
    since = np.maximum(days - RECENT, 0)
    found: Floats = (running[:, days] - running[:, since]) / (days - since)
    return found


def _spread(daily: Floats, horizon: int) -> Floats:
    """Return by how much sums over the horizon vary, weeks being independent."""
    weekly = weeks_of(daily[:, -2 * RECENT :])
    found: Floats = weekly.std(axis=1) * np.sqrt(horizon / WEEK)
    return found


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
