"""Where somebody is logged in: each browser listed, each ended on its own.

A session's row is made at its first page and goes with the session itself.
"""

from __future__ import annotations

import datetime

from django.contrib.sessions.models import Session
from django.db import transaction

from jalon.records.accounts import User
from jalon.records.sessions import OpenSession
from jalon.usecases.acting import Actor, note

LONGEST = 300


def remember_session(
    user_id: int, key: str, *, agent: str, address: str, at: datetime.datetime
) -> None:
    """Write or refresh the row of a session."""
    told = {"user_id": user_id, "seen_at": at}
    made = {"began_at": at, "agent": agent[:LONGEST], "address": address[:45]}
    OpenSession.objects.update_or_create(
        key=key, defaults=told, create_defaults=told | made
    )


def end_session(
    user_id: int, session_id: int, *, actor: Actor, at: datetime.datetime
) -> bool:
    """End one session of one's own; return whether there was one."""
    with transaction.atomic():
        user = User.objects.get(pk=user_id)
        found = OpenSession.objects.filter(pk=session_id, user=user).first()
        if found is None or user.email != actor.name:
            return False
        Session.objects.filter(pk=found.key).delete()
        found.delete()
        note(actor, "log_out", "account", user.email, at=at, sessions=1)
    return True


def forget_ended_sessions(*, at: datetime.datetime) -> None:
    """Remove the rows of sessions that are over."""
    living = Session.objects.filter(expire_date__gt=at)
    OpenSession.objects.exclude(key__in=living.values("session_key")).delete()
