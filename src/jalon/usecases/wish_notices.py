"""Say how one wants to be told of alerts."""

from __future__ import annotations

import datetime
from dataclasses import asdict

from django.db import transaction

from jalon.domain.refusals import Refusal
from jalon.notifications import chat
from jalon.notifications.quiet import RHYTHMS, due
from jalon.records import notice_rows
from jalon.records.accounts import User
from jalon.records.notice_rows import MAIL, Wishes
from jalon.usecases.acting import Actor, note
from jalon.usecases.hearing import hours_of
from jalon.usecases.tell_alerts import channel_of

MOST = 5


class WishRefusedError(Refusal):
    """These wishes cannot be kept, and why."""


def wish_notices(wishes: Wishes, *, actor: Actor, at: datetime.datetime) -> None:
    """Keep how the actor's own account wants to be told.

    What still waits by a way given up is taken back; the rest waits for the new hours.
    `at` is in the company's time zone. The audit keeps no address.

    Raises:
        WishRefusedError: If an address names no known service, or there are too many.
    """
    if wishes.rhythm not in RHYTHMS:
        raise WishRefusedError("Expected a rhythm: each, daily or weekly.")
    if len(wishes.channels) > MOST:
        raise WishRefusedError("Expected at most {most} addresses.", most=MOST)
    for rank, address in enumerate(wishes.channels, start=1):
        if not chat.known(address):
            raise WishRefusedError(
                "Line {line} names no service that Jalon can write to. Expected e.g. "
                "{example}.",
                line=rank,
                example="slack://TokenA/TokenB/TokenC",
            )
    user = User.objects.get(email=actor.name)
    ways = [MAIL] if wishes.mail else []
    ways += [channel_of(one) for one in wishes.channels]
    shown = asdict(wishes) | {"channels": [chat.veiled(one) for one in wishes.channels]}
    with transaction.atomic():
        notice_rows.keep_wishes(user.pk, wishes)
        notice_rows.drop_waiting(user.pk, keeping=ways)
        notice_rows.put_off(user.pk, due(hours_of(wishes), at))
        note(actor, "change", "notifications", actor.name, at=at, after=shown)
