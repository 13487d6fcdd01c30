"""A plan tried on figures: two plans person by person, and what it may cost.

The cost is drawn: each draw takes a landing of every figure, pays everybody, and adds.
Figures of different objectives are drawn independently of one another.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.incentives.inputs import Input, landed, rows_of
from jalon.domain.incentives.plan import ZERO
from jalon.domain.incentives.sources import Written
from jalon.domain.incentives.statement import statement

DRAWS = 200
SEED = 7
Samples = Mapping[str, Sequence[Decimal]]  # by objective


@dataclass(frozen=True, slots=True)
class Compared:
    """What two plans pay one person on the same figures."""

    person: str
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        """Return what the second pays more."""
        return self.after - self.before


def pay_by_person(written: Written, inputs: Sequence[Input]) -> dict[str, Decimal]:
    """Return what a plan pays each person, 0 where nothing is earned."""
    found = dict.fromkeys((one.person for one in inputs), ZERO)
    return found | statement(written.plan, rows_of(inputs, written.plan)).by_person()


def compared(
    before: Mapping[str, Decimal], after: Mapping[str, Decimal]
) -> tuple[Compared, ...]:
    """Return both amounts of everybody, those who lose most first."""
    people = sorted({*before, *after})
    found = [
        Compared(one, before.get(one, ZERO), after.get(one, ZERO)) for one in people
    ]
    return tuple(sorted(found, key=lambda one: (one.difference, one.person)))


def costs(
    written: Written, inputs: Sequence[Input], samples: Samples, *, draws: int = DRAWS
) -> tuple[Decimal, ...]:
    """Return what everybody costs in each draw, sorted; the same draws every time."""
    chance = random.Random(SEED)  # noqa: S311 - draws of a simulation, no secret
    objectives = sorted({one.objective for one in inputs if one.objective in samples})
    found = []
    for _rank in range(draws):
        drawn = {one: chance.choice(samples[one]) for one in objectives}
        there = [
            landed(one, drawn[one.objective])
            if one.objective in drawn and one.attainment is None
            else one
            for one in inputs
        ]
        found.append(statement(written.plan, rows_of(there, written.plan)).sum)
    return tuple(sorted(found))


def quantile(values: Sequence[Decimal], share: Decimal) -> Decimal:
    """Return the value a share of sorted values lies below, between neighbours."""
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)
