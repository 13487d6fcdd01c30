"""The focus guard and the three horizons: few objectives, near and far ones.

Three objectives at most for a person, three to five KPIs for a team (the article): past
that, a reason is asked and what to give up is shown; nothing is ever forbidden. Only
objectives that run on the day, or will within the period asked, count. A team's KPIs
are those of its own objectives; a parent company's year may hold the long horizon.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from jalon.domain.objectives.objective import Horizon, Objective
from jalon.domain.objectives.states import State
from jalon.domain.periods import Period

MOST_OBJECTIVES = 3
FEWEST_KPIS, MOST_KPIS = 3, 5
COUNTED = frozenset({State.DRAFT, State.PROPOSED, State.CONTESTED}) | frozenset(
    {State.AGREED, State.ACTIVE}
)
RUNNING = frozenset({State.AGREED, State.ACTIVE})


class Finding(StrEnum):
    """What is unbalanced."""

    TOO_MANY_OBJECTIVES = "focus.too_many_objectives"
    TOO_MANY_KPIS = "focus.too_many_kpis"
    TOO_FEW_KPIS = "focus.too_few_kpis"
    NO_SHORT = "focus.no_short"
    NO_MEDIUM = "focus.no_medium"
    NO_LONG = "focus.no_long"
    NO_PLAN = "focus.no_plan"


HORIZON_FINDINGS = {
    Horizon.SHORT: Finding.NO_SHORT,
    Horizon.MEDIUM: Finding.NO_MEDIUM,
    Horizon.LONG: Finding.NO_LONG,
}


@dataclass(frozen=True, slots=True)
class Load:
    """What somebody carries: objectives by id, KPIs, how many on each horizon."""

    owner: str
    objectives: tuple[str, ...]
    kpis: tuple[str, ...]
    horizons: Mapping[Horizon, int]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return what is too much or too little for this owner."""
        kind = self.owner.partition(":")[0]
        if kind == "person" and len(self.objectives) > MOST_OBJECTIVES:
            return (Finding.TOO_MANY_OBJECTIVES,)
        if kind == "team" and len(self.kpis) > MOST_KPIS:
            return (Finding.TOO_MANY_KPIS,)
        if kind == "team" and 0 < len(self.kpis) < FEWEST_KPIS:
            return (Finding.TOO_FEW_KPIS,)
        return ()


@dataclass(frozen=True, slots=True)
class Overload:
    """One objective too many: why, how many at once, what could be given up instead.

    `give_up` is the others running then, the lightest and the furthest end first.
    """

    finding: Finding
    owner: str
    count: int
    most: int
    give_up: tuple[str, ...]


def loads(objectives: Iterable[Objective], *, on: datetime.date) -> dict[str, Load]:
    """Return what each owner carries on a day, drafts left out."""
    running = [one for one in objectives if _runs(one, on) and one.state in RUNNING]
    return _loads(running)


def overload(new: Objective, others: Iterable[Objective]) -> Overload | None:
    """Return why one more objective is one too many for its owner, None if it is not.

    The fullest day of its period counts; a KPI a team follows already adds none.
    """
    near = [
        one
        for one in others
        if one.id != new.id
        and one.owner == new.owner
        and one.state in COUNTED
        and _touch(one.period, new.period)
    ]
    days = {max(one.period.first, new.period.first) for one in (new, *near)}
    together = [[one for one in near if _runs(one, day)] for day in sorted(days)]
    kind = new.owner.partition(":")[0]
    if kind == "team":
        return _too_many_kpis(new, together)
    fullest = max(together, key=len)
    if kind != "person" or len(fullest) < MOST_OBJECTIVES:
        return None
    return Overload(
        finding=Finding.TOO_MANY_OBJECTIVES,
        owner=new.owner,
        count=len(fullest) + 1,
        most=MOST_OBJECTIVES,
        give_up=_spared(fullest),
    )


def _too_many_kpis(
    new: Objective, together: Sequence[Sequence[Objective]]
) -> Overload | None:
    fullest = max(together, key=lambda some: len({one.kpi for one in some}))
    kpis = {one.kpi for one in fullest}
    if new.kpi in kpis or len(kpis) < MOST_KPIS:
        return None
    return Overload(
        finding=Finding.TOO_MANY_KPIS,
        owner=new.owner,
        count=len(kpis) + 1,
        most=MOST_KPIS,
        give_up=_spared(fullest),
    )


def missing_horizons(
    objectives: Iterable[Objective], *, on: datetime.date
) -> tuple[Finding, ...]:
    """Return the horizons no running objective of the company covers."""
    covered = {
        one.horizon for one in objectives if one.state in RUNNING and _runs(one, on)
    }
    return tuple(
        finding for kind, finding in HORIZON_FINDINGS.items() if kind not in covered
    )


def _loads(objectives: Iterable[Objective]) -> dict[str, Load]:
    by_owner: dict[str, list[Objective]] = defaultdict(list)
    for one in objectives:
        by_owner[one.owner].append(one)
    return {
        owner: Load(
            owner=owner,
            objectives=tuple(one.id for one in carried),
            kpis=tuple(dict.fromkeys(one.kpi for one in carried)),
            horizons={
                kind: sum(one.horizon is kind for one in carried) for kind in Horizon
            },
        )
        for owner, carried in by_owner.items()
    }


def _runs(objective: Objective, on: datetime.date) -> bool:
    return objective.period.first <= on < objective.period.after


def _touch(one: Period, other: Period) -> bool:
    return one.first < other.after and other.first < one.after


def _spared(objectives: Iterable[Objective]) -> tuple[str, ...]:
    """Return the objectives in the order of giving up."""
    ordered = sorted(
        objectives,
        key=lambda one: (one.weight, -one.period.after.toordinal(), one.id),
    )
    return tuple(one.id for one in ordered)
