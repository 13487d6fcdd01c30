"""Do the children's targets add up to the parent's? Told in both directions.

Only where targets add up: a flow KPI, children on the same KPI over the same period.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.objectives.objective import Objective


@dataclass(frozen=True, slots=True)
class SumCheck:
    """What the children ask for together, beside what their parent asks for."""

    parent: Decimal
    children: Decimal

    @property
    def difference(self) -> Decimal:
        """Return children - parent: below 0, something is asked of nobody."""
        return self.children - self.parent


def sum_check(
    parent: Objective, children: Iterable[Objective], *, flow: bool
) -> SumCheck | None:
    """Return the two sums, None where adding would mean nothing."""
    targets = [
        child.target
        for child in children
        if (child.kpi, child.period) == (parent.kpi, parent.period)
        and child.target is not None
    ]
    if not flow or not targets or parent.target is None:
        return None
    return SumCheck(parent.target, sum(targets, Decimal(0)))
