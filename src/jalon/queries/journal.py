"""The journal: the lines of the audit, filtered, newest first.

Lines about pay show only to whoever may see everybody's pay.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from jalon.domain.people.permission import COMPANY, Act, Subject, Viewer, may
from jalon.records.accounts import User
from jalon.records.audit import AuditLine
from jalon.workspace.folder import Workspace

PAGE = 100
EXPORTED = 100_000
PAY = ("pay", "statement", "incentive_plan", "payout", "dispute")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the journal is narrowed to; "" and None are everything.

    `until` is the last day, itself inside.
    """

    by: str = ""
    noun: str = ""
    key: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None
    before: int | None = None  # older than this line


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLine:
    """One change; `told` are its details, before and after apart."""

    id: int
    at: datetime.datetime
    by: str
    who: str
    verb: str
    noun: str
    key: str
    before: object = None
    after: object = None
    told: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """A page of lines, what may be chosen, and where the next page begins."""

    lines: tuple[JournalLine, ...] = ()
    authors: tuple[tuple[str, str], ...] = ()
    nouns: tuple[str, ...] = ()
    next_before: int | None = None
    wanted: Wanted = field(default_factory=Wanted)


def journal(workspace: Workspace, wanted: Wanted, *, viewer: Viewer) -> Journal:
    """Return a page of the journal, in four queries."""
    names = dict(User.objects.order_by("email").values_list("email", "name"))
    rows = list(_rows(workspace, wanted, viewer)[: PAGE + 1])
    seen = _visible(viewer)
    authors = seen.order_by("by").values_list("by", flat=True).distinct()
    nouns = seen.order_by("noun").values_list("noun", flat=True).distinct()
    return Journal(
        lines=tuple(_line(row, names) for row in rows[:PAGE]),
        authors=tuple((by, names.get(by) or by) for by in authors),
        nouns=tuple(nouns),
        next_before=rows[PAGE - 1].pk if len(rows) > PAGE else None,
        wanted=wanted,
    )


def exported(
    workspace: Workspace, wanted: Wanted, *, viewer: Viewer
) -> tuple[JournalLine, ...]:
    """Return the same lines, not by page."""
    names = dict(User.objects.order_by("email").values_list("email", "name"))
    rows = _rows(workspace, wanted, viewer)[:EXPORTED]
    return tuple(_line(row, names) for row in rows)


def _visible(viewer: Viewer) -> QuerySet[AuditLine]:
    rows: QuerySet[AuditLine] = AuditLine.objects.all()
    everybody = may(viewer, Act.SEE_PAY, subject=Subject(COMPANY))
    return rows if everybody else rows.exclude(noun__in=PAY)


def _rows(workspace: Workspace, wanted: Wanted, viewer: Viewer) -> QuerySet[AuditLine]:
    asked = Q()
    for name in ("by", "noun"):
        if value := getattr(wanted, name):
            asked &= Q(**{name: value})
    if wanted.key:
        asked &= Q(key__icontains=wanted.key)
    if wanted.since:
        asked &= Q(at__gte=_midnight(workspace, wanted.since))
    if wanted.until:
        following = wanted.until + datetime.timedelta(days=1)
        asked &= Q(at__lt=_midnight(workspace, following))
    if wanted.before:
        asked &= Q(pk__lt=wanted.before)
    return _visible(viewer).filter(asked).order_by("-pk")


def _midnight(workspace: Workspace, day: datetime.date) -> datetime.datetime:
    zone = ZoneInfo(workspace.settings.timezone)
    return datetime.datetime.combine(day, datetime.time(), tzinfo=zone)


def _line(row: AuditLine, names: dict[str, str]) -> JournalLine:
    details = dict(row.details)
    return JournalLine(
        id=row.pk,
        at=row.at,
        by=row.by,
        who=names.get(row.by) or row.by,
        verb=row.verb,
        noun=row.noun,
        key=row.key,
        before=details.pop("before", None),
        after=details.pop("after", None),
        told=tuple(details.items()),
    )
