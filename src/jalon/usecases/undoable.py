"""Writes that can be taken back: what was there is kept for a quarter of an hour.

`usecases.undo` puts it back. `offer` belongs in the transaction of the write.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from jalon.records.accounts import User
from jalon.records.views import Undoable
from jalon.usecases.acting import Actor

WHILE = datetime.timedelta(minutes=15)
VIEW, ALERT_NOTE, TILES = "view", "alert_note", "tiles"
PLAN, CHECK_IN = "plan", "check_in"
Former = Mapping[str, Any]


def offer(kind: str, former: Former, *, actor: Actor, at: datetime.datetime) -> int:
    """Keep what takes a write back; return its number, 0 for who has no account."""
    account = User.objects.filter(email=actor.name).first()
    if account is None:
        return 0
    Undoable.objects.filter(at__lt=at - WHILE, user=account).delete()
    made = Undoable.objects.create(user=account, kind=kind, former=dict(former), at=at)
    return int(made.pk)


def offered(kind: str, *, actor: Actor, at: datetime.datetime) -> int:
    """Return the number of what takes back the actor's write of then, 0 for none."""
    rows = Undoable.objects.filter(kind=kind, user__email=actor.name, at=at)
    return int(rows.order_by("-pk").values_list("pk", flat=True).first() or 0)
