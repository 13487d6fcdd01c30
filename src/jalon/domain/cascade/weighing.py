"""How much of a target somebody weighs: what they did, can do, and when they are there.

The weight of an additive KPI is the method's column times the relief (growth, ramp of a
new hire, absences, part-time). Somebody without a past is taken for an average
neighbour, then relieved by their ramp; it is said that this was guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from jalon.domain.cascade.plan import ONE, Method, Node
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import Grain, containing, months_later
from jalon.domain.refusals import Refusal

ZERO = Decimal(0)
# Shares of full work in the first months: PostHog's public plan counts half a quota
# during three months (3 x 250k + 125k for a team of four, one of them new).
RAMP = (Decimal("0.5"), Decimal("0.5"), Decimal("0.5"))

_NO_COLUMN = (
    'The method "{method}" needs {column} on the parts of {parent}; none carries it.'
    ' Example: {{"id": "{example}", "{column}": 120}}.'
)
_NO_WEIGHT = (
    "{node} has no {column}, which the method needs on every node."
    ' Example: {{"id": "{node}", "{column}": 1}}.'
)
_NEGATIVE = (
    "{node} has a {column} of {found}. Expected 0 or more: what weighs cannot be"
    " negative."
)
_COLUMNS = {
    Method.HISTORY: "history",
    Method.CAPACITY: "capacity",
    Method.POTENTIAL: "potential",
    Method.WEIGHTS: "weight",
}


def weights(
    parts: Sequence[Node], method: Method, below: Mapping[str, Decimal | None]
) -> list[tuple[Decimal, bool]]:
    """Return each part's weight after relief, and whether it was guessed.

    `below` gives the weight of who is under a node, for nodes that carry none.

    Raises:
        Refusal: If no part carries the method's column, or one misses its weight.
    """
    if method is Method.EQUAL:
        heads = [below.get(part.id) or ONE for part in parts]
        return [
            (head * part.relief, False) for part, head in zip(parts, heads, strict=True)
        ]
    column = _COLUMNS[method]
    found = [_own(part, column, below) for part in parts]
    known = [weight for weight, _ in found if weight is not None]
    if not known:
        raise Refusal(
            _NO_COLUMN,
            method=method,
            column=column,
            parent=parts[0].parent or "the target",
            example=parts[0].id,
        )
    if method is not Method.HISTORY and len(known) < len(found):
        missing = next(
            part.id
            for part, (weight, _) in zip(parts, found, strict=True)
            if weight is None
        )
        raise Refusal(_NO_WEIGHT, node=missing, column=column)
    for part, (weight, _) in zip(parts, found, strict=True):
        if weight is not None and weight < 0:
            raise Refusal(_NEGATIVE, node=part.id, column=column, found=weight)
    average = sum(known, ZERO) / len(known)
    return [
        (average * part.relief, True)
        if weight is None
        else (weight * (part.relief if own else ONE), False)
        for part, (weight, own) in zip(parts, found, strict=True)
    ]


def _own(
    part: Node, column: str, below: Mapping[str, Decimal | None]
) -> tuple[Decimal | None, bool]:
    """Return a part's weight before relief, and whether it is its own."""
    own: Decimal | None = getattr(part, column)
    if own is not None:
        return own, True
    return below.get(part.id), False


def ramp_share(
    started_on: date | None, month: Period, curve: Sequence[Decimal] = RAMP
) -> Decimal:
    """Return the share of full work expected in that month of somebody who started."""
    if started_on is None:
        return ONE
    rank = 0
    opening = containing(started_on, Grain.MONTH).first
    while opening < month.first and rank <= len(curve):
        opening, rank = months_later(opening, 1), rank + 1
    if opening > month.first:
        return ZERO
    return curve[rank] if rank < len(curve) else ONE


def presence(
    days: Iterable[date],
    *,
    capacity: Decimal = ONE,
    started_on: date | None = None,
    left_on: date | None = None,
    absences: Iterable[Period] = (),
) -> Decimal:
    """Return the share of the month's working days that somebody works.

    `capacity` is the part of full time; `left_on` is the first day no longer there.
    """
    away = tuple(absences)
    open_days = list(days)
    worked = [
        day
        for day in open_days
        if (started_on is None or day >= started_on)
        and (left_on is None or day < left_on)
        and not any(each.first <= day < each.after for each in away)
    ]
    if not open_days:
        return ZERO
    return capacity * len(worked) / len(open_days)
