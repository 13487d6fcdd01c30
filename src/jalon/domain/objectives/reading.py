"""From one row of an objectives file to objectives, or to all its faults at once.

A row with a fault gives no objective and hides nothing of the other rows. A recurring
row (`every`) gives one dated objective an occurrence. Owners are resolved by the caller
(they may be written by name), as is a baseline that must be measured.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from jalon.domain.kpis.conditions import ConditionError, condition
from jalon.domain.objectives import fields
from jalon.domain.objectives.change import (
    AmbiguousChangeError,
    UnreadableChangeError,
    read_change,
)
from jalon.domain.objectives.faults import Fault
from jalon.domain.objectives.fields import Row
from jalon.domain.objectives.objective import (
    Action,
    Bands,
    BaselineRule,
    DatedTarget,
    Direction,
    Measured,
    Objective,
    Phasing,
    PhasingKind,
    Revision,
    is_flow,
    is_rate,
    months_later,
)
from jalon.domain.objectives.states import State
from jalon.domain.objectives.targets import total
from jalon.domain.periods import Period

COLUMNS = (
    "id",
    "series",
    "statement",
    "lang",
    "kpi",
    "owner",
    "first",
    "after",
    "every",
    "direction",
    "baseline",
    "baseline_value",
    "baseline_snapshot",
    "target",
    "change",
    "minimum",
    "excellent",
    "where",
    "parent",
    "weight",
    "phasing",
    "weights",
    "nature",
    "state",
    "closed_on",
    "closed_snapshot",
    "targets",
    "actions",
    "revisions",
)
EVERY_MONTHS = {"month": 1, "quarter": 3, "year": 12}
NATURES = ("quantitative", "qualitative")
LARGEST_RATE = Decimal(3)
Choice = TypeVar("Choice", bound=StrEnum)
SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a row gave: objectives, or faults."""

    objectives: tuple[Objective, ...]
    faults: tuple[Fault, ...]


def read(row: Row, *, kpis: Mapping[str, Measured]) -> Reading:
    """Return the objectives of one row, or every fault it has."""
    faults = _unknown_columns(row)
    row = _flattened(row, faults)
    kpi = _kpi(row, kpis, faults)
    period = _period(row, faults)
    if not fields.given(row, "owner"):
        faults.append(Fault("owner", "fault.missing", example="person:12"))
    if kpi is None or period is None:
        return Reading((), tuple(faults))
    objective = _objective(row, kpi, period, faults)
    occurrences = _occurrences(row, objective, faults)
    return Reading(() if faults else occurrences, tuple(faults))


def resolved(objective: Objective, *, kpi: Measured, baseline: Decimal) -> Objective:
    """Return the objective with its measured baseline, and the target it implies."""
    target = objective.original_target
    if target is None and objective.change:
        target = read_change(objective.change, rate=is_rate(kpi)).of(baseline)
    return replace(objective, baseline=baseline, original_target=target)


def _objective(
    row: Row, kpi: Measured, period: Period, faults: list[Fault]
) -> Objective:
    rate = is_rate(kpi)
    plan = _plan(row, period, faults, rate=rate)
    rule, baseline = _baseline(row, faults, rate=rate)
    target = fields.number(row, "target", faults, rate=rate)
    if target is None and plan:
        target = total(plan, flow=is_flow(kpi))
    direction = _choice(row, "direction", Direction, Direction(str(kpi.better)), faults)
    objective = Objective(
        id=fields.text(row, "id") or _default_id(row, kpi, period),
        series=fields.text(row, "series"),
        statement=fields.text(row, "statement"),
        lang=fields.text(row, "lang") or "fr",
        kpi=kpi.key,
        owner=fields.text(row, "owner"),
        period=period,
        where=fields.words(row, "where"),
        direction=direction,
        baseline_rule=rule,
        baseline=baseline,
        baseline_snapshot=fields.text(row, "baseline_snapshot"),
        change=fields.text(row, "change"),
        original_target=target,
        plan=plan,
        bands=Bands(
            fields.number(row, "minimum", faults, rate=rate),
            fields.number(row, "excellent", faults, rate=rate),
        ),
        phasing=_phasing(row, faults),
        weight=_weight(row, faults),
        nature=_one_of(row, "nature", NATURES, _nature(kpi), faults),
        parent=fields.text(row, "parent"),
        state=_choice(row, "state", State, State.ACTIVE, faults),
        actions=_actions(row, faults),
        revisions=_revisions(row, target, faults, rate=rate),
        closed_on=_optional_day(row, "closed_on", faults),
        closed_snapshot=fields.text(row, "closed_snapshot"),
    )
    faults.extend(_filter_faults(objective))
    faults.extend(_target_faults(row, objective, kpi))
    if objective.original_target is None and objective.baseline is not None:
        objective = _with_change(objective, kpi)
    return objective


def _with_change(objective: Objective, kpi: Measured) -> Objective:
    try:
        return resolved(objective, kpi=kpi, baseline=objective.baseline or Decimal(0))
    except (UnreadableChangeError, AmbiguousChangeError):
        return objective  # told by _target_faults


def _unknown_columns(row: Row) -> list[Fault]:
    known = {*COLUMNS, "bands", "maximum"}
    return [
        Fault(name, "fault.unknown_column", name, ", ".join(COLUMNS))
        for name in row
        if name not in known and fields.given(row, name)
    ]


def _flattened(row: Row, faults: list[Fault]) -> Row:
    bands = row.get("bands")
    if bands is None or bands == "":
        return _with_maximum(row)
    if not isinstance(bands, Mapping) or set(bands) - {
        "minimum",
        "target",
        "excellent",
        "maximum",
    }:
        example = "{ minimum = 1250000, excellent = 1400000 }"
        faults.append(Fault("bands", "fault.bands", str(bands), example))
        return {name: value for name, value in row.items() if name != "bands"}
    rest = {name: value for name, value in row.items() if name != "bands"}
    return _with_maximum({**bands, **rest})


def _with_maximum(row: Row) -> Row:
    """Read the other side of a band to maintain, written "maximum"."""
    if not fields.given(row, "maximum"):
        return row
    return {**row, "excellent": row["maximum"]}


def _kpi(
    row: Row, kpis: Mapping[str, Measured], faults: list[Fault]
) -> Measured | None:
    key = fields.text(row, "kpi")
    if not key:
        faults.append(Fault("kpi", "fault.missing", example="revenue"))
        return None
    if key not in kpis:
        faults.append(Fault("kpi", "fault.kpi", key, _nearest(key, kpis)))
        return None
    return kpis[key]


def _nearest(key: str, kpis: Mapping[str, Measured]) -> str:
    def shared(other: str) -> int:
        return len(set(key.lower().split("_")) & set(other.split("_")))

    return max(sorted(kpis), key=shared, default="revenue")


def _period(row: Row, faults: list[Fault]) -> Period | None:
    first = fields.day(row, "first", faults)
    if fields.given(row, "every") and not fields.given(row, "after"):
        after = months_later(first, 12) if first else None
    else:
        after = fields.day(row, "after", faults)
    if first is None or after is None:
        return None
    if after <= first:
        details = {"first": first.isoformat()}
        example = months_later(first, 3).isoformat()
        faults.append(
            Fault("after", "fault.after", after.isoformat(), example, details)
        )
        return None
    return Period(first, after)


def _baseline(
    row: Row, faults: list[Fault], *, rate: bool
) -> tuple[BaselineRule, Decimal | None]:
    written = fields.text(row, "baseline")
    for rule in (BaselineRule.LAST_YEAR, BaselineRule.PREVIOUS):
        if written.lower() == rule.value.lower():
            return rule, fields.number(row, "baseline_value", faults, rate=rate)
    if not written:
        return BaselineRule.NONE, None
    found: list[Fault] = []
    baseline = fields.number(row, "baseline", found, rate=rate)
    if found:
        faults.append(Fault("baseline", "fault.baseline", written, '1150000, "N-1"'))
    return BaselineRule.NUMBER, baseline


def _target_faults(row: Row, objective: Objective, kpi: Measured) -> list[Fault]:
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
    if is_rate(kpi) and target is not None and abs(target) > LARGEST_RATE:
        example = str(target / 100)
        faults.append(Fault("target", "fault.rate", str(target), example))
    return faults + _contradictions(objective, kpi)


def _filter_faults(objective: Objective) -> list[Fault]:
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


def _plan(
    row: Row, period: Period, faults: list[Fault], *, rate: bool
) -> tuple[DatedTarget, ...]:
    plan = []
    for item in fields.rows(row, "targets", faults):
        found: list[Fault] = []
        first = fields.day(item, "from", found)
        value = fields.number(item, "value", found, rate=rate)
        if found or first is None or value is None:
            example = fields.EXAMPLES["targets"]
            faults.append(Fault("targets", "fault.list", str(dict(item)), example))
            continue
        plan.append(DatedTarget(first, value))
    plan.sort(key=lambda dated: dated.first)
    starts = [dated.first for dated in plan]
    outside = [day for day in starts if not period.first <= day < period.after]
    if plan and (outside or starts[0] != period.first or len(set(starts)) < len(plan)):
        example = period.first.isoformat()
        found_days = ", ".join(day.isoformat() for day in starts)
        faults.append(Fault("targets", "fault.targets_days", found_days, example))
    return tuple(plan)


def _phasing(row: Row, faults: list[Fault]) -> Phasing:
    weights = tuple(
        found
        for word in fields.words(row, "weights")
        if (found := fields.number({"weights": word}, "weights", faults)) is not None
    )
    default = PhasingKind.WEIGHTS if weights else PhasingKind.SEASON
    kind = _choice(row, "phasing", PhasingKind, default, faults)
    usable = weights and min(weights) >= 0 and sum(weights) > 0
    if kind is PhasingKind.WEIGHTS and not usable:
        written = fields.text(row, "weights")
        faults.append(Fault("weights", "fault.weights", written, "[1, 1, 2]"))
    return Phasing(kind, weights)


def _weight(row: Row, faults: list[Fault]) -> Decimal:
    weight = fields.number(row, "weight", faults)
    if weight is not None and weight < 0:
        faults.append(Fault("weight", "fault.weight", str(weight), "0.5"))
    return Decimal(1) if weight is None else weight


def _nature(kpi: Measured) -> str:
    qualitative = kpi.kind == "score" or kpi.unit in {"score", "point"}
    return NATURES[1] if qualitative else NATURES[0]


def _actions(row: Row, faults: list[Fault]) -> tuple[Action, ...]:
    return tuple(
        Action(
            action=fields.text(item, "action"),
            owner=fields.text(item, "owner"),
            due=_optional_day(item, "due", faults),
            done=fields.flag(item, "done"),
        )
        for item in fields.rows(row, "actions", faults)
    )


def _revisions(
    row: Row, target: Decimal | None, faults: list[Fault], *, rate: bool
) -> tuple[Revision, ...]:
    revisions: list[Revision] = []
    for item in fields.rows(row, "revisions", faults):
        new = fields.number(item, "new", faults, rate=rate)
        effective_on = fields.day(item, "effective_on", faults)
        if new is None or effective_on is None:
            example = fields.EXAMPLES["revisions"]
            faults.append(Fault("revisions", "fault.list", str(dict(item)), example))
            continue
        former = revisions[-1].new if revisions else target
        written = fields.number(item, "former", faults, rate=rate)
        revisions.append(
            Revision(
                former=former if written is None else written,
                new=new,
                effective_on=effective_on,
                reason=fields.text(item, "reason") or "other",
                text=fields.text(item, "text"),
                by=fields.text(item, "by"),
                at=_moment(item, "at", faults),
                effort_credited=fields.number(item, "effort_credited", faults),
                priorities=fields.text(item, "priorities"),
                message=fields.text(item, "message"),
            )
        )
    return tuple(revisions)


def _moment(row: Row, name: str, faults: list[Fault]) -> datetime.datetime | None:
    value = row.get(name)
    if isinstance(value, datetime.datetime) or not fields.given(row, name):
        return value if isinstance(value, datetime.datetime) else None
    try:
        return datetime.datetime.fromisoformat(fields.text(row, name))
    except ValueError:
        example = "2026-05-01T09:00:00+00:00"
        faults.append(Fault(name, "fault.date", fields.text(row, name), example))
        return None


def _optional_day(row: Row, name: str, faults: list[Fault]) -> datetime.date | None:
    return fields.day(row, name, faults) if fields.given(row, name) else None


def _choice(
    row: Row, name: str, enum: type[Choice], default: Choice, faults: list[Fault]
) -> Choice:
    known = tuple(item.value for item in enum)
    return enum(_one_of(row, name, known, default.value, faults))


def _one_of(
    row: Row, name: str, known: tuple[str, ...], default: str, faults: list[Fault]
) -> str:
    written = fields.text(row, name).lower() or default
    if written in known:
        return written
    faults.append(Fault(name, "fault.choice", written, ", ".join(known)))
    return default


def _default_id(row: Row, kpi: Measured, period: Period) -> str:
    parts = (kpi.key, fields.text(row, "owner"), *fields.words(row, "where"))
    slug = SLUG.sub("-", "-".join(parts).lower()).strip("-")
    return f"{slug}-{period.first.isoformat()}"


def _occurrences(
    row: Row, objective: Objective, faults: list[Fault]
) -> tuple[Objective, ...]:
    every = fields.text(row, "every").lower()
    if not every:
        return (objective,)
    if every not in EVERY_MONTHS:
        faults.append(Fault("every", "fault.choice", every, ", ".join(EVERY_MONTHS)))
        return ()
    if objective.plan:
        faults.append(Fault("targets", "fault.every_with_targets", every))
    return tuple(
        replace(
            objective,
            id=f"{objective.id}-{period.first:%Y-%m}",
            series=objective.id,
            period=period,
        )
        for period in occurrences(objective.period, months=EVERY_MONTHS[every])
    )


def occurrences(period: Period, *, months: int) -> tuple[Period, ...]:
    """Return the runs of so many months in the period; the last may be cut short."""
    found: list[Period] = []
    first = period.first
    while first < period.after:
        after = min(months_later(period.first, months * (len(found) + 1)), period.after)
        found.append(Period(first, after))
        first = after
    return tuple(found)
