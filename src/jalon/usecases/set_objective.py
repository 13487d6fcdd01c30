"""Set objectives: write them, measure the baselines they name, tell the audit.

A baseline "N-1" or "previous" is measured once, and kept with its snapshot; until there
are facts, or while that period still runs, it stays open, and so does a target told as
a change of it.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from jalon.domain.objectives.objective import BaselineRule, Objective
from jalon.domain.objectives.reading import resolved
from jalon.domain.objectives.states import Actor, State, check_move
from jalon.queries import kpi_values
from jalon.queries.evaluations import base_period, baselines, current_snapshot
from jalon.records import objective_rows
from jalon.records.audit import AuditLine
from jalon.records.objectives import Move
from jalon.workspace.folder import Workspace

MEASURED = frozenset({BaselineRule.LAST_YEAR, BaselineRule.PREVIOUS})


def set_objectives(
    workspace: Workspace,
    objectives: Sequence[Objective],
    *,
    on: datetime.date,
    at: datetime.datetime,
    by: str = "",
) -> tuple[Objective, ...]:
    """Write objectives, new or changed, and return them with their baselines."""
    found = with_baselines(workspace, objectives, on=on)
    with transaction.atomic():
        objective_rows.save(found)
        AuditLine.objects.bulk_create(
            AuditLine(at=at, by=by, verb="set", noun="objective", key=objective.id)
            for objective in found
        )
    return tuple(found)


def measured_baselines(
    workspace: Workspace, objectives: Sequence[Objective], *, on: datetime.date
) -> list[Objective]:
    """Return the objectives; rewrite those whose open baseline can be told."""
    found = with_baselines(workspace, objectives, on=on)
    changed = [
        new for new, old in zip(found, objectives, strict=True) if new is not old
    ]
    if changed:
        with transaction.atomic():
            objective_rows.save(changed)
    return found


def with_baselines(
    workspace: Workspace, objectives: Sequence[Objective], *, on: datetime.date
) -> list[Objective]:
    """Return the objectives with the baselines the facts can tell; writes nothing."""
    catalogue = kpi_values.catalogue(workspace)
    open_ones = [
        one
        for one in objectives
        if one.baseline_rule in MEASURED
        and one.baseline is None
        and not one.is_closed
        and base_period(one).after <= on
        and one.kpi in catalogue
    ]
    if not open_ones:
        return list(objectives)
    values = baselines(workspace, open_ones, on=on)
    snapshot = current_snapshot(workspace)
    told = {
        one.id: replace(
            resolved(one, kpi=catalogue[one.kpi], baseline=value),
            baseline_snapshot=snapshot,
        )
        for one in open_ones
        if (value := values[one.id]) is not None
    }
    return [told.get(objective.id, objective) for objective in objectives]


def move(  # noqa: PLR0913 - who, when and why all belong to a move
    objective: Objective,
    new: State,
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
    by: str = "",
    comment: str = "",
) -> Objective:
    """Return the objective in its new state, written with who and why.

    Raises:
        UnableToMoveError: If the table has no such move for this actor.
    """
    check_move(objective.state, new, actor=actor)
    moved = replace(objective, state=new)
    with transaction.atomic():
        objective_rows.save([moved])
        Move.objects.create(
            objective_id=objective.id,
            former=objective.state.value,
            new=new.value,
            by=by,
            at=at,
            on=on,
            comment=comment,
        )
    return moved
