"""Ask by mail for the point due: a link that opens it alone, two mails at most.

A token names one person and one week or month, signed with the workspace's key: it
opens that point to be written, and shows nothing of anybody else.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from jalon.domain.feedback.checkins import Rhythm, period_of, reminder_due
from jalon.notifications import mail
from jalon.queries.accounts import active_of_person
from jalon.queries.check_ins import rhythms
from jalon.queries.organisation import people_of
from jalon.queries.viewers import viewer
from jalon.records.accounts import User
from jalon.records.check_ins import CheckIn, Reminder
from jalon.records.notice_rows import REMINDER, Leaving
from jalon.usecases.acting import Actor
from jalon.usecases.leaving import leaving
from jalon.workspace.folder import Workspace

SALT = "jalon.check-in"
READERS = "reader"
Link = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Asked:
    """How many people were reminded, and who could not be (their person)."""

    sent: int
    unsent: tuple[str, ...]


def linking(root: str) -> Link:
    """Return how a token becomes an address people can open; `root` is Jalon's."""
    return lambda token: root + reverse("check_in_by_mail", args=[token])


def token_for(person: str, *, on: datetime.date, rhythm: Rhythm = Rhythm.WEEKLY) -> str:
    """Return the token of that person's point of the period of a day."""
    first = period_of(on, rhythm)
    return signing.dumps([person, first.isoformat()], salt=SALT)


def holder_of(workspace: Workspace, token: str, *, on: datetime.date) -> Actor | None:
    """Return who a token speaks for; None where forged, of another time, or gone."""
    try:
        person, first = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    account = active_of_person(str(person))
    running = period_of(on, rhythms(workspace).of(str(person)))
    if account is None or first != running.isoformat():
        return None
    email, role = account
    who = viewer(workspace, person_id=str(person), role=role, on=on)
    return Actor(who, email)


def remind(
    workspace: Workspace, *, link: Link, on: datetime.date, at: datetime.datetime
) -> Asked:
    """Write to those whose point is due and missing; run again, nobody hears twice.

    `link` makes an address of a token. The reminder is kept before its mail leaves: one
    cut short is not sent again.
    """
    known, here = rhythms(workspace), people_of(workspace, on=on)
    sent, unsent = 0, []
    for rhythm in Rhythm:
        asked = {one.person_id for one in here if known.of(one.person_id) is rhythm}
        for user, count in _silent(asked, rhythm, on):
            first = period_of(on, rhythm)
            if not _taken(user.person_id, first, count + 1, at):
                continue
            token = token_for(user.person_id, on=on, rhythm=rhythm)
            message = Leaving(user=user.pk, kind=REMINDER, about=first.isoformat())
            try:
                with leaving(message, at=at):
                    _send(workspace, user, link(token), rhythm)
                sent += 1
            except mail.UnsentError:
                unsent.append(user.person_id)
    return Asked(sent, tuple(unsent))


def _silent(
    asked: Collection[str], rhythm: Rhythm, on: datetime.date
) -> Iterator[tuple[User, int]]:
    """Yield who is due a reminder of their point, with how many they had of it."""
    first = period_of(on, rhythm)
    told = CheckIn.objects.filter(
        first=first, rhythm=rhythm.value, handed_at__isnull=False
    )
    said = set(told.values_list("person_id", flat=True))
    reminders = Reminder.objects.filter(first=first)
    had = Counter(reminders.values_list("person_id", flat=True))
    accounts = User.objects.filter(is_active=True, person_id__in=set(asked) - said)
    for user in accounts.exclude(role=READERS).order_by("person_id"):
        if reminder_due(on, sent=had[user.person_id], rhythm=rhythm):
            yield user, had[user.person_id]


def _taken(person: str, first: datetime.date, rank: int, at: datetime.datetime) -> bool:
    """Return whether this reminder is ours to send: another run may have it."""
    try:
        with transaction.atomic():
            Reminder.objects.create(
                person_id=person, first=first, rank=rank, sent_at=at
            )
    except IntegrityError:
        return False
    return True


def _send(workspace: Workspace, user: User, link: str, rhythm: Rhythm) -> None:
    with translation.override(user.language or "fr"):
        subject, until = _words(rhythm)
        subject = subject.format(company=workspace.settings.company)
        text = _(
            "Hello {name},\n\nhow do you feel about your objectives, what blocks, what "
            "does the field say? One minute, from this link, without logging in:\n"
            "{link}\n\nIt serves {until}. There is one more reminder at most.\n"
        ).format(name=user.name.split(" ")[0], link=link, until=until)
    mail.send(user.email, subject=subject, text=text)


def _words(rhythm: Rhythm) -> tuple[str, str]:
    """Return the subject of a reminder, and until when its link serves."""
    if rhythm is Rhythm.MONTHLY:
        return _("{company}: your point of the month, one minute"), _(
            "until the end of the month"
        )
    return _("{company}: your point of the week, one minute"), _("until Sunday evening")
