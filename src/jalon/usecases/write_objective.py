"""Write one objective under the focus guard: one too many asks for a reason, openly.

The reason stays on the objective (`overruled`), where everybody reads it, and in the
audit.
"""

from __future__ import annotations

import datetime
from dataclasses import replace

from jalon.domain.objectives.objective import Objective
from jalon.domain.refusals import Refusal
from jalon.queries.focus import Warned, warned
from jalon.usecases.acting import Actor
from jalon.usecases.set_objective import set_objectives
from jalon.workspace.folder import Workspace

_SENTENCES = {
    "focus.too_many_objectives": (
        "{name} would carry {count} objectives at once; {most} at most keep a person's "
        "focus. Give one up, or say why this one is needed."
    ),
    "focus.too_many_kpis": (
        "{name} would follow {count} KPIs at once; {most} at most keep a team's "
        "focus. Give one up, or say why this one is needed."
    ),
}


class OneTooManyError(Refusal):
    """The focus guard asks for a reason; `warned` says what could be given up."""

    def __init__(self, found: Warned) -> None:
        super().__init__(
            _SENTENCES[found.finding],
            name=found.owner_name,
            count=found.count,
            most=found.most,
        )
        self.warned = found


def write_objective(
    workspace: Workspace,
    objective: Objective,
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
    overrule: str = "",
) -> Objective:
    """Write an objective and return it with its baseline.

    Raises:
        ForbiddenError: If the actor may not.
        OneTooManyError: If it is one too many and `overrule` gives no reason.
    """
    found = warned(workspace, objective, on=on)
    reason = overrule.strip() or objective.overruled
    if found is not None and not reason:
        raise OneTooManyError(found)
    told = replace(objective, overruled=reason if found is not None else "")
    (written,) = set_objectives(workspace, [told], actor=actor, on=on, at=at)
    return written
