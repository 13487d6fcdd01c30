"""What forecasts were worth: what was said on past days against what came.

A case is one figure forecast on one past day. Scores are means in units of the mean
figure: CRPS (Gneiting and Raftery 2007); the Brier score of reaching some targets; the
share of figures inside the 80 % interval. Calibration sets the chances said, in ten
groups, beside how many came true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jalon.domain.forecast.history import Floats
from jalon.domain.forecast.pool import QUANTILES, crps

GROUPS = 10


@dataclass(frozen=True, slots=True)
class Case:
    """What came, the targets asked about, and what each forecaster said.

    `samples` are Jalon's, `run_rate` linear pacing, `pipeline` the weighted pipeline
    (None where there is none). With `up`, a target is reached from above.
    """

    truth: float
    targets: tuple[float, ...]
    samples: Floats
    run_rate: float
    pipeline: float | None
    up: bool = True


@dataclass(frozen=True, slots=True)
class Score:
    """One forecaster's scores; None where it says no distribution."""

    name: str
    crps: float | None
    brier: float | None
    coverage: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Group:
    """Chances said between two tenths: how many, their mean, and how many came true."""

    count: int
    said: float
    came: float


def scored(name: str, cases: Sequence[Case], said: Sequence[Floats]) -> Score:
    """Return a forecaster's scores; one sample alone is a forecast without doubt."""
    if not cases:
        return Score(name, None, None, None, 0)
    scale = float(np.mean([abs(case.truth) for case in cases])) or 1.0
    errors = [
        float(crps(np.quantile(samples, QUANTILES), np.asarray(case.truth)))
        for case, samples in zip(cases, said, strict=True)
    ]
    briers = [
        (_chance(samples, target, up=case.up) - _came(case, target)) ** 2
        for case, samples in zip(cases, said, strict=True)
        for target in case.targets
    ]
    spread = all(len(samples) > 1 for samples in said)
    inside = [
        bool(np.quantile(samples, 0.1) <= case.truth <= np.quantile(samples, 0.9))
        for case, samples in zip(cases, said, strict=True)
    ]
    return Score(
        name=name,
        crps=float(np.mean(errors)) / scale,
        brier=float(np.mean(briers)) if briers else None,
        coverage=float(np.mean(inside)) if spread else None,
        count=len(cases),
    )


def chances(cases: Sequence[Case]) -> list[tuple[float, bool]]:
    """Return each chance said of a target, and whether it came true."""
    return [
        (_chance(case.samples, target, up=case.up), _came(case, target) > 0)
        for case in cases
        for target in case.targets
    ]


def calibration(told: Sequence[tuple[float, bool]]) -> tuple[Group, ...]:
    """Return the groups of chances that hold any, the least likely first."""
    groups: list[list[tuple[float, bool]]] = [[] for _ in range(GROUPS)]
    for said, came in told:
        groups[min(int(said * GROUPS), GROUPS - 1)].append((said, came))
    return tuple(
        Group(
            count=len(group),
            said=sum(said for said, _ in group) / len(group),
            came=sum(came for _, came in group) / len(group),
        )
        for group in groups
        if group
    )


def merged(records: Sequence[Sequence[Group]]) -> tuple[Group, ...]:
    """Return the groups of several records together."""
    told: list[list[Group]] = [[] for _ in range(GROUPS)]
    for record in records:
        for one in record:
            told[min(int(one.said * GROUPS), GROUPS - 1)].append(one)
    return tuple(_together(groups) for groups in told if groups)


def _together(groups: Sequence[Group]) -> Group:
    count = sum(one.count for one in groups)
    return Group(
        count=count,
        said=sum(one.said * one.count for one in groups) / count,
        came=sum(one.came * one.count for one in groups) / count,
    )


def _chance(samples: Floats, target: float, *, up: bool) -> float:
    reached = samples >= target if up else samples <= target
    return float(np.mean(reached))


def _came(case: Case, target: float) -> float:
    reached = case.truth >= target if case.up else case.truth <= target
    return float(reached)
