"""Keep a list by a name, rename it, share it by a link, put it away.

A view is an address, never figures: whoever follows its link reads the screen with
their own rights.
"""

from __future__ import annotations

import datetime
import secrets
from urllib.parse import parse_qsl, urlencode

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as noop

from jalon.domain.refusals import Refusal
from jalon.queries.saved_views import SCREENS
from jalon.records.accounts import User
from jalon.records.views import SavedView
from jalon.usecases.acting import Actor, note
from jalon.usecases.undoable import VIEW, offer

LONGEST_NAME, LONGEST_QUERY, MOST = 80, 2000, 100
_LEFT_OUT = frozenset({"page", "before"})  # where one was in the list
_NO_NAME = noop(
    "This view has no name. Expected up to {most} letters, e.g. SMEs in T3."
)
_TAKEN = noop("You have a view named {name} on this screen. Expected another name.")
_NO_SCREEN = noop("No list can be kept of this page. Expected e.g. the objectives.")
_TOO_LONG = noop(
    "This list is narrowed by too much to be kept. Expected fewer filters."
)
_TOO_MANY = noop("You keep {most} views already. Delete one first.")


class UnableToKeepError(Refusal):
    """The view cannot be kept or named so: why."""


class NoSuchViewError(Refusal):
    """There is no such view of the actor's."""


def keep(
    screen: str, name: str, query: str, *, actor: Actor, at: datetime.datetime
) -> int:
    """Keep a list; return the number of the view.

    Raises:
        UnableToKeepError: If the name or the list cannot be used.
    """
    named, kept = _named(name), _plain(query)
    if screen not in SCREENS:
        raise UnableToKeepError(_NO_SCREEN)
    if len(kept) > LONGEST_QUERY:
        raise UnableToKeepError(_TOO_LONG)
    account = _account(actor)
    if SavedView.objects.filter(user=account).count() >= MOST:
        raise UnableToKeepError(_TOO_MANY, most=MOST)
    try:
        with transaction.atomic():
            made = SavedView.objects.create(
                user_id=account, screen=screen, name=named, query=kept, at=at
            )
            after = {"name": named, "screen": screen}
            note(actor, "add", "view", str(made.pk), at=at, after=after)
    except IntegrityError as error:
        raise UnableToKeepError(_TAKEN, name=named) from error
    return int(made.pk)


def rename(view: int, name: str, *, actor: Actor, at: datetime.datetime) -> None:
    """Give one's view another name.

    Raises:
        NoSuchViewError: If it is not the actor's.
        UnableToKeepError: If the name cannot be used.
    """
    row, named = _own(view, actor), _named(name)
    try:
        with transaction.atomic():
            SavedView.objects.filter(pk=row.pk).update(name=named)
            note(
                actor,
                "change",
                "view",
                str(row.pk),
                at=at,
                before=row.name,
                after=named,
            )
    except IntegrityError as error:
        raise UnableToKeepError(_TAKEN, name=named) from error


def share(view: int, *, shared: bool, actor: Actor, at: datetime.datetime) -> None:
    """Make a link to one's view, or take it back: the next one is another link.

    Raises:
        NoSuchViewError: If it is not the actor's.
    """
    row = _own(view, actor)
    if bool(row.link) is shared:
        return
    with transaction.atomic():
        link = secrets.token_urlsafe(24) if shared else None
        SavedView.objects.filter(pk=row.pk).update(link=link)
        after = {"name": row.name, "shared": shared}
        note(actor, "change", "view", str(row.pk), at=at, after=after)


def drop(view: int, *, actor: Actor, at: datetime.datetime) -> int:
    """Delete one's view; return what takes it back.

    Raises:
        NoSuchViewError: If it is not the actor's.
    """
    row = _own(view, actor)
    former = {
        "screen": row.screen,
        "name": row.name,
        "query": row.query,
        "link": row.link,
    }
    with transaction.atomic():
        SavedView.objects.filter(pk=row.pk).delete()
        note(actor, "remove", "view", str(row.pk), at=at, before=row.name)
        return offer(VIEW, former, actor=actor, at=at)


def _own(view: int, actor: Actor) -> SavedView:
    row = SavedView.objects.filter(pk=view, user=_account(actor)).first()
    if row is None:
        raise NoSuchViewError("This view is not there, or not yours.")
    return row


def _account(actor: Actor) -> int:
    return int(User.objects.values_list("pk", flat=True).get(email=actor.name))


def _named(name: str) -> str:
    named = " ".join(name.split())
    if not named or len(named) > LONGEST_NAME:
        raise UnableToKeepError(_NO_NAME, most=LONGEST_NAME)
    return named


def _plain(query: str) -> str:
    """Return a query string written anew: pairs only, without where one was."""
    pairs = parse_qsl(query.lstrip("?"))
    return urlencode([(name, value) for name, value in pairs if name not in _LEFT_OUT])
