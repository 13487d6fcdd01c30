"""Evaluations computed from the facts: one measure a KPI, whatever the objectives.

The months of the season are asked in the same measure as the figures. A KPI made of
objectives (collective attainment, coverage) is evaluated after the others.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from jalon.domain.attainment.evaluation import (
    Evaluation,
    Observation,
    evaluated,
    expected_on,
)
from jalon.domain.attainment.phasing import (
    Presence,
    Way,
)
from jalon.domain.feedback.surveys import margin_of
from jalon.domain.kpis.catalogue import Catalogue
from jalon.domain.kpis.figure import NOT_CARRIED
from jalon.domain.kpis.question import AnswerRow, Ask
from jalon.domain.objectives import graded
from jalon.domain.objectives.given import handed_in, needs_objectives, read_from
from jalon.domain.objectives.objective import (
    BaselineRule,
    Direction,
    Measured,
    Objective,
    is_flow,
    months_later,
)
from jalon.domain.objectives.targets import target_on
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import Grain, steps
from jalon.queries import kpi_values
from jalon.queries.calendar import presences
from jalon.queries.landings import Outlook, with_landings
from jalon.queries.trust import trust
from jalon.queries.ways import Reader, Ways, months_between, season_asks
from jalon.records import objective_rows
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace

SUNDAY = 7
NO_WAREHOUSE = "reason.no_facts_yet"
KPI_REASON = "kpi.reason."
UNKNOWN_KPI = "reason.unknown_kpi"
Given = Mapping[str, Mapping[str, Decimal]]


def current_snapshot(workspace: Workspace) -> str:
    """Return the name of the current generation, empty before the first."""
    return Generations(workspace.warehouse).current() or ""


def computed(
    workspace: Workspace,
    objectives: Sequence[Objective],
    *,
    on: datetime.date,
    snapshot: str | None = None,
    outlooks: dict[str, Outlook] | None = None,
) -> dict[str, Evaluation]:
    """Return the evaluation of each objective at the end of `on`.

    The samples of the landings are put into `outlooks`, for who keeps them.
    """
    reader = Reader(workspace, on, snapshot or current_snapshot(workspace))
    catalogue = kpi_values.catalogue(workspace)
    needing = [
        one
        for one in objectives
        if one.kpi in catalogue and needs_objectives(catalogue[one.kpi])
    ]
    needed = {one.id for one in needing}
    direct = [one for one in objectives if one.id not in needed]
    found = _found(reader, catalogue, direct, {})
    if needing:
        found |= _found(reader, catalogue, needing, _given(reader, needing, found))
    if reader.snapshot:
        found = with_landings(
            workspace, objectives, found, on=on, name=reader.snapshot, into=outlooks
        )
    told = trust(workspace, on=on, snapshot=reader.snapshot or None)
    return {name: replace(one, trust=told) for name, one in found.items()}


def _found(
    reader: Reader,
    catalogue: Catalogue,
    objectives: Sequence[Objective],
    given: Given,
) -> dict[str, Evaluation]:
    known = presences(reader.workspace, on=reader.on, snapshot=reader.snapshot or None)
    return {
        evaluation.objective: evaluation
        for kpi, group in _by_kpi(objectives).items()
        for evaluation in _of_kpi(reader, catalogue.get(kpi), group, known, given)
    }


def given_of(
    workspace: Workspace, objective: Objective, *, on: datetime.date
) -> Mapping[str, Decimal]:
    """Return the components handed in to an objective on objectives; else nothing."""
    kpi = kpi_values.catalogue(workspace).get(objective.kpi)
    if kpi is None or not needs_objectives(kpi):
        return {}
    reader = Reader(workspace, on, current_snapshot(workspace))
    return _given(reader, [objective], {})[objective.id]


def _given(
    reader: Reader, needing: Sequence[Objective], found: Mapping[str, Evaluation]
) -> Given:
    """Return what each needs, evaluating the objectives it reads where needed."""
    catalogue = kpi_values.catalogue(reader.workspace)
    said = {
        one.id: graded.handed_in(one, on=reader.on)
        for one in needing
        if graded.is_graded(one)
    }
    reading = [one for one in needing if one.id not in said]
    if not reading:
        return said
    everything = tuple(objective_rows.load().values())
    read = {one.id: read_from(one, everything, kpis=catalogue) for one in reading}
    lacking = {
        one.id: one for group in read.values() for one in group if one.id not in found
    }
    all_found = {**found, **_found(reader, catalogue, list(lacking.values()), {})}
    return said | {
        name: handed_in((all_found[o.id].actual, all_found[o.id].target) for o in group)
        for name, group in read.items()
    }


def expected_path(
    workspace: Workspace, objective: Objective, *, on: datetime.date
) -> tuple[tuple[datetime.date, Decimal], ...]:
    """Return where the figure should be at the end of each week of the whole period."""
    catalogue = kpi_values.catalogue(workspace)
    if objective.kpi not in catalogue:
        return ()
    kpi = catalogue[objective.kpi]
    flow = is_flow(kpi)
    reader = Reader(workspace, on, current_snapshot(workspace))
    known = presences(workspace, on=on, snapshot=reader.snapshot or None)
    rows = _measured(reader, kpi, [objective], {}, flow=flow) if flow else {}
    road = Ways(reader, rows, known).of(objective)
    steps = [
        (day, _expected(objective, day, road=road, flow=flow))
        for day in week_ends(objective.period, workspace.settings.first_weekday)
    ]
    return tuple((day, value) for day, value in steps if value is not None)


def week_ends(period: Period, week_start: int) -> tuple[datetime.date, ...]:
    """Return the last days of the period's weeks, and its own last day."""
    one = datetime.timedelta(days=1)
    weeks = steps(period, Grain.WEEK, week_start=week_start)
    return tuple(min(week.after, period.after) - one for week in weeks)


def _expected(
    objective: Objective, day: datetime.date, *, road: Way, flow: bool
) -> Decimal | None:
    target = target_on(objective, day, flow=flow)
    return expected_on(day, objective=objective, target=target, way=road, flow=flow)


def baselines(
    workspace: Workspace, objectives: Sequence[Objective], *, on: datetime.date
) -> dict[str, Decimal | None]:
    """Return the measured value of the period each baseline refers to."""
    snapshot = current_snapshot(workspace)
    if not snapshot:
        return dict.fromkeys((objective.id for objective in objectives), None)
    found: dict[str, Decimal | None] = {}
    for kpi, group in _by_kpi(objectives).items():
        asks = [replace(_ask(one), period=base_period(one)) for one in group]
        rows = kpi_values.measure(workspace, kpi, asks, on=on, snapshot=snapshot)
        found |= {ask.id: _value(rows.get(ask.id)) for ask in asks}
    return found


def uncarried(
    workspace: Workspace, objectives: Sequence[Objective], *, on: datetime.date
) -> tuple[str, ...]:
    """Return the objectives whose filters the facts of their KPI do not carry."""
    snapshot = current_snapshot(workspace)
    filtered = [one for one in objectives if one.where]
    if not snapshot:
        return ()
    found: list[str] = []
    for kpi, group in _by_kpi(filtered).items():
        asks = [_ask(one) for one in group]
        rows = kpi_values.measure(workspace, kpi, asks, on=on, snapshot=snapshot)
        found += [ask.id for ask in asks if rows[ask.id].reason == NOT_CARRIED]
    return tuple(found)


def base_period(objective: Objective) -> Period:
    """Return the period a baseline is measured on: a year earlier, or just before."""
    period = objective.period
    if objective.baseline_rule is BaselineRule.LAST_YEAR:
        return Period(months_later(period.first, -12), months_later(period.after, -12))
    months = months_between(period)
    if months_later(period.first, months) == period.after:
        return Period(months_later(period.first, -months), period.first)
    return Period(period.first - (period.after - period.first), period.first)


def _by_kpi(objectives: Sequence[Objective]) -> dict[str, list[Objective]]:
    groups: dict[str, list[Objective]] = defaultdict(list)
    for objective in objectives:
        groups[objective.kpi].append(objective)
    return groups


def _ask(objective: Objective) -> Ask:
    return Ask(objective.id, objective.owner, objective.period, objective.where)


def _value(row: AnswerRow | None) -> Decimal | None:
    return None if row is None else row.value


def _of_kpi(
    reader: Reader,
    kpi: Measured | None,
    group: Sequence[Objective],
    known: Mapping[str, Presence],
    given: Given,
) -> list[Evaluation]:
    flow = kpi is not None and is_flow(kpi)
    rows = _measured(reader, kpi, group, given, flow=flow)
    ways = Ways(reader, rows if flow else {}, known)
    return [
        evaluated(
            objective,
            _observation(reader, kpi, objective, rows),
            on=reader.on,
            snapshot=reader.snapshot,
            way=ways.of(objective),
            flow=flow,
        )
        for objective in group
    ]


def _measured(
    reader: Reader,
    kpi: Measured | None,
    group: Sequence[Objective],
    given: Given,
    *,
    flow: bool,
) -> dict[str, AnswerRow]:
    if kpi is None or not reader.snapshot:
        return {}
    begun = [one for one in group if one.period.first <= reader.on]
    asks = [replace(_ask(one), given=given.get(one.id, {})) for one in begun]
    if flow:
        asks += season_asks(group)
    asks += [step for one in begun for step in _steps(reader, one)]
    if not asks:
        return {}
    return kpi_values.measure(
        reader.workspace, kpi.key, asks, on=reader.on, snapshot=reader.snapshot
    )


def _observation(
    reader: Reader,
    kpi: Measured | None,
    objective: Objective,
    rows: Mapping[str, AnswerRow],
) -> Observation:
    row = rows.get(objective.id)
    if not reader.snapshot:
        return Observation(value=None, reason=NO_WAREHOUSE)
    if kpi is None:
        return Observation(value=None, reason=UNKNOWN_KPI)
    if row is None:
        return Observation(value=None)
    return Observation(
        value=row.value,
        numerator=row.numerator,
        denominator=row.denominator,
        reason=f"{KPI_REASON}{row.reason}" if row.reason else "",
        currency=row.currency or "",
        readings=tuple(rows[step.id].value for step in _steps(reader, objective)),
        margin=margin_of(
            kpi.key,
            numerator=row.numerator,
            denominator=row.denominator,
            beside=row.beside,
        ),
    )


def _steps(reader: Reader, objective: Objective) -> list[Ask]:
    """Return the weeks of an objective to maintain, asked along with its figure."""
    if objective.direction is not Direction.MAINTAIN:
        return []
    return kpi_values.path_asks(_ask(objective), on=reader.on)
