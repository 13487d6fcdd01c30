"""Re-target an objective: the new target is added, the former one stays for ever."""

from __future__ import annotations

import datetime
from dataclasses import replace

from django.db import transaction

from jalon.domain.objectives.objective import Objective, Revision
from jalon.domain.objectives.revising import revised
from jalon.domain.people.permission import Act
from jalon.records import objective_rows
from jalon.usecases.acting import Actor, authorise, note


def retarget(
    objective: Objective, revision: Revision, *, actor: Actor, at: datetime.datetime
) -> Objective:
    """Return the objective with its new target, written with its reason and author.

    Raises:
        ForbiddenError: If the actor may not decide on its owner's objectives.
        UnableToRetargetError: If it is closed, the day is outside its period, or the
            reason is not of the list.
    """
    authorise(actor, Act.DECIDE, objective.owner)
    changed = revised(objective, replace(revision, at=at, by=actor.name))
    with transaction.atomic():
        objective_rows.save([changed])
        note(
            actor,
            "retarget",
            "objective",
            objective.id,
            at=at,
            before=objective.target,
            after=revision.new,
            effective_on=revision.effective_on,
            reason=revision.reason,
        )
    return changed
