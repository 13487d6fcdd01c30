"""Evaluations computed from the facts: one measure a KPI, whatever the objectives.

Last years' months of the season are asked in the same measure as the figures. The
season is the company's, without the objective's filters: one person's three deals last
March say nothing of this March.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from jalon.domain.attainment.evaluation import (
    Evaluation,
    Observation,
    evaluated,
    expected_on,
)
from jalon.domain.attainment.phasing import (
    ALWAYS,
    Presence,
    Season,
    Way,
    day_weights,
    season_of,
    way,
)
from jalon.domain.kpis.catalogue import Catalogue
from jalon.domain.kpis.question import AnswerRow, Ask
from jalon.domain.objectives.given import handed_in, needs_objectives, read_from
from jalon.domain.objectives.objective import (
    BaselineRule,
    Direction,
    Measured,
    Objective,
    Phasing,
    PhasingKind,
    is_flow,
    months_later,
)
from jalon.domain.objectives.targets import target_on
from jalon.domain.periods import Period, WorkingDays
from jalon.queries import kpi_values
from jalon.queries.calendar import presences, working_days
from jalon.queries.trust import trust
from jalon.records import objective_rows
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace

YEARS_OF_SEASON = 3
SEASON = "season:"
SUNDAY = 7
NO_WAREHOUSE = "reason.no_facts_yet"
KPI_REASON = "kpi.reason."
UNKNOWN_KPI = "reason.unknown_kpi"
Month = tuple[int, int]
Given = Mapping[str, Mapping[str, Decimal]]


@dataclass(frozen=True, slots=True)
class Reader:
    """From where and at what day figures are read."""

    workspace: Workspace
    on: datetime.date
    snapshot: str


def current_snapshot(workspace: Workspace) -> str:
    """Return the name of the current generation, empty before the first."""
    return Generations(workspace.warehouse).current() or ""


def computed(
    workspace: Workspace,
    objectives: Sequence[Objective],
    *,
    on: datetime.date,
    snapshot: str | None = None,
) -> dict[str, Evaluation]:
    """Return the evaluation of each objective at the end of `on`."""
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
    everything = tuple(objective_rows.load().values())
    read = {one.id: read_from(one, everything, kpis=catalogue) for one in needing}
    lacking = {
        one.id: one for group in read.values() for one in group if one.id not in found
    }
    all_found = {**found, **_found(reader, catalogue, list(lacking.values()), {})}
    return {
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
    road = _Ways(reader, rows, known).of(objective)
    steps = [
        (day, _expected(objective, day, road=road, flow=flow))
        for day in week_ends(objective.period)
    ]
    return tuple((day, value) for day, value in steps if value is not None)


def week_ends(period: Period) -> tuple[datetime.date, ...]:
    """Return the Sundays of the period and its last day."""
    last = period.after - datetime.timedelta(days=1)
    return tuple(d for d in period.days() if d.isoweekday() == SUNDAY or d == last)


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


def base_period(objective: Objective) -> Period:
    """Return the period a baseline is measured on: a year earlier, or just before."""
    period = objective.period
    if objective.baseline_rule is BaselineRule.LAST_YEAR:
        return Period(months_later(period.first, -12), months_later(period.after, -12))
    months = _months_between(period)
    if months_later(period.first, months) == period.after:
        return Period(months_later(period.first, -months), period.first)
    return Period(period.first - (period.after - period.first), period.first)


def _months_between(period: Period) -> int:
    years = period.after.year - period.first.year
    return years * 12 + period.after.month - period.first.month


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
    ways = _Ways(reader, rows if flow else {}, known)
    return [
        evaluated(
            objective,
            _observation(reader, kpi, objective, rows.get(objective.id)),
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
        asks += [
            Ask(f"{SEASON}{year}-{month}", "company", month_of(year, month))
            for year, month in sorted(_months_of_season(group))
        ]
    if not asks:
        return {}
    return kpi_values.measure(
        reader.workspace, kpi.key, asks, on=reader.on, snapshot=reader.snapshot
    )


def _months_of_season(group: Sequence[Objective]) -> set[Month]:
    return {
        (objective.period.first.year - back, month)
        for objective in group
        if objective.phasing.kind is PhasingKind.SEASON
        for back in range(1, YEARS_OF_SEASON + 1)
        for month in months_of(objective.period)
    }


def months_of(period: Period) -> tuple[int, ...]:
    """Return the months of the year the period touches, in order."""
    first = period.first.replace(day=1)
    count = _months_between(period) + 1
    starts = [months_later(first, rank) for rank in range(count)]
    return tuple(dict.fromkeys(start.month for start in starts if start < period.after))


def month_of(year: int, month: int) -> Period:
    """Return one calendar month."""
    first = datetime.date(year, month, 1)
    return Period(first, months_later(first, 1))


def _observation(
    reader: Reader,
    kpi: Measured | None,
    objective: Objective,
    row: AnswerRow | None,
) -> Observation:
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
        readings=_readings(reader, objective),
    )


def _readings(reader: Reader, objective: Objective) -> tuple[Decimal | None, ...]:
    if objective.direction is not Direction.MAINTAIN:
        return ()
    steps = kpi_values.path(
        reader.workspace, objective.kpi, _ask(objective), on=reader.on
    )
    return tuple(value for _, value in steps)


class _Ways:
    """The ways of one KPI's objectives; those that are alike are made once."""

    def __init__(
        self,
        reader: Reader,
        rows: Mapping[str, AnswerRow],
        known: Mapping[str, Presence],
    ) -> None:
        self._reader = reader
        self._rows = rows
        self._known = known
        self._made: dict[tuple[Period, Phasing, Presence], Way] = {}

    def of(self, objective: Objective) -> Way:
        """Return the way of one objective."""
        kind, _, key = objective.owner.partition(":")
        presence = self._known.get(key, ALWAYS) if kind == "person" else ALWAYS
        presence = _narrowed(presence, objective.period)
        alike = (objective.period, objective.phasing, presence)
        if alike not in self._made:
            self._made[alike] = self._way(*alike)
        return self._made[alike]

    def _way(self, period: Period, phasing: Phasing, presence: Presence) -> Way:
        weights = day_weights(
            period,
            phasing=phasing,
            working_days=working_days(self._reader.workspace, period),
            season=self._season(period),
            presence=presence,
        )
        return way(period, weights)

    def _season(self, period: Period) -> Season:
        months = months_of(period)
        years = [period.first.year - back for back in range(1, YEARS_OF_SEASON + 1)]
        history = {
            year: {
                month: _value(self._rows.get(f"{SEASON}{year}-{month}"))
                for month in months
            }
            for year in years
        }
        return season_of(history, self._opened(years, months), months=months)

    def _opened(
        self, years: Sequence[int], months: Sequence[int]
    ) -> dict[int, dict[int, int]]:
        return {
            year: {month: self._opened_in(month_of(year, month)) for month in months}
            for year in years
        }

    def _opened_in(self, month: Period) -> int:
        calendar: WorkingDays = working_days(self._reader.workspace, month)
        return calendar.count(month)


def _narrowed(presence: Presence, period: Period) -> Presence:
    """Keep of a presence only what bears on the period, so that most are alike."""
    started = presence.started_on
    settled = period.first - datetime.timedelta(days=90)
    left = presence.left_on
    return Presence(
        started if started and started > settled else None,
        left if left and left < period.after else None,
        frozenset(d for d in presence.absent if period.first <= d < period.after),
    )
