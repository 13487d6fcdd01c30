"""How good forecasts were: past quarters forecast again, from what was known then.

Each past quarter is forecast at its start, at a quarter and at half of it, from the
facts dated before that day; what came is read from today's. Scores are means in units
of the mean figure: CRPS (Gneiting and Raftery 2007), the Brier score of reaching 80,
100 and 120 % of the former quarter, the share of landings inside the 80 % interval.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from jalon.domain.forecast.pool import QUANTILES, crps
from jalon.domain.kpis.question import Ask
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import Grain, containing
from jalon.queries import kpi_values
from jalon.queries.landings import by_owner
from jalon.workspace.folder import Workspace

ONE_DAY = datetime.timedelta(days=1)
ELAPSED = (0.25, 0.5, 0.75)
TARGETS = (0.8, 1.0, 1.2)
JALON, RUN_RATE, PIPELINE = "jalon", "run_rate", "weighted_pipeline"


@dataclass(frozen=True, slots=True)
class Score:
    """One forecaster's scores; None where it says no distribution."""

    name: str
    crps: float | None
    brier: float | None
    coverage: float | None
    count: int


@dataclass(frozen=True, slots=True)
class _Case:
    truth: float
    targets: tuple[float, ...]
    samples: np.ndarray
    run_rate: float
    pipeline: float | None


def backtest(
    workspace: Workspace, kpi: str, *, by: str, cutoffs: int, on: datetime.date
) -> tuple[Score, ...]:
    """Return the scores of the forecast, the run rate and the weighted pipeline."""
    cases: list[_Case] = []
    for quarter in _quarters(workspace, cutoffs, on):
        for share in ELAPSED:
            cases.extend(_cases(workspace, kpi, quarter, share, by))
    return tuple(
        score
        for score in (
            _scored(JALON, cases, [case.samples for case in cases]),
            _scored(RUN_RATE, cases, [np.array([case.run_rate]) for case in cases]),
            _pipeline_score(cases),
        )
        if score is not None
    )


def _quarters(workspace: Workspace, count: int, on: datetime.date) -> list[Period]:
    """Return the last whole quarters before the day, the latest first."""
    month = workspace.settings.fiscal_first_month
    found = []
    first = containing(on, Grain.QUARTER, first_month=month).first
    for _ in range(count):
        quarter = containing(first - ONE_DAY, Grain.QUARTER, first_month=month)
        found.append(quarter)
        first = quarter.first
    return found


def _cases(
    workspace: Workspace, kpi: str, quarter: Period, share: float, by: str
) -> list[_Case]:
    length = (quarter.after - quarter.first).days
    day = quarter.first + datetime.timedelta(days=int(length * share) - 1)
    said = [
        one
        for one in by_owner(workspace, kpi, quarter, by=by, on=day)
        if one.outlook is not None
    ]
    owners = [one.owner for one in said]
    truth = _values(workspace, kpi, quarter, owners, quarter.after - ONE_DAY)
    before = Period(quarter.first - datetime.timedelta(days=length), quarter.first)
    usual = _values(workspace, kpi, before, owners, quarter.first - ONE_DAY)
    pipelines = _pipelines(workspace, kpi, owners, quarter, day)
    cases = []
    for one in said:
        if truth.get(one.owner) is None or one.outlook is None:
            continue
        actual = float(one.actual or 0)
        past = float(usual.get(one.owner) or 0)
        open_value = pipelines.get(one.owner)
        cases.append(
            _Case(
                truth=float(truth[one.owner] or 0),
                targets=tuple(factor * past for factor in TARGETS),
                samples=one.outlook.samples,
                run_rate=actual / share,
                pipeline=None if open_value is None else actual + open_value,
            )
        )
    return cases


def _values(
    workspace: Workspace,
    kpi: str,
    period: Period,
    owners: list[str],
    on: datetime.date,
) -> Mapping[str, Decimal | None]:
    asks = [Ask(owner, owner, period) for owner in owners]
    if not asks:
        return {}
    rows = kpi_values.measure(workspace, kpi, asks, on=on)
    return {owner: row.value for owner, row in rows.items()}


def _pipelines(
    workspace: Workspace,
    kpi: str,
    owners: list[str],
    quarter: Period,
    day: datetime.date,
) -> Mapping[str, float]:
    """Return what open deals are worth at the owner's past win rate, for revenue."""
    if kpi != "revenue":
        return {}
    known = Period(quarter.first, day + ONE_DAY)
    open_deals = _values(workspace, "open_pipeline", known, owners, day)
    year = Period(day - datetime.timedelta(days=365), day + ONE_DAY)
    rates = _values(workspace, "win_rate", year, owners, day)
    return {
        owner: float(value) * float(rates.get(owner) or 0)
        for owner, value in open_deals.items()
        if value is not None
    }


def _pipeline_score(cases: list[_Case]) -> Score | None:
    kept = [case for case in cases if case.pipeline is not None]
    if not kept:
        return None
    return _scored(PIPELINE, kept, [np.array([case.pipeline or 0]) for case in kept])


def _scored(name: str, cases: list[_Case], said: list[np.ndarray]) -> Score:
    if not cases:
        return Score(name, None, None, None, 0)
    scale = float(np.mean([abs(case.truth) for case in cases])) or 1.0
    errors = [
        float(crps(np.quantile(samples, QUANTILES), np.asarray(case.truth)))
        for case, samples in zip(cases, said, strict=True)
    ]
    briers = [
        (float(np.mean(samples >= target)) - float(case.truth >= target)) ** 2
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
        brier=float(np.mean(briers)),
        coverage=float(np.mean(inside)) if spread else None,
        count=len(cases),
    )
