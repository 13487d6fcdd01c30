"""Prepare a review, discuss it, decide, give one's word, freeze it.

Whoever leads the owner prepares, notes, decides and freezes; the owner gives their own
word, and nobody another's. Once frozen nothing of it changes; only what became of its
decisions is written, and shown in the next one.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from jalon.domain.people.permission import COMPANY, Act
from jalon.domain.periods import Period
from jalon.domain.refusals import Refusal
from jalon.domain.reviews.review import (
    HIGHEST,
    LONGEST,
    LOWEST,
    PARTS,
    Kind,
    State,
    Word,
    period_of,
)
from jalon.queries import kpi_values
from jalon.queries.owners import owner_names
from jalon.queries.review_preparing import prepared
from jalon.queries.reviews import live, sides_of
from jalon.records.reviews import Review, ReviewDecision, ReviewWord
from jalon.usecases.acting import Actor, authorise, forbidden, note, plain
from jalon.usecases.meanwhile import must_stand
from jalon.workspace.folder import Workspace

NOUN = "review"
_UNKNOWN = "This review does not exist."
_FROZEN = "This review is frozen: it stays as it was discussed."
_EARLY = "The period ends on {last}: the review is frozen once it is over."
_LONG = "A text is too long. Expected 2000 characters at most."
_LEVEL = "Expected a level from 1 to 5, e.g. 4."
_EMPTY = "Say what was decided, e.g. call each customer before renewal."
_NOBODY = "Nobody is called {owner}. Expected an owner of the list."
_NO_KPI = "No KPI is called {kpi}. Expected one of the catalogue, e.g. win_rate."
_NO_DECISION = "This decision does not exist."
_FUTURE = "The period from {first} has not begun on {on}: there is nothing to review."


class ReviewRefusedError(Refusal):
    """The review cannot be written so, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is decided: the sentence, who carries it, on which KPI, until when."""

    text: str
    owner: str
    kpi: str = ""
    due: datetime.date | None = None


def prepare(  # noqa: PLR0913 - an owner, a kind, a period, an actor and two clocks
    workspace: Workspace,
    owner: str,
    kind: Kind,
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
    first: datetime.date | None = None,
) -> int:
    """Prepare a review, or prepare an open one again; return its number.

    Raises:
        ForbiddenError: If the actor does not lead the owner.
        ReviewRefusedError: If it is frozen, the owner unknown, or nothing has begun.
    """
    authorise(actor, Act.DECIDE, owner)
    period = period_of(
        kind, on=on, first_month=workspace.settings.fiscal_first_month, first=first
    )
    if on < period.first:
        raise ReviewRefusedError(_FUTURE, first=period.first, on=on)
    _known(workspace, owner, on)
    former = Review.objects.filter(
        owner=owner, kind=kind.value, first=period.first
    ).first()
    if former is not None and former.state == State.FROZEN.value:
        raise ReviewRefusedError(_FROZEN)
    document = plain(prepared(workspace, owner, kind.value, period, on=on))
    with transaction.atomic():
        row, _new = Review.objects.update_or_create(
            owner=owner,
            kind=kind.value,
            first=period.first,
            defaults={"prepared": document, "prepared_on": on},
            create_defaults=_opened(period, document, actor, on=on, at=at),
        )
        note(actor, "prepare", NOUN, str(row.pk), at=at, owner=owner, first=row.first)
    return row.pk


def keep_note(
    review: int,
    part: str,
    text: str,
    *,
    actor: Actor,
    at: datetime.datetime,
    seen: str | None = None,
) -> None:
    """Keep what was said of a part in the discussion.

    `seen` is the `mark` of the note its author began from.

    Raises:
        ForbiddenError: If the actor does not lead the owner.
        ReviewRefusedError: If it is frozen, or the text too long.
        WrittenMeanwhileError: If somebody wrote another one since it was read.
    """
    _short(text)
    with transaction.atomic():
        row = _open(review, actor=actor)
        if part not in PARTS:
            raise ReviewRefusedError(_UNKNOWN)
        former = row.notes.get(part, "")
        must_stand(seen, former, text.strip(), noun=NOUN, key=str(row.pk))
        row.notes = {**row.notes, part: text.strip()}
        row.save(update_fields=["notes"])
        note(actor, "note", NOUN, str(row.pk), at=at, part=part)


def give_word(
    review: int,
    word: Word,
    *,
    lang: str,
    actor: Actor,
    at: datetime.datetime,
    seen: str | None = None,
) -> None:
    """Give one's own side's word; it may be completed until the review is frozen.

    `seen` is the `mark` of the word one began from, as `word_shown` tells it.

    Raises:
        ForbiddenError: If the actor does not speak for that side.
        ReviewRefusedError: If it is frozen, or the word out of its bounds.
    """
    _short(word.proud, word.harder, word.needs)
    if not LOWEST <= word.level <= HIGHEST:
        raise ReviewRefusedError(_LEVEL)
    with transaction.atomic():
        row = _locked(review)
        if word.side not in sides_of(actor.viewer, row.owner):
            raise forbidden(Act.DECIDE)
        _unfrozen(row)
        said: dict[str, Any] = {
            "level": word.level,
            "proud": word.proud.strip(),
            "harder": word.harder.strip(),
            "needs": word.needs.strip(),
        }
        former = ReviewWord.objects.filter(review=row, side=word.side.value).first()
        shown = word_shown(former)
        must_stand(seen, shown, said, noun=NOUN, key=str(row.pk))
        given = said | {
            "lang": lang,
            "by": actor.name,
            "at": at,
        }
        ReviewWord.objects.update_or_create(
            review=row, side=word.side.value, defaults=given
        )
        note(actor, "give_word", NOUN, str(row.pk), at=at, side=word.side.value)


def word_shown(word: object) -> dict[str, Any]:
    """Return what a form shows of a word: what its mark is made of."""
    names = ("level", "proud", "harder", "needs")
    return {name: getattr(word, name) if word else "" for name in names}


def decide(  # noqa: PLR0913 - a decision, its language, who and when
    workspace: Workspace,
    review: int,
    decision: Decision,
    *,
    lang: str,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
) -> int:
    """Write a decision; return its number.

    Raises:
        ForbiddenError: If the actor does not lead the owner.
        ReviewRefusedError: If it is frozen, empty, or its owner or KPI unknown.
    """
    if not decision.text.strip():
        raise ReviewRefusedError(_EMPTY)
    _short(decision.text)
    _known(workspace, decision.owner, on)
    if decision.kpi and decision.kpi not in kpi_values.catalogue(workspace):
        raise ReviewRefusedError(_NO_KPI, kpi=decision.kpi)
    with transaction.atomic():
        row = _open(review, actor=actor)
        made = ReviewDecision.objects.create(
            review=row,
            text=decision.text.strip(),
            owner=decision.owner,
            kpi=decision.kpi,
            due=decision.due,
            lang=lang,
            by=actor.name,
            at=at,
        )
        note(actor, "decide", NOUN, str(row.pk), at=at, after=made.text)
    return made.pk


def drop_decision(decision: int, *, actor: Actor, at: datetime.datetime) -> None:
    """Take a decision of an open review back.

    Raises:
        ForbiddenError: If the actor does not lead the owner.
        ReviewRefusedError: If there is none, or its review is frozen.
    """
    with transaction.atomic():
        row = ReviewDecision.objects.select_related("review").filter(pk=decision)
        found = row.first()
        if found is None:
            raise ReviewRefusedError(_NO_DECISION)
        _open(found.review_id, actor=actor)
        note(actor, "drop", NOUN, str(found.review_id), at=at, before=found.text)
        found.delete()


def answer_for(
    decision: int, *, kept: bool, answer: str, actor: Actor, at: datetime.datetime
) -> None:
    """Say whether a decision of a former review was kept, and what it gave.

    Raises:
        ForbiddenError: If the actor neither leads the owner nor carries it.
        ReviewRefusedError: If there is none, or the text is too long.
    """
    _short(answer)
    with transaction.atomic():
        found = (
            ReviewDecision.objects.select_related("review").filter(pk=decision).first()
        )
        if found is None:
            raise ReviewRefusedError(_NO_DECISION)
        if found.owner != f"person:{actor.viewer.person_id}":
            authorise(actor, Act.DECIDE, found.review.owner)
        found.kept, found.answer = kept, answer.strip()
        found.answered_by, found.answered_at = actor.name, at
        found.save(update_fields=["kept", "answer", "answered_by", "answered_at"])
        note(actor, "answer", NOUN, str(found.review_id), at=at, after=kept)


def freeze(
    workspace: Workspace,
    review: int,
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
) -> str:
    """Freeze a review as it was discussed; return the SHA-256 of what it says.

    Raises:
        ForbiddenError: If the actor does not lead the owner.
        ReviewRefusedError: If its period is not over, or it is frozen already.
    """
    with transaction.atomic():
        row = _open(review, actor=actor)
        last = row.after - datetime.timedelta(days=1)
        if on < last:
            raise ReviewRefusedError(_EARLY, last=last)
        whole = plain(live(workspace, row, on=on))
        row.prepared, row.digest = whole, digest(whole)
        row.state, row.frozen_by, row.frozen_at = State.FROZEN.value, actor.name, at
        row.save()
        note(actor, "freeze", NOUN, str(row.pk), at=at, after=row.digest)
    return row.digest


def unchanged(review: int) -> bool:
    """Return whether a frozen review still says what its digest was made of."""
    row = Review.objects.filter(pk=review).first()
    return row is not None and row.digest == digest(row.prepared)


def digest(document: object) -> str:
    """Return the SHA-256 of a document as canonical JSON."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _opened(
    period: Period,
    document: object,
    actor: Actor,
    *,
    on: datetime.date,
    at: datetime.datetime,
) -> dict[str, Any]:
    return {
        "after": period.after,
        "prepared": document,
        "prepared_on": on,
        "opened_by": actor.name,
        "opened_at": at,
    }


def _open(review: int, *, actor: Actor) -> Review:
    row = _locked(review)
    authorise(actor, Act.DECIDE, row.owner)
    _unfrozen(row)
    return row


def _locked(review: int) -> Review:
    row = Review.objects.select_for_update().filter(pk=review).first()
    if row is None:
        raise ReviewRefusedError(_UNKNOWN)
    return row


def _unfrozen(row: Review) -> None:
    if row.state == State.FROZEN.value:
        raise ReviewRefusedError(_FROZEN)


def _known(workspace: Workspace, owner: str, on: datetime.date) -> None:
    if owner != COMPANY and owner not in owner_names(workspace, on=on):
        raise ReviewRefusedError(_NOBODY, owner=owner)


def _short(*texts: str) -> None:
    if max(map(len, texts)) > LONGEST:
        raise ReviewRefusedError(_LONG)
