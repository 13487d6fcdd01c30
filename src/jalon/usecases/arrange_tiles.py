"""Arrange one's own page: which tiles, in which order; or as they come."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import transaction

from jalon.queries.tiles import TILES_OF, Arrangement
from jalon.records.accounts import User
from jalon.records.views import Tiles
from jalon.usecases.acting import Actor, note
from jalon.usecases.undoable import TILES, offer


def arrange(
    screen: str,
    *,
    order: Sequence[str],
    shown: Sequence[str],
    actor: Actor,
    at: datetime.datetime,
) -> int:
    """Keep an order and what is shown; return what takes it back.

    Names that are no tile are left out; tiles not named come last, as they come.
    """
    known = TILES_OF[screen]
    named = [name for name in dict.fromkeys(order) if name in known]
    whole = (*named, *(name for name in known if name not in named))
    hidden = tuple(name for name in whole if name not in shown)
    return _kept(screen, Arrangement(whole, hidden), actor=actor, at=at)


def as_they_come(screen: str, *, actor: Actor, at: datetime.datetime) -> int:
    """Forget one's arrangement; return what takes that back."""
    return _kept(screen, None, actor=actor, at=at)


def _kept(
    screen: str, wanted: Arrangement | None, *, actor: Actor, at: datetime.datetime
) -> int:
    account = User.objects.get(email=actor.name)
    now = _told(wanted) if wanted else None
    with transaction.atomic():
        rows = Tiles.objects.filter(user=account, screen=screen)
        then = rows.values("order", "hidden").first()
        if now is None:
            rows.delete()
        else:
            Tiles.objects.update_or_create(user=account, screen=screen, defaults=now)
        note(actor, "set", "tiles", screen, at=at, before=then, after=now)
        former = {"screen": screen, "then": then, "now": now}
        return offer(TILES, former, actor=actor, at=at)


def _told(wanted: Arrangement) -> dict[str, list[str]]:
    return {"order": list(wanted.order), "hidden": list(wanted.hidden)}
