"""What the field says, counted: points, lost reasons, comments of surveys, as themes.

The window is eight weeks against the eight before. Words are lemmas of the language
they were written in (simplemma). Only counts leave this room, never who said what.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from jalon.domain.feedback import themes
from jalon.domain.feedback.themes import Theme, Voice
from jalon.domain.people.permission import Act, Viewer, within
from jalon.domain.periods import Period
from jalon.domain.refusals import Refusal
from jalon.queries.field_voices import KEPT, Said, said, voices
from jalon.queries.lemmas import LANGUAGES, lemmas
from jalon.workspace.folder import Workspace

Written = dict[str, dict[str, tuple[str, ...]]]  # terms by class, then by language
WINDOW = datetime.timedelta(weeks=8)
OWN = "feedback/objections.toml"
RISEN, TOLD = 1.0, 8


class ObjectionsUnreadError(Refusal, ValueError):
    """The company's own classes of objections cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Themes of a window: what rises, the classes of objections, what was counted."""

    first: datetime.date
    after: datetime.date
    rising: tuple[Theme, ...]
    classes: tuple[tuple[str, int, int], ...]
    said: int
    authors: int


def field_words(workspace: Workspace, viewer: Viewer, *, on: datetime.date) -> Heard:
    """Return what the field of the people the reader leads said of late.

    A reader who may not read their notes hears nothing of them. Where under three
    people spoke, nothing is told: one could be recognised.

    Raises:
        ObjectionsUnreadError: If the company's own classes are not as documented.
    """
    after = on + datetime.timedelta(days=1)
    return heard_of(workspace, readable_people(viewer), Period(after - WINDOW, after))


def heard_of(
    workspace: Workspace, people: Collection[str] | None, period: Period
) -> Heard:
    """Return what some people's field said over a period, against as long before.

    `people` None is everybody. Who may hear it is the caller's to know.

    Raises:
        ObjectionsUnreadError: If the company's own classes are not as documented.
    """
    first, after = period.first, period.after
    return _heard(
        said(workspace, people, first, after),
        said(workspace, people, first - (after - first), first),
        tuple(sorted(classes(workspace).items())),
    )


@lru_cache(maxsize=KEPT)
def _heard(
    of_now: Said, of_before: Said, classes: tuple[tuple[str, frozenset[str]], ...]
) -> Heard:
    now, before = voices(of_now), voices(of_before)
    authors = len({one.author for one in now})
    enough = authors >= themes.AUTHORS
    counted = themes.classed(now, dict(classes)) if enough else {}
    return Heard(
        first=of_now.first,
        after=of_now.after,
        rising=_rising(now, before) if enough else (),
        classes=tuple(
            sorted(
                (
                    (name, said, people)
                    for name, (said, people) in counted.items()
                    if people >= themes.AUTHORS
                ),
                key=lambda one: (-one[1], one[0]),
            )
        ),
        said=len(now),
        authors=authors,
    )


def _rising(now: Sequence[Voice], before: Sequence[Voice]) -> tuple[Theme, ...]:
    """Return what is said more than before, and not by a hair: a z score of 1."""
    found = [
        one
        for one in themes.rising(now, before)
        if one.said > one.before and one.score >= RISEN
    ][:TOLD]
    written = themes.wordings(now) if found else {}
    return tuple(replace(one, term=written[one.term]) for one in found)


def classes(workspace: Workspace) -> dict[str, frozenset[str]]:
    """Return the classes of objections as lemmas: the company's own, else the shipped.

    Raises:
        ObjectionsUnreadError: If the company's file is not as documented.
    """
    written = lexicon(workspace)
    makers = {language: _maker(language) for language in LANGUAGES}
    return {
        name: themes.lemmatised(terms, makers) - {""} for name, terms in written.items()
    }


def lexicon(workspace: Workspace) -> Written:
    """Return the classes as they are written: the company's own, else the shipped.

    Raises:
        ObjectionsUnreadError: If the company's file is not as documented.
    """
    own = workspace.folder / OWN
    return _own(own.read_text("utf-8")) if own.is_file() else themes.objections()


def readable_people(viewer: Viewer) -> frozenset[str] | None:
    """Return the people whose notes the reader may read; None for everybody's."""
    owners = within(viewer, Act.SEE_NOTES)
    if owners is None:
        return None
    return frozenset(
        one.removeprefix("person:") for one in owners if one.startswith("person:")
    )


def _maker(language: str) -> themes.Lemmas:
    return lambda text: lemmas(text, lang=language)


def _own(text: str) -> Written:
    try:
        read = tomllib.loads(text)
        return {
            name: {language: tuple(terms[language]) for language in terms}
            for name, terms in read.items()
        }
    except (tomllib.TOMLDecodeError, AttributeError, TypeError) as error:
        raise ObjectionsUnreadError(
            "{file} cannot be read. Expected classes of terms by language, "
            "e.g. {example}.",
            file=OWN,
            example='[price] fr = ["cher"]',
        ) from error
