"""Badges and neighbours: few, documented, and never the bottom of anything.

A badge is worn from words that somebody has said, not from figures alone. Neighbours
are shown to those who asked, among those who asked: who is just ahead, and who is just
behind unless that one is last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from jalon.domain.recognition.merits import Kind

SHARED_AT_LEAST = 3  # practices, help and lessons told
THANKED_BY_AT_LEAST = 3  # different people
FEWEST = 5  # who asked to compare, before anybody is compared
SHARING = frozenset({Kind.PRACTICE, Kind.HELP, Kind.LESSON})


class Badge(StrEnum):
    """The five badges, in the order they are shown."""

    FIRST = "first"  # a first objective reached
    REGULAR = "regular"  # three periods in a row
    BEYOND = "beyond"  # a personal best
    SHARER = "sharer"  # three practices, helps or lessons
    THANKED = "thanked"  # thanked by three people


@dataclass(frozen=True, slots=True)
class Said:
    """A word that was said to somebody: why, and by whom."""

    kind: Kind
    by: str


def badges(words: Iterable[Said]) -> tuple[Badge, ...]:
    """Return the badges of whoever received these words."""
    told = list(words)
    kinds = {one.kind for one in told}
    earned = {
        Badge.FIRST: Kind.REACHED in kinds,
        Badge.REGULAR: Kind.STREAK in kinds,
        Badge.BEYOND: Kind.BEST in kinds,
        Badge.SHARER: sum(one.kind in SHARING for one in told) >= SHARED_AT_LEAST,
        Badge.THANKED: len({one.by for one in told if one.kind is Kind.THANKS})
        >= THANKED_BY_AT_LEAST,
    }
    return tuple(badge for badge in Badge if earned[badge])


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody beside the reader; `ahead` by how much of the target, above 0."""

    person: str
    attainment: Decimal
    ahead: Decimal


def neighbours(
    attainments: Mapping[str, Decimal], me: str
) -> tuple[Neighbour | None, Neighbour | None]:
    """Return who is just ahead and who is just behind among those who asked.

    Nobody is compared among fewer than `FEWEST`; whoever is last is never shown behind
    somebody; equals are neither ahead nor behind.
    """
    if me not in attainments or len(attainments) < FEWEST:
        return None, None
    mine = attainments[me]
    ahead = sorted((value, who) for who, value in attainments.items() if value > mine)
    last = min(attainments.values())
    behind = sorted(
        (value, who) for who, value in attainments.items() if last < value < mine
    )
    return _beside(ahead[:1], mine), _beside(behind[-1:], mine)


def _beside(found: Sequence[tuple[Decimal, str]], mine: Decimal) -> Neighbour | None:
    if not found:
        return None
    value, who = found[0]
    return Neighbour(who, value, abs(value - mine))
