"""From a reading to an objective: the period, the target, what it starts from.

Quarters, halves and years are the company's own. "By the end of …" is the whole running
period; a date or a number of months starts on the day it is written.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.objectives.objective import (
    BaselineRule,
    Direction,
    Measured,
    Objective,
    is_flow,
    is_rate,
)
from jalon.domain.objectives.states import State
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import (
    MONDAY,
    Grain,
    containing,
    months_later,
)
from jalon.domain.smart.critique.dates import last_day
from jalon.domain.smart.goal import Amount
from jalon.domain.smart.reading import Reading
from jalon.domain.smart.times import Deadline

_NAMED = {"quarter": Grain.QUARTER, "half": Grain.HALF, "month": Grain.MONTH}
_SPELT = {"end_of_week": Grain.WEEK, "end_of_month": Grain.MONTH}
_SPELT |= {"end_of_quarter": Grain.QUARTER, "end_of_half": Grain.HALF}
_SPELT |= {"end_of_year": Grain.YEAR}
_ONE_DAY = datetime.timedelta(days=1)
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a sentence sets, in the KPI's own unit: a share as a fraction."""

    period: Period
    target: Decimal | None
    baseline: Decimal | None
    change: str


def period_of(  # noqa: PLR0911
    reading: Reading,
    *,
    on: datetime.date,
    first_month: int = 1,
    week_start: int = MONDAY,
) -> Period | None:
    """Return the days a sentence speaks of, None where it gives no end.

    A rhythm alone is its running period: this month for "per month".
    """
    when = reading.deadline
    if when is None:
        rhythm = reading.per.period
        if rhythm is None:
            return None
        return containing(
            on, Grain(rhythm), first_month=first_month, week_start=week_start
        )
    grain = _SPELT.get(when.kind)
    if grain is not None and when.value in {None, "+1"}:
        running = containing(on, grain, week_start=week_start)
        following = when.value == "+1"
        day = running.after if following else on
        return containing(day, grain, week_start=week_start)
    if when.kind in {"quarter", "half"}:
        return _ranked(when, _NAMED[when.kind], on, first_month)
    last = last_day(when, on=on)
    if last is None or last < on:
        return None
    if when.kind == "end_of_year" and last.year > on.year:
        return Period(datetime.date(last.year, 1, 1), last + _ONE_DAY)
    return Period(on, last + _ONE_DAY)


def _ranked(
    when: Deadline, grain: Grain, on: datetime.date, first_month: int
) -> Period | None:
    """Return the fiscal quarter or half of that rank, the next one that ends."""
    year, _, name = str(when.value).rpartition("-")
    months = {Grain.QUARTER: 3, Grain.HALF: 6}[grain]
    shift = (int(name[1:]) - 1) * months
    start = containing(on, Grain.YEAR, first_month=first_month).first
    if year:
        start = start.replace(year=int(year) - (start.month != 1))
    first = months_later(start, shift)
    found = Period(first, months_later(first, months))
    if found.after <= on and not year:
        first = months_later(first, 12)
        found = Period(first, months_later(first, months))
    return found if found.after > on else None


def drafted(
    reading: Reading,
    kpi: Measured,
    *,
    on: datetime.date,
    first_month: int = 1,
    week_start: int = MONDAY,
) -> Drafted | None:
    """Return the figures of a SMART sentence, None where one is missing."""
    period = period_of(reading, on=on, first_month=first_month, week_start=week_start)
    amount = reading.amount
    if period is None or amount is None or amount.value is None:
        return None
    scale = _scale(amount, kpi)
    value = Decimal(str(amount.value)) * scale
    base = None if amount.base is None else Decimal(str(amount.base)) * scale
    if amount.kind in {"relative_percent", "points", "delta"}:
        return Drafted(period, None, None, _change(amount, reading, rate=is_rate(kpi)))
    return Drafted(period, value, base, "")


def _scale(amount: Amount, kpi: Measured) -> Decimal:
    """Return what turns a written figure into the KPI's unit."""
    if amount.unit == "%" and str(kpi.unit) == "share":
        return 1 / _HUNDRED
    days = {"day": 1, "week": 7, "month": 30, "year": 365}
    if str(kpi.unit) in {"day", "days"} and amount.unit in days:
        return Decimal(days[amount.unit])
    return Decimal(1)


def _change(amount: Amount, reading: Reading, *, rate: bool) -> str:
    """Return a change as the objectives file writes it: "+12 %", "+6 pt", "x1.1"."""
    falls = reading.direction == "decrease"
    value = Decimal(str(amount.value))
    sign = "-" if falls else "+"
    if amount.kind == "relative_percent":
        if rate:
            factor = 1 + (-value if falls else value) / _HUNDRED
            return f"x{factor}"
        return f"{sign}{value} %"
    return f"{sign}{value} pt" if amount.kind == "points" else f"{sign}{value}"


def objective_of(  # noqa: PLR0913
    reading: Reading,
    kpi: Measured,
    *,
    id: str,  # noqa: A002
    owner: str,
    on: datetime.date,
    first_month: int = 1,
    week_start: int = MONDAY,
    where: Sequence[str] = (),
    state: State = State.ACTIVE,
    model: str = "",
) -> Objective | None:
    """Return the objective a SMART sentence sets, None where something is missing.

    A change starts from the same period a year before for what adds up over days, from
    the period before for a rate or a level.
    """
    found = drafted(reading, kpi, on=on, first_month=first_month, week_start=week_start)
    if found is None:
        return None
    return Objective(
        id=id,
        kpi=kpi.key,
        owner=owner,
        period=found.period,
        direction=direction_of(reading, kpi),
        original_target=found.target,
        statement=reading.text.strip(),
        lang=reading.lang,
        where=tuple(where),
        baseline_rule=_rule(found, kpi),
        baseline=found.baseline,
        change=found.change,
        nature="qualitative" if kpi.key in {"nps", "csat"} else "quantitative",
        state=state,
        model=model,
    )


def _rule(found: Drafted, kpi: Measured) -> BaselineRule:
    if found.baseline is not None:
        return BaselineRule.NUMBER
    return BaselineRule.LAST_YEAR if is_flow(kpi) else BaselineRule.PREVIOUS


def direction_of(reading: Reading, kpi: Measured) -> Direction:
    """Return which way is better: the verb's, else the KPI's own."""
    said = {
        "increase": Direction.UP,
        "decrease": Direction.DOWN,
        "maintain": Direction.MAINTAIN,
    }.get(reading.direction or "")
    if said is Direction.MAINTAIN or said is None:
        return (
            Direction(str(kpi.better))
            if str(kpi.better) in {"up", "down"}
            else (Direction.UP)
        )
    return said
