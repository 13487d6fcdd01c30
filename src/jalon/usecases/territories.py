"""Draw up a distribution of accounts, draw it up anew, decide on it, or drop it.

The solver runs before the transaction. A decision changes no fact: it is the list of
moves to carry out in the CRM, and what each changes in targets.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.domain.territories.assign import Move, Proposal, Territory, assigned
from jalon.domain.territories.effects import Effects, effects
from jalon.domain.territories.states import Stage, moved_on
from jalon.domain.territories.wishes import Weights, Wishes
from jalon.queries.territories import Asked, Ground, ground
from jalon.records.territories import TerritoryPlan
from jalon.usecases.acting import Actor, authorise, note, plain
from jalon.usecases.meanwhile import must_stand
from jalon.workspace.folder import Workspace

SECONDS = 20.0
NOBODY = ""
_NO_PLAN = "There is no distribution {plan}. Expected one of the list."
_NO_REASON = (
    "Say in a sentence why accounts change hands: it is kept with the decision."
    ' Example: "Sarah joins the team and takes over the west."'
)
_CAP = "{found} is no number of moves. Expected a whole number from 0 on, e.g. 50."
_TOLERANCE = "{found} is no tolerance. Expected a share from 0 to 1, e.g. 0.05."
_STRANGERS = (
    "These accounts are not of {scope}: {accounts}. Expected ids of its accounts."
)
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Decision:
    """From when accounts change hands, and why."""

    effective_on: datetime.date
    reason: str


def draw_up(
    workspace: Workspace,
    title: str,
    asked: Asked,
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
) -> int:
    """Write a new draft and return its number.

    Raises:
        ForbiddenError: If the actor may not decide for the scope.
        Refusal: If what is asked cannot be, or no distribution is found in time.
    """
    authorise(actor, Act.DECIDE, asked.scope)
    found = _found(workspace, asked, on=on)
    with transaction.atomic():
        plan = TerritoryPlan.objects.create(
            title=title.strip() or f"{asked.scope} {on.isoformat()}",
            scope=asked.scope,
            created_by=actor.name,
            drawn_at=at,
            on=on,
            **found,
        )
        _noted(plan, "create", actor=actor, at=at)
    return int(plan.pk)


def draw_anew(  # noqa: PLR0913 - what, who, two clocks, and what was read
    workspace: Workspace,
    plan: int,
    asked: Asked,
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
    seen: str | None = None,
) -> None:
    """Replace what a draft found, asked otherwise; its scope stays.

    `seen` is the `mark` of what was asked of the draft that its author read.

    Raises:
        WrittenMeanwhileError: If somebody drew it anew since it was read.
        ForbiddenError: If the actor may not decide for the scope.
        DecidedError: If it is no draft any more.
        Refusal: If what is asked cannot be, or there is no such draft.
    """
    former = _known(plan)
    authorise(actor, Act.DECIDE, former.scope)
    moved_on(Stage(former.state), Stage.DRAFT)
    found = _found(workspace, asked, on=on)
    with transaction.atomic():
        one = _held(plan)
        moved_on(Stage(one.state), Stage.DRAFT)
        before = one.asked
        must_stand(seen, before, plain(asked), noun="territories", key=str(plan))
        for name, value in {**found, "on": on, "drawn_at": at}.items():
            setattr(one, name, value)
        one.save()
        _noted(one, "draw_anew", actor=actor, at=at, before=before)


def apply(
    plan: int,
    decision: Decision,
    *,
    actor: Actor,
    at: datetime.datetime,
    seen: str | None = None,
) -> None:
    """Make a draft a decision, with its day and its reason.

    `seen` is the `mark` of what was asked of the draft that one decides on.

    Raises:
        WrittenMeanwhileError: If somebody drew it anew since it was read.
        ForbiddenError: If the actor may not decide for the scope.
        DecidedError: If it is no draft any more.
        Refusal: If the reason is missing.
    """
    if not decision.reason.strip():
        raise Refusal(_NO_REASON)
    _close(plan, Stage.APPLIED, decision, actor=actor, at=at, seen=seen)


def drop(plan: int, *, actor: Actor, on: datetime.date, at: datetime.datetime) -> None:
    """Give a draft up; it is kept.

    Raises:
        ForbiddenError: If the actor may not decide for the scope.
        DecidedError: If it is no draft any more.
    """
    _close(plan, Stage.DROPPED, Decision(on, ""), actor=actor, at=at)


def _close(
    plan: int,
    stage: Stage,
    decision: Decision,
    *,
    actor: Actor,
    at: datetime.datetime,
    seen: str | None = None,
) -> None:
    with transaction.atomic():
        one = _held(plan)
        authorise(actor, Act.DECIDE, one.scope)
        must_stand(seen, one.asked, {}, noun="territories", key=str(plan))
        one.state = moved_on(Stage(one.state), stage)
        one.decided_by, one.decided_at = actor.name, at
        one.reason = decision.reason.strip()
        one.effective_on = decision.effective_on if stage is Stage.APPLIED else None
        one.save()
        verb = "apply" if stage is Stage.APPLIED else "drop"
        _noted(one, verb, actor=actor, at=at, reason=one.reason or None)


def _noted(
    plan: TerritoryPlan,
    verb: str,
    *,
    actor: Actor,
    at: datetime.datetime,
    **more: object,
) -> None:
    moves = plan.answer["moves"]
    after = {"scope": plan.scope, "moves": len(moves), "asked": plan.asked}
    if verb == "apply":
        after["hands"] = {
            move["account"]: [move["former"], move["new"]] for move in moves
        }
        after["effective_on"] = plan.effective_on
    note(actor, verb, "territories", str(plan.pk), at=at, after=after, **more)


def _found(workspace: Workspace, asked: Asked, *, on: datetime.date) -> dict[str, Any]:
    """Return the fields of a draft: what was asked, what was found, of which facts."""
    if asked.most_moves is not None and asked.most_moves < 0:
        raise Refusal(_CAP, found=asked.most_moves)
    if not 0 <= asked.tolerance <= 1:
        raise Refusal(_TOLERANCE, found=asked.tolerance)
    start = ground(workspace, asked, on=on)
    if strangers := sorted(asked.locks - set(start.account_names)):
        named = ", ".join(strangers[:_NAMED])
        raise Refusal(_STRANGERS, scope=asked.scope, accounts=named)
    wishes = Wishes(
        start.accounts,
        start.people,
        Weights(tolerance=asked.tolerance),
        most_moves=asked.most_moves,
        seconds=SECONDS,
    )
    proposal = assigned(wishes)
    carried = effects(proposal.moves, proposal.before, start.left)
    return {
        "asked": plain(asked),
        "answer": plain(_answer(start, proposal, carried)),
        "snapshot": start.snapshot,
    }


def _answer(start: Ground, proposal: Proposal, carried: Effects) -> dict[str, object]:
    accounts = {one.id: one for one in start.accounts}
    return {
        "people": [
            _side(one.id, one.region, start, proposal, carried) for one in start.people
        ],
        "moves": [
            _move(one.move, one.amount, one.reason, start)
            | {
                "region": accounts[one.move.account].region,
                "workload": accounts[one.move.account].workload,
            }
            for one in carried.moves
        ],
        "accounts": len(start.accounts),
        "locked": sum(one.locked for one in start.accounts),
        "taken": proposal.taken,
        "gap": proposal.gap,
        "worked": start.worked,
        "from_deals": start.from_deals,
        "period": [start.period.first, start.period.after] if start.period else None,
    }


def _side(
    person: str, region: str, start: Ground, proposal: Proposal, carried: Effects
) -> dict[str, object]:
    line = start.targets.get(person)
    return {
        "id": person,
        "name": start.people_names[person],
        "region": region,
        "before": _told(proposal.before[person]),
        "after": _told(proposal.after[person]),
        "objective": line.id if line else "",
        "target": line.target if line else None,
        "left": start.left.get(person),
        "change": carried.changes.get(person, Decimal(0)),
    }


def _told(one: Territory) -> dict[str, object]:
    return {
        "accounts": one.accounts,
        "potential": round(one.potential, 2),
        "workload": round(one.workload, 2),
        "inside": one.inside,
    }


def _move(
    move: Move, amount: Decimal | None, reason: str, start: Ground
) -> dict[str, object]:
    return {
        "account": move.account,
        "name": start.account_names[move.account],
        "former": move.former,
        "former_name": start.people_names.get(move.former, move.former),
        "new": move.new,
        "new_name": start.people_names[move.new],
        "potential": round(move.potential, 2),
        "given": move.given,
        "target": amount,
        "reason": reason,
    }


def _known(plan: int) -> TerritoryPlan:
    found = TerritoryPlan.objects.filter(pk=plan).first()
    if found is None:
        raise Refusal(_NO_PLAN, plan=plan)
    return found


def _held(plan: int) -> TerritoryPlan:
    """Return a distribution, held until the end of the transaction."""
    try:
        return TerritoryPlan.objects.select_for_update().get(pk=plan)
    except TerritoryPlan.DoesNotExist as error:
        raise Refusal(_NO_PLAN, plan=plan) from error
