"""Answer a survey by a mail's link; bring what was answered to the warehouse.

A link opened is a click, which a robot may have made: it is an answer once the person
presses the button, or where `domain.feedback.asking.settled` says so. An engagement
answer is kept apart from who gave it and cannot be taken back: it is nobody's.
"""

from __future__ import annotations

import csv
import datetime
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from django.core import signing
from django.db import transaction
from django.db.models import Count

from jalon.connectors.files.mapping import parsed
from jalon.connectors.files.sources import Given
from jalon.domain.feedback import asking
from jalon.domain.feedback.asking import (
    ANSWERABLE,
    LONGEST_COMMENT,
    SCALES,
    WAVE,
    Kind,
)
from jalon.domain.feedback.surveys import ANONYMOUS_UNDER
from jalon.domain.refusals import Refusal
from jalon.records.surveys import Click, EngagementAnswer, Request
from jalon.usecases.acting import noon
from jalon.usecases.evaluate import evaluate
from jalon.usecases.import_file import import_file
from jalon.usecases.send_surveys import SALT
from jalon.usecases.surveys import UNSUBSCRIBED, leave_alone
from jalon.workspace.folder import Workspace
from jalon.workspace.scratch import scratch

__all__ = [
    "AnswerRefusedError",
    "Request",
    "answer",
    "click",
    "deliver",
    "leave",
    "request_of",
    "settle",
]
MOST_CLICKS = 50  # kept of one request: more say nothing new
_COLUMNS = (
    "answer_id",
    "survey",
    "score",
    "scale",
    "comment",
    "lang",
    "account_id",
    "person_id",
    "answered_at",
    "segment",
    "sector",
    "region",
)
_MAPPING = '[[table]]\ninto = "answers"\nfile = "*"\n[table.columns]\n' + "".join(
    f'{name} = "{name}"\n' for name in _COLUMNS
)


class AnswerRefusedError(Refusal):
    """The answer cannot be taken so, and why."""


def request_of(token: str, *, at: datetime.datetime) -> Request | None:
    """Return the request a token speaks for; None where forged, gone or too old."""
    try:
        (key,) = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    found = Request.objects.filter(pk=key).select_related("survey").first()
    if found is None or found.sent_at is None or at - found.sent_at > ANSWERABLE:
        return None
    if found.survey.kind == Kind.ENGAGEMENT.value and _wave(found) <= at.date() - WAVE:
        return None  # what came after the end would be told from the rest
    return found


def click(request: Request, score: int, *, at: datetime.datetime) -> None:
    """Remember that the link of a score was opened; it is no answer yet.

    Raises:
        AnswerRefusedError: If the score is not on the scale.
    """
    _checked(request, score)
    engaged = request.survey.kind == Kind.ENGAGEMENT.value
    if request.confirmed or engaged or request.clicks.count() >= MOST_CLICKS:
        return
    Click.objects.create(request=request, score=score, at=at)


def answer(
    request: Request, score: int, *, comment: str, at: datetime.datetime
) -> None:
    """Keep what somebody pressed the button on; it may be corrected while it counts.

    Raises:
        AnswerRefusedError: If the score is not on the scale, or an anonymous answer was
            given already.
    """
    _checked(request, score)
    said = comment.strip()[:LONGEST_COMMENT]
    if request.survey.kind == Kind.ENGAGEMENT.value:
        _anonymous(request, score, said)
        return
    Request.objects.filter(pk=request.pk).update(
        score=score,
        comment=said,
        answered_at=request.answered_at or at,
        confirmed=True,
        answered=True,
        delivered=False,
    )


def leave(request: Request, *, at: datetime.datetime) -> None:
    """Write to this customer no more, as they ask."""
    leave_alone(request.address, why=UNSUBSCRIBED, at=at)


def settle(*, at: datetime.datetime) -> int:
    """Turn the clicks that look like a person's into answers; return how many."""
    waiting = (
        Request.objects.filter(answered=False, sent_at__isnull=False)
        .filter(sent_at__gte=at - ANSWERABLE)
        .annotate(opened=Count("clicks"))
        .filter(opened__gt=0)
        .prefetch_related("clicks")
        .order_by("id")
    )
    settled = 0
    for request in waiting:
        clicks = [asking.Click(one.score, one.at) for one in request.clicks.all()]
        sent = request.sent_at
        score = asking.settled(clicks, sent_at=sent, at=at) if sent else None
        if score is None:
            continue
        last = max(one.at for one in clicks if one.score == score)
        settled += Request.objects.filter(pk=request.pk, answered=False).update(
            score=score, answered_at=last, answered=True, delivered=False
        )
    return settled


def deliver(workspace: Workspace, *, on: datetime.date, at: datetime.datetime) -> int:
    """Bring new and corrected answers to the facts, as one import; return how many.

    An engagement survey is brought once it has ended, where five answered at least:
    score alone, without team, comment or moment.
    """
    rows = list(
        Request.objects.filter(answered=True, delivered=False, score__isnull=False)
        .select_related("survey")
        .order_by("id")
    )
    anonymous = _ended(on)
    if not rows and not anonymous:
        return 0
    zone = ZoneInfo(workspace.settings.timezone)
    told = [_told(row, zone) for row in rows] + [_hushed(one) for one in anonymous]
    with scratch(workspace) as folder:
        path = folder / "answers.csv"
        _write(path, told)
        import_file(
            workspace,
            [Given(path, "surveys/answers.csv")],
            mapping=parsed(_MAPPING),
            at=at.astimezone(zone).replace(tzinfo=None),
        )
    for row in rows:  # one corrected meanwhile stays to be brought
        Request.objects.filter(pk=row.pk, score=row.score, comment=row.comment).update(
            delivered=True
        )
    EngagementAnswer.objects.filter(pk__in=[one.pk for one in anonymous]).update(
        delivered=True
    )
    evaluate(workspace, on=on)
    return len(told)


def _checked(request: Request, score: int) -> None:
    kind = Kind(request.survey.kind)
    if not asking.on_scale(kind, score):
        lowest, highest = SCALES[kind]
        raise AnswerRefusedError(
            "Expected a score from {lowest} to {highest}.",
            lowest=lowest,
            highest=highest,
        )


def _anonymous(request: Request, score: int, comment: str) -> None:
    with transaction.atomic():
        first = Request.objects.filter(pk=request.pk, answered=False).update(
            answered=True, delivered=True
        )
        if not first:
            raise AnswerRefusedError(
                "This answer was given already. It is anonymous: nobody can find it "
                "again to change it."
            )
        EngagementAnswer.objects.create(
            survey=request.survey,
            team_id=request.segment,
            wave=_wave(request),
            score=score,
            comment=comment,
            lang=request.lang,
        )


def _wave(request: Request) -> datetime.date:
    return datetime.date.fromisoformat(request.about.removeprefix("day:"))


def _ended(on: datetime.date) -> Sequence[EngagementAnswer]:
    """Return the answers of ended waves to bring, where enough people answered."""
    waves = (
        EngagementAnswer.objects.filter(wave__lte=on - WAVE)
        .values("survey", "wave")
        .annotate(said=Count("key"))
        .filter(said__gte=ANONYMOUS_UNDER)
        .order_by("survey", "wave")
    )
    found: list[EngagementAnswer] = []
    for one in waves:
        rows = EngagementAnswer.objects.filter(
            survey=one["survey"], wave=one["wave"], delivered=False
        )
        found += list(rows.order_by("key"))
    secrets.SystemRandom().shuffle(found)
    return found


def _told(row: Request, zone: ZoneInfo) -> dict[str, object]:
    moment = (row.answered_at or row.sent_at or noon(datetime.date.min)).astimezone(
        zone
    )
    return {
        "answer_id": f"jalon-{row.pk}",
        "survey": row.survey.kind,
        "score": row.score,
        "scale": SCALES[Kind(row.survey.kind)][1],
        "comment": row.comment,
        "lang": row.lang if row.comment else "",
        "account_id": row.account_id,
        "person_id": row.person_id,
        "answered_at": f"{moment:%Y-%m-%d %H:%M:%S}",
        "segment": row.segment,
        "sector": row.sector,
        "region": row.region,
    }


def _hushed(one: EngagementAnswer) -> dict[str, object]:
    return {
        "answer_id": f"jalon-{one.key}",
        "survey": Kind.ENGAGEMENT.value,
        "score": one.score,
        "scale": SCALES[Kind.ENGAGEMENT][1],
        "answered_at": f"{one.wave} 12:00:00",
    }


def _write(path: Path, rows: Iterable[dict[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
