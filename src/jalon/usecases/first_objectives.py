"""Set first objectives from the models: several at once, for the company and others.

Where the company and its teams take up the same model, the teams' objectives hang under
the company's. What is set already stays as it is.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_FLOOR, Decimal

from django.utils.translation import gettext_noop as noop

from jalon.domain.objectives.models import Model
from jalon.domain.objectives.objective import Objective, is_flow
from jalon.domain.objectives.states import State
from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.queries import kpi_values
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

ROUNDING = Decimal("0.01")
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
    known = owners(workspace, on=on)
    carried = known.of(wish.owner)
    whole = adapted(workspace, model, wish, COMPANY, on=on)
    found = {
        owner: whole
        if owner == COMPANY
        else adapted(workspace, model, wish, owner, on=on)
        for owner in carried
    }
    told = {owner: aimed(own, wish.aim, whole) for owner, own in found.items()}
    # A team without a past of its own has no target yet: its turn comes with facts.
    targets = {owner: one for owner, one in told.items() if one is not None}
    if not targets:
        raise UnableToSetError(_NO_TARGET, model=model.label[lang])
    above = parents(targets, known.above)
    if is_flow(kpi_values.catalogue(workspace)[model.kpi]):
        targets = adding_up(targets, above, known=bool(whole.baseline))
    return [
        replace(
            drafted(
                found[owner], id=identifier(found[owner]), lang=lang, target=target
            ),
            state=State.ACTIVE,
            parent=identifier(found[above[owner]]) if owner in above else "",
        )
        for owner, target in targets.items()
    ]


def parents(targets: Mapping[str, Decimal], above: Mapping[str, str]) -> dict[str, str]:
    """Return whose objective each hangs under: the team above, else the company's."""
    found = {}
    for owner in targets:
        upper = above.get(owner, "")
        upper = upper if upper in targets else COMPANY
        if owner.startswith("team:") and upper in targets:
            found[owner] = upper
    return found


def adding_up(
    targets: Mapping[str, Decimal], above: Mapping[str, str], *, known: bool
) -> dict[str, Decimal]:
    """Return targets of amounts whose parts make the whole they hang under.

    What rounding left goes to the largest part. Without a past to share by (`known`),
    the parts are equal. Wholes come before their parts.
    """
    found = dict(targets)
    waiting = [owner for owner in targets if owner not in above]
    while waiting:
        whole = waiting.pop()
        under = [owner for owner, upper in above.items() if upper == whole]
        parts = {owner: found[owner] for owner in under}
        if parts:
            found |= _parts(parts, found[whole], known=known)
        waiting += under
    return found


def _parts(
    parts: dict[str, Decimal], whole: Decimal, *, known: bool
) -> dict[str, Decimal]:
    if not known:
        each = (whole / len(parts)).quantize(Decimal(1), ROUND_FLOOR)
        parts = dict.fromkeys(parts, each)
    left = whole - sum(parts.values(), Decimal(0))
    if not known or abs(left) <= whole * ROUNDING:
        parts[max(parts, key=lambda owner: parts[owner])] += left
    return parts
