"""Write what was learnt: what was tried, on which KPI, and what came with it.

Whoever may propose an objective to the owner may write it. Its figures are counted when
it is written and stay as they were: a learning never moves after the fact.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction

from jalon.domain.people.permission import COMPANY, Act
from jalon.domain.periods import Period
from jalon.domain.refusals import Refusal
from jalon.domain.reviews.review import LONGEST, State
from jalon.queries import kpi_values
from jalon.queries.learnings import figures
from jalon.queries.owners import owner_names
from jalon.records.reviews import Learning, Review
from jalon.usecases.acting import Actor, authorise, note
from jalon.workspace.folder import Workspace

SHORTEST_DAYS = 14
LONGEST_DAYS = 366
_EMPTY = "Say what was tried and what it gave, in a sentence each."
_LONG = "A text is too long. Expected 2000 characters at most."
_NO_KPI = "No KPI is called {kpi}. Expected one of the catalogue, e.g. win_rate."
_NOBODY = "Nobody is called {owner}. Expected an owner of the list."
_SHORT = (
    "There are {days} days from {changed} to {until}: too few to compare. Expected"
    " fourteen at least."
)
_TOO_LONG = (
    "There are {days} days from {changed} to {until}. Expected a year at most: as many"
    " are compared before the change."
)
_OTHERS = "This review does not exist, or is frozen."


class LearningRefusedError(Refusal):
    """The learning cannot be written so, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What to keep: `changed_on` begins what came after, `until` is its last day."""

    kpi: str
    owner: str
    tried: str
    gave: str
    changed_on: datetime.date
    until: datetime.date
    context: str = ""
    next_time: str = ""
    carried_by: str = ""


def learn(  # noqa: PLR0913 - a lesson, its language and review, who and when
    workspace: Workspace,
    lesson: Lesson,
    *,
    lang: str,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
    review: int | None = None,
) -> int:
    """Write a learning with its figures; return its number.

    Raises:
        ForbiddenError: If the actor may not propose objectives to its owner.
        LearningRefusedError: If a text is missing or too long, the KPI or the owner
            unknown, or the days compared too few or too many.
        NoDataError: If nothing was imported yet.
    """
    authorise(actor, Act.PROPOSE, lesson.owner)
    _check(workspace, lesson, on=on)
    after = Period(
        lesson.changed_on, min(lesson.until, on) + datetime.timedelta(days=1)
    )
    told = figures(workspace, lesson.kpi, lesson.owner, after, on=on)
    with transaction.atomic():
        made = Learning.objects.create(
            kpi=lesson.kpi,
            owner=lesson.owner,
            tried=lesson.tried.strip(),
            context=lesson.context.strip(),
            gave=lesson.gave.strip(),
            next_time=lesson.next_time.strip(),
            carried_by=lesson.carried_by,
            changed_on=after.first,
            before_first=datetime.date.fromisoformat(told.pop("before_first")),
            after_after=after.after,
            figures=told,
            review=_review(review, actor),
            lang=lang,
            by=actor.name,
            at=at,
        )
        note(actor, "learn", "learning", str(made.pk), at=at, after=made.tried)
    return made.pk


def _check(workspace: Workspace, lesson: Lesson, *, on: datetime.date) -> None:
    texts = (lesson.tried, lesson.gave, lesson.context, lesson.next_time)
    if not lesson.tried.strip() or not lesson.gave.strip():
        raise LearningRefusedError(_EMPTY)
    if max(map(len, texts)) > LONGEST:
        raise LearningRefusedError(_LONG)
    if lesson.kpi not in kpi_values.catalogue(workspace):
        raise LearningRefusedError(_NO_KPI, kpi=lesson.kpi)
    names = owner_names(workspace, on=on)
    for owner in (lesson.owner, lesson.carried_by):
        if owner and owner != COMPANY and owner not in names:
            raise LearningRefusedError(_NOBODY, owner=owner)
    until = min(lesson.until, on)
    days = (until - lesson.changed_on).days + 1
    for sentence, wrong in (
        (_SHORT, days < SHORTEST_DAYS),
        (_TOO_LONG, days > LONGEST_DAYS),
    ):
        if wrong:
            raise LearningRefusedError(
                sentence, days=max(days, 0), changed=lesson.changed_on, until=until
            )


def _review(number: int | None, actor: Actor) -> Review | None:
    """Return the open review it is written in, None where it is written apart."""
    if number is None:
        return None
    found = Review.objects.filter(pk=number).first()
    if found is None or found.state == State.FROZEN.value:
        raise LearningRefusedError(_OTHERS)
    authorise(actor, Act.DECIDE, found.owner)
    return found
