"""Where a plan's measures come from: which KPI, whose objective, over which periods.

A measure is the KPI of the same name, read on the person's own objective, unless the
table `[measures]` says otherwise. `every` in `[plan]` is how often it is paid.
`[absences] reduce` names the kinds of absence that shorten the target pay: none, unless
the plan says so.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jalon.domain.incentives.checking import Finding, check
from jalon.domain.incentives.plan import Component, Counted, Plan, Total
from jalon.domain.incentives.reading import read_plan
from jalon.domain.periods.calendar import Grain
from jalon.domain.refusals import Refusal

OWN, TEAM, COMPANY = "own", "team", "company"
OWNERS = (OWN, TEAM, COMPANY)
PERIODS = (Grain.MONTH, Grain.QUARTER, Grain.HALF, Grain.YEAR)
_NOT_TOML = "The plan is no TOML: {why}. Expected e.g. [plan] on a line."
_TABLE = "[measures], {measure}: expected a table, e.g. {example}."
_EXAMPLE = '{ kpi = "revenue", where = ["segment=PME"], owner = "team" }'
_KEY = "[measures], {measure}: {key} is not known. Expected one of: kpi, owner, where."
_OWNER = (
    "[measures], {measure}, owner: {value} is not known. Expected one of: own, team,"
    " company."
)
_EVERY = (
    "[plan], every: {value} is not known. Expected one of: month, quarter, half, year."
)
_ABSENCES = '[absences], reduce: expected kinds of absence, e.g. ["unpaid"].'
_EACH = (
    "Component {key} counts each row alone; a statement is made of objectives, whose"
    ' figure is a total. Expected counted = "period" or "year".'
)


@dataclass(frozen=True, slots=True)
class Source:
    """The KPI a measure reads, on whose objective, with which filters."""

    measure: str
    kpi: str
    owner: str = OWN
    where: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A plan as it is written: its rules, where its measures come from, its rhythm."""

    plan: Plan
    sources: tuple[Source, ...]
    every: Grain
    reducing: frozenset[str]
    findings: tuple[Finding, ...]

    @property
    def remembers(self) -> bool:
        """Return whether a period depends on the periods before it."""
        year = any(one.counted is Counted.YEAR for one in self.plan.components)
        return year or self.plan.draw is not None


def read_text(text: str) -> Written:
    """Return the plan a text describes, with what is wrong in it.

    Raises:
        Refusal: If it is no TOML, or a key or a value is not known.
    """
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise Refusal(_NOT_TOML, why=error) from None
    plan = read_plan(document)
    return Written(
        plan=plan,
        sources=_sources(plan, document.get("measures", {})),
        every=_every(document),
        reducing=_reducing(document),
        findings=check(plan),
    )


def runnable(written: Written) -> None:
    """Do nothing where statements can be made of objectives.

    Raises:
        Refusal: If a component counts each sale alone.
    """
    for one in written.plan.components:
        if one.counted in {Counted.EACH, Counted.RUNNING}:
            raise Refusal(_EACH, key=one.key)


def measures_of(plan: Plan) -> tuple[str, ...]:
    """Return every measure the plan reads, once, in the order of the plan."""
    found: dict[str, None] = {}
    bent: list[Component | Total] = [*plan.components, plan.total]
    for one in bent:
        if isinstance(one, Component):
            found[one.measure] = None
        found |= dict.fromkeys(gate.measure for gate in one.gates)
        found |= dict.fromkeys(each.measure for each in one.multipliers)
    return tuple(measure for measure in found if measure)


def _sources(plan: Plan, table: object) -> tuple[Source, ...]:
    told: Mapping[str, Any] = table if isinstance(table, Mapping) else {}
    return tuple(_source(name, told.get(name)) for name in measures_of(plan))


def _source(measure: str, told: object) -> Source:
    if told is None:
        return Source(measure, measure)
    if isinstance(told, str):
        return Source(measure, told)
    if not isinstance(told, Mapping):
        raise Refusal(_TABLE, measure=measure, example=_EXAMPLE)
    for key in told:
        if key not in {"kpi", "owner", "where"}:
            raise Refusal(_KEY, measure=measure, key=key)
    owner = str(told.get("owner", OWN))
    if owner not in OWNERS:
        raise Refusal(_OWNER, measure=measure, value=owner)
    where = told.get("where", [])
    if not isinstance(where, list):
        raise Refusal(_TABLE, measure=measure, example=_EXAMPLE)
    return Source(measure, str(told.get("kpi", measure)), owner, tuple(map(str, where)))


def _every(document: Mapping[str, Any]) -> Grain:
    value = str(document.get("plan", {}).get("every", Grain.QUARTER.value))
    known = {grain.value: grain for grain in PERIODS}
    if value not in known:
        raise Refusal(_EVERY, value=value)
    return known[value]


def _reducing(document: Mapping[str, Any]) -> frozenset[str]:
    table = document.get("absences", {})
    kinds = table.get("reduce", []) if isinstance(table, Mapping) else None
    if not isinstance(kinds, list):
        raise Refusal(_ABSENCES)
    return frozenset(map(str, kinds))
