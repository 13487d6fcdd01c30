"""Faults between the cells of a row: target, change, baseline, direction, filters."""

from __future__ import annotations

from decimal import Decimal

from jalon.domain.kpis.conditions import ConditionError, condition
from jalon.domain.objectives import fields
from jalon.domain.objectives.change import (
    AmbiguousChangeError,
    UnreadableChangeError,
    read_change,
)
from jalon.domain.objectives.faults import Fault
from jalon.domain.objectives.fields import Row
from jalon.domain.objectives.graded import GRADED, LEVELS, LOWEST_TARGET
from jalon.domain.objectives.objective import (
    BaselineRule,
    Direction,
    Measured,
    Objective,
    is_flow,
    is_rate,
)

LARGEST_RATE = Decimal(3)
GRADES = (LOWEST_TARGET, LEVELS)


def target_faults(row: Row, objective: Objective, kpi: Measured) -> list[Fault]:
    """Return what is wrong with the target, its change, its band or its direction."""
    if objective.direction is Direction.MAINTAIN:
        bands = objective.bands
        if bands.minimum is None or bands.excellent is None:
            example = "bands = { minimum = 0.9, maximum = 0.95 }"
            return [Fault("bands", "fault.maintain", example=example)]
    faults = _change_faults(objective, kpi)
    written = fields.given(row, "target") or objective.plan
    if not written and not objective.change and objective.original_target is None:
        if objective.direction is Direction.MAINTAIN:
            return faults
        faults.append(Fault("target", "fault.target_missing", example="1322500"))
    target = objective.original_target
    if (
        kpi.key == GRADED
        and target is not None
        and not GRADES[0] <= target <= GRADES[1]
    ):
        faults.append(Fault("target", "fault.grade", str(target), "3"))
    if is_rate(kpi) and target is not None and abs(target) > LARGEST_RATE:
        example = str(target / 100)
        faults.append(Fault("target", "fault.rate", str(target), example))
    return faults + _contradictions(objective, kpi)


def filter_faults(objective: Objective) -> list[Fault]:
    """Return a fault for each filter that cannot be read."""
    found = []
    for written in objective.where:
        try:
            condition(written)
        except ConditionError:
            found.append(Fault("where", "fault.filter", written, "segment=PME"))
    return found


def _change_faults(objective: Objective, kpi: Measured) -> list[Fault]:
    if not objective.change:
        return []
    change = objective.change
    try:
        read_change(change, rate=is_rate(kpi))
    except AmbiguousChangeError as error:
        amount = f"{error.amount:+f}"
        details = {
            "points": f"{amount} pt",
            "relative": f"x{(1 + error.amount / 100).normalize():f}",
        }
        example = details["points"]
        return [Fault("change", "fault.percent_of_rate", change, example, details)]
    except UnreadableChangeError:
        return [Fault("change", "fault.change", change, '"+15 %", "+6 pt", "x1.15"')]
    if objective.baseline_rule is BaselineRule.NONE:
        return [Fault("baseline", "fault.change_without_baseline", change, '"N-1"')]
    return []


def _contradictions(objective: Objective, kpi: Measured) -> list[Fault]:
    target, baseline = objective.original_target, objective.baseline
    up = objective.direction is Direction.UP
    down = objective.direction is Direction.DOWN
    if target is None or baseline is None or is_flow(kpi):
        return []
    if (up and target < baseline) or (down and target > baseline):
        details = {"baseline": str(baseline), "direction": objective.direction.value}
        example = "up" if down else "down"
        return [Fault("direction", "fault.direction", str(target), example, details)]
    return []
