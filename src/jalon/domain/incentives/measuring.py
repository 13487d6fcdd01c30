"""From rows to what a component needs: actual, target, attainment, target pay.

A target written on several rows of one person and period is one target; so is the
target pay. Different ones are read as successive parts of the period, each with its
days or months, and blended: 20,000 for 151 days then 24,000 for 214 of 365.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from jalon.domain.incentives.plan import ONE, ZERO, Plan
from jalon.domain.incentives.results import Row
from jalon.domain.incentives.sentences import Step, money, plain, share, step
from jalon.domain.refusals import Refusal

MONTHS = Decimal(12)
PERIODS = {"Q": 3, "T": 3, "S": 6, "H": 6}
NAMED = re.compile(r"(\d{4})(?:-(\d{2})|-?([QTSH])(\d))?")
_NO_RATE = (
    "Line {line} of the results is in {currency}, the plan in {own}, and no rate is "
    "known. Expected a column fx, or [currency] rates = {{ {currency} = 0.92 }}."
)
_TARGETS = (
    "{person}, {period}: several targets for {measure} ({values}). Expected one for "
    "the period, or days beside each."
)
_WHOLE = (
    "{person}: the length of the period {period} is unknown. Expected whole = 365 in "
    "[proration], or a period such as 2026, 2026-T1 or 2026-03."
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a measure gave; attainment is None where there is no target to divide by."""

    actual: Decimal
    target: Decimal | None
    attainment: Decimal | None
    variable: Decimal | None
    steps: tuple[Step, ...] = ()
    rank: Decimal | None = None


def converted(row: Row, plan: Plan) -> Row:
    """Return the row in the plan's money.

    Raises:
        Refusal: If its currency has no rate.
    """
    if row.currency in {"", plan.currency}:
        return row
    rate = row.fx or dict(plan.rates.rates).get(row.currency.upper())
    if rate is None:
        raise Refusal(_NO_RATE, line=row.line, currency=row.currency, own=plan.currency)
    return replace(
        row,
        actual=None if row.actual is None else row.actual * rate,
        target=None if row.target is None else row.target * rate,
        collected=None if row.collected is None else row.collected * rate,
    )


def attainment(actual: Decimal, target: Decimal | None) -> Decimal | None:
    """Return actual ÷ target; None where there is no target to divide by."""
    return actual / target if target else None


def measured(rows: Sequence[Row], plan: Plan) -> Measured:
    """Return what rows of one person and period gave; the target pay comes apart."""
    actual = sum((row.amount() for row in rows), ZERO)
    target = target_of(rows, plan)
    given = [row.attainment for row in rows if row.attainment is not None]
    reached = given[-1] if given else attainment(actual, target)
    steps = (_attained(actual, target, reached),) if not given else ()
    return Measured(actual, target, reached, None, steps)


def target_of(rows: Sequence[Row], plan: Plan) -> Decimal | None:
    """Return the target of one person and period: ramp and presence counted."""
    parts: dict[tuple[Decimal, Decimal], None] = {}
    for row in rows:
        if row.target is not None:
            held = presence(row, plan) if plan.proration.reduces_target else ONE
            relief = ONE if row.ramp is None else row.ramp
            parts[(row.target * relief, held)] = None
    if not parts:
        return None
    if len(parts) > 1 and len({held for _, held in parts}) == 1:
        first = rows[0]
        values = ", ".join(str(value) for value, _ in parts)
        raise Refusal(
            _TARGETS,
            person=first.person,
            period=first.period,
            measure=first.measure,
            values=values,
        )
    return sum((value * held for value, held in parts), ZERO)


def target_pay(
    rows: Sequence[Row], plan: Plan, *, own: Decimal | None, weight: Decimal
) -> tuple[Decimal | None, tuple[Step, ...]]:
    """Return the target pay of a component, and how it was prorated.

    `own` is the component's; else the rows' `variable`, else the plan's, by weight.
    """
    parts: dict[tuple[Decimal, Decimal], None] = {}
    for row in rows:
        whole = own if own is not None else _weighted(row, plan, weight)
        if whole is not None:
            held = presence(row, plan) if plan.proration.reduces_variable else ONE
            parts[(whole, held)] = None
    if not parts:
        return None, ()
    blended = sum((whole * held for whole, held in parts), ZERO)
    steps = tuple(
        step(
            "Target pay {whole} for {held} of the period.",
            whole=money(whole),
            held=share(held),
        )
        for whole, held in parts
        if held != ONE
    )
    return blended, steps


def presence(row: Row, plan: Plan) -> Decimal:
    """Return the share of the period the person was there.

    Raises:
        Refusal: If days are given and the length of the period is unknown.
    """
    if row.presence is not None:
        return row.presence
    there = row.days if plan.proration.basis == "days" else row.months
    if there is None and row.absent is None:
        return ONE
    whole = plan.proration.whole or _length(row, plan.proration.basis)
    return (whole - (row.absent or ZERO) if there is None else there) / whole


def total(
    each: Iterable[Measured],
    *,
    variable: Decimal | None = None,
    target: Decimal | None = None,
) -> Measured:
    """Return several periods or persons as one: actuals add up, and targets do.

    A `target` given is that of the whole already.
    """
    every = list(each)
    actual = sum((one.actual for one in every), ZERO)
    targets = [one.target for one in every if one.target is not None]
    if target is None and targets:
        target = sum(targets, ZERO)
    reached = attainment(actual, target)
    return Measured(
        actual, target, reached, variable, (_attained(actual, target, reached),)
    )


def _attained(actual: Decimal, target: Decimal | None, reached: Decimal | None) -> Step:
    if target is None:
        return step("Actual {actual}.", actual=plain(actual))
    if reached is None:
        return step("No target to divide by: attainment counts as 0.")
    return step(
        "Attainment {reached} = {actual} ÷ {target}.",
        reached=share(reached),
        actual=plain(actual),
        target=plain(target),
    )


def _weighted(row: Row, plan: Plan, weight: Decimal) -> Decimal | None:
    whole = plan.variable if row.variable is None else row.variable
    return None if whole is None else whole * weight


def _length(row: Row, basis: str) -> Decimal:
    """Return the days or months of a period named 2026, 2026-T1, 2026-S2 or 2026-03."""
    found = NAMED.fullmatch(row.period)
    if not found:
        raise Refusal(_WHOLE, person=row.person, period=row.period or "—")
    year, month, kind, rank = found.groups()
    if month:
        first, count = int(month), 1
    elif kind:
        count = PERIODS[kind]
        first = (int(rank) - 1) * count + 1
    else:
        first, count = 1, int(MONTHS)
    if not 1 <= first <= MONTHS + 1 - count:
        raise Refusal(_WHOLE, person=row.person, period=row.period)
    if basis == "months":
        return Decimal(count)
    months = range(first, first + count)
    return Decimal(sum(calendar.monthrange(int(year), one)[1] for one in months))
