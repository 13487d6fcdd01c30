"""Distributions of accounts as pages and the command line show them, frozen."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jalon.domain.people.permission import Act, Subject, Viewer, may
from jalon.domain.periods import Period
from jalon.domain.territories.states import Stage
from jalon.queries.territories import Asked, scopes
from jalon.records.territories import TerritoryPlan
from jalon.workspace.folder import Workspace


@dataclass(frozen=True, slots=True)
class Load:
    """What somebody holds; `inside` is the part of it in their region."""

    accounts: int
    potential: Decimal
    workload: Decimal
    inside: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSide:
    """Somebody before and after, and what it changes in their target."""

    id: str
    name: str
    region: str
    before: Load
    after: Load
    objective: str
    target: Decimal | None
    change: Decimal

    @property
    def new_target(self) -> Decimal | None:
        """Return the target with what follows the accounts."""
        return None if self.target is None else self.target + self.change


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveLine:
    """An account that changes hands; `reason` says why no target follows it."""

    account: str
    name: str
    region: str
    former: str
    former_name: str
    new: str
    new_name: str
    potential: Decimal
    workload: Decimal
    given: bool
    target: Decimal | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """A whole distribution; `gap` is None where the time was too short for a bound."""

    id: int
    title: str
    scope: str
    scope_name: str
    on: datetime.date
    snapshot: str
    asked: Asked
    stage: Stage
    people: tuple[PersonSide, ...]
    moves: tuple[MoveLine, ...]
    accounts: int
    locked: int
    taken: int
    gap: float | None
    worked: bool
    from_deals: int
    period: Period | None
    created_by: str
    decided_by: str
    decided_at: datetime.datetime | None
    effective_on: datetime.date | None
    reason: str

    @property
    def given(self) -> int:
        """Return how many accounts are given to somebody: nobody there held them."""
        return len(self.moves) - self.taken

    @property
    def regions(self) -> tuple[str, ...]:
        """Return the regions met, in order."""
        met = {one.region for one in self.people} | {one.region for one in self.moves}
        return tuple(sorted(met - {""}))

    def spread(self, *, after: bool, of: str = "potential") -> Decimal | None:
        """Return the largest load over the mean; None where nothing weighs."""
        held = [getattr(one.after if after else one.before, of) for one in self.people]
        total = sum(held, Decimal(0))
        return max(held) * len(held) / total if total else None


def plans(
    workspace: Workspace, viewer: Viewer, *, on: datetime.date
) -> tuple[PlanPage, ...]:
    """Return the distributions somebody may decide on, the latest first."""
    names = _names(workspace, on)
    return tuple(
        _page(one, names)
        for one in TerritoryPlan.objects.order_by("-id")
        if _may(viewer, one.scope)
    )


def plan(
    workspace: Workspace, wanted: int, viewer: Viewer, *, on: datetime.date
) -> PlanPage | None:
    """Return one, None where there is none or the viewer may not decide on it."""
    one = TerritoryPlan.objects.filter(pk=wanted).first()
    if one is None or not _may(viewer, one.scope):
        return None
    return _page(one, _names(workspace, on))


def _may(viewer: Viewer, scope: str) -> bool:
    return may(viewer, Act.DECIDE, subject=Subject(scope))


def _names(workspace: Workspace, on: datetime.date) -> dict[str, str]:
    return {one.key: one.name for one in scopes(workspace, on=on)}


def _page(one: TerritoryPlan, names: Mapping[str, str]) -> PlanPage:
    answer = one.answer
    period = answer["period"]
    return PlanPage(
        id=one.pk,
        title=one.title,
        scope=one.scope,
        scope_name=names.get(one.scope, one.scope),
        on=one.on,
        snapshot=one.snapshot,
        asked=_asked(one.asked),
        stage=Stage(one.state),
        people=tuple(_person(each) for each in answer["people"]),
        moves=_sorted(_move(each) for each in answer["moves"]),
        accounts=answer["accounts"],
        locked=answer["locked"],
        taken=answer["taken"],
        gap=answer["gap"],
        worked=answer["worked"],
        from_deals=answer["from_deals"],
        period=Period(*map(datetime.date.fromisoformat, period)) if period else None,
        created_by=one.created_by,
        decided_by=one.decided_by,
        decided_at=one.decided_at,
        effective_on=one.effective_on,
        reason=one.reason,
    )


def _asked(kept: Mapping[str, Any]) -> Asked:
    return Asked(**{**kept, "locks": frozenset(kept["locks"])})


def _person(kept: Mapping[str, Any]) -> PersonSide:
    return PersonSide(
        id=kept["id"],
        name=kept["name"],
        region=kept["region"],
        before=_load(kept["before"]),
        after=_load(kept["after"]),
        objective=kept["objective"],
        target=_decimal(kept["target"]),
        change=Decimal(kept["change"]),
    )


def _load(kept: Mapping[str, Any]) -> Load:
    return Load(
        accounts=kept["accounts"],
        potential=Decimal(str(kept["potential"])),
        workload=Decimal(str(kept["workload"])),
        inside=_decimal(kept["inside"]),
    )


def _move(kept: Mapping[str, Any]) -> MoveLine:
    numbers = ("potential", "workload", "target")
    told = {name: value for name, value in kept.items() if name not in numbers}
    return MoveLine(
        **told,
        potential=Decimal(str(kept["potential"])),
        workload=Decimal(str(kept["workload"])),
        target=_decimal(kept["target"]),
    )


def _sorted(moves: Iterable[MoveLine]) -> tuple[MoveLine, ...]:
    """Return the moves, taken before given, those that weigh most first."""
    return tuple(
        sorted(moves, key=lambda one: (one.given, -one.potential, one.account))
    )


def _decimal(kept: object) -> Decimal | None:
    return None if kept is None else Decimal(str(kept))
