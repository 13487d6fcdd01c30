"""Points as their readers may see them: one's own whole, others' shared part alone."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from jalon.domain.feedback.checkins import Rhythm, due_on, period_of
from jalon.domain.people.permission import Act, Viewer, within
from jalon.queries.organisation import organisation, people_of
from jalon.queries.snapshots import NoDataError
from jalon.records.accounts import User
from jalon.records.check_ins import CheckIn, PointRhythm
from jalon.workspace.folder import Workspace

PERSON = "person:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A point as one reader sees it; `private` is "" for all but its author."""

    id: int
    person_id: str
    person_name: str
    first: datetime.date
    rhythm: Rhythm
    confidence: int | None
    blocks: str
    field: str
    kind: str
    about: str
    private: str
    lang: str
    handed_at: datetime.datetime | None
    read_by: str
    read_at: datetime.datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class Rhythms:
    """How often people take their point: as the company does, but for some."""

    usual: Rhythm
    own: Mapping[str, Rhythm]

    def of(self, person: str) -> Rhythm:
        """Return a person's rhythm."""
        return self.own.get(person, self.usual)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker:
    """Somebody asked for a point: how often, whether by a choice of their own."""

    person_id: str
    name: str
    rhythm: Rhythm
    own: bool
    due: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """The points of a period that a reader leads: handed in, and still missing.

    The period is the company's usual one; each person is asked for theirs.
    """

    first: datetime.date
    rhythm: Rhythm
    due: datetime.date
    points: tuple[Point, ...]
    missing: tuple[Taker, ...]
    takers: tuple[Taker, ...]

    @property
    def to_read(self) -> int:
        """Return how many points wait to be read."""
        return sum(one.read_at is None for one in self.points)

    @property
    def confidence(self) -> float | None:
        """Return the mean confidence of the period, None before the first point."""
        said = [one.confidence for one in self.points if one.confidence is not None]
        return sum(said) / len(said) if said else None


def rhythms(workspace: Workspace) -> Rhythms:
    """Return how often people take their point, in one query."""
    rows = PointRhythm.objects.order_by("person_id").values_list("person_id", "rhythm")
    own = {person: Rhythm(rhythm) for person, rhythm in rows}
    return Rhythms(Rhythm(workspace.settings.points), own)


def mine(viewer: Viewer, *, on: datetime.date, rhythm: Rhythm) -> Point | None:
    """Return the reader's own point of the period, draft or not."""
    rows = CheckIn.objects.filter(
        person_id=viewer.person_id, first=period_of(on, rhythm), rhythm=rhythm.value
    )
    found = rows.first() if viewer.person_id else None
    return _point(found, viewer, {}) if found else None


def former(viewer: Viewer, *, limit: int = 12) -> tuple[Point, ...]:
    """Return the reader's own points handed in, the latest first."""
    if not viewer.person_id:
        return ()
    rows = CheckIn.objects.filter(
        person_id=viewer.person_id, handed_at__isnull=False
    ).order_by("-first")
    return tuple(_point(one, viewer, {}) for one in rows[:limit])


def team(workspace: Workspace, viewer: Viewer, *, on: datetime.date) -> Team:
    """Return the points of the period of the people the reader leads, not their own.

    Who has no account, or is no longer here, is not missed.
    """
    known = rhythms(workspace)
    names = _names(workspace, on=on)
    here = {one.person_id for one in people_of(workspace, on=on)} if names else set()
    running = Q()
    for rhythm in Rhythm:
        running |= Q(first=period_of(on, rhythm), rhythm=rhythm.value)
    rows = _shared(viewer).filter(running).exclude(person_id=viewer.person_id)
    points = [_point(one, viewer, names) for one in rows.order_by("handed_at")]
    told = {(one.person_id, one.rhythm) for one in points}
    asked = (
        User.objects.filter(is_active=True).exclude(person_id="").exclude(role="reader")
    )
    takers = [
        _taker(key, names[key], known, on)
        for key in asked.values_list("person_id", flat=True)
        if key in here and key != viewer.person_id and _leads(viewer, key)
    ]
    takers.sort(key=lambda one: (one.name, one.person_id))
    first = period_of(on, known.usual)
    return Team(
        first=first,
        rhythm=known.usual,
        due=due_on(first, known.usual),
        points=tuple(points),
        missing=tuple(one for one in takers if (one.person_id, one.rhythm) not in told),
        takers=tuple(takers),
    )


def _taker(person: str, name: str, known: Rhythms, on: datetime.date) -> Taker:
    rhythm = known.of(person)
    return Taker(
        person_id=person,
        name=name,
        rhythm=rhythm,
        own=person in known.own,
        due=due_on(period_of(on, rhythm), rhythm),
    )


def about(
    workspace: Workspace, viewer: Viewer, what: str, *, on: datetime.date
) -> tuple[Point, ...]:
    """Return the points attached to something that the reader may see, latest first."""
    rows = _shared(viewer).filter(about=what).order_by("-first", "-handed_at")
    names = _names(workspace, on=on)
    return tuple(_point(one, viewer, names) for one in rows[:20])


def heard(
    people: Iterable[str] | None, *, since: datetime.date, until: datetime.date
) -> Sequence[tuple[str, str, str, str, datetime.date]]:
    """Return what was shared from `since` until before `until`, for counting themes.

    Each is (author, text, kind, language, first day); `people` None is everybody.
    Drafts and private parts are never among them.
    """
    rows = CheckIn.objects.filter(
        handed_at__isnull=False, first__gte=since, first__lt=until
    )
    if people is not None:
        rows = rows.filter(person_id__in=list(people))
    return [
        (author, f"{field}\n{blocks}".strip(), kind, lang, first)
        for author, field, blocks, kind, lang, first in rows.values_list(
            "person_id", "field", "blocks", "kind", "lang", "first"
        )
    ]


def _shared(viewer: Viewer) -> QuerySet[CheckIn]:
    """Return the points handed in that the reader may read."""
    rows = CheckIn.objects.filter(handed_at__isnull=False)
    owners = within(viewer, Act.SEE_NOTES)
    if owners is None:
        return rows
    people = [
        one.removeprefix(PERSON) for one in sorted(owners) if one.startswith(PERSON)
    ]
    return rows.filter(person_id__in=people)


def _leads(viewer: Viewer, person: str) -> bool:
    owners = within(viewer, Act.DECIDE)
    return owners is None or f"{PERSON}{person}" in owners


def _names(workspace: Workspace, *, on: datetime.date) -> dict[str, str]:
    try:
        everybody = organisation(workspace, on=on).people
    except NoDataError:
        return {}
    return {one.person_id: one.name for one in everybody}


def _point(row: CheckIn, viewer: Viewer, names: dict[str, str]) -> Point:
    own = row.person_id == viewer.person_id != ""
    return Point(
        id=row.pk,
        person_id=row.person_id,
        person_name=names.get(row.person_id, row.person_id),
        first=row.first,
        rhythm=Rhythm(row.rhythm),
        confidence=row.confidence,
        blocks=row.blocks,
        field=row.field,
        kind=row.kind,
        about=row.about,
        private=row.private if own else "",
        lang=row.lang,
        handed_at=row.handed_at,
        read_by=row.read_by,
        read_at=row.read_at,
        answer=row.answer,
    )
