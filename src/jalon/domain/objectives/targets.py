"""Which target holds on a day, among the original, the plan and the revisions.

For a flow (revenue) a plan is a list of amounts, one a stretch, that add up to the
target; for a level (a rate, a stock) each value holds from its day on. After a revision
the plan keeps its shape and scales to the new target.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal

from jalon.domain.objectives.objective import DatedTarget, Objective
from jalon.domain.periods import Period


def target_on(
    objective: Objective, day: datetime.date, *, flow: bool
) -> Decimal | None:
    """Return the target in force at the end of `day`, None while it is unresolved."""
    revised = [r.new for r in objective.revisions if r.effective_on <= day]
    if revised:
        return revised[-1]
    if objective.plan and not flow:
        return level_on(objective.plan, day)
    return objective.original_target


def level_on(plan: tuple[DatedTarget, ...], day: datetime.date) -> Decimal:
    """Return the level a plan asks for on a day; its first value before it begins."""
    begun = [dated.value for dated in plan if dated.first <= day]
    return begun[-1] if begun else plan[0].value


def total(plan: tuple[DatedTarget, ...], *, flow: bool) -> Decimal:
    """Return what a plan asks for in the end: its sum, or its last level."""
    if flow:
        return sum((dated.value for dated in plan), Decimal(0))
    return plan[-1].value


def stretches(objective: Objective) -> tuple[tuple[Period, Decimal], ...]:
    """Return the stretches of a flow's plan with the share of the whole each asks."""
    if not objective.plan:
        return ()
    whole = total(objective.plan, flow=True)
    ends = [dated.first for dated in objective.plan[1:]] + [objective.period.after]
    return tuple(
        (Period(dated.first, end), dated.value / whole)
        for dated, end in zip(objective.plan, ends, strict=True)
        if whole
    )


def joined_target(
    objective: Objective, weights: Mapping[datetime.date, Decimal], *, flow: bool
) -> Decimal | None:
    """Return the dated targets joined day by day.

    Each day asks for its share of the target in force that day, so a target of 120
    lowered to 90 at half-way asks for 105 in all.
    """
    if not objective.revisions and (flow or not objective.plan):
        return objective.original_target
    whole = sum(weights.values(), Decimal(0))
    if not whole:
        return None
    joined = Decimal(0)
    for day, weight in weights.items():
        target = target_on(objective, day, flow=flow)
        if target is None:
            return None
        joined += target * weight
    return joined / whole
