"""From one row of an objectives file to objectives, or to all its faults at once.

A row with a fault gives no objective and hides nothing of the other rows. A recurring
row (`every`) gives one dated objective an occurrence. Owners are resolved by the caller
(they may be written by name), as is a baseline that must be measured.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import SequenceMatcher

from jalon.domain.objectives import fields
from jalon.domain.objectives.change import (
    AmbiguousChangeError,
    UnreadableChangeError,
    read_change,
)
from jalon.domain.objectives.checks import filter_faults, target_faults
from jalon.domain.objectives.faults import Fault
from jalon.domain.objectives.fields import Row
from jalon.domain.objectives.objective import (
    Bands,
    BaselineRule,
    Direction,
    Measured,
    Objective,
    is_flow,
    is_rate,
    months_later,
)
from jalon.domain.objectives.parts import (
    actions_of,
    assessments_of,
    choice,
    levels_of,
    one_of,
    optional_day,
    phasing_of,
    plan_of,
    revisions_of,
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
    "model",
    "levels",
    "assessments",
    "overruled",
)
EVERY_MONTHS = {"month": 1, "quarter": 3, "year": 12}
NATURES = ("quantitative", "qualitative")
QUALITATIVE = frozenset({"csat", "recommendation_rate", "team_engagement"})
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
    plan = plan_of(row, period, faults, rate=rate)
    rule, baseline = _baseline(row, faults, rate=rate)
    target = fields.number(row, "target", faults, rate=rate)
    if target is None and plan:
        target = total(plan, flow=is_flow(kpi))
    direction = choice(row, "direction", Direction, Direction(str(kpi.better)), faults)
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
        phasing=phasing_of(row, faults),
        weight=_weight(row, faults),
        nature=one_of(row, "nature", NATURES, _nature(kpi), faults),
        parent=fields.text(row, "parent"),
        state=choice(row, "state", State, State.ACTIVE, faults),
        actions=actions_of(row, faults),
        revisions=revisions_of(row, target, faults, rate=rate),
        closed_on=optional_day(row, "closed_on", faults),
        closed_snapshot=fields.text(row, "closed_snapshot"),
        model=fields.text(row, "model"),
        levels=levels_of(row, kpi, faults),
        assessments=assessments_of(row, faults),
        overruled=fields.text(row, "overruled"),
    )
    faults.extend(filter_faults(objective))
    faults.extend(target_faults(row, objective, kpi))
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
    """Return the key that shares most words, then most letters, with a wrong one."""
    wrong = key.casefold().replace(" ", "_").replace("-", "_")

    def likeness(other: str) -> tuple[int, float]:
        shared = len(set(wrong.split("_")) & set(other.split("_")))
        return shared, SequenceMatcher(None, wrong, other).ratio()

    return max(sorted(kpis), key=likeness, default="revenue")


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


def _weight(row: Row, faults: list[Fault]) -> Decimal:
    weight = fields.number(row, "weight", faults)
    if weight is not None and weight < 0:
        faults.append(Fault("weight", "fault.weight", str(weight), "0.5"))
    return Decimal(1) if weight is None else weight


def _nature(kpi: Measured) -> str:
    asked = kpi.key in QUALITATIVE or kpi.kind == "score"
    qualitative = asked or kpi.unit in {"score", "point"}
    return NATURES[1] if qualitative else NATURES[0]


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
