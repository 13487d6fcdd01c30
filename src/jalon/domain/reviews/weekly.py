"""The weekly reading: of all that happened, the three decisions a team should take.

Each subject has a weight; an objective gives one subject at most, and a kind comes a
second time only where there is nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

MOST = 3
UNLIKELY, SURE = Decimal("0.3"), Decimal("0.9")
BEHIND = frozenset({"watch", "off_track"})
ALONE = Decimal(1)  # a person's own matter presses less in a meeting of the team
MONTH = 30  # days late beyond which an action weighs no more
AGENDA = ((2, "results"), (4, "moved"), (4, "drifted"), (3, "due"), (2, "decisions"))


class Kind(StrEnum):
    """What a decision is about."""

    UNLIKELY = "unlikely"  # the target is out of reach: more effort, or another target
    NO_PLAN = "no_plan"  # behind, and nothing planned
    DRIFTED = "drifted"  # it turned worse this week
    LATE = "late"  # an action is late: do it, give it, or drop it
    STALLED = "stalled"  # a big deal does not move
    SHARE = "share"  # somebody is well ahead: what can be learnt


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one objective stands: enough to decide on it."""

    id: str
    status: str
    turned: bool  # its state changed for the worse this week
    planned: bool  # an action waits
    probability: Decimal | None
    of_one: bool = False  # one person's: a team decides on its own first


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing to decide: its kind, the objective or deal, how much it presses."""

    kind: Kind
    about: str
    weight: Decimal


def subjects(standings: Iterable[Standing]) -> list[Subject]:
    """Return what the objectives ask to decide."""
    return [found for one in standings if (found := _subject(one)) is not None]


def late(about: str, *, days: int) -> Subject:
    """Return the subject of a late action."""
    return Subject(
        Kind.LATE, about, Decimal(2) + Decimal(min(days, MONTH)) / (2 * MONTH)
    )


def stalled(about: str) -> Subject:
    """Return the subject of a deal that does not move."""
    return Subject(Kind.STALLED, about, Decimal("1.5"))


def decisions(found: Sequence[Subject], *, most: int = MOST) -> tuple[Subject, ...]:
    """Return the heaviest subjects: each about one thing, of different kinds first."""
    order = sorted(found, key=lambda one: (-one.weight, one.kind, one.about))
    chosen: list[Subject] = []
    for fresh in (True, False):
        for one in order:
            known = any(one.about == other.about for other in chosen)
            alike = any(one.kind is other.kind for other in chosen)
            if len(chosen) < most and not known and not (fresh and alike):
                chosen.append(one)
    return tuple(sorted(chosen, key=lambda one: -one.weight))


def _subject(one: Standing) -> Subject | None:
    found = _kind(one)
    if found is None:
        return None
    kind, weight = found
    return Subject(kind, one.id, weight - (ALONE if one.of_one else 0))


def _kind(one: Standing) -> tuple[Kind, Decimal] | None:
    chance = one.probability
    if one.status in BEHIND:
        if chance is not None and chance < UNLIKELY:
            return Kind.UNLIKELY, Decimal(3) + UNLIKELY - chance
        if one.turned:
            return Kind.DRIFTED, Decimal("2.8")
        return None if one.planned else (Kind.NO_PLAN, Decimal("2.3"))
    if chance is not None and chance > SURE:
        return Kind.SHARE, chance
    return None
