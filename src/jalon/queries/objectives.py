"""Objectives and where they stand, frozen: for a list, a page, a file, a machine.

Figures are in the KPI's unit, a share as a fraction. A closed objective answers its
frozen figures; another answers what was kept for that day and snapshot, else what is
computed then and there (nothing is written by a query).
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jalon.domain.attainment.evaluation import (
    NO_FORECAST,
    TOO_LITTLE,
    Evaluation,
    Landing,
)
from jalon.domain.attainment.status import Status
from jalon.domain.kpis.question import Ask, Explanation
from jalon.domain.objectives.objective import (
    Action,
    Direction,
    Objective,
    Revision,
    is_flow,
)
from jalon.domain.objectives.states import FOLLOWED, State, moves_from
from jalon.domain.objectives.sums import SumCheck, sum_check
from jalon.domain.periods import Period
from jalon.domain.refusals import Refusal
from jalon.queries import kpi_values
from jalon.queries.evaluations import (
    computed,
    current_snapshot,
    given_of,
)
from jalon.queries.owners import owner_names
from jalon.queries.paths import paths
from jalon.records import evaluation_rows, objective_rows
from jalon.workspace.folder import Workspace

FINAL = frozenset({Status.REACHED, Status.MISSED})


class UnknownObjectiveError(Refusal, LookupError):
    """No objective has this id."""

    def __init__(self, wanted: str, near: Sequence[str]) -> None:
        sentence = (
            "No objective is called {wanted}. Did you mean {near}? "
            "Expected an id of `jalon objectives list`."
            if near
            else "No objective is called {wanted}. "
            "Expected an id of `jalon objectives list`."
        )
        super().__init__(sentence, wanted=wanted, near=", ".join(near))


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveStatus:
    """One objective on a day: what it is and where it stands."""

    id: str
    statement: str
    lang: str
    kpi: str
    kpi_label: Mapping[str, str]
    unit: str
    better: str
    flow: bool
    owner: str
    owner_name: str
    where: tuple[str, ...]
    first: datetime.date
    after: datetime.date
    direction: str
    baseline: Decimal | None
    target: Decimal | None
    original_target: Decimal | None
    joined_target: Decimal | None
    minimum: Decimal | None
    excellent: Decimal | None
    actual: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    expected_to_date: Decimal | None
    attainment: Decimal | None
    original_attainment: Decimal | None
    gap: Decimal | None
    status: Status
    since: datetime.date
    reason: str
    landing: Landing
    landing_reason: str
    probability: Decimal | None
    trust: Mapping[str, object]
    currency: str
    weight: Decimal
    horizon: str
    nature: str
    parent: str
    series: str
    state: State
    actions: tuple[Action, ...]
    revisions: tuple[Revision, ...]
    on: datetime.date
    snapshot: str
    frozen: bool
    margin: Decimal | None = None

    @property
    def days_left(self) -> int:
        """Return the days of the period still to come after `on`."""
        return max((self.after - self.on).days - 1, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectivePage:
    """One objective, whole: its figures, family, history and paths."""

    status: ObjectiveStatus
    objective: Objective
    parent: ObjectiveStatus | None
    children: tuple[ObjectiveStatus, ...]
    total: SumCheck | None
    history: tuple[Evaluation, ...]
    actual_path: tuple[tuple[datetime.date, Decimal | None], ...]
    expected_path: tuple[tuple[datetime.date, Decimal], ...]
    next_states: tuple[State, ...]


def every(workspace: Workspace) -> tuple[Objective, ...]:  # noqa: ARG001 - one workspace, one database
    """Return all the objectives as they are defined, in the order of ids."""
    return tuple(objective_rows.load().values())


def status(
    workspace: Workspace,
    *,
    on: datetime.date,
    states: Collection[State] = FOLLOWED,
    ids: Collection[str] | None = None,
) -> tuple[ObjectiveStatus, ...]:
    """Return where each followed objective stands at the end of `on`."""
    objectives = [
        objective
        for objective in objective_rows.load(ids).values()
        if objective.state in states
    ]
    evaluations = _evaluations(workspace, objectives, on=on)
    labels = _Labels(workspace, on)
    runs = evaluation_rows.status_runs(until=on, ids=[one.id for one in objectives])
    return tuple(
        _dressed(
            objective,
            evaluations[objective.id],
            labels,
            since=_since(
                runs.get(objective.id),
                evaluations[objective.id],
                on=on,
                after=objective.period.after,
            ),
        )
        for objective in objectives
    )


def one(
    workspace: Workspace, wanted: str, *, on: datetime.date, drawn: bool = True
) -> ObjectivePage:
    """Return the page of one objective, its paths where `drawn`: they read facts.

    Raises:
        UnknownObjectiveError: If no objective has this id.
    """
    known = objective_rows.load()
    if wanted not in known:
        near = [other for other in known if wanted.lower() in other.lower()]
        raise UnknownObjectiveError(wanted, near[:3])
    objective = known[wanted]
    children = [child for child in known.values() if child.parent == wanted]
    family = {wanted, objective.parent, *(child.id for child in children)} - {""}
    found = {
        line.id: line
        for line in status(workspace, on=on, states=frozenset(State), ids=family)
    }
    mine = found[wanted]
    actual, expected = paths(workspace, objective, on=on) if drawn else ((), ())
    return ObjectivePage(
        status=mine,
        objective=objective,
        parent=found.get(objective.parent),
        children=tuple(found[child.id] for child in children),
        total=sum_check(objective, children, flow=mine.flow),
        history=evaluation_rows.history(wanted),
        actual_path=actual,
        expected_path=expected,
        next_states=moves_from(objective.state),
    )


def explained(
    workspace: Workspace, wanted: str, *, on: datetime.date, limit: int = 1000
) -> tuple[ObjectiveStatus, Explanation]:
    """Return an objective's figures and the rows behind the actual, from its snapshot.

    Raises:
        UnknownObjectiveError: If no objective has this id.
    """
    page = status(workspace, on=on, states=frozenset(State), ids={wanted})
    if not page:
        raise UnknownObjectiveError(wanted, ())
    (mine,) = page
    objective = objective_rows.load([wanted])[wanted]
    given = given_of(workspace, objective, on=min(on, mine.on))
    explanation = kpi_values.explain(
        workspace,
        mine.kpi,
        Ask(mine.id, mine.owner, Period(mine.first, mine.after), mine.where, given),
        on=min(on, mine.on),
        limit=limit,
        snapshot=mine.snapshot or None,
    )
    return mine, explanation


def _evaluations(
    workspace: Workspace, objectives: Sequence[Objective], *, on: datetime.date
) -> dict[str, Evaluation]:
    frozen = evaluation_rows.frozen(one.id for one in objectives)
    found = {
        objective.id: frozen[objective.id]
        for objective in objectives
        if objective.id in frozen and on >= objective.period.after
    }
    moving = [one for one in objectives if one.id not in found]
    snapshot = current_snapshot(workspace)
    found |= evaluation_rows.kept(moving, on=on, snapshot=snapshot)
    missing = [one for one in moving if one.id not in found]
    if missing:
        found |= computed(workspace, missing, on=on, snapshot=snapshot)
    return found


def _since(
    run: tuple[datetime.date, str] | None,
    now: Evaluation,
    *,
    on: datetime.date,
    after: datetime.date,
) -> datetime.date:
    """Return when the status began; at the end, a final one begins at the latest."""
    since = min(now.on, on)
    if now.status in FINAL and on >= after:
        since = min(since, after)
    if run is not None and run[1] == now.status.value:
        since = min(since, run[0])
    return since


class _Labels:
    """Names of KPIs and owners, looked up once."""

    def __init__(self, workspace: Workspace, on: datetime.date) -> None:
        self.catalogue = kpi_values.catalogue(workspace)
        self._names = owner_names(workspace, on=on)
        self._company = workspace.settings.company
        self._flows: dict[str, bool] = {}

    def owner(self, owner: str) -> str:
        """Return the name of an owner, its key where nobody knows it."""
        if owner == "company":
            return self._company
        return self._names.get(owner) or owner.partition(":")[2]

    def flow(self, key: str) -> bool:
        """Return whether the values of a KPI's successive days add up."""
        if key not in self._flows:
            kpi = self.catalogue.get(key)
            self._flows[key] = kpi is not None and is_flow(kpi)
        return self._flows[key]


def _dressed(
    objective: Objective,
    found: Evaluation,
    labels: _Labels,
    *,
    since: datetime.date,
) -> ObjectiveStatus:
    """Return the status, the one made before where nothing it is made of changed.

    Objectives and evaluations read unchanged are the very same objects.
    """
    kpi, owner = labels.catalogue.get(objective.kpi), labels.owner(objective.owner)
    known = _statuses.get(objective.id)
    if known is not None:
        made_of, status = known
        same = made_of[0] is objective and made_of[1] is found and made_of[2] is kpi
        if same and made_of[3:] == (owner, since):
            return status
    status = _status(objective, found, labels, since=since)
    _statuses[objective.id] = ((objective, found, kpi, owner, since), status)
    return status


_statuses: dict[str, tuple[tuple[Any, ...], ObjectiveStatus]] = {}


def _status(
    objective: Objective,
    found: Evaluation,
    labels: _Labels,
    *,
    since: datetime.date,
) -> ObjectiveStatus:
    kpi = labels.catalogue.get(objective.kpi)
    return ObjectiveStatus(
        id=objective.id,
        statement=objective.statement,
        lang=objective.lang,
        kpi=objective.kpi,
        kpi_label=kpi.label if kpi else {},
        unit=str(kpi.unit) if kpi else "",
        better=str(kpi.better) if kpi else "",
        flow=labels.flow(objective.kpi),
        owner=objective.owner,
        owner_name=labels.owner(objective.owner),
        where=objective.where,
        first=objective.period.first,
        after=objective.period.after,
        direction=objective.direction.value,
        baseline=found.baseline,
        target=found.target,
        original_target=found.original_target,
        joined_target=found.joined_target,
        minimum=objective.bands.minimum,
        excellent=objective.bands.excellent,
        actual=found.actual,
        numerator=found.numerator,
        denominator=found.denominator,
        expected_to_date=found.expected,
        attainment=found.attainment,
        original_attainment=found.original_attainment,
        gap=found.gap,
        status=found.status,
        since=since,
        reason=found.reason,
        landing=found.landing,
        landing_reason=_without_landing(objective, found),
        probability=found.probability,
        trust=found.trust,
        currency=found.currency,
        weight=objective.weight,
        horizon=objective.horizon.value,
        nature=objective.nature,
        parent=objective.parent,
        series=objective.series,
        state=objective.state,
        actions=objective.actions,
        revisions=objective.revisions,
        on=found.on,
        snapshot=found.snapshot,
        frozen=found.frozen,
        margin=found.margin,
    )


def _without_landing(objective: Objective, found: Evaluation) -> str:
    """Return why there is no landing, "" where there is one."""
    if found.landing.p50 is not None:
        return ""
    last = objective.period.after - datetime.timedelta(days=1)
    tried = objective.period.first <= found.on < last and found.actual is not None
    forecast = objective.direction is not Direction.MAINTAIN and not objective.levels
    return TOO_LITTLE if tried and forecast else NO_FORECAST
