"""Close objectives past their end: freeze their figures, pin where these came from.

One without any figure (no facts, no denominator) stays open, since there is nothing to
freeze: a late import may still tell.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db import transaction

from jalon.domain.attainment.evaluation import Evaluation
from jalon.domain.attainment.status import Status
from jalon.domain.objectives.objective import Objective
from jalon.domain.objectives.states import Actor as Party
from jalon.domain.objectives.states import State, check_move
from jalon.records import evaluation_rows, objective_rows
from jalon.records.objectives import Move
from jalon.usecases.acting import SYSTEM, noon, note_each
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace

STATE_OF = {Status.REACHED: State.REACHED, Status.MISSED: State.MISSED}
PIN = "objectives closed"


def close(
    workspace: Workspace,
    objectives: Sequence[Objective],
    evaluations: Mapping[str, Evaluation],
    *,
    on: datetime.date,
) -> tuple[Objective, ...]:
    """Return the objectives that could be closed, written with their frozen figures.

    Their evaluations of that day are kept already.
    """
    closed = [
        replace(one, state=state, closed_on=on, closed_snapshot=final.snapshot)
        for one in objectives
        if (final := evaluations[one.id]).snapshot
        and (state := STATE_OF.get(final.status))
    ]
    for one in closed:
        check_move(State.ACTIVE, one.state, actor=Party.SYSTEM)
    snapshots = sorted({one.closed_snapshot for one in closed})
    for snapshot in snapshots:
        Generations(workspace.warehouse).pin(snapshot, PIN)
    with transaction.atomic():
        objective_rows.save(closed)
        for snapshot in snapshots:
            same = [one for one in closed if one.closed_snapshot == snapshot]
            evaluation_rows.freeze(same, on=on, snapshot=snapshot)
        Move.objects.bulk_create(_move(one, on) for one in closed)
        moved = {one.id: (State.ACTIVE, one.state) for one in closed}
        note_each(SYSTEM, "close", "objective", moved, at=noon(on))
    return tuple(closed)


def _move(objective: Objective, on: datetime.date) -> Move:
    return Move(
        objective_id=objective.id,
        former=State.ACTIVE.value,
        new=objective.state.value,
        by=SYSTEM.name,
        on=on,
    )
