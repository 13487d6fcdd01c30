"""Re-target an objective: the new target is added, the former one stays for ever."""

from __future__ import annotations

import datetime
from dataclasses import replace

from django.db import transaction

from jalon.domain.objectives.objective import Objective, Revision
from jalon.domain.objectives.revising import revised
from jalon.records import objective_rows
from jalon.records.audit import AuditLine


def retarget(
    objective: Objective, revision: Revision, *, at: datetime.datetime, by: str = ""
) -> Objective:
    """Return the objective with its new target, written with its reason and author.

    Raises:
        UnableToRetargetError: If it is closed, the day is outside its period, or the
            reason is not of the list.
    """
    changed = revised(objective, replace(revision, at=at, by=by))
    with transaction.atomic():
        objective_rows.save([changed])
        AuditLine.objects.create(
            at=at,
            by=by,
            verb="retarget",
            noun="objective",
            key=objective.id,
            details={
                "former": str(objective.target),
                "new": str(revision.new),
                "effective_on": revision.effective_on.isoformat(),
                "reason": revision.reason,
            },
        )
    return changed
