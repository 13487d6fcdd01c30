"""Take the point: keep a draft, hand it in, read somebody's and answer it.

A person writes their own and nobody else's. Once handed in, the point may be completed
until somebody above has read it; then it stays as it was read. The audit says that it
was written and read, never what.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction

from jalon.domain.feedback.checkins import Answers, Rhythm, faults, period_of
from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.records.check_ins import CheckIn, PointRhythm
from jalon.usecases.acting import Actor, authorise, note
from jalon.usecases.undoable import CHECK_IN, offer

LONGEST_ANSWER = 1_000
_REASONS = {
    "checkin.confidence_missing": "Say how confident you are, from 1 to 5.",
    "checkin.confidence_range": "Expected a confidence from 1 to 5, e.g. 4.",
    "checkin.kind_missing": (
        "Say what kind of word of the field it is, e.g. a competitor."
    ),
    "checkin.too_long": "A text is too long. Expected 2000 characters at most.",
    "checkin.read": "This point was read already: it stays as it was read.",
    "checkin.unknown": "This point does not exist.",
    "checkin.own": "Nobody acknowledges their own point.",
    "checkin.answer_too_long": (
        "The answer is too long. Expected 1000 characters at most."
    ),
}


class CheckInRefusedError(Refusal):
    """The point cannot be taken so, and why."""


def keep_draft(
    answers: Answers,
    *,
    lang: str,
    on: datetime.date,
    actor: Actor,
    at: datetime.datetime,
    rhythm: Rhythm,
) -> CheckIn:
    """Keep what the actor has typed so far; nobody else reads it.

    Raises:
        ForbiddenError: If the actor is nobody of the company.
        CheckInRefusedError: If the point of the period was read already.
    """
    with transaction.atomic():
        return _kept(answers, lang=lang, on=on, actor=actor, at=at, rhythm=rhythm)


def hand_in(
    answers: Answers,
    *,
    lang: str,
    on: datetime.date,
    actor: Actor,
    at: datetime.datetime,
    rhythm: Rhythm,
) -> CheckIn:
    """Hand the actor's point of the period in: those above may read its shared part.

    Raises:
        ForbiddenError: If the actor is nobody of the company.
        CheckInRefusedError: If an answer is missing, or it was read already.
    """
    wrong = faults(answers)
    if wrong:
        raise _refused(wrong[0])
    with transaction.atomic():
        kept = _kept(answers, lang=lang, on=on, actor=actor, at=at, rhythm=rhythm)
        kept.handed_at = at
        kept.save(update_fields=["handed_at"])
        note(actor, "hand_in", "check_in", str(kept.pk), at=at, first=kept.first)
        offer(CHECK_IN, {"check_in": kept.pk}, actor=actor, at=at)
    return kept


def take_back(check_in: int, *, actor: Actor, at: datetime.datetime) -> bool:
    """Make the actor's own point a draft again; False once it was read, or gone.

    Raises:
        ForbiddenError: If the actor is nobody of the company.
    """
    person = actor.viewer.person_id
    authorise(actor, Act.CHECK_IN, f"person:{person}")
    with transaction.atomic():
        rows = CheckIn.objects.filter(pk=check_in, person_id=person)
        waiting = rows.filter(handed_at__isnull=False, read_at__isnull=True)
        if not waiting.update(handed_at=None):
            return False
        note(actor, "take_back", "check_in", str(check_in), at=at)
    return True


def choose_rhythm(
    person: str, rhythm: Rhythm | None, *, actor: Actor, at: datetime.datetime
) -> None:
    """Say how often a person takes their point; None is as the company does.

    Raises:
        ForbiddenError: If the actor does not lead that person.
    """
    authorise(actor, Act.DECIDE, f"person:{person}")
    with transaction.atomic():
        rows = PointRhythm.objects.select_for_update().filter(person_id=person)
        former = rows.values_list("rhythm", flat=True).first()
        if former == (rhythm.value if rhythm else None):
            return
        if rhythm is None:
            rows.delete()
        else:
            told = {"rhythm": rhythm.value, "by": actor.name, "at": at}
            PointRhythm.objects.update_or_create(person_id=person, defaults=told)
        note(
            actor,
            "set",
            "point_rhythm",
            person,
            at=at,
            before=former or "",
            after=rhythm.value if rhythm else "",
        )


def acknowledge(
    check_in: int, *, answer: str, actor: Actor, at: datetime.datetime
) -> CheckIn:
    """Say that somebody's point was read, with an answer in words or none.

    Raises:
        ForbiddenError: If the actor does not lead its author.
        CheckInRefusedError: If it does not exist, is the actor's own, or too long.
    """
    if len(answer) > LONGEST_ANSWER:
        raise _refused("checkin.answer_too_long")
    with transaction.atomic():
        found = (
            CheckIn.objects.select_for_update()
            .filter(pk=check_in, handed_at__isnull=False)
            .first()
        )
        if found is None:
            raise _refused("checkin.unknown")
        authorise(actor, Act.DECIDE, f"person:{found.person_id}")
        if actor.viewer.person_id == found.person_id:
            raise _refused("checkin.own")
        found.read_by, found.read_at = actor.name, found.read_at or at
        found.answer = answer.strip()
        found.save(update_fields=["read_by", "read_at", "answer"])
        note(actor, "acknowledge", "check_in", str(found.pk), at=at)
    return found


def _kept(
    answers: Answers,
    *,
    lang: str,
    on: datetime.date,
    actor: Actor,
    at: datetime.datetime,
    rhythm: Rhythm,
) -> CheckIn:
    authorise(actor, Act.CHECK_IN, f"person:{actor.viewer.person_id}")
    key: dict[str, Any] = {
        "person_id": actor.viewer.person_id,
        "first": period_of(on, rhythm),
        "rhythm": rhythm.value,
    }
    former = CheckIn.objects.select_for_update().filter(**key).first()
    if former is not None and former.read_at is not None:
        raise _refused("checkin.read")
    said: dict[str, Any] = {
        "confidence": answers.confidence,
        "blocks": answers.blocks.strip(),
        "field": answers.field.strip(),
        "kind": answers.kind.value if answers.kind else "",
        "about": answers.about,
        "private": answers.private.strip(),
        "lang": lang,
        "written_at": at,
    }
    kept, _new = CheckIn.objects.update_or_create(**key, defaults=said)
    return kept


def _refused(code: str) -> CheckInRefusedError:
    return CheckInRefusedError(_REASONS[code])
