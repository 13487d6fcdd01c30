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
from jalon.domain.objectives.states import MOVES, State, check_move
from jalon.domain.people.permission import Act
from jalon.queries import kpi_values
from jalon.queries.evaluations import base_period, baselines, current_snapshot
from jalon.records import objective_rows
from jalon.records.objectives import Move
from jalon.usecases.acting import (
    SYSTEM,
    Actor,
    authorise,
    changed,
    forbidden,
    noon,
    note,
    note_each,
    parties,
)
from jalon.workspace.folder import Workspace

DRAFTS = frozenset({State.DRAFT, State.PROPOSED, State.CONTESTED})
MEASURED = frozenset({BaselineRule.LAST_YEAR, BaselineRule.PREVIOUS})


def set_objectives(
    workspace: Workspace,
    objectives: Sequence[Objective],
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
) -> tuple[Objective, ...]:
    """Write objectives, new or changed, and return them with their baselines.

    A draft is proposed; anything that binds somebody is decided.

    Raises:
        ForbiddenError: If the actor may not, for one of them; nothing is written.
    """
    former = objective_rows.load([one.id for one in objectives])
    for one in objectives:
        for version in filter(None, (former.get(one.id), one)):
            act = Act.PROPOSE if version.state in DRAFTS else Act.DECIDE
            authorise(actor, act, version.owner)
    found = with_baselines(workspace, objectives, on=on)
    with transaction.atomic():
        objective_rows.save(found)
        changes = {one.id: changed(former.get(one.id), one) for one in found}
        note_each(actor, "set", "objective", changes, at=at)
    return tuple(found)


def measured_baselines(
    workspace: Workspace, objectives: Sequence[Objective], *, on: datetime.date
) -> list[Objective]:
    """Return the objectives; rewrite those whose open baseline can be told.

    It is measured when the facts arrive, and the audit keeps it as of that day.
    """
    found = with_baselines(workspace, objectives, on=on)
    told = {
        new.id: changed(old, new)
        for new, old in zip(found, objectives, strict=True)
        if new is not old
    }
    if told:
        with transaction.atomic():
            objective_rows.save([one for one in found if one.id in told])
            note_each(SYSTEM, "measure", "objective", told, at=noon(on))
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


def move(
    objective: Objective,
    new: State,
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
    comment: str = "",
) -> Objective:
    """Return the objective in its new state, written with who and why.

    Raises:
        ForbiddenError: If the actor is nothing to the objective.
        UnableToMoveError: If the table has no such move for what the actor is to it.
    """
    mine = parties(actor, objective.owner)
    if not mine:
        raise forbidden(Act.DECIDE)
    able = MOVES.get((objective.state, new), frozenset())
    check_move(
        objective.state, new, actor=next((one for one in mine if one in able), mine[0])
    )
    moved = replace(objective, state=new)
    with transaction.atomic():
        objective_rows.save([moved])
        note(
            actor,
            "move",
            "objective",
            objective.id,
            at=at,
            before=objective.state,
            after=new,
            comment=comment or None,
        )
        Move.objects.create(
            objective_id=objective.id,
            former=objective.state.value,
            new=new.value,
            by=actor.name,
            at=at,
            on=on,
            comment=comment,
        )
    return moved
