"""What is watched week by week, and what was to be expected of each week.

The level expected comes from a year of weeks that ended a quarter before (a drift in
progress must not become its own norm), times the season where an earlier year tells
it. What the weeks spread around it beyond chance is the dispersion.

A share or a mean is expected of the week's own mix: renewals are won nine times in ten
and new business twice, so that a week rich in renewals is no good news. Each stratum
has its level, weighed by what the week counted of it (direct standardisation).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
YEAR = 52
LAG = 13  # weeks left out between what is expected and the weeks it comes from
FEWEST = 26  # weeks of baseline without which nothing is expected
USUAL = 30.0  # events (more if restless) that weigh as much as "no season"
SEASON = 1  # weeks on each side of last year's
STRATUM = 10.0  # events that pull a stratum's level to its owner's


class Family(StrEnum):
    """What a week's figure is: a number of things, a share, or a mean."""

    COUNT = "count"
    SHARE = "share"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Series:
    """Complete weeks, oldest first: a sum and, for shares and means, by how many.

    `rising` says that a rise is the bad news (the length of a cycle). `strata` are
    the same weeks told apart, of which the sums are the series.
    """

    owner: str
    driver: str
    family: Family
    total: Floats
    number: Floats  # what divides it: 1 for a count
    rising: bool = False
    strata: tuple[Series, ...] = ()

    @property
    def events(self) -> float:
        """Return how many events a week of the last year brings, on average.

        Of a share, the rarer of what succeeds and what does not: it is what tells.
        """
        counted = self.total if self.family is Family.COUNT else self.number
        if self.family is Family.SHARE:
            failed = self.number - self.total
            counted = min(self.total, failed, key=lambda part: part[-YEAR:].sum())
        return float(counted[-YEAR:].mean()) if len(counted) else 0.0


def cut(series: Series, weeks: slice) -> Series:
    """Return some of the weeks of a series, and of its strata."""
    return replace(
        series,
        total=series.total[weeks],
        number=series.number[weeks],
        strata=tuple(cut(one, weeks) for one in series.strata),
    )


@dataclass(frozen=True, slots=True)
class Expected:
    """Of each week: the level expected (NaN before), its dispersion, and its basis.

    `dispersion` is variance over that of pure chance for counts and shares, and the
    standard deviation of one event for a mean. `basis` is how many events the level
    was learnt from; `strange` are the weeks' standardised departures.
    """

    level: Floats
    dispersion: Floats
    basis: Floats
    strange: Floats


def expected(series: Series) -> Expected:
    """Return what was to be expected of each week, from the weeks before it only."""
    season = _season(series)
    number = season if series.family is Family.COUNT else series.number
    total = series.total
    weeks = len(total)
    level, basis = np.full(weeks, np.nan), np.zeros(weeks)
    for week in range(FEWEST + LAG, weeks):
        past = slice(max(0, week - LAG - YEAR), week - LAG)
        if np.count_nonzero(number[past]) >= FEWEST:
            level[week] = _mixed(series, number, past)[week]
            counted = total if series.family is Family.COUNT else number
            basis[week] = counted[past].sum()
    if series.family is Family.COUNT:
        level = level * season
    spread = _unscaled(series, level)
    return Expected(level, *_dispersed(series, spread, level, basis))


def _mixed(series: Series, number: Floats, past: slice) -> Floats:
    """Return the level of some past weeks, by each week's own mix of strata."""
    own = float(series.total[past].sum() / number[past].sum())
    if not series.strata:
        return np.full(len(number), own)
    totals = np.stack([one.total for one in series.strata])
    numbers = np.stack([one.number for one in series.strata])
    counted = numbers[:, past].sum(axis=1)
    levels = (totals[:, past].sum(axis=1) + STRATUM * own) / (counted + STRATUM)
    tried = numbers.sum(axis=0)
    mixed: Floats = np.where(tried > 0, levels @ numbers / np.maximum(tried, 1), own)
    return mixed


def _season(series: Series) -> Floats:
    """Return each week as a share of a usual one, by the same weeks of past years."""
    weeks = len(series.total)
    found = np.ones(weeks)
    if series.family is not Family.COUNT:
        return found
    for week in range(YEAR + SEASON, weeks):
        seen, usual = 0.0, 0.0
        for same in range(week - YEAR, SEASON - 1, -YEAR):
            near = series.total[same - SEASON : same + SEASON + 1]
            around = series.total[max(0, same - YEAR // 2) : same + YEAR // 2]
            seen += near.sum()
            usual += around.mean() * len(near)
        pull = USUAL * _restless(series.total[:week])
        found[week] = (seen + pull) / (usual + pull)
    return found


def _restless(total: Floats) -> float:
    """Return the variance from one week to the next, over that of chance; at least 1.

    A season moves slowly and hardly shows in it (von Neumann 1941): what is left is
    noise, which a season must not be read into.
    """
    level = float(total.mean())
    jumps = float(np.square(np.diff(total)).mean()) / 2
    return max(1.0, jumps / level) if level > 0 else 1.0


def _unscaled(series: Series, level: Floats) -> Floats:
    """Return departures from the level, over their standard deviation by chance."""
    total, number = series.total, series.number
    with np.errstate(divide="ignore", invalid="ignore"):
        if series.family is Family.COUNT:
            return np.asarray((total - level) / np.sqrt(level))
        if series.family is Family.SHARE:
            chance = np.sqrt(number * level * (1 - level))
            return np.asarray((total - number * level) / chance)
        return np.asarray((total - number * level) / np.sqrt(number))


def _dispersed(
    series: Series, spread: Floats, level: Floats, basis: Floats
) -> tuple[Floats, Floats, Floats]:
    weeks = len(spread)
    scale, strange = np.full(weeks, np.nan), np.full(weeks, np.nan)
    first = _first_spread(series, level)
    for week in range(weeks):
        if np.isnan(level[week]):
            continue
        past = spread[max(0, week - LAG - YEAR) : week - LAG]
        told = past[np.isfinite(past)]
        square = float(np.square(told).mean()) if len(told) >= FEWEST else first[week]
        if series.family is Family.MEAN:
            scale[week] = np.sqrt(square)
            strange[week] = spread[week] / scale[week] if square > 0 else np.nan
        else:
            scale[week] = max(1.0, square)
            strange[week] = spread[week] / np.sqrt(scale[week])
    return scale, basis, strange


def _first_spread(series: Series, level: Floats) -> Floats:
    """Return the spread of the baseline itself, while no departure is known yet."""
    weeks = len(series.total)
    found = np.full(weeks, np.nan)
    for week in range(FEWEST + LAG, weeks):
        past = slice(max(0, week - LAG - YEAR), week - LAG)
        if np.isnan(level[week]):
            continue
        flat = _mixed(series, series.number, past)
        told = _unscaled(series, flat)[past]
        told = told[np.isfinite(told)]
        found[week] = float(np.square(told).mean()) if len(told) else np.nan
    return found
