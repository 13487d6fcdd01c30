"""Take back one's last write: once, for a while, and only where nothing came since.

A write that can be undone keeps what was there before (`undoable.offer`). Undoing is a
write of its own: checked anew, and told by the journal.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as noop

from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.records.accounts import User
from jalon.records.alert_rows import NOTED
from jalon.records.alerts import Alert, AlertDeed
from jalon.records.views import SavedView, Tiles, Undoable
from jalon.usecases.acting import Actor, authorise, note
from jalon.usecases.actions import PlanRefusedError, restore_plan
from jalon.usecases.check_in import take_back
from jalon.usecases.undoable import (
    ALERT_NOTE,
    CHECK_IN,
    PLAN,
    TILES,
    VIEW,
    WHILE,
    Former,
)

_NOT_YOURS = noop("There is nothing of yours to undo here.")
_DONE = noop("This was undone already.")
_LATE = noop("It is too late to undo this: expected within {minutes} minutes.")
_SINCE = noop("This cannot be undone: it was changed again since.")


class UnableToUndoError(Refusal):
    """What was done stays: it is too late, undone already, or changed since."""


class NothingToUndoError(Refusal):
    """There is no such write of the actor's."""


def undo(number: int, *, actor: Actor, at: datetime.datetime) -> str:
    """Put back what was there before; return the kind of what is undone.

    Raises:
        NothingToUndoError: If it is not the actor's.
        UnableToUndoError: If it is too late, or something came since.
        ForbiddenError: If the actor may not do that any more.
    """
    with transaction.atomic():
        rows = Undoable.objects.select_for_update()
        row = rows.filter(pk=number, user__email=actor.name).first()
        if row is None:
            raise NothingToUndoError(_NOT_YOURS)
        if row.undone_at is not None:
            raise UnableToUndoError(_DONE)
        if at - row.at > WHILE:
            raise UnableToUndoError(_LATE, minutes=int(WHILE.total_seconds() // 60))
        key = _PUT_BACK[row.kind](row.former, row.user, actor, row.at)
        Undoable.objects.filter(pk=row.pk).update(undone_at=at)
        note(actor, "undo", row.kind, key, at=at)
    return str(row.kind)


def _view_again(
    former: Former, user: User, _actor: Actor, at: datetime.datetime
) -> str:
    try:
        with transaction.atomic():
            made = SavedView.objects.create(user=user, at=at, **former)
    except IntegrityError as error:  # another took its name
        raise UnableToUndoError(_SINCE) from error
    return str(made.pk)


def _waits_again(
    former: Former, user: User, actor: Actor, at: datetime.datetime
) -> str:
    alert = Alert.objects.filter(pk=former["alert"]).first()
    if alert is None:
        raise UnableToUndoError(_SINCE)
    authorise(actor, Act.SEE_ALERTS, alert.owner)
    gone, _kinds = AlertDeed.objects.filter(
        alert=alert, user=user, kind=NOTED, at=at
    ).delete()
    if not gone:
        raise UnableToUndoError(_SINCE)
    return str(alert.about)


def _tiles_again(
    former: Former, user: User, _actor: Actor, _at: datetime.datetime
) -> str:
    rows = Tiles.objects.filter(user=user, screen=former["screen"])
    now = rows.values("order", "hidden").first()
    if now != former["now"]:
        raise UnableToUndoError(_SINCE)
    rows.delete()
    if former["then"] is not None:
        Tiles.objects.create(user=user, screen=former["screen"], **former["then"])
    return str(former["screen"])


def _plan_again(
    former: Former, _user: User, actor: Actor, at: datetime.datetime
) -> str:
    try:
        restore_plan(former, actor=actor, at=at)
    except PlanRefusedError as error:
        raise UnableToUndoError(_SINCE) from error
    return str(former["objective"])


def _point_again(
    former: Former, _user: User, actor: Actor, at: datetime.datetime
) -> str:
    if not take_back(former["check_in"], actor=actor, at=at):
        raise UnableToUndoError(_SINCE)
    return str(former["check_in"])


_PUT_BACK: dict[str, Callable[[Former, User, Actor, datetime.datetime], str]] = {
    VIEW: _view_again,
    ALERT_NOTE: _waits_again,
    TILES: _tiles_again,
    PLAN: _plan_again,
    CHECK_IN: _point_again,
}
