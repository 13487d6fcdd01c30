"""What a period under way would pay: so far, at its landing, and with more deals.

Figures are those kept with the day's evaluations. "So far" is what would be paid if the
period ended as it stands; the landing is what the forecast says of the same figures.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.attainment.evaluation import Evaluation
from jalon.domain.incentives.inputs import Input, Payee, landed
from jalon.domain.incentives.inputs import read as read_input
from jalon.domain.incentives.nearing import Next, nearest, with_more
from jalon.domain.incentives.plan import ZERO
from jalon.domain.incentives.settling import RunState, settled
from jalon.domain.incentives.statement import Line
from jalon.domain.kpis.question import Ask
from jalon.domain.periods import Period
from jalon.domain.refusals import Refusal
from jalon.queries import kpi_values
from jalon.queries.pay_inputs import Scope, live_inputs, payees
from jalon.queries.pay_plans import Version, noted_at, plans_of, version
from jalon.records import pay_rows
from jalon.records.pay import PayStatement
from jalon.workspace.folder import Workspace

AMOUNT, COUNT = "revenue", "deals_won"
MOST_DEALS = 50


@dataclass(frozen=True, slots=True)
class OpenDeal:
    """A deal of somebody's, still open: what it would add to which measures."""

    key: str
    name: str
    amount: Decimal
    adds: tuple[tuple[str, Decimal], ...]
    chosen: bool


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a period under way would pay somebody under a plan."""

    version: Version
    noted_at: datetime.datetime | None
    period: Period
    name: str
    currency: str
    inputs: tuple[Input, ...]
    lines: tuple[Line, ...]
    landing: tuple[Decimal, Decimal, Decimal] | None
    target: Decimal | None
    deals: tuple[OpenDeal, ...]
    more: Decimal
    signed: tuple[Line, ...] | None
    following: tuple[Next, ...]

    @property
    def total(self) -> Decimal:
        """Return what would be paid as things stand."""
        return _sum(self.lines)

    @property
    def signed_total(self) -> Decimal:
        """Return what would be paid with the deals chosen."""
        return _sum(self.signed or ())

    @property
    def difference(self) -> Decimal:
        """Return what the deals chosen add."""
        return self.signed_total - self.total


def estimates(
    workspace: Workspace,
    person: str,
    *,
    on: datetime.date,
    deals: Collection[str] = (),
    more: Decimal = ZERO,
) -> tuple[Estimate, ...]:
    """Return somebody's estimates, one a plan they are under on the day."""
    found = []
    for plan in plans_of(person, on):
        row = pay_rows.in_force(plan, on)
        if row is None:
            continue
        scope = scope_on(workspace, version(row), on)
        who = payees(workspace, scope, people={person})
        if who:
            found.append(
                _estimate(workspace, version(row), scope, who[0], on, set(deals), more)
            )
    return tuple(found)


def scope_on(workspace: Workspace, found: Version, on: datetime.date) -> Scope:
    """Return a version over the period a day falls in."""
    first_month = workspace.settings.fiscal_first_month
    period, name = found.written.period_of(on, first_month=first_month)
    return Scope(found.plan, found.written, period, name)


def _estimate(  # noqa: PLR0913, PLR0917 - what one person is shown of one plan
    workspace: Workspace,
    found: Version,
    scope: Scope,
    payee: Payee,
    on: datetime.date,
    chosen: set[str],
    more: Decimal,
) -> Estimate:
    beside = payees(workspace, scope) if scope.written.compares else ()
    others = [one for one in beside if one.person != payee.person]
    everything, read = live_inputs(workspace, scope, (payee, *others), on=on)
    inputs = tuple(one for one in everything if one.person == payee.person)
    context = Context(
        before=before(scope, payee.person),
        others=tuple(one for one in everything if one.person != payee.person),
    )
    deals = _deals(workspace, scope, payee, on, chosen)
    added = [pair for deal in deals if deal.chosen for pair in deal.adds]
    added += [
        (one.measure, more) for one in scope.written.sources if one.kpi == AMOUNT
    ][: bool(more)]
    signed = with_more(inputs, added) if added else None
    return Estimate(
        version=found,
        noted_at=noted_at(found.plan, found.number, payee.person),
        period=scope.period,
        name=scope.name,
        currency=scope.written.plan.currency,
        inputs=inputs,
        lines=paid_lines(scope, inputs, context),
        landing=landing(scope, inputs, read, context),
        target=target_pay(scope, payee),
        deals=deals,
        more=more,
        signed=paid_lines(scope, signed, context) if signed is not None else None,
        following=nearest(scope.written, inputs),
    )


@dataclass(frozen=True, slots=True)
class Context:
    """What pay may depend on besides: the year's earlier periods, the others'."""

    before: tuple[Input, ...] = ()
    others: tuple[Input, ...] = ()


ALONE = Context()


def before(scope: Scope, person: str) -> tuple[Input, ...]:
    """Return what somebody was paid on before, where the plan remembers it."""
    if not scope.written.remembers:
        return ()
    kept = (
        PayStatement.objects.filter(
            person_id=person,
            run__plan=scope.plan,
            run__state=RunState.PUBLISHED.value,
            run__after__lte=scope.period.first,
        )
        .order_by("run__first")
        .values_list("inputs", flat=True)
    )
    return tuple(read_input(one) for inputs in kept for one in inputs)


def paid_lines(
    scope: Scope, inputs: Collection[Input], context: Context = ALONE
) -> tuple[Line, ...]:
    """Return the lines a period's inputs give; none where pay cannot be counted."""
    try:
        last = scope.period.after - datetime.timedelta(days=1)
        due = settled(
            scope.written,
            (*inputs, *context.others),
            period=scope.name,
            before=context.before,
            until=last,
        )
    except Refusal:
        return ()
    people = {one.person for one in inputs}
    return tuple(
        line for person, one in due.items() if person in people for line in one.lines
    )


def target_pay(scope: Scope, payee: Payee) -> Decimal | None:
    """Return what somebody is paid at 100 % over the period, prorated."""
    whole = scope.written.plan.variable
    known = [
        (whole if part.variable is None else part.variable, part.presence)
        for part in payee.parts
    ]
    found = [
        amount if share is None else amount * share
        for amount, share in known
        if amount is not None
    ]
    return sum(found, ZERO) if found else None


def landing(
    scope: Scope,
    inputs: Collection[Input],
    read: Mapping[str, Evaluation],
    context: Context = ALONE,
) -> tuple[Decimal, Decimal, Decimal] | None:
    """Return what is paid where each figure lands at its P10, P50 and P90.

    The three are worked out measure by measure together: a low landing of one is taken
    with a low landing of the others. None where no figure has a forecast.
    """
    told = [
        (read[one.objective].landing if one.objective in read else None)
        for one in inputs
    ]
    if not any(one is not None and one.p50 is not None for one in told):
        return None
    totals = []
    for place in ("p10", "p50", "p90"):
        there = [
            one
            if (found := getattr(where, place, None)) is None or one.actual is None
            else landed(one, found)
            for one, where in zip(inputs, told, strict=True)
        ]
        totals.append(_sum(paid_lines(scope, there, context)))
    return (totals[0], totals[1], totals[2])


def _deals(
    workspace: Workspace,
    scope: Scope,
    payee: Payee,
    on: datetime.date,
    chosen: set[str],
) -> tuple[OpenDeal, ...]:
    """Return somebody's open deals, the largest first, with what each would add."""
    found: dict[str, tuple[str, Decimal]] = {}
    adds: dict[str, list[tuple[str, Decimal]]] = {}
    for source in scope.written.sources:
        if source.kpi not in {AMOUNT, COUNT}:
            continue
        for key, name, amount, share in _open(workspace, payee, source.where, on):
            found[key] = (name, amount)
            worth = amount if source.kpi == AMOUNT else share
            adds.setdefault(key, []).append((source.measure, worth))
    largest = sorted(found.items(), key=lambda pair: (-pair[1][1], pair[0]))
    return tuple(
        OpenDeal(key, name, amount, tuple(adds[key]), key in chosen)
        for key, (name, amount) in largest[:MOST_DEALS]
    )


def _open(
    workspace: Workspace, payee: Payee, where: tuple[str, ...], on: datetime.date
) -> list[tuple[str, str, Decimal, Decimal]]:
    day = Period(on, on + datetime.timedelta(days=1))
    ask = Ask("open", f"person:{payee.person}", day, where)
    try:
        told = kpi_values.explain(workspace, "open_pipeline", ask, on=on, limit=200)
    except Refusal:
        return []
    return [
        (
            str(row.facts["deal_id"]),
            str(row.facts.get("name") or row.facts["deal_id"]),
            row.counted,
            row.share,
        )
        for component in told.components
        for row in component.rows
        if row.counted
    ]


def _sum(lines: Collection[Line]) -> Decimal:
    return sum((line.amount for line in lines), ZERO)
