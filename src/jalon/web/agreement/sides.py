"""One owner's side of the agreement as the page shows it, and who holds the gap."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.cascade.agreement import Reconciliation, Side
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


def holders(found: Reconciliation, page: PlanningPage) -> list[Holder]:
    """Return who offered something else than was asked, the largest gap first."""
    whole = sum((abs(side.gap) for side in found.sides.values()), Decimal(0))
    held = [
        Holder(line.row.name, side.gap, abs(side.gap) / whole)
        for line in page.lines
        if (side := found.sides[line.row.owner]).gap
    ]
    return sorted(held, key=lambda one: -abs(one.gap))
