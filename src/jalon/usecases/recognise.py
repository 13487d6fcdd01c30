"""Recognition: propose what rules found, say it in one's own name, let it go, thank.

Nothing is ever said by the machine: a proposal waits for whoever leads the person, who
writes the words. A word said goes on the wall only if its author wants it there and the
person agrees to be shown.
"""

from __future__ import annotations

import datetime
import hashlib
import secrets
from dataclasses import dataclass

from django.db import transaction

from jalon.domain.people.permission import Act
from jalon.domain.recognition.merits import Kind
from jalon.domain.refusals import Refusal
from jalon.notifications import chat
from jalon.queries.recognition import found, known_person
from jalon.records.recognition import (
    LET_GO,
    PROPOSED,
    SAID,
    WITHDRAWN,
    Cheer,
    Screen,
    Shown,
    Word,
)
from jalon.usecases.acting import Actor, authorise, note
from jalon.workspace import vault
from jalon.workspace.folder import Workspace

LONGEST = 400  # letters of a word: it is read on a wall
LONGEST_LABEL = 80
CHEERED_WITHIN = datetime.timedelta(days=3)  # later, it is no news
_REASONS = {
    "unknown": "This word does not exist, or was said already.",
    "empty": "Write the word first, e.g. “Three quarters in a row: well done.”",
    "long": "The word is too long. Expected {most} characters at most.",
    "own": "Nobody thanks themselves.",
    "nobody": "{person} is nobody of the company. Expected somebody of the list.",
    "address": (
        "This is no address of a room that Jalon can write to. Expected e.g. "
        "slack://… or msteams://…, as Apprise writes them."
    ),
    "label": "Give it a name, e.g. “Hall, first floor”.",
}


class WordRefusedError(Refusal):
    """The word cannot be said so, and why."""


@dataclass(frozen=True, slots=True)
class NewScreen:
    """A screen just opened; its token is shown this once."""

    id: int
    token: str


def propose(workspace: Workspace, *, on: datetime.date, at: datetime.datetime) -> int:
    """Keep what deserves a word and was not proposed yet; return how many are new."""
    merits = found(workspace, on=on)
    before = Word.objects.count()
    Word.objects.bulk_create(
        [
            Word(
                person_id=one.person,
                kind=one.kind.value,
                merit=one.key,
                objective=one.objective,
                facts=dict(one.facts),
                earned_on=one.on,
                at=at,
            )
            for one in merits
        ],
        ignore_conflicts=True,
    )
    return Word.objects.count() - before


def say(
    word: int,
    text: str,
    *,
    wall: bool,
    lang: str,
    actor: Actor,
    at: datetime.datetime,
) -> Word:
    """Say a word that was proposed, in the actor's name and words.

    Raises:
        ForbiddenError: If the actor does not lead the person.
        WordRefusedError: If it is not waiting, or its text is empty or too long.
    """
    with transaction.atomic():
        row = _waiting(word, actor)
        row.state, row.text, row.wall, row.lang = SAID, _text(text), wall, lang
        row.by, row.at = actor.name, at
        row.save(update_fields=["state", "text", "wall", "lang", "by", "at"])
        note(actor, "say", "word", str(row.pk), at=at, person=row.person_id)
    return row


def let_go(word: int, *, actor: Actor, at: datetime.datetime) -> None:
    """Put a proposal aside: it is not proposed again.

    Raises:
        ForbiddenError: If the actor does not lead the person.
        WordRefusedError: If it is not waiting.
    """
    with transaction.atomic():
        row = _waiting(word, actor)
        row.state, row.by, row.at = LET_GO, actor.name, at
        row.save(update_fields=["state", "by", "at"])
        note(actor, "let_go", "word", str(row.pk), at=at, person=row.person_id)


def thank(  # noqa: PLR0913 - whom, for what, where, by whom, when
    workspace: Workspace,
    person: str,
    text: str,
    *,
    wall: bool,
    lang: str,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
) -> Word:
    """Thank a colleague, in one's own words.

    Raises:
        ForbiddenError: If the actor is nobody of the company.
        WordRefusedError: If the person is unknown or oneself, or the text is not right.
    """
    authorise(actor, Act.THANK, f"person:{person}")
    told = _text(text)
    if person == actor.viewer.person_id:
        raise WordRefusedError(_REASONS["own"])
    if not known_person(workspace, person, on=on):
        raise WordRefusedError(_REASONS["nobody"], person=person)
    with transaction.atomic():
        row = Word.objects.create(
            person_id=person,
            kind=Kind.THANKS.value,
            earned_on=on,
            state=SAID,
            text=told,
            lang=lang,
            wall=wall,
            by=actor.name,
            at=at,
        )
        note(actor, "thank", "word", str(row.pk), at=at, person=person)
    return row


def withdraw(word: int, *, actor: Actor, at: datetime.datetime) -> None:
    """Take back a word one said, or one said to oneself.

    Raises:
        WordRefusedError: If there is no such word of, or to, the actor.
    """
    with transaction.atomic():
        row = Word.objects.select_for_update().filter(pk=word, state=SAID).first()
        mine = row is not None and (
            row.by == actor.name or row.person_id == actor.viewer.person_id != ""
        )
        if row is None or not mine:
            raise WordRefusedError(_REASONS["unknown"])
        row.state = WITHDRAWN
        row.save(update_fields=["state"])
        note(actor, "withdraw", "word", str(row.pk), at=at, person=row.person_id)


def choose(*, wall: bool, compared: bool, actor: Actor, at: datetime.datetime) -> None:
    """Keep what the actor agrees to: to be on the wall, to be compared.

    Raises:
        ForbiddenError: If the actor is nobody of the company.
    """
    authorise(actor, Act.THANK, f"person:{actor.viewer.person_id}")
    person = actor.viewer.person_id
    told = {"wall": wall, "compared": compared, "at": at}
    with transaction.atomic():
        Shown.objects.update_or_create(person_id=person, defaults=told)
        note(actor, "choose", "shown", person, at=at, wall=wall, compared=compared)


def open_screen(label: str, *, actor: Actor, at: datetime.datetime) -> NewScreen:
    """Make the link of a screen; what it shows is public to whoever holds the link.

    Raises:
        ForbiddenError: If the actor may not change settings.
        WordRefusedError: If it has no name.
    """
    authorise(actor, Act.CHANGE_SETTINGS)
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        row = Screen.objects.create(
            digest=digest(token), label=_label(label), by=actor.name, at=at
        )
        note(actor, "open", "screen", str(row.pk), at=at, label=row.label)
    return NewScreen(row.pk, token)


def close_screen(screen: int, *, actor: Actor, at: datetime.datetime) -> None:
    """Close a screen: its link shows nothing any more.

    Raises:
        ForbiddenError: If the actor may not change settings.
    """
    authorise(actor, Act.CHANGE_SETTINGS)
    with transaction.atomic():
        closed = Screen.objects.filter(pk=screen, closed_at=None).update(closed_at=at)
        if closed:
            note(actor, "close", "screen", str(screen), at=at)


def add_room(
    workspace: Workspace,
    address: str,
    label: str,
    *,
    actor: Actor,
    at: datetime.datetime,
) -> None:
    """Add a chat room where the words on the wall are told.

    Raises:
        ForbiddenError: If the actor may not change settings.
        WordRefusedError: If the address is none, or the room has no name.
    """
    authorise(actor, Act.CHANGE_SETTINGS)
    if not chat.known(address):
        raise WordRefusedError(_REASONS["address"])
    sealed = vault.sealed(workspace, {"address": address})
    with transaction.atomic():
        row = Cheer.objects.create(
            sealed=sealed, label=_label(label), by=actor.name, at=at
        )
        note(actor, "add", "room", str(row.pk), at=at, label=row.label)


def remove_room(room: int, *, actor: Actor, at: datetime.datetime) -> None:
    """Write to a room no more.

    Raises:
        ForbiddenError: If the actor may not change settings.
    """
    authorise(actor, Act.CHANGE_SETTINGS)
    with transaction.atomic():
        if Cheer.objects.filter(pk=room).delete()[0]:
            note(actor, "remove", "room", str(room), at=at)


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _waiting(word: int, actor: Actor) -> Word:
    row = Word.objects.select_for_update().filter(pk=word, state=PROPOSED).first()
    if row is None:
        raise WordRefusedError(_REASONS["unknown"])
    authorise(actor, Act.RECOGNISE, f"person:{row.person_id}")
    return row


def _text(text: str) -> str:
    told = " ".join(text.split())
    if not told:
        raise WordRefusedError(_REASONS["empty"])
    if len(told) > LONGEST:
        raise WordRefusedError(_REASONS["long"], most=LONGEST)
    return told


def _label(label: str) -> str:
    told = " ".join(label.split())[:LONGEST_LABEL]
    if not told:
        raise WordRefusedError(_REASONS["label"])
    return told
