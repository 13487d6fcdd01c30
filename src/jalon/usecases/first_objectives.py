"""Set first objectives from the models: several at once, for the company and others.

Where the company and its teams take up the same model, the teams' objectives hang under
the company's. What is set already stays as it is.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext_noop as noop

from jalon.domain.objectives.models import Model
from jalon.domain.objectives.objective import Objective
from jalon.domain.objectives.states import State
from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.queries.first_objectives import (
    COMPANY,
    Wish,
    adapted,
    aimed,
    identifier,
    owners,
)
from jalon.queries.model_adaptation import drafted
from jalon.queries.models import models_of
from jalon.records import objective_rows
from jalon.usecases.acting import Actor, authorise
from jalon.usecases.evaluate import evaluate
from jalon.usecases.set_objective import set_objectives
from jalon.workspace.folder import Workspace

_NOTHING = noop("No model is ticked. Tick at least one, e.g. the first.")
_NO_TARGET = noop(
    "{model}: there is no figure to start from, so a change says nothing. "
    "Expected a target, e.g. 50."
)


class UnableToSetError(Refusal):
    """Nothing was set: why, and what was expected."""


def set_first_objectives(
    workspace: Workspace,
    wishes: Mapping[str, Wish],
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
    lang: str,
) -> tuple[Objective, ...]:
    """Set the objectives wished, evaluate them, and return those that are new.

    Raises:
        ForbiddenError: If the actor may not decide for one of the owners.
        UnableToSetError: If nothing is wished, or a target is missing.
        UnreadableAimError: If what was typed as a target is none.
    """
    chosen = [one for one in models_of(workspace) if one.key in wishes]
    if not chosen:
        raise UnableToSetError(_NOTHING)
    found = [
        objective
        for model in chosen
        for objective in _of_model(workspace, model, wishes[model.key], on, lang)
    ]
    for objective in found:
        authorise(actor, Act.DECIDE, objective.owner)
    known = objective_rows.load([one.id for one in found])
    new = [one for one in found if one.id not in known]
    done = set_objectives(workspace, new, actor=actor, on=on, at=at)
    evaluate(workspace, on=on, ids=[one.id for one in done])
    return done


def _of_model(
    workspace: Workspace, model: Model, wish: Wish, on: datetime.date, lang: str
) -> list[Objective]:
    carried = owners(workspace, on=on).of(wish.owner)
    whole = adapted(workspace, model, wish, COMPANY, on=on)
    made = []
    for owner in carried:
        own = whole
        if owner != COMPANY:
            own = adapted(workspace, model, wish, owner, on=on)
        target = aimed(own, wish.aim, whole)
        if target is None:
            continue  # a team without a past of its own: its turn comes with facts
        objective = drafted(own, id=identifier(own), lang=lang, target=target)
        parent = identifier(whole) if owner != COMPANY and COMPANY in carried else ""
        made.append(replace(objective, state=State.ACTIVE, parent=parent))
    if not made:
        raise UnableToSetError(_NO_TARGET, model=model.label[lang])
    return made
