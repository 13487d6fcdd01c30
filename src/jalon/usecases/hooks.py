"""Webhooks: made for an account that may connect machines, tried, stopped."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db import transaction

from jalon.connectors.transport.outward import judged
from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.notifications.webhook import Sent, new_secret, send
from jalon.records.accounts import User
from jalon.records.hook_rows import KINDS, WAITING
from jalon.records.machines import Hook, HookDelivery
from jalon.usecases.acting import Actor, authorise, note
from jalon.workspace.folder import Workspace
from jalon.workspace.vault import sealed, unsealed

MOST = 20
BY_HAND = "by_hand"


class UnableToHookError(Refusal):
    """A webhook cannot be made or changed so: why."""


def make(
    workspace: Workspace,
    url: str,
    events: Collection[str],
    *,
    actor: Actor,
    at: datetime.datetime,
) -> tuple[int, str]:
    """Write a webhook and return it with its secret, shown this once.

    Raises:
        ForbiddenError: If the actor may not connect machines.
        AddressRefusedError: If the address is none, or must not be called from here.
        UnableToHookError: If no event is chosen, or there are too many.
    """
    authorise(actor, Act.CONNECT)
    chosen = [kind for kind in KINDS if kind in set(events)]
    if not chosen:
        raise UnableToHookError(
            "Choose at least one event among {known}.", known=", ".join(KINDS)
        )
    address, secret = judged(url), new_secret()
    with transaction.atomic():
        user = User.objects.filter(email=actor.name).first()
        if user is None:
            raise UnableToHookError(
                "A webhook belongs to an account: log in to make it."
            )
        if Hook.objects.filter(stopped_at=None).count() >= MOST:
            raise UnableToHookError(
                "There are {most} webhooks. Stop one first.", most=MOST
            )
        made = Hook.objects.create(
            user=user,
            url=address,
            events=chosen,
            secret=sealed(workspace, {"secret": secret}),
            made_at=at,
        )
        note(actor, "make", "webhook", str(made.pk), at=at, after=chosen)
    return int(made.pk), secret


def stop(hook: int, *, actor: Actor, at: datetime.datetime) -> None:
    """Stop a webhook; nothing leaves for it any more.

    Raises:
        ForbiddenError: If the actor may not connect machines.
    """
    _switch(hook, stopped_at=at, stopped=BY_HAND, verb="stop", actor=actor, at=at)


def resume(hook: int, *, actor: Actor, at: datetime.datetime) -> None:
    """Let a webhook leave again, from now on: what waited meanwhile is sent.

    Raises:
        ForbiddenError: If the actor may not connect machines.
    """
    _switch(hook, stopped_at=None, stopped="", verb="resume", actor=actor, at=at)


def again(delivery: int, *, actor: Actor, at: datetime.datetime) -> None:
    """Have a message that was given up, or cut short, sent once more.

    Raises:
        ForbiddenError: If the actor may not connect machines.
    """
    authorise(actor, Act.CONNECT)
    with transaction.atomic():
        rows = HookDelivery.objects.filter(pk=delivery).exclude(state="sent")
        if rows.update(state=WAITING, due_at=at, tries=0):
            note(actor, "again", "webhook", str(delivery), at=at)


def attempt(
    workspace: Workspace, hook: int, *, actor: Actor, at: datetime.datetime
) -> Sent:
    """Send an event that says nothing but that it is a trial; say what came of it.

    Raises:
        ForbiddenError: If the actor may not connect machines.
    """
    authorise(actor, Act.CONNECT)
    found = _known(hook)
    told = {
        "id": f"try_{found.pk}_{int(at.timestamp())}",
        "type": "trial",
        "at": at.isoformat(),
        "owner": "company",
        "data": {},
    }
    secret = unsealed(workspace, found.secret)["secret"]
    return send(found.url, told, secret=secret, at=at)


def _switch(
    hook: int,
    *,
    stopped_at: datetime.datetime | None,
    stopped: str,
    verb: str,
    actor: Actor,
    at: datetime.datetime,
) -> None:
    authorise(actor, Act.CONNECT)
    _known(hook)
    with transaction.atomic():
        Hook.objects.filter(pk=hook).update(stopped_at=stopped_at, stopped=stopped)
        note(actor, verb, "webhook", str(hook), at=at)


def _known(hook: int) -> Hook:
    found = Hook.objects.filter(pk=hook).first()
    if found is None:
        raise UnableToHookError("There is no such webhook.")
    return found
