"""Assess a graded statement: the owner and the manager each say a level, with evidence.

Neither replaces the other; the evaluation is made again at once, so boards follow.
"""

from __future__ import annotations

import datetime

from django.db import transaction

from jalon.domain.objectives import graded
from jalon.domain.objectives.objective import Assessment, Objective
from jalon.domain.objectives.states import Actor as Party
from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.records import objective_rows
from jalon.usecases.acting import Actor, forbidden, note, parties
from jalon.usecases.evaluate import evaluate
from jalon.workspace.folder import Workspace

_REASONS = {
    "assess.not_graded": (
        "This objective follows a figure: it is not assessed by hand. "
        "Expected a graded statement."
    ),
    "assess.closed": "This objective is closed: its level is frozen.",
    "assess.not_begun": "This objective has not begun: nothing can be assessed yet.",
    "assess.level": "Expected a level from 1 to 4.",
    "assess.evidence": (
        "The evidence is missing. Say what shows the level reached, e.g. {example}."
    ),
    "assess.side": "Expected the word of the owner or of the manager.",
}
_EXAMPLE = "Compte rendu de la revue du 12 mai"


class AssessmentRefusedError(Refusal):
    """The assessment cannot be taken, and why."""


def sides_of(actor: Actor, owner: str) -> tuple[str, ...]:
    """Return the sides the actor may speak for: "owner", "manager", both or none."""
    mine = parties(actor, owner)
    found = ["owner"] if Party.OWNER in mine else []
    if {Party.MANAGER, Party.DIRECTOR} & set(mine):
        found.append("manager")
    return tuple(found)


def assess(  # noqa: PLR0913 - side, level, evidence, who and when all belong to it
    workspace: Workspace,
    objective: str,
    *,
    side: str,
    level: int,
    evidence: str,
    on: datetime.date,
    actor: Actor,
    at: datetime.datetime,
) -> Objective:
    """Keep what one side says of a graded statement, and evaluate it.

    Raises:
        ForbiddenError: If the actor does not stand on that side.
        AssessmentRefusedError: If it is closed or no graded statement, or something is
            missing.
    """
    by = actor.viewer.person_id or actor.name
    said = Assessment(side=side, level=level, on=on, evidence=evidence.strip(), by=by)
    with transaction.atomic():
        former = objective_rows.locked(objective)
        if side not in sides_of(actor, former.owner):
            raise forbidden(Act.DECIDE if side == "manager" else Act.PROPOSE)
        try:
            new = graded.assessed(former, said)
        except graded.UnableToAssessError as error:
            sentence = _REASONS[error.reason]
            raise AssessmentRefusedError(sentence, example=_EXAMPLE) from error
        objective_rows.save([new])
        note(actor, "assess", "objective", objective, at=at, after=said)
    evaluate(workspace, on=on, ids=[objective])
    return new
