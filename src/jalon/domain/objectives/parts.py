"""The parts of a row that hold several values: plan, phasing, actions, revisions.

Each reader adds its faults to the list it is given and leaves out what has one.
"""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from jalon.domain.objectives import fields
from jalon.domain.objectives.faults import Fault
from jalon.domain.objectives.fields import Row
from jalon.domain.objectives.graded import FIRST, GRADED, LEVELS, SIDES
from jalon.domain.objectives.objective import (
    Action,
    Assessment,
    DatedTarget,
    Measured,
    Phasing,
    PhasingKind,
    Revision,
)
from jalon.domain.periods import Period

Choice = TypeVar("Choice", bound=StrEnum)


def plan_of(
    row: Row, period: Period, faults: list[Fault], *, rate: bool
) -> tuple[DatedTarget, ...]:
    """Return the dated targets in order; the first starts with the period."""
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


def phasing_of(row: Row, faults: list[Fault]) -> Phasing:
    """Return how the way is spread; weights alone mean weights."""
    weights = tuple(
        found
        for word in fields.words(row, "weights")
        if (found := fields.number({"weights": word}, "weights", faults)) is not None
    )
    default = PhasingKind.WEIGHTS if weights else PhasingKind.SEASON
    kind = choice(row, "phasing", PhasingKind, default, faults)
    usable = weights and min(weights) >= 0 and sum(weights) > 0
    if kind is PhasingKind.WEIGHTS and not usable:
        written = fields.text(row, "weights")
        faults.append(Fault("weights", "fault.weights", written, "[1, 1, 2]"))
    return Phasing(kind, weights)


def actions_of(row: Row, faults: list[Fault]) -> tuple[Action, ...]:
    """Return the plan of actions."""
    return tuple(
        Action(
            action=fields.text(item, "action"),
            owner=fields.text(item, "owner"),
            due=optional_day(item, "due", faults),
            done=fields.flag(item, "done"),
            lever=fields.text(item, "lever"),
            effect=fields.text(item, "effect"),
            done_on=optional_day(item, "done_on", faults),
            done_by=fields.text(item, "done_by"),
            result=fields.text(item, "result"),
        )
        for item in fields.rows(row, "actions", faults)
    )


def levels_of(row: Row, kpi: Measured, faults: list[Fault]) -> tuple[str, ...]:
    """Return the four described levels of a graded statement, nothing for another."""
    value = row.get("levels")
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            row = {"levels": json.loads(value)}
        except ValueError:
            row = {}
    levels = fields.words(row, "levels")
    wanted = LEVELS if kpi.key == GRADED else 0
    if len(levels) != wanted or not all(levels):
        code = "fault.levels" if wanted else "fault.levels_of_figure"
        example = '["…", "…", "…", "…"]' if wanted else f'kpi = "{GRADED}"'
        faults.append(Fault("levels", code, "; ".join(levels), example))
    return levels


def assessments_of(row: Row, faults: list[Fault]) -> tuple[Assessment, ...]:
    """Return what the owner and the manager said of a graded statement."""
    found = []
    for item in fields.rows(row, "assessments", faults):
        on = fields.day(item, "on", faults)
        level = fields.number(item, "level", faults)
        side = fields.text(item, "side")
        known = level is not None and FIRST <= level <= LEVELS and level == int(level)
        if on is None or level is None or not known or side not in SIDES:
            example = fields.EXAMPLES["assessments"]
            faults.append(Fault("assessments", "fault.list", str(dict(item)), example))
            continue
        found.append(
            Assessment(
                side=side,
                level=int(level),
                on=on,
                evidence=fields.text(item, "evidence"),
                by=fields.text(item, "by"),
            )
        )
    return tuple(found)


def revisions_of(
    row: Row, target: Decimal | None, faults: list[Fault], *, rate: bool
) -> tuple[Revision, ...]:
    """Return the former re-targets, each from the target before it."""
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


def optional_day(row: Row, name: str, faults: list[Fault]) -> datetime.date | None:
    """Return a date, None when the cell is empty."""
    return fields.day(row, name, faults) if fields.given(row, name) else None


def choice(
    row: Row, name: str, enum: type[Choice], default: Choice, faults: list[Fault]
) -> Choice:
    """Return the member a cell names, the default when it is empty."""
    known = tuple(item.value for item in enum)
    return enum(one_of(row, name, known, default.value, faults))


def one_of(
    row: Row, name: str, known: tuple[str, ...], default: str, faults: list[Fault]
) -> str:
    """Return the word of a cell among those known, in any capitals."""
    written = fields.text(row, name).lower() or default
    if written in known:
        return written
    faults.append(Fault(name, "fault.choice", written, ", ".join(known)))
    return default
