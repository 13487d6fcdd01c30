"""Try the ways one chose to be told by, and have a message sent once more."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from jalon.domain.refusals import Refusal
from jalon.notifications import chat, mail
from jalon.notifications.mail import UnsentError
from jalon.records import notice_rows
from jalon.records.accounts import User
from jalon.records.audit import AuditLine
from jalon.records.notice_rows import MAIL, TRY, Leaving
from jalon.usecases.acting import Actor, note
from jalon.usecases.leaving import leaving

VERB, NOUN = "try", "notifications"
REST = datetime.timedelta(seconds=30)  # between two trials
LEAVING = datetime.timedelta(minutes=15)  # no message takes longer to leave

_SUBJECT = "{company}: a trial from Jalon"
_TEXT = "It works: your alerts can reach you here. Nothing else to do.\n"


class UnableToTryError(Refusal):
    """The ways cannot be tried now, and why."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One way tried: its place among the chats (0 is the mail), and what came of it."""

    rank: int
    label: str
    reason: str = ""

    @property
    def arrived(self) -> bool:
        """Return whether it was accepted."""
        return not self.reason


def try_notices(
    company: str, *, actor: Actor, at: datetime.datetime
) -> tuple[Tried, ...]:
    """Send a word by each way the actor keeps; say what came of each.

    Raises:
        UnableToTryError: If no way is kept, or another trial just left.
    """
    user = User.objects.get(email=actor.name)
    wishes = notice_rows.wishes_of(user.pk)
    if not wishes.mail and not wishes.channels:
        raise UnableToTryError("Choose a way first: the mail, or an address of a chat.")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # two clicks, one trial
        last = AuditLine.objects.filter(by=actor.name, at__gt=at - REST)
        if last.filter(verb=VERB, noun=NOUN).exists():
            raise UnableToTryError("A trial just left: wait half a minute.")
        note(actor, VERB, NOUN, actor.name, at=at)
    subject, text = _(_SUBJECT).format(company=company), _(_TEXT)
    ways = [(0, MAIL, partial(mail.send, user.email))] if wishes.mail else []
    for rank, address in enumerate(wishes.channels, start=1):
        ways.append((rank, chat.veiled(address), partial(chat.send, address)))
    done = []
    for rank, label, send in ways:
        message = Leaving(user=user.pk, kind=TRY, way=label)
        try:
            with leaving(message, at=at):
                send(subject=subject, text=text)
            done.append(Tried(rank, label))
        except UnsentError as error:
            done.append(Tried(rank, label, str(error)))
    return tuple(done)


def send_again(delivery: int, *, actor: Actor, at: datetime.datetime) -> bool:
    """Let a message of the actor's, given up or cut short, leave once more.

    False where there is none such: it left, or it may still be leaving.
    """
    user = User.objects.get(email=actor.name)
    with transaction.atomic():
        done = notice_rows.wait_again(delivery, user.pk, at=at, cut_before=at - LEAVING)
        if done:
            note(actor, "again", NOUN, str(delivery), at=at)
    return done
