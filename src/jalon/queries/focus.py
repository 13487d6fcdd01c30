"""Who carries how many objectives, on which horizons, and what one more would cost."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from jalon.domain.kpis.catalogue import Catalogue
from jalon.domain.objectives import focus
from jalon.domain.objectives.focus import Finding, Load, Overload
from jalon.domain.objectives.objective import Horizon, Objective
from jalon.domain.people.permission import COMPANY
from jalon.queries import kpi_values
from jalon.queries.actions import without_plan
from jalon.queries.owners import owner_names
from jalon.records import objective_rows
from jalon.workspace.folder import Workspace

LEVELS = (COMPANY, "team", "person")


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUp:
    """An objective that could be given up instead of adding one."""

    id: str
    statement: str
    lang: str
    after: datetime.date
    owner_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """The focus guard's word on an objective about to be written."""

    finding: Finding
    owner_name: str
    count: int
    most: int
    give_up: tuple[GiveUp, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """One row of the balance: an owner, what they carry, what is unbalanced."""

    owner: str
    level: str
    name: str
    count: int
    kpis: tuple[Mapping[str, str], ...]
    horizons: Mapping[str, int]
    without_plan: int
    overruled: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HorizonLine:
    """One horizon: how many objectives run on it, and who carries one."""

    name: str
    count: int
    company: tuple[GiveUp, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """The company's objectives by carrier and by horizon, on a day."""

    on: datetime.date
    carriers: tuple[Carried, ...]
    horizons: tuple[HorizonLine, ...]
    missing: tuple[Finding, ...]
    unplanned: tuple[GiveUp, ...]

    @property
    def heavy(self) -> tuple[Carried, ...]:
        """Return the carriers with something unbalanced."""
        return tuple(one for one in self.carriers if one.findings)


def warned(
    workspace: Workspace, objective: Objective, *, on: datetime.date
) -> Warned | None:
    """Return what the guard says of an objective before it is written, None if fine."""
    others = objective_rows.load()
    found = focus.overload(objective, others.values())
    if found is None:
        return None
    return _warned(workspace, found, others, on=on)


def overloads(objectives: Sequence[Objective]) -> tuple[tuple[str, Overload], ...]:
    """Return, of these objectives, each that is one too many without a reason given."""
    by_owner = _by_owner(objective_rows.load().values())
    found = [
        (one.id, focus.overload(one, by_owner[one.owner]))
        for one in objectives
        if not one.overruled
    ]
    return tuple((name, over) for name, over in found if over is not None)


def balance(workspace: Workspace, *, on: datetime.date) -> Balance:
    """Return who carries how many on a day, and which horizon lacks any."""
    everything = tuple(objective_rows.load().values())
    running = [
        one
        for one in everything
        if one.state in focus.RUNNING and one.period.first <= on < one.period.after
    ]
    bare = without_plan(running, on=on)
    names = owner_names(workspace, on=on)
    loads = focus.loads(running, on=on)
    held, bare_of = _by_owner(running), _by_owner(bare)
    catalogue = kpi_values.catalogue(workspace)
    carriers = [
        _carried(
            load,
            held[owner],
            name=_name(workspace, owner, names),
            without_plan=len(bare_of.get(owner, ())),
            catalogue=catalogue,
        )
        for owner, load in loads.items()
    ]
    return Balance(
        on=on,
        carriers=tuple(sorted(carriers, key=_rank)),
        horizons=tuple(_horizon(kind, running) for kind in Horizon),
        missing=focus.missing_horizons(running, on=on),
        unplanned=tuple(
            replace(_shown(one), owner_name=_name(workspace, one.owner, names))
            for one in bare
        ),
    )


def _warned(
    workspace: Workspace,
    found: Overload,
    others: Mapping[str, Objective],
    *,
    on: datetime.date,
) -> Warned:
    return Warned(
        finding=found.finding,
        owner_name=_name(workspace, found.owner, owner_names(workspace, on=on)),
        count=found.count,
        most=found.most,
        give_up=tuple(_shown(others[name]) for name in found.give_up),
    )


def _carried(
    load: Load,
    held: Iterable[Objective],
    *,
    name: str,
    without_plan: int,
    catalogue: Catalogue,
) -> Carried:
    labels = [
        catalogue[kpi].label if kpi in catalogue else {"fr": kpi, "en": kpi}
        for kpi in load.kpis
    ]
    return Carried(
        owner=load.owner,
        level=load.owner.partition(":")[0],
        name=name,
        count=len(load.objectives),
        kpis=tuple(labels),
        horizons={kind.value: count for kind, count in load.horizons.items()},
        without_plan=without_plan,
        overruled=tuple(one.overruled for one in held if one.overruled),
        findings=load.findings,
    )


def _by_owner(objectives: Iterable[Objective]) -> dict[str, list[Objective]]:
    found: dict[str, list[Objective]] = defaultdict(list)
    for one in objectives:
        found[one.owner].append(one)
    return found


def _horizon(kind: Horizon, running: Sequence[Objective]) -> HorizonLine:
    here = [one for one in running if one.horizon is kind]
    return HorizonLine(
        name=kind.value,
        count=len(here),
        company=tuple(_shown(one) for one in here if one.owner == COMPANY),
    )


def _shown(one: Objective) -> GiveUp:
    return GiveUp(
        id=one.id,
        statement=one.statement or one.id,
        lang=one.lang,
        after=one.period.after,
    )


def _name(workspace: Workspace, owner: str, names: Mapping[str, str]) -> str:
    if owner == COMPANY:
        return workspace.settings.company
    return names.get(owner) or owner.partition(":")[2]


def _rank(one: Carried) -> tuple[int, bool, str]:
    level = LEVELS.index(one.level) if one.level in LEVELS else len(LEVELS)
    return level, not one.findings, one.name
