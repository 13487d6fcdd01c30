"""Say that an alert was seen, take note of it, plan an action for it."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db import transaction

from jalon.domain.objectives.objective import Action
from jalon.domain.people.permission import Act, within
from jalon.domain.refusals import Refusal
from jalon.records import alert_rows
from jalon.records.accounts import User
from jalon.records.alert_rows import ACTION, NOTED, SEEN, Deed, Kept
from jalon.usecases.acting import Actor, authorise, note
from jalon.usecases.actions import plan_action
from jalon.usecases.undoable import ALERT_NOTE, offer

LONGEST = 500


class NoSuchAlertError(Refusal):
    """No alert of that number that the actor may see."""


def see(ids: Collection[int], *, actor: Actor, at: datetime.datetime) -> int:
    """Remember that the actor saw these alerts; return how many they may see."""
    shown = _shown(ids, actor)
    alert_rows.add_deeds(
        [one.id for one in shown],
        Deed(by=actor.name, kind=SEEN, at=at),
        user=_account(actor),
    )
    return len(shown)


def take_note(
    alert: int, *, text: str = "", actor: Actor, at: datetime.datetime
) -> int:
    """Say that the actor knows and deals with it, in their words if they wish.

    Returns what takes it back (`usecases.undo`).

    Raises:
        NoSuchAlertError: If there is none, or none for them.
        ForbiddenError: If they may not.
    """
    found = _one(alert, actor)
    deed = Deed(by=actor.name, kind=NOTED, at=at, text=text.strip()[:LONGEST])
    with transaction.atomic():
        alert_rows.add_deeds([found.id], deed, user=_account(actor))
        note(actor, "acknowledge", "alert", found.about, at=at, after=deed.text or None)
        return offer(ALERT_NOTE, {"alert": found.id}, actor=actor, at=at)


def act_on(
    alert: int,
    action: Action,
    *,
    objective: str,
    actor: Actor,
    at: datetime.datetime,
) -> None:
    """Plan an action on an objective because of an alert, and keep the link.

    Raises:
        NoSuchAlertError: If there is none, or none for them.
        ForbiddenError: If they may not change the plan.
        PlanRefusedError: If it says nothing, or the objective is closed.
    """
    found = _one(alert, actor)
    if found.objective and found.objective != objective:
        raise NoSuchAlertError("This alert is about another objective.")
    deed = Deed(
        by=actor.name, kind=ACTION, at=at, text=action.action, objective=objective
    )
    with transaction.atomic():
        plan_action(objective, action, actor=actor, at=at)
        alert_rows.add_deeds([found.id], deed, user=_account(actor))


def _one(alert: int, actor: Actor) -> Kept:
    shown = _shown([alert], actor)
    if not shown:
        raise NoSuchAlertError("This alert is not there, or not for you to see.")
    authorise(actor, Act.SEE_ALERTS, shown[0].owner)
    return shown[0]


def _shown(ids: Collection[int], actor: Actor) -> tuple[Kept, ...]:
    owners = within(actor.viewer, Act.SEE_ALERTS)
    return alert_rows.some(owners, ids=ids, most=max(1, len(ids)))


def _account(actor: Actor) -> int | None:
    return User.objects.filter(email=actor.name).values_list("pk", flat=True).first()
