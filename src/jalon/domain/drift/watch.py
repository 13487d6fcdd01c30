"""What left its path: since when, which driver, how sure.

False alarms are shared out: half of what a quarter may bring goes to the company's own
series, a quarter to teams, a quarter to people, so that many small series never hide a
large one. A team or a person is watched only where enough happens each week to tell.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jalon.domain.drift.cusum import (
    HELD,
    QUARTERS,
    RECOVERED,
    accumulated,
    calibrated,
    evidence,
)
from jalon.domain.drift.series import Expected, Family, Series, expected

ALLOWED = 0.10  # false alarms of a quarter, for everything watched
FEWEST_A_WEEK = 3.0  # events a week below which a team or a person is not watched
SUSPECTED = 0.75  # how sure a driver beside the alarm must be to be named
COMPANY = "company"
LEVELS = {COMPANY: 2, "team": 1, "person": 1}  # their parts of the false alarms


@dataclass(frozen=True, slots=True)
class Moved:
    """One driver off its path, since the week of that rank; the alarm came at `at`.

    `sure` is one less the chance that a quiet quarter of the whole set shows as much,
    for an alarm; for a driver suspected beside one, that its departure since then is
    not chance.
    """

    owner: str
    driver: str
    since: int
    at: int
    was: float
    now: float
    sure: float
    alarm: bool


@dataclass(frozen=True, slots=True)
class Drift:
    """An owner off the path: the alarm raised first, then the drivers, surest first."""

    owner: str
    since: int
    at: int
    sure: float
    drivers: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """What was watched, and what left its path and has not come back."""

    drifts: tuple[Drift, ...]
    watched: tuple[Series, ...]
    too_rare: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    series: Series
    usual: Expected


def watch(
    everything: Sequence[Series],
    *,
    allowed: float = ALLOWED,
    quarters: int = QUARTERS,
) -> Watch:
    """Return what has left its path by the end of the last week."""
    held = [one for one in everything if _often_enough(one)]
    shares = _shared(held, allowed)
    read = [_Read(one, expected(one)) for one in held]
    alarms = [
        found
        for one, share in zip(read, shares, strict=True)
        if (found := _alarm(one, share, allowed, quarters)) is not None
    ]
    owners = dict.fromkeys(one.owner for one in alarms)
    drifts = [_drift(owner, alarms, read) for owner in owners]
    return Watch(
        tuple(sorted(drifts, key=lambda one: (one.owner != COMPANY, -one.sure))),
        tuple(held),
        tuple(one for one in everything if not _often_enough(one)),
    )


def _often_enough(series: Series) -> bool:
    fewest = 0.5 if series.owner == COMPANY else FEWEST_A_WEEK
    return series.events >= fewest


def _shared(held: Sequence[Series], allowed: float) -> list[float]:
    """Return the chance of a false alarm each series may have in a quarter."""
    many = Counter(_level(one) for one in held)
    whole = sum(LEVELS[level] for level in many)
    return [allowed * LEVELS[_level(one)] / whole / many[_level(one)] for one in held]


def _level(series: Series) -> str:
    return series.owner.partition(":")[0]


def _alarm(read: _Read, share: float, allowed: float, quarters: int) -> Moved | None:
    limit = calibrated(read.series, read.usual, allowed=share, quarters=quarters)
    if limit is None:
        return None
    added = evidence(read.series, read.usual)
    raised = _raised(added, limit.threshold)
    if raised is None:
        return None
    since, at = raised
    reached = float(accumulated(added[since:]).max())
    chance = min(1.0, limit.chance(reached) / share)
    return _moved(read, since, at, 1 - allowed * chance, alarm=True)


def _raised(added: np.ndarray, threshold: float) -> tuple[int, int] | None:
    """Return the first week of the change and that of the alarm still on, if any."""
    sofar, start, on = 0.0, 0, None
    for week, more in enumerate(added):
        if sofar <= 0:
            start = week
        sofar = min(max(0.0, sofar + float(more)), HELD * threshold)
        if on is None and sofar > threshold:
            on = (start, week)
        elif on is not None and sofar < RECOVERED * threshold:
            on = None
    return on


def _drift(owner: str, alarms: Sequence[Moved], read: Sequence[_Read]) -> Drift:
    own = [one for one in alarms if one.owner == owner]
    first = min(own, key=lambda one: one.at)
    since = min(one.since for one in own)
    named = {one.driver for one in own}
    beside = [
        found
        for one in read
        if one.series.owner == owner and one.series.driver not in named
        for found in [_beside(one, since, first.at)]
        if found.sure >= SUSPECTED
    ]
    drivers = sorted([*own, *beside], key=lambda one: (not one.alarm, -one.sure))
    return Drift(owner, since, first.at, max(one.sure for one in own), tuple(drivers))


def _beside(read: _Read, since: int, at: int) -> Moved:
    """Return how a driver that raised no alarm of its own did since the drift."""
    away = read.usual.strange[since:]
    weight = np.sqrt(_weights(read)[since:])
    told = np.isfinite(away) & (weight > 0)
    sign = 1.0 if read.series.rising else -1.0
    total = float(np.sqrt(np.square(weight[told]).sum()))
    score = sign * float((away[told] * weight[told]).sum()) / total if total else 0.0
    sure = 0.5 * (1 + math.erf(score / math.sqrt(2)))
    return _moved(read, since, at, sure, alarm=False)


def _weights(read: _Read) -> np.ndarray:
    if read.series.family is Family.COUNT:
        return np.nan_to_num(read.usual.level)
    return read.series.number


def _moved(read: _Read, since: int, at: int, sure: float, *, alarm: bool) -> Moved:
    series, usual = read.series, read.usual
    number = series.number[since:]
    many = float(number.sum()) or 1.0
    return Moved(
        owner=series.owner,
        driver=series.driver,
        since=since,
        at=at,
        was=float(np.nansum(usual.level[since:] * number)) / many,
        now=float(series.total[since:].sum()) / many,
        sure=sure,
        alarm=alarm,
    )
