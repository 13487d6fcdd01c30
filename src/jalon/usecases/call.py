"""Say what a figure will be: committed and best case, kept apart from the model."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.db import transaction

from jalon.domain.forecast.calls import Call, Side, UnableToCallError, checked
from jalon.domain.objectives.objective import is_flow
from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.queries import kpi_values
from jalon.queries.board import line as line_of
from jalon.records import call_rows, objective_rows
from jalon.usecases.acting import Actor, authorise, note
from jalon.workspace.folder import Workspace

_REASONS = {
    "call.negative": "A call is 0 or more. Expected e.g. committed 40000, best 55000.",
    "call.best_below": (
        "The best case, {best}, is below what is committed, {committed}. Expected the "
        "same or more."
    ),
}
_CLOSED = "Calls are made while an objective runs: from {first} to {after} (excluded)."
_NO_SUM = "Only figures that add up are called: {kpi} is a rate, an average or a stock."


def call(  # noqa: PLR0913 - what is said, by whom, when
    workspace: Workspace,
    objective: str,
    *,
    committed: Decimal,
    best: Decimal,
    text: str,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
) -> Call:
    """Write a call and return it; the owner's side, else the manager's.

    Raises:
        ForbiddenError: If the actor may not.
        Refusal: If the objective does not run, or the figures are impossible.
    """
    known = objective_rows.load([objective])[objective]
    authorise(actor, Act.CALL, known.owner)
    period = known.period
    if known.is_closed or not period.first <= on < period.after:
        raise Refusal(_CLOSED, first=period.first, after=period.after)
    kpi = kpi_values.catalogue(workspace)[known.kpi]
    if not is_flow(kpi):
        raise Refusal(_NO_SUM, kpi=known.kpi)
    mine = known.owner == f"person:{actor.viewer.person_id}"
    line = line_of(workspace, objective, on=on)
    said = Call(
        objective=objective,
        side=Side.OWNER if mine else Side.MANAGER,
        committed=committed,
        best=best,
        landing=line.landing[1] if line and line.landing else None,
        on=on,
        text=text.strip(),
        by=actor.name,
    )
    try:
        checked(said)
    except UnableToCallError as error:
        sentence = _REASONS[error.reason]
        raise Refusal(sentence, best=best, committed=committed) from error
    with transaction.atomic():
        call_rows.add(said, at=at)
        told = {"side": said.side.value, "committed": committed, "best": best}
        note(actor, "call", "objective", objective, at=at, after=told)
    return said
