"""A review: a month or a quarter of an owner looked back on, in dialogue, then frozen.

`first` is inside the period, `after` the first day outside. Each side's own word, the
owner's and that of whoever leads them, is read by the other side once both were given,
so that neither follows the other. A frozen review never changes; what was decided in it
is answered for in the next one.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum

from jalon.domain.objectives.objective import months_later
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import Grain, containing
from jalon.domain.refusals import Refusal

LONGEST = 2_000
LOWEST, HIGHEST = 1, 5
PARTS = (
    "results",
    "causes",
    "field",
    "actions",
    "words",
    "decisions",
)


class Kind(StrEnum):
    """How long a review looks back."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class Side(StrEnum):
    """Who gives a word: the owner, or who leads them."""

    OWNER = "owner"
    LEAD = "lead"


class State(StrEnum):
    """Open while it is prepared and discussed; frozen for ever after."""

    OPEN = "open"
    FROZEN = "frozen"


_MONTHS = {Kind.MONTHLY: 1, Kind.QUARTERLY: 3}
_GRAINS = {Kind.MONTHLY: Grain.MONTH, Kind.QUARTERLY: Grain.QUARTER}
_NO_PERIOD = "{found} begins no {kind} period. Expected e.g. {example}."


@dataclass(frozen=True, slots=True)
class Word:
    """What one side says of the period."""

    side: Side
    level: int  # 1 far from what was wanted, 5 far beyond
    proud: str
    harder: str
    needs: str


def period_of(
    kind: Kind,
    *,
    on: datetime.date,
    first_month: int = 1,
    first: datetime.date | None = None,
) -> Period:
    """Return the period to look back on: the one that begins on `first`, else the last.

    The last is the running one in its last fortnight, else the one before it.

    Raises:
        Refusal: If `first` begins no such period.
    """
    running = containing(on, _GRAINS[kind], first_month=first_month)
    months = _MONTHS[kind]
    if first is None:
        ending = (running.after - on).days <= 14  # noqa: PLR2004 - a fortnight
        begins = running.first if ending else months_later(running.first, -months)
        return Period(begins, months_later(begins, months))
    found = containing(first, _GRAINS[kind], first_month=first_month)
    if found.first != first:
        raise Refusal(
            _NO_PERIOD,
            found=first,
            kind=Refusal(f"review.{kind.value}"),
            example=found.first,
        )
    return found


def readable(
    words: tuple[Word, ...], *, sides: frozenset[Side], both_needed: bool = True
) -> tuple[Word, ...]:
    """Return the words a reader may read: their own side's, all once both were given.

    `sides` are those the reader speaks for; a third party speaks for none. Where one
    side alone exists (`both_needed` false: nobody leads the company), it is read.
    """
    given = {one.side for one in words}
    if not both_needed or given == set(Side):
        return words
    return tuple(one for one in words if one.side in sides)
