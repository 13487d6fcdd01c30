"""What is watched week by week, and what was to be expected of each week.

The level expected comes from a year of weeks that ended a quarter before (a drift in
progress must not become its own norm), times the season where an earlier year tells
it. What the weeks spread around it beyond chance is the dispersion.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
YEAR = 52
LAG = 13  # weeks left out between what is expected and the weeks it comes from
FEWEST = 26  # weeks of baseline without which nothing is expected
USUAL = 30.0  # events of a season's weeks that weigh as much as "no season"
SEASON = 1  # weeks on each side of last year's


class Family(StrEnum):
    """What a week's figure is: a number of things, a share, or a mean."""

    COUNT = "count"
    SHARE = "share"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Series:
    """Complete weeks, oldest first: a sum and, for shares and means, by how many.

    `rising` says that a rise is the bad news (the length of a cycle).
    """

    owner: str
    driver: str
    family: Family
    total: Floats
    number: Floats  # what divides it: 1 for a count
    rising: bool = False

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
        tried = number[past].sum()
        if tried > 0:
            level[week] = total[past].sum() / tried
            counted = total if series.family is Family.COUNT else number
            basis[week] = counted[past].sum()
    if series.family is Family.COUNT:
        level = level * season
    spread = _unscaled(series, level)
    return Expected(level, *_dispersed(series, spread, level, basis))


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
        found[week] = (seen + USUAL) / (usual + USUAL)
    return found


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
    first = _first_spread(series)
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


def _first_spread(series: Series) -> Floats:
    """Return the spread of the baseline itself, while no departure is known yet."""
    weeks = len(series.total)
    found = np.full(weeks, np.nan)
    for week in range(FEWEST + LAG, weeks):
        past = slice(max(0, week - LAG - YEAR), week - LAG)
        tried = series.number[past].sum()
        if tried <= 0:
            continue
        flat = np.full(weeks, series.total[past].sum() / tried)
        told = _unscaled(series, flat)[past]
        told = told[np.isfinite(told)]
        found[week] = float(np.square(told).mean()) if len(told) else np.nan
    return found
