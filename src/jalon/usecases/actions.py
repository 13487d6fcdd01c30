"""Plan, change, finish, take up again and drop the actions of an objective.

Who may act on the objective may act on its plan; whoever an action is given to may say
it is done.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from django.db import transaction

from jalon.domain.objectives import plan
from jalon.domain.objectives.objective import Action, Objective
from jalon.domain.people.permission import Act, Subject, may
from jalon.domain.refusals import Refusal
from jalon.records import objective_rows
from jalon.usecases.acting import Actor, authorise, note
from jalon.usecases.undoable import PLAN, Former, offer

PERSON = "person:"
_REASONS = {
    "action.says_nothing": "This action says nothing. Expected e.g. {example}.",
    "action.closed": "This objective is closed: its plan stays as it was.",
    "action.changed_meanwhile": (
        "The plan changed meanwhile. Read it again, then try once more."
    ),
    "action.done_already": "This action is done already.",
}
_EXAMPLE = "Rappeler les dix propositions de mai"


class PlanRefusedError(Refusal):
    """The plan of actions cannot be changed so, and why."""


def plan_action(
    objective: str, action: Action, *, actor: Actor, at: datetime.datetime
) -> Objective:
    """Add an action to an objective's plan.

    Raises:
        ForbiddenError: If the actor may not.
        PlanRefusedError: If it says nothing, or the objective is closed.
    """
    return _changed(
        objective, lambda one: plan.planned(one, action), "plan", actor=actor, at=at
    )


def rewrite_action(
    objective: str,
    rank: int,
    action: Action,
    *,
    known: str,
    actor: Actor,
    at: datetime.datetime,
) -> Objective:
    """Write one action anew; `known` is the text the actor has read.

    Raises:
        ForbiddenError: If the actor may not.
        PlanRefusedError: If the plan changed meanwhile, or the objective is closed.
    """
    return _changed(
        objective,
        lambda one: plan.rewritten(one, rank, action, known=known),
        "rewrite",
        actor=actor,
        at=at,
    )


def finish_action(  # noqa: PLR0913 - which line, what it gave, who and when
    objective: str,
    rank: int,
    *,
    known: str,
    result: str,
    on: datetime.date,
    actor: Actor,
    at: datetime.datetime,
) -> Objective:
    """Say that an action is done, and what it gave.

    Raises:
        ForbiddenError: If the actor may not.
        PlanRefusedError: If the plan changed meanwhile, or it is done already.
    """
    by = f"{PERSON}{actor.viewer.person_id}" if actor.viewer.person_id else actor.name
    return _changed(
        objective,
        lambda one: plan.finished(one, rank, known=known, on=on, by=by, result=result),
        "finish",
        actor=actor,
        at=at,
        rank=rank,
    )


def reopen_action(
    objective: str, rank: int, *, known: str, actor: Actor, at: datetime.datetime
) -> Objective:
    """Say that an action is to be done after all.

    Raises:
        ForbiddenError: If the actor may not.
        PlanRefusedError: If the plan changed meanwhile, or the objective is closed.
    """
    return _changed(
        objective,
        lambda one: plan.reopened(one, rank, known=known),
        "reopen",
        actor=actor,
        at=at,
        rank=rank,
    )


def drop_action(
    objective: str, rank: int, *, known: str, actor: Actor, at: datetime.datetime
) -> Objective:
    """Take an action off the plan.

    Raises:
        ForbiddenError: If the actor may not.
        PlanRefusedError: If the plan changed meanwhile, or the objective is closed.
    """
    return _changed(
        objective,
        lambda one: plan.dropped(one, rank, known=known),
        "drop",
        actor=actor,
        at=at,
    )


def _changed(
    objective: str,
    change: Callable[[Objective], Objective],
    verb: str,
    *,
    actor: Actor,
    at: datetime.datetime,
    rank: int | None = None,
) -> Objective:
    with transaction.atomic():
        former = objective_rows.locked(objective)
        _authorise(actor, former, rank)
        try:
            new = change(former)
        except plan.UnableToActError as error:
            sentence = _REASONS[error.reason]
            raise PlanRefusedError(sentence, example=_EXAMPLE) from error
        objective_rows.save([new])
        note(
            actor,
            verb,
            "plan",
            objective,
            at=at,
            before=[one for one in former.actions if one not in new.actions],
            after=[one for one in new.actions if one not in former.actions],
        )
        told = {"objective": objective, "rank": rank}
        cells = {"then": _cells(former.actions), "now": _cells(new.actions)}
        offer(PLAN, told | cells, actor=actor, at=at)
    return new


def restore_plan(former: Former, *, actor: Actor, at: datetime.datetime) -> Objective:
    """Put a plan back as it was before a write, if nothing came since.

    Raises:
        ForbiddenError: If the actor may not act on it any more.
        PlanRefusedError: If it changed since, or the objective is closed.
    """
    return _changed(
        former["objective"],
        lambda one: _restored(one, former),
        "rewrite",
        actor=actor,
        at=at,
        rank=former["rank"],
    )


def _restored(now: Objective, former: Former) -> Objective:
    if now.is_closed:
        raise plan.UnableToActError("action.closed")
    if _cells(now.actions) != former["now"]:
        raise plan.UnableToActError("action.changed_meanwhile")
    return replace(now, actions=tuple(_action(one) for one in former["then"]))


def _cells(actions: Iterable[Action]) -> list[dict[str, Any]]:
    """Return actions as they are kept in JSON."""
    return [
        {
            name: value.isoformat() if isinstance(value, datetime.date) else value
            for name, value in asdict(one).items()
        }
        for one in actions
    ]


def _action(cells: Mapping[str, Any]) -> Action:
    days = {
        name: datetime.date.fromisoformat(cells[name]) if cells[name] else None
        for name in ("due", "done_on")
    }
    return Action(**{**cells, **days})


def _authorise(actor: Actor, objective: Objective, rank: int | None) -> None:
    """Let in who may act on the objective, or on the line given to them."""
    if rank is not None and 0 <= rank < len(objective.actions):
        owner = objective.actions[rank].owner
        given = owner if owner.startswith(PERSON) else f"{PERSON}{owner}"
        if owner and may(actor.viewer, Act.ACT, subject=Subject(given)):
            return
    authorise(actor, Act.ACT, objective.owner)
