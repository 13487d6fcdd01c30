"""From results to what is paid: lines that each say the rule and the arithmetic.

A person's lines of a period: one or more for each component, then what bends their
total, what is taken back on cancelled sales, the advance or its recovery. Each line is
rounded once; totals are sums of rounded lines, so that they can be added by hand.
"""

from __future__ import annotations

import datetime
import decimal
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from jalon.domain.incentives.earning import Earned, Other, bend, earned, least
from jalon.domain.incentives.measuring import (
    Measured,
    converted,
    measured,
    target_pay,
    total,
)
from jalon.domain.incentives.plan import (
    ONE,
    ZERO,
    Component,
    Counted,
    Of,
    On,
    Pays,
    Plan,
    Pool,
    Rounding,
    Total,
)
from jalon.domain.incentives.results import CANCELLED, SALE, Row
from jalon.domain.incentives.sentences import Step, money, plain, share, step
from jalon.domain.refusals import Refusal

ROUNDING = {
    "half_up": decimal.ROUND_HALF_UP,
    "half_even": decimal.ROUND_HALF_EVEN,
    "up": decimal.ROUND_UP,
    "down": decimal.ROUND_DOWN,
}
SETTLED = Decimal("1e-10")  # quotients are settled before cents are
TOTAL, CLAWBACK, DRAW = "total", "clawback", "draw"
COLLECTION = "collection"
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NO_PAID = (
    "Line {line} of the results cancels a sale; what was paid for it is unknown. "
    "Expected a column paid, e.g. 1200."
)
_OUT_OF_PLAN = "Line {line}: {date} lies outside the plan; it is not counted."
_UNUSED = "Line {line}: no component uses the measure {measure}; it is not counted."


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a line: what it waits for, and how much of it is due now."""

    when: str
    amount: Decimal
    due: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """One amount on a statement, the rule that made it, and why."""

    person: str
    period: str
    rule: str
    label: str
    amount: Decimal
    mode: str = ""
    row: str = ""  # the sale it is for, when each is paid alone
    actual: Decimal | None = None
    target: Decimal | None = None
    attainment: Decimal | None = None
    parts: tuple[Part, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Balance:
    """What one person receives in one period, and still owes of advances."""

    person: str
    period: str
    earned: Decimal
    paid: Decimal
    owed: Decimal


@dataclass(frozen=True, slots=True)
class Statement:
    """All lines, all balances, and rows that were not counted."""

    lines: tuple[Line, ...]
    balances: tuple[Balance, ...]
    findings: tuple[Step, ...] = ()

    @property
    def sum(self) -> Decimal:
        """Return everything paid."""
        return sum((line.amount for line in self.lines), ZERO)

    def by_person(self) -> dict[str, Decimal]:
        """Return what each person is paid over all periods."""
        totals: dict[str, Decimal] = {}
        for line in self.lines:
            totals[line.person] = totals.get(line.person, ZERO) + line.amount
        return totals


@dataclass
class _Ledger:
    """Rows by person and period, with those of teams; filled once, then only read."""

    plan: Plan
    until: datetime.date | None = None
    own: dict[tuple[str, str], list[Row]] = field(
        default_factory=lambda: defaultdict(list)
    )
    team: dict[tuple[str, str], list[Row]] = field(
        default_factory=lambda: defaultdict(list)
    )
    periods: dict[str, list[str]] = field(default_factory=dict)
    team_of: dict[str, str] = field(default_factory=dict)
    places: dict[tuple[str, str], dict[str, Decimal]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Case:
    """One component for one person and period."""

    ledger: _Ledger
    component: Component
    person: str
    period: str

    @property
    def plan(self) -> Plan:
        return self.ledger.plan

    def rows(self, period: str | None = None) -> list[Row]:
        """Return the rows the component counts in its period, or in another."""
        when = self.period if period is None else period
        one = self.component
        rows = _rows(self.ledger, one.measure, one.of, self.person, when)
        return [_clipped(row, one) for row in rows if _counts(row, one)]

    def year(self) -> list[str]:
        """Return the periods of the year up to this one."""
        opens = self.plan.year_opens
        return [
            one
            for one in sorted(self.ledger.periods[self.person])
            if one <= self.period and year_of(one, opens) == year_of(self.period, opens)
        ]

    def measure(self, rows: Sequence[Row]) -> Measured:
        """Return what rows gave; each team member's target counts once."""
        plan, component = self.plan, self.component
        own = [row for row in rows if row.person == self.person]
        own = own or self.ledger.own[self.person, self.period]
        variable, said = target_pay(
            own, plan, own=component.variable, weight=component.weight
        )
        if component.of is Of.TEAM:
            members: dict[str, list[Row]] = defaultdict(list)
            for row in rows:
                members[row.person].append(row)
            found = total(measured(part, plan) for part in members.values())
        else:
            found = measured(rows, plan)
        steps = (*said, *found.steps)
        if component.on is not On.RANK:
            return replace(found, variable=variable, steps=steps)
        place, people = self.place()
        told = step("Rank {rank} of {people}.", rank=plain(place), people=plain(people))
        return replace(found, variable=variable, steps=(*steps, told), rank=place)

    def place(self) -> tuple[Decimal, Decimal]:
        """Return the person's place in the period, and how many have one."""
        key = self.component.key, self.period
        if key not in self.ledger.places:
            sums = {
                person: sum((row.amount() for row in rows), ZERO)
                for person in self.ledger.periods
                if (rows := replace(self, person=person).rows())
            }
            order = sorted(sums.values(), reverse=True)
            self.ledger.places[key] = {
                person: Decimal(order.index(amount) + 1)
                for person, amount in sums.items()
            }
        places = self.ledger.places[key]
        return places.get(self.person, ZERO), Decimal(len(places))

    def earned(self, found: Measured) -> Earned:
        """Return what the component earns on that."""
        other = _other(self.ledger, self.person, self.period, found)
        return earned(self.component, found, other)


def year_of(period: str, opens: int = 1) -> str:
    """Return the year a period is of: that of its name, months by the opening one."""
    found = _MONTH.fullmatch(period)
    if found is None or opens == 1:
        return period[:4]
    year, month = int(found[1]), int(found[2])
    return str(year + (month >= opens))


def statement(
    plan: Plan, rows: Iterable[Row], *, until: datetime.date | None = None
) -> Statement:
    """Return what the plan pays on these results.

    `until` is the day up to which parts that wait for a date are due.

    Raises:
        Refusal: If a row cannot be used: unknown currency, two targets, no target pay.
    """
    findings: list[Step] = []
    kept = [converted(row, plan) for row in rows if _in_force(row, plan, findings)]
    _say_unused(kept, plan, findings)
    ledger = _ledger(plan, kept, until)
    lines: list[Line] = []
    balances: list[Balance] = []
    for person, periods in ledger.periods.items():
        owed = ZERO
        before: list[Line] = []
        for rank, period in enumerate(sorted(periods)):
            found = _period(ledger, person, period, before)
            gained = sum((line.amount for line in found), ZERO)
            advance, owed = _draw(plan, person, period, gained, owed, rank)
            found.extend(advance)
            before.extend(found)
            paid = sum((line.amount for line in found), ZERO)
            balances.append(Balance(person, period, gained, paid, owed))
        lines.extend(before)
    return Statement(tuple(lines), tuple(balances), tuple(findings))


def rounded(amount: Decimal, rounding: Rounding) -> Decimal:
    """Return an amount on the plan's step, cents if it says nothing."""
    settled = amount.quantize(SETTLED, rounding=decimal.ROUND_HALF_EVEN)
    steps = (settled / rounding.to).quantize(ONE, rounding=ROUNDING[rounding.mode])
    return steps * rounding.to


def _in_force(row: Row, plan: Plan, findings: list[Step]) -> bool:
    early = plan.first and row.date and row.date < plan.first
    late = plan.after and row.date and row.date >= plan.after
    if early or late:
        findings.append(
            step(
                _OUT_OF_PLAN,
                line=str(row.line),
                date=row.date.isoformat() if row.date else "",
            )
        )
        return False
    return True


def _say_unused(rows: Sequence[Row], plan: Plan, findings: list[Step]) -> None:
    used = {""}
    bent: list[Total | Component] = [plan.total, *plan.components]
    used |= {each.measure for each in plan.components}
    used |= {one.matrix.measure for one in plan.components if one.matrix}
    used |= {gate.measure for one in bent for gate in one.gates}
    used |= {each.measure for one in bent for each in one.multipliers}
    findings.extend(
        step(_UNUSED, line=str(row.line), measure=row.measure)
        for row in rows
        if row.measure not in used
    )


def _ledger(plan: Plan, rows: Sequence[Row], until: datetime.date | None) -> _Ledger:
    ledger = _Ledger(plan, until)
    for row in rows:
        ledger.own[row.person, row.period].append(row)
        periods = ledger.periods.setdefault(row.person, [])
        if row.period not in periods:
            periods.append(row.period)
        if row.team:
            ledger.team[row.team, row.period].append(row)
            ledger.team_of.setdefault(row.person, row.team)
    return ledger


def _period(
    ledger: _Ledger, person: str, period: str, before: Sequence[Line]
) -> list[Line]:
    lines: list[Line] = []
    for component in ledger.plan.components:
        case = _Case(ledger, component, person, period)
        if _concerned(case):
            lines.extend(_component(case, before))
    lines.extend(_total(ledger, person, period, lines))
    lines.extend(_clawbacks(ledger, person, period))
    return lines


def _component(case: _Case, before: Sequence[Line]) -> list[Line]:
    rows = case.rows()
    if not rows and case.component.floor is None:
        return []
    own = [row.rate for row in rows if row.rate is not None]
    if own:
        case = replace(case, component=replace(case.component, rate=own[-1]))
    match case.component.counted:
        case Counted.EACH:
            return [_alone(case, row) for row in rows if _says(row)]
        case Counted.RUNNING:
            return _running(case, rows, [])
        case Counted.RUNNING_YEAR:
            earlier = [row for one in case.year()[:-1] for row in case.rows(one)]
            return _running(case, rows, earlier)
        case Counted.YEAR:
            return [_year(case, before)]
    found = case.measure(rows)
    result = case.earned(found)
    if case.component.pool is not None:
        result = _part_of_pool(case, case.component.pool, result)
    return [_written(case, found, result, rows)]


def _part_of_pool(case: _Case, pool: Pool, whole: Earned) -> Earned:
    """Return the person's part of what their team earns; the parts add up to it."""
    weights = _weights(case, pool)
    total_weight = sum(weights.values(), ZERO)
    if not total_weight:
        return Earned(ZERO, whole.steps)
    amount, rounding = rounded(whole.amount, case.plan.rounding), case.plan.rounding
    people = sorted(weights)
    upto = people.index(case.person)
    shares = [sum((weights[one] for one in people[:n]), ZERO) for n in (upto, upto + 1)]
    before, after = (rounded(amount * one / total_weight, rounding) for one in shares)
    said = step(
        "The team’s {amount}: {share} of it.",
        amount=money(amount),
        share=share(weights[case.person] / total_weight),
    )
    return Earned(after - before, (*whole.steps, said))


def _weights(case: _Case, pool: Pool) -> dict[str, Decimal]:
    """Return the weight of each member of the person's team in its pool."""
    team = case.ledger.team_of.get(case.person, "")
    members = {row.person for row in case.ledger.team.get((team, case.period), [])}
    weights = {}
    for person in members | {case.person}:
        own = case.ledger.own[person, case.period]
        if pool is Pool.EQUAL:
            weights[person] = ONE
        elif pool is Pool.VARIABLE:
            told, _ = target_pay(own, case.plan, own=None, weight=ONE)
            weights[person] = told or ZERO
        else:
            mine = [row for row in case.rows() if row.person == person]
            weights[person] = sum((row.amount() for row in mine), ZERO)
    return weights


def _rows(ledger: _Ledger, measure: str, of: Of, person: str, period: str) -> list[Row]:
    if of is Of.TEAM:
        rows = ledger.team.get((ledger.team_of.get(person, ""), period), [])
    else:
        rows = ledger.own.get((person, period), [])
    return [row for row in rows if row.measure in {"", measure} and row.kind == SALE]


def _counts(row: Row, component: Component) -> bool:
    if not _matches(row, component.where):
        return False
    least_each = component.minimum_each
    if least_each is None or component.counted is Counted.EACH:
        return True
    return _large_enough(row, component)


def _concerned(case: _Case) -> bool:
    """Return whether the rule is for the person: one of their rows says so."""
    who = case.component.who
    own = case.ledger.own.get((case.person, case.period), [])
    return not who or any(_matches(row, who) for row in own)


def _matches(row: Row, asked: Iterable[tuple[str, tuple[str, ...]]]) -> bool:
    known = {"currency": row.currency, "team": row.team, "id": row.id, **row.extra}
    return all(known.get(name, "") in values for name, values in asked)


def _clipped(row: Row, component: Component) -> Row:
    """Return the row, no larger than what counts of one."""
    most = component.maximum_each
    if most is None or row.amount() <= most:
        return row
    return replace(row, actual=most, share=None)


def _large_enough(row: Row, component: Component) -> bool:
    if component.minimum_each is None:
        return True
    if component.minimum_inclusive:
        return row.amount() >= component.minimum_each
    return row.amount() > component.minimum_each


def _other(ledger: _Ledger, person: str, period: str, own: Measured | None) -> Other:
    """Return how a gate or multiplier reads another measure of person and period."""

    def read(measure: str) -> Measured | None:
        if not measure:
            return own
        rows = _rows(ledger, measure, Of.OWN, person, period)
        rows = rows or _rows(ledger, measure, Of.TEAM, person, period)
        return measured(rows, ledger.plan) if rows else None

    return read


def _alone(case: _Case, row: Row) -> Line:
    """Return the line of one sale paid alone."""
    found = _of_sales(case, case.measure([row]))
    if _large_enough(row, case.component):
        return _written(case, found, case.earned(found), [row], row)
    small = step(
        "{actual} is below the least of {minimum} for one row.",
        actual=plain(found.actual),
        minimum=plain(case.component.minimum_each or ZERO),
    )
    return _written(case, found, Earned(ZERO, (small,)), [row], row)


def _of_sales(case: _Case, found: Measured) -> Measured:
    """Return what sales gave, without an attainment where the rule looks at none."""
    component = case.component
    if component.on is not On.ACTUAL or component.pays is Pays.BONUS:
        return found
    said = step("Actual {actual}.", actual=plain(found.actual))
    return replace(found, target=None, attainment=None, steps=(said,))


def _says(row: Row) -> bool:
    """Return whether a row is a sale: a part of a target pay alone is none."""
    return row.actual is not None or row.attainment is not None


def _running(case: _Case, rows: Sequence[Row], earlier: Sequence[Row]) -> list[Line]:
    """Return a line a row: what the running total earns more than before it.

    `earlier` are the rows of the year's periods before this one.
    """
    lines = []
    silent = [row for row in rows if not _says(row)]
    sales = [row for row in rows if _says(row)]
    before = ZERO
    if earlier:
        before = case.earned(_to_date(case, [*earlier, *silent])).amount
    for rank, row in enumerate(sales, start=1):
        found = _of_sales(case, _to_date(case, [*earlier, *sales[:rank], *silent]))
        so_far = case.earned(found)
        less = step("Less what the rows before earned: {paid}.", paid=money(before))
        steps = (*so_far.steps, less) if before else so_far.steps
        gained = Earned(so_far.amount - before, steps)
        before = so_far.amount
        lines.append(_written(case, found, gained, [row], row))
    return lines


def _year(case: _Case, before: Sequence[Line]) -> Line:
    """Return what the year to date earns, less what was paid of it."""
    periods = case.year()
    now = case.rows()
    found = _to_date(case, [row for one in periods for row in case.rows(one)])
    if any(row.attainment is not None for row in now):
        latest = case.measure(now)
        found = replace(found, attainment=latest.attainment, steps=latest.steps)
    said = [row.paid for row in now if row.paid is not None]
    paid = said[-1] if said else _paid(case.component, before, periods)
    so_far = case.earned(found)
    less = step("Less {paid}, already paid this year.", paid=money(paid))
    gained = Earned(so_far.amount - paid, (*so_far.steps, less))
    return _written(case, found, gained, now)


def _to_date(case: _Case, rows: Sequence[Row]) -> Measured:
    """Return rows of one or several periods as one measure.

    Targets and target pays of the periods add up, unless they are the year's already.
    """
    parts: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        parts[row.period].append(row)
    if len(parts) <= 1:
        return case.measure(rows)
    each = [case.measure(parts[one]) for one in sorted(parts)]
    if case.plan.covers == "year":
        latest = each[-1]
        return total(each, variable=latest.variable, target=latest.target)
    variables = [one.variable for one in each if one.variable is not None]
    return total(each, variable=sum(variables, ZERO) if variables else None)


def _paid(
    component: Component, before: Sequence[Line], periods: Sequence[str]
) -> Decimal:
    return sum(
        (
            line.amount
            for line in before
            if line.rule == component.key and line.period in periods
        ),
        ZERO,
    )


def _written(
    case: _Case,
    found: Measured,
    result: Earned,
    rows: Sequence[Row],
    row: Row | None = None,
) -> Line:
    plan, component = case.plan, case.component
    amount = rounded(result.amount, plan.rounding)
    tiers = component.schedule.tiers
    mode = component.schedule.mode.value if tiers else "linear"
    return Line(
        person=case.person,
        period=case.period,
        rule=component.key,
        label=component.label or component.key,
        mode="curve" if component.schedule.curve else mode,
        amount=amount,
        row="" if row is None else row.id or str(row.line),
        actual=found.actual,
        target=found.target,
        attainment=found.attainment,
        parts=_parts(case, amount, rows),
        steps=result.steps,
    )


def _parts(case: _Case, amount: Decimal, rows: Sequence[Row]) -> tuple[Part, ...]:
    """Return the line cut by what each part waits for; the last takes what is left."""
    plan = case.plan
    parts: list[Part] = []
    left = amount
    for rank, payment in enumerate(plan.payments, start=1):
        last = rank == len(plan.payments)
        part = left if last else rounded(amount * payment.share, plan.rounding)
        left -= part
        due = part
        if payment.when == COLLECTION:
            due = rounded(part * _collected(rows), plan.rounding)
        elif _later(payment.when, case.ledger.until):
            due = ZERO
        parts.append(Part(payment.when, part, due))
    return tuple(parts)


def _later(when: str, until: datetime.date | None) -> bool:
    """Return whether a part waits for a day that has not come."""
    if not _DAY.fullmatch(when):
        return False
    return until is None or until < datetime.date.fromisoformat(when)


def _collected(rows: Sequence[Row]) -> Decimal:
    """Return the share of what was sold that customers have paid."""
    sold = sum((row.actual or ZERO for row in rows), ZERO)
    got = sum((row.collected or ZERO for row in rows), ZERO)
    return min(ONE, got / sold) if sold else ZERO


def _total(
    ledger: _Ledger, person: str, period: str, lines: Sequence[Line]
) -> list[Line]:
    """Return the line that makes the sum obey the plan's gates, factors and cap."""
    rule, plan = ledger.plan.total, ledger.plan
    summed = sum((line.amount for line in lines), ZERO)
    rows = ledger.own[person, period]
    variable, _ = target_pay(rows, plan, own=None, weight=ONE)
    result = bend(
        summed,
        gates=rule.gates,
        multipliers=rule.multipliers,
        floor=rule.floor,
        cap=least(rule.cap, rule.cap_share, variable),
        other=_other(ledger, person, period, None),
    )
    change = rounded(result.amount, plan.rounding) - summed
    if not result.steps or not change:
        return []
    return [Line(person, period, TOTAL, TOTAL, change, steps=result.steps)]


def _clawbacks(ledger: _Ledger, person: str, period: str) -> list[Line]:
    rows = ledger.own.get((person, period), [])
    return [_clawback(ledger.plan, row) for row in rows if row.kind == CANCELLED]


def _clawback(plan: Plan, row: Row) -> Line:
    rule = plan.clawback
    paid = _paid_for(plan, row)
    left = ONE
    steps: list[Step] = []
    served = row.served_months or ZERO
    if rule.within_months is not None and served >= rule.within_months:
        left = ZERO
        steps.append(
            step("Cancelled after {months} months: kept.", months=plain(served))
        )
    elif rule.prorated and rule.within_months:
        left = (rule.within_months - served) / rule.within_months
    taken = rounded(paid * rule.rate * left, plan.rounding)
    steps.append(
        step(
            "Taken back: {paid} × {rate} × {left}.",
            paid=money(paid),
            rate=share(rule.rate),
            left=share(left),
        )
    )
    return Line(
        row.person,
        row.period,
        CLAWBACK,
        CLAWBACK,
        -taken,
        row=row.id or str(row.line),
        steps=tuple(steps),
    )


def _paid_for(plan: Plan, row: Row) -> Decimal:
    """Return what a cancelled sale was paid: said, or its flat rate on its amount."""
    if row.paid is not None:
        return row.paid
    flat = [
        component
        for component in plan.components
        if row.measure in {"", component.measure}
        and component.pays in {Pays.RATE, Pays.UNIT}
        and not component.schedule.tiers
        and component.schedule.curve is None
    ]
    if len(flat) != 1:
        raise Refusal(_NO_PAID, line=row.line)
    return rounded(row.amount() * flat[0].rate, plan.rounding)


def _draw(
    plan: Plan, person: str, period: str, gained: Decimal, owed: Decimal, rank: int
) -> tuple[list[Line], Decimal]:
    """Return the line of the advance or of its recovery, and what is owed after."""
    draw = plan.draw
    if draw is None:
        return [], ZERO
    running = draw.periods is None or rank < draw.periods
    least_paid = draw.amount if running else ZERO
    if gained < least_paid:
        lent = least_paid - gained
        said = step("Advance up to {draw}.", draw=money(draw.amount))
        line = Line(person, period, DRAW, DRAW, lent, steps=(said,))
        return [line], owed + lent if draw.recoverable else owed
    taken = min(owed, gained - least_paid)
    if draw.recovered_up_to is not None:
        taken = min(taken, draw.recovered_up_to)
    if not taken:
        return [], owed
    said = step(
        "Advance of {owed} recovered: {taken}.", owed=money(owed), taken=money(taken)
    )
    return [Line(person, period, DRAW, DRAW, -taken, steps=(said,))], owed - taken
