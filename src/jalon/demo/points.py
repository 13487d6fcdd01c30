"""What the sample company's people said week after week, and the classes Claire gave.

The story is heard: before it, prices and delays; since then one competitor, and
customers to be reassured. Each week about three people in four take their point.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from jalon.demo import company
from jalon.demo.calendar import STORY_DAYS
from jalon.demo.company import PEOPLE, Person
from jalon.demo.staff import email
from jalon.domain.feedback.checkins import Kind
from jalon.records.check_ins import CheckIn
from jalon.records.reviews import PointTag

WEEKS = 36
TAKEN = 0.75
TAGS = 56  # classed by the manager: enough for suggestions
SALES = frozenset({company.SME, company.KEY_ACCOUNTS})


@dataclass(frozen=True, slots=True)
class Phrase:
    """What may be heard: its kind, its words, the class it belongs to."""

    kind: Kind
    words: str
    tag: str


USUAL = (
    Phrase(Kind.OBJECTION, "Le prix revient dans chaque négociation.", "price"),
    Phrase(
        Kind.OBJECTION, "On nous demande encore une remise de fin d'année.", "price"
    ),
    Phrase(Kind.OBJECTION, "Le tarif est jugé trop cher face au tableur.", "price"),
    Phrase(Kind.OBJECTION, "Budget gelé jusqu'au prochain exercice.", "budget"),
    Phrase(Kind.BLOCKER, "La trésorerie du client retarde la signature.", "budget"),
    Phrase(Kind.BLOCKER, "La validation juridique bloque deux dossiers.", "decision"),
    Phrase(
        Kind.OBJECTION, "Le comité se réunit une fois par mois seulement.", "decision"
    ),
    Phrase(
        Kind.NEED,
        "Les clients attendent une API pour leur comptabilité.",
        "integration",
    ),
    Phrase(
        Kind.NEED, "Deux prospects veulent un connecteur avec leur paie.", "integration"
    ),
    Phrase(
        Kind.OBJECTION, "Il manque une fonction d'export vers leur outil.", "feature"
    ),
    Phrase(
        Kind.GOOD_PRACTICE, "La formation en deux heures plaît beaucoup.", "service"
    ),
    Phrase(
        Kind.GOOD_PRACTICE, "Le support répond vite, les clients le disent.", "service"
    ),
)
STORY = (
    Phrase(
        Kind.COMPETITOR,
        "Quadrille est cité dans presque toutes les démonstrations.",
        "competitor",
    ),
    Phrase(
        Kind.COMPETITOR,
        "Les clients comparent avec Quadrille et veulent être rassurés.",
        "competitor",
    ),
    Phrase(
        Kind.WEAK_SIGNAL,
        "Un concurrent promet une migration gratuite : il faut rassurer.",
        "competitor",
    ),
    Phrase(
        Kind.OBJECTION,
        "On nous demande des références et une garantie avant de décider.",
        "trust",
    ),
    Phrase(
        Kind.BLOCKER,
        "La décision traîne : le comité attend l'offre du concurrent.",
        "competitor",
    ),
)
AFTER = (
    Phrase(
        Kind.GOOD_PRACTICE,
        "La démonstration comparée rassure : deux affaires gagnées face à Quadrille.",
        "competitor",
    ),
    Phrase(
        Kind.GOOD_PRACTICE,
        "Moins de rendez-vous, mieux préparés : on perd moins de temps.",
        "service",
    ),
    Phrase(
        Kind.NEED, "Les références clients sont lues, il en faut d'autres.", "trust"
    ),
)


def write_points(on: date, *, seed: int) -> int:
    """Write the points of the weeks before a day; return how many."""
    story = on - timedelta(days=STORY_DAYS)
    rng = Random(f"ardoise:{seed}:points")
    rows = [
        row
        for monday in _mondays(on)
        for row in _week(monday, on=on, rng=rng, late=monday >= story)
    ]
    CheckIn.objects.bulk_create(rows)
    _tag(rng)
    return len(rows)


def write_later_points(on: date, later: date, *, seed: int) -> int:
    """Write what was said from a day to a later one; return how many."""
    rng = Random(f"ardoise:{seed}:points:{later}")
    rows = [
        row
        for monday in _mondays(later, weeks=(later - on).days // 7)
        if monday > on
        for row in _week(monday, on=later, rng=rng, late=False, after=True)
    ]
    CheckIn.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _mondays(on: date, *, weeks: int = WEEKS) -> list[date]:
    last = on - timedelta(days=on.weekday())
    return [last - timedelta(weeks=back) for back in range(weeks, -1, -1)]


def _week(
    monday: date, *, on: date, rng: Random, late: bool, after: bool = False
) -> Iterator[CheckIn]:
    handed = monday + timedelta(days=4)
    for person in PEOPLE:
        if not _speaks(person) or rng.random() >= TAKEN:
            continue
        if person.person_id == company.SALESPERSON and handed >= on:
            continue  # this week's is left to take
        selling = person.team_id in SALES
        phrase = _phrase(rng, story=late and selling, after=after and selling)
        worried = late and selling
        at = min(handed, on)
        yield CheckIn(
            person_id=person.person_id,
            first=monday,
            rhythm="weekly",
            confidence=rng.choice((2, 3, 3) if worried else (3, 4, 4, 5)),
            field=phrase.words,
            kind=phrase.kind.value,
            lang="fr",
            written_at=_at(at, 16),
            handed_at=_at(at, 16),
            **_read(person, monday, on),
        )


def _speaks(person: Person) -> bool:
    here = person.left_days_ago is None and person.joined_days_ago > 120  # noqa: PLR2004 - settled in
    return here and person.role not in {"director", "manager"}


def _phrase(rng: Random, *, story: bool, after: bool) -> Phrase:
    if story and rng.random() < 0.7:  # noqa: PLR2004
        return rng.choice(STORY)
    return rng.choice(AFTER if after and rng.random() < 0.5 else USUAL)  # noqa: PLR2004


def _read(person: Person, monday: date, on: date) -> dict[str, object]:
    """Say who read it: those of the running week wait to be read."""
    if monday + timedelta(days=7) > on:
        return {}
    names = {one.person_id: one.name for one in PEOPLE}
    reader = names[company.MANAGERS[person.team_id]]
    return {
        "read_by": email(reader),
        "read_at": _at(monday + timedelta(days=7), 9),
    }


def _tag(rng: Random) -> None:
    """Class some of the points as their manager would have."""
    known = {one.words: one.tag for one in (*USUAL, *STORY, *AFTER)}
    points: Sequence[CheckIn] = list(CheckIn.objects.order_by("first", "person_id"))
    half = rng.sample(points, min(TAGS, len(points)))
    PointTag.objects.bulk_create(
        PointTag(
            check_in=one,
            tag=known[one.field],
            by=email("Claire Morel"),
            at=one.handed_at or one.written_at,
        )
        for one in half
    )


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=UTC)
