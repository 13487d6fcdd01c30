"""Say that a recognition a pay run proposed was given: by whom, and when."""

from __future__ import annotations

import datetime

from django.db import transaction

from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.records.pay import PayReward
from jalon.usecases.acting import Actor, authorise, note

NOUN = "pay"
_NO_REWARD = "There is no such recognition to give. Expected one of the list."
_GIVEN = "It was given already, on {day} by {by}."


def give_reward(reward: int, *, actor: Actor, at: datetime.datetime) -> None:
    """Keep that a recognition was given.

    Raises:
        ForbiddenError: If the actor does not settle this person's pay.
        Refusal: If there is no such proposal, or it was given.
    """
    with transaction.atomic():
        row = (
            PayReward.objects.select_for_update()
            .filter(pk=reward)
            .order_by("id")
            .first()
        )
        if row is None:
            raise Refusal(_NO_REWARD)
        owner = f"person:{row.person_id}"
        authorise(actor, Act.SETTLE_PAY, owner)
        if row.given_at:
            raise Refusal(_GIVEN, day=row.given_at.date(), by=row.given_by)
        row.given_by, row.given_at = actor.name, at
        row.save(update_fields=["given_by", "given_at"])
        note(actor, "reward", NOUN, owner, at=at, reward=row.key)
