"""What was said over a time, as lemmas: points, lost reasons, comments of surveys.

Making lemmas of thousands of comments is slow and gives the same each time, so it is
kept by all it comes from: the points themselves, and the snapshot of the facts.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from jalon.domain.feedback.themes import Voice
from jalon.queries.check_ins import heard
from jalon.queries.lemmas import words
from jalon.queries.snapshots import NoDataError, snapshot
from jalon.workspace.folder import Workspace

KEPT = 8  # windows of some people

_ASKED = """
SELECT coalesce(owner_id, deal_id), lost_reason, ''
FROM deals
WHERE lost_reason IS NOT NULL AND closed_on >= $first AND closed_on < $after
  AND ($all OR list_contains($people, owner_id))
UNION ALL
SELECT coalesce(account_id, answer_id), comment, coalesce(lang, '')
FROM answers
WHERE comment IS NOT NULL AND survey <> 'engagement'
  AND answered_at >= $first AND answered_at < $after
  AND ($all OR list_contains($people, person_id))
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What some people's field said from `first` until before `after`.

    `points` are (author, text, language); the rest is in the facts of `snapshot` (""
    for none). `people` None is everybody.
    """

    workspace: Workspace
    snapshot: str
    people: frozenset[str] | None
    first: datetime.date
    after: datetime.date
    points: tuple[tuple[str, str, str], ...]


def said(
    workspace: Workspace,
    people: Collection[str] | None,
    first: datetime.date,
    after: datetime.date,
) -> Said:
    """Return what was said, still as it was written; one query."""
    try:
        name = snapshot(workspace).name
    except NoDataError:
        name = ""
    points = tuple(
        (author, text, lang)
        for author, text, _kind, lang, _day in heard(people, since=first, until=after)
    )
    known = None if people is None else frozenset(people)
    return Said(workspace, name, known, first, after, points)


@lru_cache(maxsize=KEPT)
def voices(told: Said) -> tuple[Voice, ...]:
    """Return each thing said as lemmas; what holds no word that counts is left out."""
    if told.points:  # the facts stay the same when somebody adds a point
        return _as_voices(told.points) + voices(replace(told, points=()))
    return _as_voices(_facts(told))


def _as_voices(found: Iterable[tuple[str, str, str]]) -> tuple[Voice, ...]:
    return tuple(
        Voice(who, *zip(*said, strict=True))
        for who, text, lang in found
        if (said := words(text, lang=lang))
    )


def _facts(told: Said) -> Iterable[tuple[str, str, str]]:
    """Return (author, text, language) of lost reasons and of customers' comments."""
    if not told.snapshot:
        return []
    asked = {
        "first": told.first,
        "after": told.after,
        "all": told.people is None,
        "people": sorted(told.people or ()),
    }
    cursor = snapshot(told.workspace, told.snapshot).cursor()
    found: list[tuple[str, str, str]] = cursor.execute(_ASKED, asked).fetchall()
    return found
