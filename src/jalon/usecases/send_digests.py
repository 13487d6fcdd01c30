"""Mail each person their week: once a week, in their language, until they say no.

The week is kept before the mail leaves, so that two workers never write twice. A link
of the mail, signed with the workspace's key, stops it in one click (RFC 8058).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from zoneinfo import ZoneInfo

from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override

from jalon.domain.people.permission import COMPANY, Act, Viewer
from jalon.domain.people.roles import Role
from jalon.domain.refusals import Refusal
from jalon.notifications.digest_words import letter
from jalon.notifications.letters import Page, post
from jalon.notifications.mail import UnsentError
from jalon.notifications.weekly_words import Speech
from jalon.queries.board import lines
from jalon.queries.digest import Digest as Week
from jalon.queries.digest import digest
from jalon.queries.pages import Line
from jalon.queries.viewers import viewer
from jalon.records.accounts import User
from jalon.records.surveys import Digest as Kept
from jalon.records.surveys import NoDigest
from jalon.usecases.acting import Actor, authorise, note
from jalon.usecases.hearing import may_hear
from jalon.workspace.folder import Workspace

SALT = "jalon.digest"
VERB, NOUN = "mail", "digest"
MOST = 50  # of one look of the worker, which has other things to do


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of a mail; `leave` makes one of a token."""

    home: str
    settings: str
    leave: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Sent:
    """How many mails left, how many did not, how many had nothing to say."""

    sent: int = 0
    unsent: int = 0
    empty: int = 0


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose digest a link stops: their account, its language, who they act as."""

    account: int
    lang: str
    actor: Actor


class NobodyError(Refusal):
    """There is no such account."""


def links(root: str) -> Links:
    """Return the addresses of a mail; `root` is where people read Jalon."""
    return Links(
        home=f"{root}/",
        settings=root + reverse("notifications"),
        leave=lambda token: root + reverse("digest_out", args=[token]),
    )


def token_of(user: User) -> str:
    """Return the token that stops somebody's digest."""
    return signing.dumps(user.pk, salt=SALT, compress=True)


def holder_of(token: str) -> Holder | None:
    """Return whose digest a token stops; None where forged, or the account is gone."""
    try:
        key = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=key, is_active=True).first()
    if user is None:
        return None
    actor = Actor(Viewer(Role(user.role), user.person_id), user.email)
    return Holder(user.pk, user.language, actor)


def wants(account: int) -> bool:
    """Return whether an account wants the digest; all do that did not say no."""
    return not NoDigest.objects.filter(user=account).exists()


def wish(*, wanted: bool, actor: Actor, at: datetime.datetime) -> None:
    """Keep whether the actor wants their digest: their own word, said by them alone."""
    user = User.objects.get(email=actor.name)
    with transaction.atomic():
        if wanted:
            changed, _rows = NoDigest.objects.filter(user=user).delete()
        else:
            _kept, changed = NoDigest.objects.get_or_create(
                user=user, defaults={"at": at}
            )
        if changed:
            note(actor, "wish", NOUN, user.email, at=at, after=wanted)


def page_of(
    workspace: Workspace, email: str, links: Links, *, on: datetime.date
) -> Page:
    """Return somebody's mail of a day, whether or not it would be sent.

    Raises:
        NobodyError: If no open account has that e-mail.
        NoDataError: If nothing was imported yet.
    """
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise NobodyError(
            "No account has the e-mail {email}. Expected one of: jalon accounts list.",
            email=email,
        )
    every = lines(workspace, on=on)
    return _letter(workspace, user, _week(workspace, user, every, on), links)


def send_digests(  # noqa: PLR0913 - to whom, by whom, when, how many
    workspace: Workspace,
    links: Links,
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
    most: int | None = None,
    by_hours: bool = False,
) -> Sent:
    """Send the week to whoever has not had it, at most so many.

    `by_hours` leaves those who may not be told now, by their own hours, for later.

    Raises:
        ForbiddenError: If the actor may not.
        NoDataError: If nothing was imported yet.
    """
    authorise(actor, Act.DECIDE, COMPANY)
    year, number, _day = on.isocalendar()
    week = f"{year}-W{number:02}"
    waiting = (
        User.objects.filter(is_active=True, no_digest=None)
        .exclude(digests__week=week)
        .select_related("wish")
        .order_by("pk")
    )
    local = at.astimezone(ZoneInfo(workspace.settings.timezone))
    hearing = (one for one in waiting if not by_hours or may_hear(one, local))
    users = list(islice(hearing, most))
    sent = unsent = empty = 0
    every = lines(workspace, on=on) if users else ()
    for user in users:
        if not _taken(user, week, at):
            continue
        found = _week(workspace, user, every, on)
        if found.is_empty:
            Kept.objects.filter(user=user, week=week).update(unsent=True)
            empty += 1
            continue
        try:
            post(_letter(workspace, user, found, links))
            sent += 1
        except UnsentError as error:
            unsent += 1
            if not error.permanent:  # the server is away: all wait for the next look
                Kept.objects.filter(user=user, week=week).delete()
                break
            Kept.objects.filter(user=user, week=week).update(unsent=True)
    if sent:
        note(actor, VERB, NOUN, week, at=at, after=sent)
    return Sent(sent, unsent, empty)


def _taken(user: User, week: str, at: datetime.datetime) -> bool:
    """Return whether this mail is ours to send: another worker may have it."""
    try:
        with transaction.atomic():
            Kept.objects.create(user=user, week=week, at=at)
    except IntegrityError:
        return False
    return True


def _week(
    workspace: Workspace, user: User, every: Sequence[Line], on: datetime.date
) -> Week:
    who = viewer(
        workspace,
        person_id=user.person_id,
        role=user.role,
        on=on,
        grants=user.grants,
    )
    return digest(workspace, who, every, name=user.name, email=user.email, on=on)


def _letter(workspace: Workspace, user: User, found: Week, links: Links) -> Page:
    lang = user.language or workspace.settings.language
    with override(lang):
        return letter(
            found,
            Speech(lang, workspace.settings.currency),
            to=user.email,
            home=links.home,
            settings=links.settings,
            leave=links.leave(token_of(user)),
        )
