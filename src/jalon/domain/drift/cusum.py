"""The watch itself: evidence that adds up week after week, and when it is enough.

Each week adds the log likelihood ratio of a bad level (`WORSE`: four tenths fewer
events, a fifth off a share, three tenths off a mean) against the level expected, over
the dispersion; the sum never goes below zero. It is the test that finds such a change
soonest (Page 1954, Moustakides 1986). The threshold is the one that raises an alarm in
no more quiet quarters, simulated from the fitted series, than allowed: an alarm that
was raised before and goes on is not raised again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jalon.domain.drift.series import (
    FEWEST,
    YEAR,
    Expected,
    Family,
    Floats,
    Series,
)

Flags = NDArray[np.bool_]
QUARTER = 13
WARM = 13  # weeks simulated before the quarter counted
QUARTERS = 4000
WORSE = {Family.COUNT: 0.6, Family.SHARE: 0.8, Family.MEAN: 0.7}
TINY = 1e-9
LEAST = 1.0  # of evidence for an alarm, however steady the series
HELD = 1.5  # of the threshold, above which evidence is not piled up
RECOVERED = 0.5  # of the threshold, below which an alarm is over
OFTEN, SELDOM = 0.10, 0.03  # of quiet quarters: where the tail is fitted
HALVINGS = 12  # of the interval a threshold is sought in
SEED = 20_170_301


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The threshold of a series, and how seldom quiet quarters reach more.

    The chance of an alarm falls exponentially with its threshold (Siegmund 1985): the
    fall is measured where one quiet quarter in ten and three in a hundred raise one,
    so that a chance of one in a thousand does not hang on the four luckiest of four
    thousand quarters.
    """

    threshold: float
    often: float  # passed with the chance OFTEN
    scale: float  # of evidence, for a chance e times less

    def chance(self, reached: float) -> float:
        """Return how often a quiet quarter reaches that much."""
        return min(1.0, OFTEN * math.exp((self.often - reached) / self.scale))


def evidence(series: Series, usual: Expected) -> Floats:
    """Return what each week adds; 0 where nothing was expected or nothing came."""
    added = _ratio(
        series,
        series.total,
        series.number,
        level=usual.level,
        dispersion=usual.dispersion,
    )
    return np.where(np.isfinite(added), added, 0.0)


def accumulated(added: Floats) -> Floats:
    """Return the running sum that never goes below zero, along the last axis."""
    found = np.zeros_like(added)
    sofar = np.zeros(added.shape[:-1])
    for week in range(added.shape[-1]):
        sofar = np.maximum(0.0, sofar + added[..., week])
        found[..., week] = sofar
    return found


def raised(added: Floats, threshold: float) -> Flags:
    """Return the weeks, along the last axis, when an alarm is raised.

    It is over when the sum falls below `RECOVERED` of its threshold, and can then be
    raised again.
    """
    found = np.zeros(added.shape, dtype=np.bool_)
    sofar, on = np.zeros(added.shape[:-1]), np.zeros(added.shape[:-1], dtype=np.bool_)
    for week in range(added.shape[-1]):
        sofar = np.clip(sofar + added[..., week], 0.0, HELD * threshold)
        found[..., week] = ~on & (sofar > threshold)
        on = (on | found[..., week]) & (sofar >= RECOVERED * threshold)
    return found


def calibrated(
    series: Series, usual: Expected, *, allowed: float, quarters: int = QUARTERS
) -> Calibrated | None:
    """Return the threshold that raises an alarm with the chance allowed in a quarter.

    None where the last weeks expect nothing: the series cannot be watched.
    """
    last = np.flatnonzero(np.isfinite(usual.strange))[-(WARM + QUARTER) :]
    if len(last) < QUARTER:
        return None
    weeks = np.resize(last, WARM + QUARTER)
    rng = np.random.default_rng(SEED)
    added = _simulated(series, usual, weeks, rng, quarters)
    often, seldom = _threshold(added, OFTEN), _threshold(added, SELDOM)
    scale = max((seldom - often) / math.log(OFTEN / SELDOM), TINY)
    threshold = max(LEAST, often + scale * math.log(OFTEN / allowed))
    return Calibrated(threshold, often, scale)


def _threshold(added: Floats, share: float) -> float:
    """Return the threshold that raises an alarm in that share of the quarters."""
    highest = accumulated(added).max(axis=-1)
    low, high = 0.0, max(float(highest.max()), TINY)
    for _ in range(HALVINGS):
        tried = (low + high) / 2
        reached = added[highest > tried]
        often = int(raised(reached, tried)[:, WARM:].any(axis=-1).sum())
        low, high = (tried, high) if often > share * len(added) else (low, tried)
    return high


def _ratio(
    series: Series, total: Floats, number: Floats, *, level: Floats, dispersion: Floats
) -> Floats:
    """Return the log likelihood ratios of the bad level against the usual one."""
    worse = WORSE[series.family]
    bad = 1 / worse if series.rising else worse
    with np.errstate(divide="ignore", invalid="ignore"):
        if series.family is Family.COUNT:
            return np.asarray((total * math.log(bad) + level * (1 - bad)) / dispersion)
        if series.family is Family.SHARE:
            fewer = np.minimum(level * bad, 1 - 1e-9)
            lost = (number - total) * np.log((1 - fewer) / (1 - level))
            return np.asarray((total * math.log(bad) + lost) / dispersion)
        shift = level * (bad - 1)
        away = total - number * level
        return np.asarray((shift * away - number * shift**2 / 2) / dispersion**2)


def _simulated(
    series: Series,
    usual: Expected,
    weeks: np.ndarray,
    rng: np.random.Generator,
    quarters: int,
) -> Floats:
    """Return what the weeks add when nothing has changed, the level being learnt."""
    shape = (quarters, len(weeks))
    level = usual.level[weeks]
    spread = _doubted(series, usual, weeks, rng, quarters)
    basis = np.maximum(usual.basis[weeks].mean(), 1.0)
    number = np.broadcast_to(np.rint(series.number[weeks]), shape)
    if series.family is Family.COUNT:
        size = basis / usual.dispersion[weeks].mean()
        truth = level * rng.gamma(size, 1 / size, (quarters, 1))
        total = _counts(truth, spread, rng)
    elif series.family is Family.SHARE:
        size = basis / usual.dispersion[weeks].mean()
        middle = float(np.clip(level.mean(), 1e-6, 1 - 1e-6))
        drawn = rng.beta(middle * size, (1 - middle) * size, (quarters, 1))
        truth = np.clip(level * drawn / middle, 0, 1) * np.ones(shape)
        total = _shares(truth, number, spread, rng)
    else:
        known = usual.strange[np.isfinite(usual.strange)][: -len(weeks)]
        known = known if len(known) >= QUARTER else rng.standard_normal(1000)
        error = rng.standard_normal((quarters, 1)) * spread / math.sqrt(basis)
        noise = rng.choice(known - known.mean(), shape) * spread
        total = number * (level + error) + np.sqrt(number) * noise
    known = usual.dispersion[weeks]
    added = _ratio(series, total, number, level=level, dispersion=known)
    return np.where(np.isfinite(added), added, 0.0)


def _doubted(
    series: Series,
    usual: Expected,
    weeks: np.ndarray,
    rng: np.random.Generator,
    quarters: int,
) -> Floats:
    """Return the dispersion that may be true, since a year of weeks tells only so much.

    Drawn a quarter at a time around the one learnt, as a variance seen on that many
    weeks may be. Chance alone is the least, and is not doubted where it was learnt.
    """
    told = int(np.isfinite(usual.strange[: -len(weeks)]).sum())
    seen = float(np.clip(told, FEWEST, YEAR))
    drawn = seen / rng.chisquare(seen, (quarters, 1))
    if series.family is Family.MEAN:
        return np.asarray(usual.dispersion[weeks] * np.sqrt(drawn))
    learnt = usual.dispersion[weeks]
    return np.where(learnt > 1, np.maximum(1.0, learnt * drawn), 1.0)


def _counts(truth: Floats, spread: Floats, rng: np.random.Generator) -> Floats:
    """Return counts of that mean, and of that many times its variance."""
    beyond = np.maximum(spread - 1, 1e-6)
    rate = rng.gamma(np.maximum(truth / beyond, 1e-9), beyond)
    return rng.poisson(rate).astype(np.float64)


def _shares(
    truth: Floats, number: Floats, spread: Floats, rng: np.random.Generator
) -> Floats:
    """Return successes out of the numbers, as dispersed as the series was."""
    beyond = np.maximum(spread - 1, 1e-3)
    size = np.maximum((number - spread) / beyond, 0.5)
    kept = np.clip(truth, 1e-9, 1 - 1e-9)
    rate = rng.beta(kept * size, (1 - kept) * size)
    return rng.binomial(number.astype(np.int64), rate).astype(np.float64)
