"""Themes to browse: what rises, objections by class, topics, points to tag.

Only what three people said is counted, and only over people whose notes the reader may
read. Suggestions of tags come once fifty points were tagged by the users themselves.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from functools import lru_cache

from django.db.models import Q

from jalon.domain.feedback.tagging import FEWEST, Tagger, accuracy, learnt
from jalon.domain.feedback.themes import AUTHORS, wordings
from jalon.domain.feedback.topics import Topic, topics
from jalon.domain.people.permission import COMPANY, Viewer
from jalon.domain.periods import Period
from jalon.queries import check_ins
from jalon.queries.check_ins import Point
from jalon.queries.field_voices import KEPT, Said, said, voices
from jalon.queries.field_words import (
    WINDOW,
    Heard,
    field_words,
    heard_of,
    lexicon,
    readable_people,
)
from jalon.queries.funnel_page import people_of
from jalon.queries.lemmas import lemmas
from jalon.queries.organisation import organisation
from jalon.queries.snapshots import NoDataError
from jalon.records.check_ins import CheckIn
from jalon.records.reviews import PointTag
from jalon.workspace.folder import Workspace

SHOWN = 12
PERSON = "person:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taggable:
    """A point to tag, without who said it; `likely` once enough were tagged."""

    id: int
    text: str
    lang: str
    kind: str
    tag: str
    likely: str
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Browsed:
    """What the page of themes shows."""

    heard: Heard
    topics: tuple[Topic, ...]
    points: tuple[Taggable, ...]
    classes: tuple[str, ...]
    tagged: int
    needed: int
    right: float | None
    counted: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands beside an objective's figures: its points, its people's themes."""

    points: tuple[Point, ...]
    heard: Heard | None


def browsed(workspace: Workspace, viewer: Viewer, *, on: datetime.date) -> Browsed:
    """Return what the field of the people the reader leads says, to browse."""
    after = on + datetime.timedelta(days=1)
    people = readable_people(viewer)
    tagged = _tagged()
    tagger = learnt(tagged)
    return Browsed(
        heard=field_words(workspace, viewer, on=on),
        topics=_topics(said(workspace, people, after - WINDOW, after)),
        points=_points(people, tagger),
        classes=tuple(lexicon(workspace)),
        tagged=len(tagged),
        needed=FEWEST,
        right=accuracy(tagged),
        counted=_counted(people, after - WINDOW),
    )


@lru_cache(maxsize=KEPT)
def _topics(told: Said) -> tuple[Topic, ...]:
    found = voices(told)
    if len({one.author for one in found}) < AUTHORS:
        return ()
    written = wordings(found)
    return tuple(
        replace(one, words=tuple(written[word] for word in one.words))
        for one in topics(found)
    )


def beside(
    workspace: Workspace,
    viewer: Viewer,
    objective: str,
    owner: str,
    *,
    on: datetime.date,
) -> Beside:
    """Return the points about an objective, and the themes of its owner's people.

    A person's theme would be one voice: their team's are told, to who may read them.
    """
    points = check_ins.about(workspace, viewer, f"objective:{objective}", on=on)
    people = _people(workspace, owner, on)
    mine = readable_people(viewer)
    if people is None:
        people = mine
    elif mine is not None:
        people &= mine
    after = on + datetime.timedelta(days=1)
    if people is not None and len(people) < AUTHORS:
        return Beside(points=points, heard=None)
    heard = heard_of(workspace, people, Period(after - WINDOW, after))
    told = bool(heard.rising or heard.classes)
    return Beside(points=points, heard=heard if told else None)


def _people(
    workspace: Workspace, owner: str, on: datetime.date
) -> frozenset[str] | None:
    try:
        found = organisation(workspace, on=on)
    except NoDataError:
        return frozenset()
    if owner == COMPANY:
        return None
    if owner.startswith(PERSON):
        team = found.team_of(owner.removeprefix(PERSON), on)
        owner = f"team:{team}" if team else owner
    return people_of(found, owner, on)


def _scope(people: frozenset[str] | None) -> Q:
    return Q() if people is None else Q(check_in__person_id__in=sorted(people))


def _tagged() -> list[tuple[tuple[str, ...], str]]:
    """Return the tagged points as words and tag; everybody's teach the same tagger."""
    rows = PointTag.objects.order_by("check_in_id").values_list(
        "check_in__field", "check_in__blocks", "check_in__lang", "tag"
    )
    found = [
        (lemmas(f"{field}\n{blocks}", lang=lang), tag)
        for field, blocks, lang, tag in rows
    ]
    return [(words, tag) for words, tag in found if words]


def _points(
    people: frozenset[str] | None, tagger: Tagger | None
) -> tuple[Taggable, ...]:
    rows = CheckIn.objects.filter(handed_at__isnull=False).exclude(field="", blocks="")
    if people is not None:
        rows = rows.filter(person_id__in=sorted(people))
    rows = rows.filter(tag__isnull=True).order_by("-first", "id")
    found = []
    for row in rows[:SHOWN]:
        text = f"{row.field}\n{row.blocks}".strip()
        likely = tagger.suggested(lemmas(text, lang=row.lang)) if tagger else None
        found.append(
            Taggable(
                id=row.pk,
                text=text,
                lang=row.lang,
                kind=row.kind,
                tag="",
                likely=likely[0] if likely else "",
                chance=likely[1] if likely else 0.0,
            )
        )
    return tuple(found)


def _counted(
    people: frozenset[str] | None, first: datetime.date
) -> tuple[tuple[str, int], ...]:
    """Return how many points of the window have each tag; three authors at least."""
    rows = PointTag.objects.filter(_scope(people), check_in__first__gte=first)
    said: dict[str, list[str]] = {}
    for tag, author in rows.order_by("id").values_list("tag", "check_in__person_id"):
        said.setdefault(tag, []).append(author)
    return tuple(
        sorted(
            (
                (tag, len(authors))
                for tag, authors in said.items()
                if len(set(authors)) >= AUTHORS
            ),
            key=lambda one: (-one[1], one[0]),
        )
    )
