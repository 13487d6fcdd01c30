"""A new target carried to the objectives under it, the effort already made credited.

For an amount, what each has done counts as done: only the rest is shared anew, in
proportion to what each still had to do, so nobody who is ahead is asked to do it twice;
who is past their target keeps it, and what they are beyond it stays theirs.
An objective over a part of its parent's period (a quarter of a year) adds up to nothing
by itself: what it has left to do changes as what its parent has left to do.
For a rate, each moves by the same effort. Children that together carried more than
their parent (a cushion) keep that proportion.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

import numpy as np

from jalon.domain.cascade.plan import Measure
from jalon.domain.cascade.split import split, stepped

ZERO = Decimal(0)
_DIGITS = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Held:
    """An objective before: its target, what is done of it on the day."""

    id: str
    parent: str
    target: Decimal
    done: Decimal
    whole: bool = True  # over the same period as its parent


@dataclass(frozen=True, slots=True)
class Carried:
    """An objective after; `credited` is what counts as done, None for a rate."""

    id: str
    former: Decimal
    new: Decimal
    credited: Decimal | None


def carried(
    top: str, new: Decimal, held: Sequence[Held], *, measure: Measure, credit: bool
) -> tuple[Carried, ...]:
    """Return the top and all that is under it with their new targets.

    Without `credit` the effort made counts for nothing: targets keep their proportions.
    What is done is never asked back: where the parts together did more than the new
    target, each stays at what they did, and their sum is above it.
    """
    known = {one.id: one for one in held}
    parts: dict[str, list[Held]] = defaultdict(list)
    for one in held:
        parts[one.parent].append(one)
    found = {top: _of(known[top], new, measure)}
    waiting = [top]
    while waiting:
        above = known[waiting.pop()]
        below = parts.get(above.id, [])
        wanted = found[above.id].new
        whole = [one for one in below if one.whole]
        part = [one for one in below if not one.whole]
        if measure.additive:
            figures = _amounts(above, wanted, whole, measure, credit=credit)
            figures += [
                _in_part(above, wanted, one, measure, credit=credit) for one in part
            ]
        else:
            figures = _rates(above, wanted, [*whole, *part], measure)
        for one, figure in zip([*whole, *part], figures, strict=True):
            found[one.id] = _of(one, figure, measure)
            waiting.append(one.id)
    return tuple(found[one.id] for one in held if one.id in found)


def _of(one: Held, new: Decimal, measure: Measure) -> Carried:
    credited = min(one.done, one.target) if measure.additive else None
    return Carried(one.id, one.target, new, credited)


def _amounts(
    above: Held, new: Decimal, below: Sequence[Held], measure: Measure, *, credit: bool
) -> list[Decimal]:
    if not below:
        return []
    step = measure.step or Decimal(1)
    former = sum((one.target for one in below), ZERO)
    whole = former * new / above.target if above.target else ZERO
    whole = stepped(whole, step)
    done = [_counted(one, step) if credit else ZERO for one in below]
    rest = max(whole - sum(done, ZERO), ZERO)
    weights = [
        max(one.target - own, ZERO) for one, own in zip(below, done, strict=True)
    ]
    if not any(weights):
        weights = [one.target for one in below]
    steps = int(rest / step)
    shared = split(steps, np.array([float(weight) for weight in weights])).amounts
    figures = [
        own + int(amount) * step for own, amount in zip(done, shared, strict=True)
    ]
    largest = max(range(len(below)), key=lambda rank: (shared[rank], -rank))
    figures[largest] += rest - steps * step
    return figures


def _counted(one: Held, step: Decimal) -> Decimal:
    """Return what is done of a target, on a whole step: never more than the target."""
    return min(ceil(one.done / step) * step, one.target)


def _in_part(
    above: Held, new: Decimal, one: Held, measure: Measure, *, credit: bool
) -> Decimal:
    """Return the target of a part of the period, its rest changed as its parent's."""
    step = measure.step or Decimal(1)
    base, own = (above.done, _counted(one, step)) if credit else (ZERO, ZERO)
    rest = above.target - base
    factor = max(new - base, ZERO) / rest if rest > 0 else Decimal(1)
    left = max(one.target - own, ZERO)
    return max(stepped(own + left * factor, step), own)


def _rates(
    above: Held, new: Decimal, below: Sequence[Held], measure: Measure
) -> list[Decimal]:
    """Return each rate moved by the effort that moves the parent's."""
    if not below:
        return []
    line = measure.scale.stretched(
        np.array([float(above.target), float(new), *(float(b.target) for b in below)])
    )
    moved = measure.scale.back(line[2:] + (line[1] - line[0]))
    return [Decimal(str(rate)).quantize(_DIGITS) for rate in moved]
