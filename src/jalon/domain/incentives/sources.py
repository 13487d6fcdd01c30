"""Where a plan's measures come from: which KPI, whose objective, over which periods.

A measure is the KPI of the same name, read on the person's own objective, unless the
table `[measures]` says otherwise. `every` in `[plan]` is how often it is paid.
`opens` in `[plan]` names the first days of the periods instead, where quarters are not
those of the calendar. `[absences] reduce` names the kinds of absence that shorten the
target pay: none, unless the plan says so.

Where a rule looks at sales one by one (`counted` each or running, `minimum_each`,
`where`, a part paid on collection, a clawback), the measure is read by row: its KPI
must be a sum or a count of dated rows.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from jalon.domain.incentives.checking import Finding, check
from jalon.domain.incentives.plan import (
    Component,
    Counted,
    Gate,
    Multiplier,
    Of,
    On,
    Pays,
    Plan,
    Total,
)
from jalon.domain.incentives.reading import read_plan
from jalon.domain.incentives.rewards import Rewards, read_rewards
from jalon.domain.incentives.statement import COLLECTION
from jalon.domain.kpis.algebra import Kpi, Measure, Timing
from jalon.domain.kpis.expression import Name
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import Grain, containing, name_of
from jalon.domain.refusals import Refusal

OWN, TEAM, COMPANY = "own", "team", "company"
OWNERS = (OWN, TEAM, COMPANY)
PERIODS = (Grain.MONTH, Grain.QUARTER, Grain.HALF, Grain.YEAR)
_NOT_TOML = "The plan is no TOML: {why}. Expected e.g. [plan] on a line."
_TABLE = "[measures], {measure}: expected a table, e.g. {example}."
_EXAMPLE = '{ kpi = "revenue", where = ["segment=PME"], owner = "team" }'
_KEY = (
    "[measures], {measure}: {key} is not known. Expected one of: collected, kpi, owner,"
    " where."
)
_OWNER = (
    "[measures], {measure}, owner: {value} is not known. Expected one of: own, team,"
    " company."
)
_EVERY = (
    "[plan], every: {value} is not known. Expected one of: month, quarter, half, year."
)
_ABSENCES = '[absences], reduce: expected kinds of absence, e.g. ["unpaid"].'
_ROWS = (
    "The measure {measure} is read sale by sale, and {kpi} is no sum or count of dated"
    " rows. Expected a KPI such as revenue or deals_won."
)
_WHO = (
    "Component {key}: who reads a column of a results file. Expected a plan of its own"
    " for them, and people put under it."
)
_OF_TEAM = (
    'Component {key}: of = "team" counts the rows of everybody under the plan. Expected'
    ' a measure of the team instead: {measure} = {{ kpi = "{kpi}", owner = "team" }}.'
)
_OPENS = (
    "[plan], opens: expected the first days of the pay periods, in order, e.g."
    " [2026-01-05, 2026-03-30]; the last one ends at after."
)
_NO_PERIOD = "No pay period of the plan holds {day}. Expected one that opens names."
INVOICES, SIGNATURE = "invoices", "signature"
BY_ROW = frozenset({Counted.EACH, Counted.RUNNING, Counted.RUNNING_YEAR})


@dataclass(frozen=True, slots=True)
class Source:
    """The KPI a measure reads, on whose objective, with which filters.

    `columns` are the columns of each row that rules ask for, None where the measure is
    no more than its figure; `collected` tells what customers have paid: "invoices" or
    a column of the source.
    """

    measure: str
    kpi: str
    owner: str = OWN
    where: tuple[str, ...] = ()
    columns: tuple[str, ...] | None = None
    target: bool = True
    collected: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A plan as it is written: its rules, where its measures come from, its rhythm."""

    plan: Plan
    sources: tuple[Source, ...]
    every: Grain
    reducing: frozenset[str]
    findings: tuple[Finding, ...]
    rewards: Rewards
    opens: tuple[datetime.date, ...] = ()

    def period_of(
        self, day: datetime.date, *, first_month: int = 1
    ) -> tuple[Period, str]:
        """Return the pay period a day falls in, and its name.

        Raises:
            Refusal: If the plan names its periods and the day is in none.
        """
        if not self.opens:
            period = containing(day, self.every, first_month=first_month)
            name = name_of(period.first, self.every, first_month=first_month)
            return period, name
        last = self.plan.after
        ends = [*self.opens[1:], *([last] if last else [])]
        for first, after in zip(self.opens, ends, strict=False):
            if first <= day < after:
                return Period(first, after), first.isoformat()
        raise Refusal(_NO_PERIOD, day=day)

    @property
    def remembers(self) -> bool:
        """Return whether a period depends on the periods before it."""
        return self.plan.draw is not None or any(
            one.counted in {Counted.YEAR, Counted.RUNNING_YEAR}
            for one in self.plan.components
        )

    @property
    def compares(self) -> bool:
        """Return whether what somebody earns depends on what others did."""
        return any(
            one.of is Of.TEAM or one.on is On.RANK for one in self.plan.components
        )

    @property
    def waits(self) -> bool:
        """Return whether a part of the pay waits for a collection or for a day."""
        return any(one.when != SIGNATURE for one in self.plan.payments)


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
    rewards = read_rewards(document)
    return Written(
        plan=plan,
        sources=_sources(plan, document.get("measures", {}), rewards),
        every=_every(document),
        reducing=_reducing(document),
        findings=check(plan),
        rewards=rewards,
        opens=_opens(document, plan),
    )


def runnable(written: Written, kpis: Mapping[str, Kpi]) -> None:
    """Do nothing where statements can be made of objectives and of their rows.

    Raises:
        Refusal: If a measure is read by row and its KPI is no sum of rows.
    """
    for one in written.sources:
        if one.kpi in kpis and one.columns is not None and not by_row(kpis[one.kpi]):
            raise Refusal(_ROWS, measure=one.measure, kpi=one.kpi)
    read = {one.measure: one for one in written.sources}
    for rule in written.plan.components:
        source = read[rule.measure]
        if rule.who:
            raise Refusal(_WHO, key=rule.key)
        if rule.of is Of.TEAM and source.columns is not None:
            raise Refusal(_OF_TEAM, key=rule.key, measure=rule.measure, kpi=source.kpi)


def by_row(kpi: Kpi) -> bool:
    """Return whether a KPI is a plain sum or count of dated rows."""
    if not isinstance(kpi.formula, Name):
        return False
    ways = [kpi.components, *kpi.by_basis.values()]
    found = [way[kpi.formula.name] for way in ways if kpi.formula.name in way]
    return bool(found) and all(
        one.source is not None
        and one.source.timing is Timing.DATED
        and one.source.having is None
        and not one.others
        and one.measure in {Measure.SUM, Measure.COUNT}
        for one in found
    )


def _columns(measure: str, plan: Plan) -> tuple[str, ...] | None:
    """Return the columns rules ask of each row; None where they ask for no row."""
    rules = [one for one in plan.components if one.measure == measure]
    asked = {name for one in rules for name, _ in one.where}
    single = any(
        one.counted in BY_ROW
        or one.minimum_each is not None
        or one.maximum_each is not None
        for one in rules
    )
    waits = bool(rules) and any(one.when == COLLECTION for one in plan.payments)
    if asked or single or waits or (rules and plan.clawback.source):
        return tuple(sorted(asked))
    return None


def _needs_target(measure: str, plan: Plan) -> bool:
    """Return whether a rule divides by the measure's target."""
    bent: list[Component | Total] = [*plan.components, plan.total]
    factors: list[Gate | Multiplier] = []
    for one in bent:
        factors += [*one.gates, *one.multipliers]
    looked = {each.measure for each in factors if each.on is On.ATTAINMENT}
    beside = [one.matrix for one in plan.components if one.matrix]
    looked |= {one.measure for one in beside if one.on is On.ATTAINMENT}
    return measure in looked or any(
        one.measure == measure and (_multiplies(one) or _divides(one))
        for one in plan.components
    )


def _multiplies(rule: Component) -> bool:
    """Return whether a bonus goes with the attainment: not one that is given whole."""
    whole = rule.schedule.tiers and all(
        tier.share is not None for tier in rule.schedule.tiers
    )
    return rule.pays is Pays.BONUS and not (whole and rule.on is On.ACTUAL)


def _divides(rule: Component) -> bool:
    """Return whether a rule looks at the attainment."""
    schedule = rule.schedule
    bracketed = bool(schedule.tiers or schedule.curve or rule.matrix)
    return rule.on is On.ATTAINMENT and (bracketed or rule.threshold is not None)


def measures_of(plan: Plan) -> tuple[str, ...]:
    """Return every measure the plan reads, once, in the order of the plan."""
    found: dict[str, None] = {}
    bent: list[Component | Total] = [*plan.components, plan.total]
    for one in bent:
        if isinstance(one, Component):
            found[one.measure] = None
            if one.matrix is not None:
                found[one.matrix.measure] = None
        found |= dict.fromkeys(gate.measure for gate in one.gates)
        found |= dict.fromkeys(each.measure for each in one.multipliers)
    return tuple(measure for measure in found if measure)


def _sources(plan: Plan, table: object, rewards: Rewards) -> tuple[Source, ...]:
    told: Mapping[str, Any] = table if isinstance(table, Mapping) else {}
    names = dict.fromkeys(
        (*measures_of(plan), *(rule.measure for rule in rewards.rules))
    )
    return tuple(_seen(_source(name, told.get(name)), plan) for name in names)


def _seen(source: Source, plan: Plan) -> Source:
    """Return a source with what the rules ask of it."""
    columns = _columns(source.measure, plan)
    waits = any(one.when == COLLECTION for one in plan.payments)
    collected = source.collected or (INVOICES if waits else "")
    return replace(
        source,
        columns=columns,
        target=_needs_target(source.measure, plan),
        collected=collected if columns is not None else "",
    )


def _source(measure: str, told: object) -> Source:
    if told is None:
        return Source(measure, measure)
    if isinstance(told, str):
        return Source(measure, told)
    if not isinstance(told, Mapping):
        raise Refusal(_TABLE, measure=measure, example=_EXAMPLE)
    for key in told:
        if key not in {"kpi", "owner", "where", "collected"}:
            raise Refusal(_KEY, measure=measure, key=key)
    owner = str(told.get("owner", OWN))
    if owner not in OWNERS:
        raise Refusal(_OWNER, measure=measure, value=owner)
    where = told.get("where", [])
    if not isinstance(where, list):
        raise Refusal(_TABLE, measure=measure, example=_EXAMPLE)
    return Source(
        measure,
        str(told.get("kpi", measure)),
        owner,
        tuple(map(str, where)),
        collected=str(told.get("collected", "")),
    )


def _every(document: Mapping[str, Any]) -> Grain:
    value = str(document.get("plan", {}).get("every", Grain.QUARTER.value))
    known = {grain.value: grain for grain in PERIODS}
    if value not in known:
        raise Refusal(_EVERY, value=value)
    return known[value]


def _opens(document: Mapping[str, Any], plan: Plan) -> tuple[datetime.date, ...]:
    told = document.get("plan", {}).get("opens", [])
    try:
        days = tuple(datetime.date.fromisoformat(str(one)) for one in told)
    except (TypeError, ValueError):
        raise Refusal(_OPENS) from None
    after = [*days, plan.after or datetime.date.max]
    if days and (list(days) != sorted(set(days)) or after[-1] <= days[-1]):
        raise Refusal(_OPENS)
    return days


def _reducing(document: Mapping[str, Any]) -> frozenset[str]:
    table = document.get("absences", {})
    kinds = table.get("reduce", []) if isinstance(table, Mapping) else None
    if not isinstance(kinds, list):
        raise Refusal(_ABSENCES)
    return frozenset(map(str, kinds))
