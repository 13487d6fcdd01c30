"""One owner's side of the agreement as the page shows it, and who holds the gap."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.cascade.agreement import Reconciliation, Side
from jalon.domain.cascade.grid import mean
from jalon.queries.planning import PlanningLine, PlanningPage


@dataclass(frozen=True, slots=True)
class ShownSide:
    """A line, both figures, and what its reader may say of it now."""

    line: PlanningLine
    place: int
    side: Side
    mine: bool
    able: frozenset[str]


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a part of the gap, and how much of the whole."""

    name: str
    gap: Decimal
    share: Decimal


def gap(found: Reconciliation, page: PlanningPage) -> Decimal:
    """Return asked - offered of all: a sum, of a rate the mean by volumes."""
    sides = [(found.sides[line.row.owner].gap, line.row) for line in page.lines]
    if not any(row.volumes for _, row in sides):
        return sum((part for part, _ in sides), Decimal(0))
    people = [one for one in sides if one[1].owner.startswith("person:")]
    weights = [sum(row.volumes, Decimal(0)) for _, row in people]
    parts = [part for part, _ in people]
    return mean(parts, weights, grain=people[0][1].grain) or Decimal(0)


def holders(found: Reconciliation, page: PlanningPage) -> list[Holder]:
    """Return who offered something else than was asked, the largest gap first."""
    whole = sum((abs(side.gap) for side in found.sides.values()), Decimal(0))
    held = [
        Holder(line.row.name, side.gap, abs(side.gap) / whole)
        for line in page.lines
        if (side := found.sides[line.row.owner]).gap
    ]
    return sorted(held, key=lambda one: -abs(one.gap))
