"""What a KPI on objectives themselves is made of: their actuals and their targets.

`attainment_rate` and `coverage` need what no fact carries. An objective on them reads
its children on one flow KPI; without such children, its owner's revenue objectives
inside its period, with the same filters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal

from jalon.domain.kpis.algebra import Kpi
from jalon.domain.objectives.objective import Measured, Objective, is_flow

REVENUE = "revenue"
Figures = tuple[Decimal | None, Decimal | None]  # actual, target


def needs_objectives(kpi: Measured) -> bool:
    """Return whether some component of the KPI is handed in."""
    if not isinstance(kpi, Kpi):
        return False
    return any(component.given for component in kpi.components.values())


def read_from(
    objective: Objective,
    everything: Iterable[Objective],
    *,
    kpis: Mapping[str, Measured],
) -> tuple[Objective, ...]:
    """Return the objectives whose figures make this one's."""
    others = [
        one
        for one in everything
        if one.id != objective.id and one.kpi in kpis and is_flow(kpis[one.kpi])
    ]
    children = [one for one in others if one.parent == objective.id]
    if children:
        counted = Counter(one.kpi for one in children)
        kpi = min(counted, key=lambda key: (key != REVENUE, -counted[key], key))
        return tuple(one for one in children if one.kpi == kpi)
    return tuple(
        one
        for one in others
        if (one.kpi, one.owner, one.where)
        == (REVENUE, objective.owner, objective.where)
        and objective.period.first <= one.period.first
        and one.period.after <= objective.period.after
    )


def handed_in(figures: Iterable[Figures]) -> dict[str, Decimal]:
    """Return the components summed over (actual, target) pairs; none without a pair."""
    known = [(a, t) for a, t in figures if a is not None and t is not None]
    if not known:
        return {}
    actual = sum((pair[0] for pair in known), Decimal(0))
    target = sum((pair[1] for pair in known), Decimal(0))
    return {
        "actual": actual,
        "target": target,
        "remaining": max(target - actual, Decimal(0)),
    }
