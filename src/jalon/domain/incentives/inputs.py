"""What a person is paid on: figures of objectives and presence, as rows of results.

An `Input` is one measure of one person over one period, with the objective it was read
on; it is kept with the statement, so that the same cents can be made again. A figure
that is missing is told with its reason and never counts as 0.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from jalon.domain.incentives.plan import ONE, ZERO, Plan
from jalon.domain.incentives.results import CANCELLED, SALE, Row
from jalon.domain.incentives.sources import COMPANY, OWN, Source, Written
from jalon.domain.people.roster import Absence
from jalon.domain.periods import Period

NO_OBJECTIVE = "pay.no_objective"
NOT_CLOSED = "pay.not_closed"
NO_FIGURE = "pay.no_figure"


@dataclass(frozen=True, slots=True)
class Reading:
    """What an objective showed, for pay: `attainment` where it is no plain ratio."""

    objective: str
    owner: str
    kpi: str
    where: tuple[str, ...]
    period: Period
    actual: Decimal | None
    target: Decimal | None
    attainment: Decimal | None = None
    currency: str = ""
    flow: bool = True
    final: bool = True
    snapshot: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Some days of a period under one target pay; `presence` is their share of it.

    `rate` is the person's own, where rules pay at the rate of each.
    """

    variable: Decimal | None
    presence: Decimal | None = None
    days: int | None = None
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Payee:
    """Somebody a plan pays over a period; `spans` are the days they are under it."""

    person: str
    name: str
    team: str
    parts: tuple[Part, ...]
    spans: tuple[tuple[datetime.date, datetime.date | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Sale:
    """One row of facts a measure counts: what it adds, the person's share in it.

    `facts` are the columns that rules ask for. One that is `cancelled` adds nothing:
    it was `paid`, and the customer left after `served` months.
    """

    id: str
    date: datetime.date
    actual: Decimal
    share: Decimal = ONE
    name: str = ""
    collected: Decimal | None = None
    facts: tuple[tuple[str, str], ...] = ()
    kind: str = SALE
    paid: Decimal | None = None
    served: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """One measure of one person and period; `reason` says why there is no figure."""

    person: str
    period: str
    measure: str
    objective: str = ""
    actual: Decimal | None = None
    target: Decimal | None = None
    attainment: Decimal | None = None
    currency: str = ""
    team: str = ""
    parts: tuple[Part, ...] = ()
    reason: str = ""
    sales: tuple[Sale, ...] | None = None  # None: the measure is not read by row

    @property
    def collects(self) -> bool:
        """Return whether its rows tell what customers have paid."""
        return any(one.collected is not None for one in self.sales or ())


@dataclass(frozen=True, slots=True)
class Stay:
    """A target pay and a rate from a day on, until before another (None: still)."""

    first: datetime.date
    after: datetime.date | None
    variable: Decimal | None
    rate: Decimal | None = None


Found = Mapping[tuple[str, str, tuple[str, ...]], Sequence[Reading]]


def by_source(readings: Iterable[Reading]) -> Found:
    """Return readings by owner, KPI and filters."""
    found: dict[tuple[str, str, tuple[str, ...]], list[Reading]] = {}
    for one in readings:
        found.setdefault((one.owner, one.kpi, tuple(sorted(one.where))), []).append(one)
    return found


def parts_of(
    stays: Iterable[Stay],
    period: Period,
    *,
    there: tuple[datetime.date | None, datetime.date | None],
    absences: Iterable[Absence],
    reducing: frozenset[str],
) -> tuple[Part, ...]:
    """Return the days of the period under each target pay; () if there is none.

    `there` is the first day of work and the first day away. Absences of a kind that
    `reducing` names are taken off; others change nothing.
    """
    first = max(period.first, there[0] or period.first)
    after = min(period.after, there[1] or period.after)
    away = [one for one in absences if (one.kind or "") in reducing]
    whole = (period.after - period.first).days
    parts = []
    for stay in sorted(stays, key=lambda one: one.first):
        begin = max(first, stay.first)
        end = min(after, stay.after or after)
        if end <= begin:
            continue
        days = (end - begin).days - _away(away, begin, end)
        if days == whole:
            return (Part(stay.variable, rate=stay.rate),)
        parts.append(Part(stay.variable, Decimal(days) / whole, days, stay.rate))
    return tuple(parts)


def _away(
    absences: Iterable[Absence], first: datetime.date, after: datetime.date
) -> int:
    """Return the days of absence inside, each counted once."""
    days: set[datetime.date] = set()
    for one in absences:
        begin, end = max(first, one.first), min(after, one.after or after)
        days |= {
            begin + datetime.timedelta(days=rank) for rank in range((end - begin).days)
        }
    return len(days)


def inputs_of(
    payee: Payee, written: Written, found: Found, *, period: Period, name: str
) -> tuple[Input, ...]:
    """Return what each measure of the plan shows of a person over a period."""
    return tuple(
        _input(payee, source, found, period=period, name=name)
        for source in written.sources
    )


def _input(
    payee: Payee, source: Source, found: Found, *, period: Period, name: str
) -> Input:
    bare = Input(payee.person, name, source.measure, team=payee.team, parts=payee.parts)
    key = (owner_of(payee, source), source.kpi, tuple(sorted(source.where)))
    inside = [
        one
        for one in found.get(key, ())
        if period.first <= one.period.first and one.period.after <= period.after
    ]
    exact = [one for one in inside if one.period == period]
    chosen = exact[-1:] or _tiling(inside, period)
    if not chosen:
        return replace(bare, reason=NO_OBJECTIVE)
    one = chosen[0]
    bare = replace(
        bare, objective=one.objective, currency=one.currency, target=_sum(chosen, 1)
    )
    if not all(each.final for each in chosen):
        return replace(bare, reason=NOT_CLOSED)
    actual = _sum(chosen, 0)
    if actual is None:
        return replace(bare, reason=NO_FIGURE)
    return replace(
        bare, actual=actual, attainment=one.attainment if len(chosen) == 1 else None
    )


def _tiling(inside: Sequence[Reading], period: Period) -> list[Reading]:
    """Return objectives that follow one another over the whole period, if they add."""
    day, chosen = period.first, []
    for one in sorted(inside, key=lambda each: each.period.first):
        if one.period.first == day and one.flow:
            chosen.append(one)
            day = one.period.after
    return chosen if day == period.after else []


def _sum(readings: Sequence[Reading], which: int) -> Decimal | None:
    found = [(one.actual, one.target)[which] for one in readings]
    if any(value is None for value in found):
        return None
    return sum((value for value in found if value is not None), ZERO)


def owner_of(payee: Payee, source: Source) -> str:
    """Return whose figure a measure of somebody is: theirs, or their team's."""
    if source.owner == OWN:
        return f"person:{payee.person}"
    return COMPANY if source.owner == COMPANY else f"team:{payee.team}"


def rows_of(inputs: Iterable[Input], plan: Plan) -> list[Row]:
    """Return the rows of results the plan is applied to.

    Each part of the period is a row of its own, which blends its target pay; the actual
    stands on the first. What has no figure gives no row. A measure read by row gives
    one row a sale, in the order of their days.
    """
    rows: list[Row] = []
    for one in inputs:
        if one.actual is None:
            continue
        if one.sales is not None:
            rows.extend(_sales(one, one.sales, plan, len(rows) + 1))
            continue
        for rank, part in enumerate(one.parts or (Part(None),)):
            rows.append(_row(one, part, plan, rank, len(rows) + 1))
    return rows


def _sales(one: Input, sales: Sequence[Sale], plan: Plan, line: int) -> Iterable[Row]:
    """Yield the parts of the target pay, which are no sale, then the sales."""
    for rank, part in enumerate(one.parts or (Part(None),)):
        bare = _row(one, part, plan, rank, line)
        yield replace(bare, actual=None, attainment=None)
    first = (one.parts or (Part(None),))[0]
    for rank, sale in enumerate(sorted(sales, key=lambda each: (each.date, each.id))):
        yield replace(
            _row(one, first, plan, rank, line + rank),
            id=sale.id,
            date=sale.date,
            actual=sale.actual,
            attainment=None,
            collected=sale.collected,
            kind=sale.kind,
            paid=sale.paid,
            served_months=sale.served,
            extra=dict(sale.facts),
        )


def landed(one: Input, actual: Decimal) -> Input:
    """Return an input with another figure; its sales keep their proportions."""
    if one.sales is None:
        return replace(one, actual=actual)
    sold = [each for each in one.sales if each.kind == SALE]
    before = sum((each.actual for each in sold), ZERO)
    if not before:
        more = actual - before
        return with_one_more(one, more) if more else one
    told = tuple(
        replace(each, actual=each.actual * actual / before) if each in sold else each
        for each in one.sales
    )
    return replace(one, actual=actual, sales=told)


def with_one_more(one: Input, amount: Decimal) -> Input:
    """Return an input with one more sale."""
    actual = (one.actual or ZERO) + amount
    if one.sales is None:
        return replace(one, actual=actual)
    last = max((each.date for each in one.sales), default=datetime.date.min)
    sale = Sale(id=f"+{len(one.sales)}", date=last, actual=amount)
    return replace(one, actual=actual, sales=(*one.sales, sale))


def with_sales(one: Input, sales: Sequence[Sale], *, target: bool) -> Input:
    """Return an input with the rows it counts; their sum is its figure.

    Where no rule needs a `target`, a measure without an objective is counted too.
    """
    sold = tuple(sorted(sales, key=lambda each: (each.date, each.id)))
    if one.reason == NOT_CLOSED or (one.reason == NO_OBJECTIVE and target):
        return one
    actual = sum((each.actual for each in sold if each.kind == SALE), ZERO)
    return replace(one, actual=actual, attainment=None, reason="", sales=sold)


def cancelled(one: Input) -> tuple[Sale, ...]:
    """Return the sales of an input that were taken back."""
    return tuple(each for each in one.sales or () if each.kind == CANCELLED)


def _row(one: Input, part: Part, plan: Plan, rank: int, line: int) -> Row:
    fixed = plan.proration.whole is not None and plan.proration.basis == "days"
    days = None if part.days is None or not fixed else Decimal(part.days)
    return Row(
        line=line,
        person=one.person,
        period=one.period,
        measure=one.measure,
        team=one.team,
        currency=one.currency,
        actual=one.actual if rank == 0 else None,
        target=one.target,
        attainment=one.attainment,
        variable=part.variable,
        days=days,
        presence=None if fixed else part.presence,
        rate=part.rate,
        id=one.objective,
    )


def plain(one: Input) -> dict[str, Any]:
    """Return an input as JSON keeps it: exact decimals as text, no empty cell."""
    found: dict[str, Any] = {
        "person": one.person,
        "period": one.period,
        "measure": one.measure,
        "objective": one.objective,
        "actual": _text(one.actual),
        "target": _text(one.target),
        "attainment": _text(one.attainment),
        "currency": one.currency,
        "team": one.team,
        "reason": one.reason,
        "parts": [_told(part) for part in one.parts],
    }
    if found["parts"] == [{}]:
        del found["parts"]
    if one.sales is not None:
        found["sales"] = [_sold(sale) for sale in one.sales]
    return {name: value for name, value in found.items() if value not in (None, "")}


def read(told: Mapping[str, Any]) -> Input:
    """Return the input that `plain` wrote."""
    numbers = {
        name: Decimal(told[name])
        for name in ("actual", "target", "attainment")
        if name in told
    }
    texts = {
        name: str(told[name])
        for name in ("objective", "currency", "team", "reason")
        if name in told
    }
    parts = tuple(_part(part) for part in told.get("parts", [{}]))
    return Input(
        str(told["person"]),
        str(told["period"]),
        str(told["measure"]),
        parts=parts,
        sales=tuple(_sale(each) for each in told["sales"]) if "sales" in told else None,
        **numbers,  # type: ignore[arg-type]
        **texts,  # type: ignore[arg-type]
    )


def _told(part: Part) -> dict[str, Any]:
    told = {
        "variable": _text(part.variable),
        "presence": _text(part.presence),
        "days": part.days,
        "rate": _text(part.rate),
    }
    return {name: value for name, value in told.items() if value is not None}


def _part(told: Mapping[str, Any]) -> Part:
    def number(name: str) -> Decimal | None:
        return Decimal(told[name]) if name in told else None

    return Part(
        number("variable"), number("presence"), told.get("days"), number("rate")
    )


def _sold(sale: Sale) -> dict[str, Any]:
    told = {
        "id": sale.id,
        "date": sale.date.isoformat(),
        "actual": _text(sale.actual),
        "share": _text(sale.share) if sale.share != ONE else None,
        "name": sale.name or None,
        "collected": _text(sale.collected),
        "facts": dict(sale.facts) or None,
        "kind": sale.kind if sale.kind != SALE else None,
        "paid": _text(sale.paid),
        "served": _text(sale.served),
    }
    return {name: value for name, value in told.items() if value is not None}


def _sale(told: Mapping[str, Any]) -> Sale:
    def number(name: str) -> Decimal | None:
        return Decimal(told[name]) if name in told else None

    return Sale(
        id=told["id"],
        date=datetime.date.fromisoformat(told["date"]),
        actual=Decimal(told["actual"]),
        share=Decimal(told.get("share", "1")),
        name=told.get("name", ""),
        collected=number("collected"),
        facts=tuple(sorted(told.get("facts", {}).items())),
        kind=told.get("kind", SALE),
        paid=number("paid"),
        served=number("served"),
    )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def held(parts: Sequence[Part]) -> Decimal:
    """Return the share of the period that is paid."""
    shares = [ONE if part.presence is None else part.presence for part in parts]
    return min(sum(shares, ZERO), ONE)
