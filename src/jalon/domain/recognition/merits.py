"""What deserves a word: found by rules anybody can read, never said by the machine.

Seven kinds, each told once: an objective reached; the best progress of a team from one
period to the next; a personal best; periods reached in a row; a practice shared with
the others; help given on somebody else's objective; a lesson written for the company.
A merit is a proposal to whoever leads the person. Nobody is ever named for doing worse.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

RECENT = datetime.timedelta(days=21)  # how long a success is news
FORMER_AT_LEAST = 3  # closed periods before a personal best means something
STREAKS = (3, 6, 12)  # periods in a row that are told
TEAM_AT_LEAST = 3  # people compared before a best progress is looked for
RISE_AT_LEAST = Decimal("0.10")  # of attainment, from one period to the next
LENGTHS_ALIKE = datetime.timedelta(days=5)  # quarters are not all of 91 days


class Kind(StrEnum):
    """Why somebody deserves a word; thanks are said by anybody, not found."""

    REACHED = "reached"
    PROGRESS = "progress"
    BEST = "best"
    STREAK = "streak"
    PRACTICE = "practice"
    HELP = "help"
    LESSON = "lesson"
    THANKS = "thanks"


FOUND = tuple(kind for kind in Kind if kind is not Kind.THANKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One objective of one person, as its evaluation says.

    `attainment` is a fraction of the target, `settled_on` the day it was reached or
    closed; `higher` is False for a KPI to bring down.
    """

    objective: str
    person: str
    kpi: str
    first: datetime.date
    after: datetime.date
    reached: bool
    closed: bool
    settled_on: datetime.date
    attainment: Decimal | None = None
    actual: Decimal | None = None
    higher: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something done for others: a practice shared, help given, a lesson written."""

    kind: Kind
    person: str
    key: str
    on: datetime.date
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merit:
    """One reason for a word; `key` is the same whenever it is found again."""

    key: str
    kind: Kind
    person: str
    on: datetime.date
    objective: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


def merits(
    results: Iterable[Result],
    deeds: Iterable[Deed],
    *,
    teams: Mapping[str, str],
    on: datetime.date,
) -> tuple[Merit, ...]:
    """Return what deserves a word on a day, the latest first.

    `teams` gives the team of each person. What is older than `RECENT` is no news.
    """
    known = list(results)
    found = [
        *_reached(known),
        *_bests(known),
        *_streaks(known),
        *_progress(known, teams),
        *(_of_deed(one) for one in deeds),
    ]
    news = [one for one in found if on - RECENT <= one.on <= on]
    return tuple(sorted(news, key=lambda one: (-one.on.toordinal(), one.key)))


def _reached(results: Sequence[Result]) -> list[Merit]:
    return [
        Merit(
            key=f"reached:{one.objective}",
            kind=Kind.REACHED,
            person=one.person,
            on=one.settled_on,
            objective=one.objective,
        )
        for one in results
        if one.reached
    ]


def _bests(results: Sequence[Result]) -> list[Merit]:
    found = []
    for run in _runs(results):
        for rank, one in enumerate(run):
            former = [past.actual for past in run[:rank] if past.actual is not None]
            if one.actual is None or len(former) < FORMER_AT_LEAST:
                continue
            best = max(former) if one.higher else min(former)
            if (one.actual > best) if one.higher else (one.actual < best):
                merit = Merit(
                    key=f"best:{one.objective}",
                    kind=Kind.BEST,
                    person=one.person,
                    on=one.settled_on,
                    objective=one.objective,
                    facts={"periods": str(len(former))},
                )
                found.append(merit)
    return found


def _streaks(results: Sequence[Result]) -> list[Merit]:
    found = []
    for run in _runs(results):
        length = 0
        for one in run:
            length = length + 1 if one.reached else 0
            if length in STREAKS:
                merit = Merit(
                    key=f"streak:{one.objective}",
                    kind=Kind.STREAK,
                    person=one.person,
                    on=one.settled_on,
                    objective=one.objective,
                    facts={"periods": str(length)},
                )
                found.append(merit)
    return found


def _progress(results: Sequence[Result], teams: Mapping[str, str]) -> list[Merit]:
    """Find the best rise of each team, KPI and period: one name, never a ranking."""
    rises: dict[tuple[str, str, datetime.date], list[tuple[Decimal, Result]]]
    rises = defaultdict(list)
    for run in _runs(results):
        for former, one in pairwise(run):
            if former.attainment is None or one.attainment is None:
                continue
            place = (teams.get(one.person, ""), one.kpi, one.after)
            rises[place].append((one.attainment - former.attainment, one))
    found = []
    for (team, _, _), some in rises.items():
        rise, one = max(some, key=lambda pair: (pair[0], pair[1].objective))
        if team and len(some) >= TEAM_AT_LEAST and rise >= RISE_AT_LEAST:
            merit = Merit(
                key=f"progress:{one.objective}",
                kind=Kind.PROGRESS,
                person=one.person,
                on=one.settled_on,
                objective=one.objective,
                facts={"rise": str(rise)},
            )
            found.append(merit)
    return found


def _runs(results: Sequence[Result]) -> list[list[Result]]:
    """Return, by person and KPI, the closed periods of one length, oldest first."""
    held: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for one in sorted(results, key=lambda one: (one.after, one.objective)):
        if one.closed:
            held[one.person, one.kpi].append(one)
    runs = []
    for some in held.values():
        length = some[-1].after - some[-1].first
        alike = [
            one for one in some if abs(one.after - one.first - length) <= LENGTHS_ALIKE
        ]
        by_end = {one.after: one for one in alike}  # one a period
        runs.append(list(by_end.values()))
    return runs


def _of_deed(one: Deed) -> Merit:
    return Merit(
        key=f"{one.kind.value}:{one.key}",
        kind=one.kind,
        person=one.person,
        on=one.on,
        facts={"about": one.about} if one.about else {},
    )
