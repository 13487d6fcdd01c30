"""Plain series: what the days and weeks before say, without looking at deals.

Block bootstrap of the last thirteen weeks; Theta (exponential smoothing with half the
trend, Assimakopoulos and Nikolopoulos 2000) on weekly totals with its residuals drawn
again; the same days of past months, quarters and years, at today's pace. At company
level they are hard to beat.
"""

from __future__ import annotations

import numpy as np

from jalon.domain.forecast.history import Floats

WEEK = 7
RECENT = 91  # days the bootstrap draws from
SMOOTHINGS = np.arange(0.05, 0.65, 0.05)
SLOW = np.array([0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.4])
TREND_PRIOR = 8  # weeks that pull the trend to none
SEASONS = 4  # years a season is looked for
MOST_SEASONS = 12
LEAST_BEFORE = 31  # days that tell the pace before a season
HALF_LIFE = 365.0  # days after which a past season weighs half
YEAR = 365
MONTH_DAYS = 30.44
DRIFT = 0.2  # variance that a pace takes in a year, relatively
PACE_MONTHS = (3, 2, 1)  # of days compared to tell a pace, the longest that there are
LEAST_LAGGED = 8  # weeks compared with others below which nothing is learnt
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
    length = weekly.shape[1]
    if length < FEWEST:
        return bootstrap(daily, horizon, draws, dice)
    slope = _slope(weekly)
    flat = weekly - 0.5 * slope[:, None] * np.arange(length)
    last, errors, smoothing = _smoothed(flat, SMOOTHINGS)
    steps = np.arange(-(-horizon // WEEK))
    ahead = last[:, None] + 0.5 * slope[:, None] * (length + steps)
    return _paths(ahead, errors, smoothing, horizon, draws, dice)


def _paths(
    ahead: Floats,
    errors: Floats,
    smoothing: Floats,
    horizon: int,
    draws: int,
    dice: np.random.Generator,
) -> Floats:
    """Return sums over the horizon of what is ahead, past errors drawn again.

    `ahead` is series by weeks, or by 1 where all are alike; an error stays in the
    level by as much as it is smoothed.
    """
    kept = errors[:, 2:] - errors[:, 2:].mean(axis=1, keepdims=True)
    steps = -(-horizon // WEEK)
    expected = np.broadcast_to(ahead, (len(ahead), steps))
    found = np.zeros((len(ahead), draws))
    moved = np.zeros((len(ahead), draws))
    for step in range(steps):
        drawn = kept[:, dice.integers(0, kept.shape[1], draws)]
        part = min(1.0, (horizon - WEEK * step) / WEEK)
        found += (expected[:, step, None] + moved + drawn) * part
        moved = moved + smoothing[:, None] * drawn
    return np.maximum(found, 0)


def smoothed(
    daily: Floats, horizon: int, draws: int, dice: np.random.Generator
) -> Floats:
    """Return paths of exponential smoothing without a trend: series, draws.

    Its smoothing may be so slow that it is the mean of all the past.
    """
    weekly = weeks_of(daily)
    if weekly.shape[1] < FEWEST:
        return bootstrap(daily, horizon, draws, dice)
    last, errors, smoothing = _smoothed(weekly, SLOW)
    return _paths(last[:, None], errors, smoothing, horizon, draws, dice)


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

    A season is so many `months`. A past season is drawn, the recent ones more often,
    scaled by the pace since (see `_paces`), with the noise of a sum so long. No value
    (NaN) where there is no such season in the past: series, draws.
    """
    begin = asof - daily.shape[1]
    seasons = _seasons(asof, horizon, months, begin)
    if not seasons:
        return np.full((len(daily), draws), np.nan)
    running = _running(daily)
    brought = np.stack(
        [
            running[:, after - begin] - running[:, first - begin]
            for first, after in seasons
        ],
        axis=1,
    )
    scatter = _scatter(daily)
    paces = [_paces(running, scatter, first, asof, begin) for first, _ in seasons]
    pace = np.stack([one for one, _ in paces], axis=1)
    unsure = np.stack([one for _, one in paces], axis=1)
    age = asof - np.array([after for _, after in seasons])
    weight = 0.5 ** (age / HALF_LIFE)
    drawn = dice.choice(len(seasons), draws, p=weight / weight.sum())
    seen = (brought * pace)[:, drawn]
    noise = _noise(daily, months) * np.sqrt(horizon / WEEK * 2 / len(seasons))
    doubt = np.hypot(noise[:, None], seen * unsure[:, drawn])
    found = seen + doubt * dice.standard_normal(draws)
    kept: Floats = np.maximum(found, 0)
    return kept


def _seasons(asof: int, horizon: int, months: int, begin: int) -> list[tuple[int, int]]:
    """Return the first day and the day after of past seasons' days, the last first.

    Days are counted back from the end, since months end alike; but never into a month
    before the one that begins them, whose last days are another month's.
    """
    found: list[tuple[int, int]] = []
    this = asof - _inside(asof)
    for rank in range(1, SEASONS * 12 // months + 1):
        after = months_before(asof + horizon, rank * months)
        first = max(after - horizon, months_before(this, rank * months))
        if first < begin + LEAST_BEFORE or len(found) == MOST_SEASONS:
            break
        if after <= asof:
            found.append((first, after))
    return found


def months_before(day: int, months: int) -> int:
    """Return the same day of an earlier month, its last where it is shorter."""
    month = np.datetime64(day, "D").astype("datetime64[M]") - months
    first, after = _first_of(month), _first_of(month + 1)
    return min(first + _inside(day), after - 1)


def _first_of(month: np.datetime64) -> int:
    return int(month.astype("datetime64[D]").astype(np.int64))


def _inside(day: int) -> int:
    """Return how many days of its month come before a day."""
    return day - _first_of(np.datetime64(day, "D").astype("datetime64[M]"))


def _paces(
    running: Floats, scatter: Floats, first: int, asof: int, begin: int
) -> tuple[Floats, Floats]:
    """Return today's pace over that before a past season, and how unsure it is.

    The last three months over the three that came before the season: the same days of
    the year's rhythm, so that a month or a quarter that ends with a rush is compared
    with another. Few sales tell little: a series' ratio is pulled to that of all
    together, and that one to 1, by as many sales as their scatter asks for.
    """
    years = (asof - first) / YEAR
    drift = DRIFT * years
    size = next(one for one in PACE_MONTHS if months_before(first, one) >= begin)
    now = _between(running, months_before(asof, size), asof, begin)
    before = _between(running, months_before(first, size), first, begin)
    whole = 2 * scatter.max() / drift
    common = (now.sum() + whole) / (before.sum() + whole)
    prior = 2 * scatter / drift
    pace = (now + prior * common) / (before + prior)
    return np.clip(pace, *PACES), np.sqrt(drift * prior / (before + prior))


def _between(running: Floats, first: int, after: int, begin: int) -> Floats:
    """Return what came between two days; nothing where credit notes passed it."""
    return np.maximum(running[:, after - begin] - running[:, first - begin], 0)


def _scatter(daily: Floats) -> Floats:
    """Return the variance of weeks over their mean; the usual one where all are zero.

    For independent sales of one size it is that size.
    """
    weekly = weeks_of(daily[:, -2 * RECENT :])
    mean = weekly.mean(axis=1)
    found = weekly.var(axis=1) / np.maximum(mean, TINY)
    usual = found[mean > 0].mean() if np.any(mean > 0) else 1.0
    kept: Floats = np.maximum(np.where(mean > 0, found, usual), TINY)
    return kept


def _running(daily: Floats) -> Floats:
    """Return sums from the first day to before each day: series, days and one."""
    nothing = np.zeros((len(daily), 1))
    return np.concatenate([nothing, np.cumsum(daily, axis=1)], axis=1)


def _noise(daily: Floats, months: int) -> Floats:
    """Return by how much a week departs from the one of a season before.

    Where the past is too short to tell, from the other weeks of the last half-year.
    """
    lag = round(months * MONTH_DAYS / WEEK)
    weekly = weeks_of(daily)
    plain: Floats = weekly[:, -2 * RECENT // WEEK :].std(axis=1)
    if weekly.shape[1] < lag + LEAST_LAGGED:
        return plain
    again = weekly[:, lag:] - weekly[:, :-lag]
    lagged = again[:, -YEAR // WEEK :].std(axis=1) / np.sqrt(2)
    found: Floats = np.minimum(plain, lagged)
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


def _smoothed(flat: Floats, smoothings: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the last level, the errors and the smoothing that errs least."""
    count, length = flat.shape
    level = np.repeat(flat[:, :FEWEST].mean(axis=1)[:, None], len(smoothings), axis=1)
    errors = np.zeros((count, length, len(smoothings)))
    for week in range(length):
        errors[:, week] = flat[:, week, None] - level
        gain = np.maximum(smoothings, 1 / (week + FEWEST))  # a mean, at first
        level = level + gain * errors[:, week]
    best = (errors**2).sum(axis=1).argmin(axis=1)
    rows = np.arange(count)
    return level[rows, best], errors[rows, :, best], smoothings[best]
