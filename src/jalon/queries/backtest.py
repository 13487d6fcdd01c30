"""How good forecasts were: past quarters forecast again, from what was known then.

Each past quarter is forecast at its start, at a quarter and at half of it, from the
facts dated before that day; what came is read from today's. The targets asked about are
80, 100 and 120 % of the former quarter's figure.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np

from jalon.domain.forecast.track_record import Case, Score, scored
from jalon.domain.kpis.question import Ask
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import Grain, containing
from jalon.queries import kpi_values
from jalon.queries.landings import SUMS, by_owner
from jalon.workspace.folder import Workspace

ONE_DAY = datetime.timedelta(days=1)
ELAPSED = (0.25, 0.5, 0.75)
TARGETS = (0.8, 1.0, 1.2)
JALON, RUN_RATE, PIPELINE = "jalon", "run_rate", "weighted_pipeline"


def backtest(
    workspace: Workspace, kpi: str, *, by: str, cutoffs: int, on: datetime.date
) -> tuple[Score, ...]:
    """Return the scores of the forecast, the run rate and the weighted pipeline."""
    return scores(cases_of(workspace, kpi, by=by, cutoffs=cutoffs, on=on))


def cases_of(
    workspace: Workspace, kpi: str, *, by: str, cutoffs: int, on: datetime.date
) -> list[Case]:
    """Return past quarters forecast again, with what came of them."""
    return [
        case
        for quarter in _quarters(workspace, cutoffs, on)
        for share in ELAPSED
        for case in _cases(workspace, kpi, quarter, share, by)
    ]


def scores(cases: Sequence[Case]) -> tuple[Score, ...]:
    """Return the scores of each forecaster on the same cases."""
    found = [
        scored(JALON, cases, [case.samples for case in cases]),
        scored(RUN_RATE, cases, [np.array([case.run_rate]) for case in cases]),
    ]
    kept = [case for case in cases if case.pipeline is not None]
    if kept:
        said = [np.array([case.pipeline or 0.0]) for case in kept]
        found.append(scored(PIPELINE, kept, said))
    return tuple(found)


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
) -> list[Case]:
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
    known = kpi_values.catalogue(workspace)[kpi]
    flow = known.kind in SUMS
    cases = []
    for one in said:
        if truth.get(one.owner) is None or one.outlook is None:
            continue
        actual = float(one.actual or 0)
        past = float(usual.get(one.owner) or 0)
        open_value = pipelines.get(one.owner)
        cases.append(
            Case(
                truth=float(truth[one.owner] or 0),
                targets=tuple(factor * past for factor in TARGETS),
                samples=one.outlook.samples,
                run_rate=actual / share if flow else actual,
                pipeline=None if open_value is None else actual + open_value,
                up=known.better != "down",
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
