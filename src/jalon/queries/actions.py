"""Plans of actions: what is due for somebody, one objective's plan, what to suggest."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from jalon.domain.objectives.models import Model
from jalon.domain.objectives.objective import Action, Objective
from jalon.domain.objectives.plan import SOON_DAYS, is_late
from jalon.domain.objectives.states import State
from jalon.domain.people.permission import COMPANY, Viewer
from jalon.domain.people.roles import Role
from jalon.queries import kpi_values
from jalon.queries.models import models_of
from jalon.queries.organisation import organisation, people_of
from jalon.queries.owners import owner_names
from jalon.queries.snapshots import NoDataError
from jalon.records import action_rows, objective_rows
from jalon.workspace.folder import Workspace

PERSON = "person:"
RUNNING = (State.AGREED, State.ACTIVE)
PLANNED = frozenset({State.DRAFT, State.PROPOSED, State.AGREED, State.ACTIVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class DueAction:
    """One action somebody should do, and the objective it serves."""

    objective: str
    rank: int
    text: str
    due: datetime.date | None
    late: bool
    owner_name: str
    lever: str
    effect: str
    statement: str
    lang: str
    kpi_label: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One line of a plan, with names instead of keys."""

    rank: int = 0
    text: str = ""
    owner: str = ""
    owner_name: str = ""
    due: datetime.date | None = None
    late: bool = False
    lever: str = ""
    effect: str = ""
    done: bool = False
    done_on: datetime.date | None = None
    done_by: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The plan of an objective: lines to do first, the soonest first; then the done.

    `levers` and `ideas` come from its model, else from those on the same KPI.
    """

    objective: str
    lines: tuple[PlanLine, ...]
    levers: tuple[str, ...]
    ideas: tuple[str, ...]
    closed: bool
    overruled: str = ""  # why it was written past the focus guard

    @property
    def waiting(self) -> tuple[PlanLine, ...]:
        """Return the lines to do."""
        return tuple(line for line in self.lines if not line.done)

    @property
    def missing(self) -> bool:
        """Return whether the objective lacks a plan it should have."""
        return not self.lines and not self.closed


def due(
    workspace: Workspace,
    viewer: Viewer,
    on: datetime.date,
    *,
    days: int = SOON_DAYS,
) -> tuple[DueAction, ...]:
    """Return what the viewer should do: late, due within `days`, or undated.

    Their own actions, and those given to nobody on the objectives they carry.
    """
    me = viewer.person_id
    found = action_rows.waiting(
        mine={me, f"{PERSON}{me}"} if me else set(),
        carried=_carried(viewer),
        until=on + timedelta(days=days),
        states=[state.value for state in RUNNING],
    )
    catalogue = kpi_values.catalogue(workspace)
    names = owner_names(workspace, on=on) if found else {}
    return tuple(
        DueAction(
            objective=one.objective,
            rank=one.rank,
            text=one.action,
            due=one.due,
            late=one.due is not None and one.due < on,
            owner_name=_name(one.owner or one.objective_owner, names, workspace),
            lever=one.lever,
            effect=one.effect,
            statement=one.statement or one.objective,
            lang=one.lang,
            kpi_label=(
                catalogue[one.kpi].label if one.kpi in catalogue else {"fr": one.kpi}
            ),
        )
        for one in found
    )


def plan(
    workspace: Workspace, objective_id: str, *, on: datetime.date, lang: str
) -> Plan:
    """Return the plan of an objective.

    Raises:
        LookupError: If there is none of this id.
    """
    objective = objective_rows.load([objective_id])[objective_id]
    names = owner_names(workspace, on=on)
    lines = [
        _line(rank, action, names, workspace, on=on)
        for rank, action in enumerate(objective.actions)
    ]
    levers, ideas = suggestions(workspace, objective, lang=lang)
    written = {line.text.casefold() for line in lines}
    return Plan(
        objective=objective_id,
        lines=tuple(sorted(lines, key=_order)),
        levers=levers,
        ideas=tuple(idea for idea in ideas if idea.casefold() not in written),
        closed=objective.is_closed,
        overruled=objective.overruled,
    )


def suggestions(
    workspace: Workspace, objective: Objective, *, lang: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return levers and typical actions: of its model, else of those on its KPI."""
    found = _alike(models_of(workspace), objective)
    levers = dict.fromkeys(text for one in found for text in one.levers[lang])
    ideas = dict.fromkeys(text for one in found for text in one.actions[lang])
    return tuple(levers), tuple(ideas)


def owners_for(
    workspace: Workspace, owner: str, *, on: datetime.date
) -> tuple[tuple[str, str], ...]:
    """Return whom an action may be given to: (owner, name), by name.

    The people of the team of whoever carries the objective, with their manager; for the
    company, everybody present.
    """
    try:
        found = organisation(workspace, on=on)
        present = people_of(workspace, on=on)
    except NoDataError:
        return ()
    kind, _, key = owner.partition(":")
    person = found.person.get(key) if kind == "person" else None
    team = found.team_of(key, on) if kind == "person" else key
    if kind != COMPANY and team:
        near = {one.person_id for one in found.members(team, on)} | {key}
        near |= {person.manager_id or ""} if person else set()
        near |= {one.manager_id or "" for one in present if one.person_id in near}
        present = tuple(one for one in present if one.person_id in near)
    named = ((f"{PERSON}{one.person_id}", one.name) for one in present)
    return tuple(sorted(named, key=lambda pair: pair[1]))


def without_plan(
    objectives: Iterable[Objective], *, on: datetime.date
) -> tuple[Objective, ...]:
    """Return the objectives that run or will, and have no action planned."""
    return tuple(
        one
        for one in objectives
        if one.state in PLANNED and not one.actions and on < one.period.after
    )


def _alike(known: Iterable[Model], objective: Objective) -> tuple[Model, ...]:
    models = tuple(known)
    own = tuple(one for one in models if one.key == objective.model)
    same = tuple(one for one in models if one.kpi == objective.kpi)
    near = tuple(one for one in models if objective.kpi in one.kpis)
    return own or same or near


def _carried(viewer: Viewer) -> set[str]:
    found = {f"{PERSON}{viewer.person_id}"} if viewer.person_id else set()
    found |= {f"team:{team}" for team in viewer.teams}
    return found | ({COMPANY} if viewer.role is Role.DIRECTOR else set())


def _line(
    rank: int,
    action: Action,
    names: Mapping[str, str],
    workspace: Workspace,
    *,
    on: datetime.date,
) -> PlanLine:
    return PlanLine(
        rank=rank,
        text=action.action,
        owner=action.owner,
        owner_name=_name(action.owner, names, workspace),
        due=action.due,
        late=is_late(action, on=on),
        lever=action.lever,
        effect=action.effect,
        done=action.done,
        done_on=action.done_on,
        done_by=_name(action.done_by, names, workspace),
        result=action.result,
    )


def _name(owner: str, names: Mapping[str, str], workspace: Workspace) -> str:
    """Return the name of an owner, however its key is written; "" for nobody."""
    if owner == COMPANY:
        return workspace.settings.company
    found = names.get(owner) or names.get(f"{PERSON}{owner}")
    return found or owner.rpartition(":")[2]


def _order(line: PlanLine) -> tuple[bool, datetime.date, int]:
    return line.done, line.due or datetime.date.max, line.rank
