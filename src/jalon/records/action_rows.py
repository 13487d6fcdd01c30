"""Actions still to do, read across objectives: one query whatever their number."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q

from jalon.records.objectives import Action


@dataclass(frozen=True, slots=True)
class WaitingAction:
    """An action to do, its place in the plan (from 0) and the objective it serves."""

    objective: str
    rank: int
    action: str
    owner: str
    due: datetime.date | None
    lever: str
    effect: str
    statement: str
    lang: str
    kpi: str
    objective_owner: str


def waiting(
    *,
    mine: Collection[str],
    carried: Collection[str],
    until: datetime.date,
    states: Iterable[str],
) -> tuple[WaitingAction, ...]:
    """Return the actions to do of these people, or of nobody on what they carry.

    Those due after `until` wait; those without a date do not. The soonest come first.
    """
    theirs = Q(owner__in=mine) | Q(owner="", objective__owner__in=carried)
    near = Q(due__lte=until) | Q(due__isnull=True)
    rows = (
        Action.objects.filter(theirs, near, done=False)
        .filter(objective__state__in=tuple(states))
        .select_related("objective")
        .order_by("due", "objective_id", "rank")
    )
    found = [
        WaitingAction(
            objective=row.objective_id,
            rank=row.rank - 1,
            action=row.action,
            owner=row.owner,
            due=row.due,
            lever=row.lever,
            effect=row.effect,
            statement=row.objective.statement,
            lang=row.objective.lang,
            kpi=row.objective.kpi,
            objective_owner=row.objective.owner,
        )
        for row in rows
    ]
    last = datetime.date.max
    return tuple(sorted(found, key=lambda one: one.due or last))
