"""Evaluate the objectives on a day, keep the figures, say what changed state, close.

An objective past its end closes by itself as reached or missed: its last figures are
frozen, and the generation they came from is pinned so that it is never pruned.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction

from jalon.domain.objectives.objective import Objective
from jalon.domain.objectives.states import FOLLOWED, State
from jalon.queries import beside, segments, what_if
from jalon.queries.evaluations import computed, current_snapshot
from jalon.queries.landings import Outlook
from jalon.records import evaluation_rows, objective_rows, reading_rows
from jalon.usecases.close_period import close
from jalon.usecases.raise_alerts import raise_alerts
from jalon.usecases.set_objective import measured_baselines
from jalon.workspace.folder import Workspace


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """What was evaluated and closed, from which snapshot."""

    on: datetime.date
    snapshot: str
    evaluated: int
    kept: int
    closed: tuple[str, ...]


def evaluate(
    workspace: Workspace,
    *,
    on: datetime.date,
    ids: Collection[str] | None = None,
    closing: bool = True,
) -> EvaluationReport:
    """Compute what is not kept yet for that day and snapshot; close what has ended.

    Asking again for the same day and snapshot changes nothing. An objective already
    closed is evaluated for a day before its end only, as history. Without `closing`
    (a look at a day to come) nothing is frozen.
    """
    objectives = measured_baselines(workspace, _followed(ids), on=on)
    moving = [one for one in objectives if not (_is_closed_by(one, on))]
    snapshot = current_snapshot(workspace)
    found = evaluation_rows.kept(moving, on=on, snapshot=snapshot)
    missing = [one for one in moving if one.id not in found]
    outlooks: dict[str, Outlook] = {}
    fresh = computed(workspace, missing, on=on, snapshot=snapshot, outlooks=outlooks)
    by_id = {objective.id: objective for objective in moving}
    readings = _readings(workspace, moving, on=on, snapshot=snapshot)
    readings += what_if.computed(
        workspace,
        [one for one in missing if one.id in outlooks],
        fresh,
        outlooks,
        on=on,
        snapshot=snapshot,
    )
    with transaction.atomic():
        evaluation_rows.keep(list(fresh.values()), objectives=by_id)
        reading_rows.keep(readings)
    if closing:
        raise_alerts(workspace, moving, on=on, snapshot=snapshot, whole=ids is None)
    ended = _ended(moving, on=on) if closing else []
    closed = close(workspace, ended, found | fresh, on=on)
    return EvaluationReport(
        on, snapshot, len(moving), len(fresh), tuple(one.id for one in closed)
    )


def _readings(
    workspace: Workspace,
    objectives: Sequence[Objective],
    *,
    on: datetime.date,
    snapshot: str,
) -> list[tuple[reading_rows.Key, reading_rows.Answer]]:
    """Return what the boards show beside the figures, where it is not kept yet."""
    lacking = beside.lacking(objectives, on=on, snapshot=snapshot)
    answers = beside.computed(workspace, lacking, on=on, snapshot=snapshot)
    found = [(beside.key_of(one, on, snapshot), answers[one.id]) for one in lacking]
    whole = segments.key_of(on, snapshot)
    if snapshot and not reading_rows.kept([whole]):
        told = segments.computed(workspace, on=on, snapshot=snapshot)
        found.append((whole, told))
    return found


def _followed(ids: Collection[str] | None) -> list[Objective]:
    known = objective_rows.load(ids).values()
    return [objective for objective in known if objective.state in FOLLOWED]


def _is_closed_by(objective: Objective, on: datetime.date) -> bool:
    return objective.is_closed and on >= objective.period.after


def _ended(objectives: Sequence[Objective], *, on: datetime.date) -> list[Objective]:
    return [
        one
        for one in objectives
        if one.state is State.ACTIVE and on >= one.period.after
    ]
