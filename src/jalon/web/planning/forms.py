"""A new planning, as its form says it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.cascade.plan import Method
from jalon.domain.cascade.season import Spread
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import (
    Grain,
    UnknownPeriodNameError,
    containing,
    name_of,
    named,
    steps,
)
from jalon.domain.refusals import Refusal
from jalon.locale import figures
from jalon.queries.kpi_values import catalogue
from jalon.queries.planning import may_be_planned
from jalon.web.language import current
from jalon.web.planning.numbers import read
from jalon.web.today import workspace

METHODS = (Method.HISTORY, Method.CAPACITY, Method.EQUAL)
SPREADS = tuple(Spread)
FIELDS = ("title", "kpi", "period", "target", "method", "spread", "step")
STEPS = ("100", "1", "0.01", "1000")
_NO_PERIOD = "The period is missing. Expected e.g. 2027 or 2027-Q1."
_NO_TARGET = "The target is missing. Expected a figure above 0, e.g. 1200000 or 28 %."
_NO_TITLE = "The title is missing. Example: Chiffre d'affaires 2027."
_CHOICE = '"{found}" is none of: {known}.'
_MOST_TITLE = 200


@dataclass(frozen=True, slots=True)
class New:
    """What a new planning is made of."""

    title: str
    kpi: str
    period: Period
    target: Decimal
    method: Method
    spread: Spread
    step: Decimal | None


def read_new(data: Mapping[str, str]) -> New:
    """Return the planning asked for.

    Raises:
        Refusal: If a field is missing or none of its choices.
    """
    first_month = workspace().settings.fiscal_first_month
    try:
        period = named(data.get("period", ""), first_month=first_month)
    except UnknownPeriodNameError as error:
        raise Refusal(_NO_PERIOD) from error
    kpi = one_of(data.get("kpi", ""), [key for key, _ in kpis()])
    unit = str(catalogue(workspace())[kpi].unit)
    target = read(data.get("target", ""), unit)
    if target <= 0:
        raise Refusal(_NO_TARGET)
    title = data.get("title", "").strip()[:_MOST_TITLE]
    if not title:
        raise Refusal(_NO_TITLE)
    step = None
    if unit == "money":
        step = Decimal(one_of(data.get("step") or STEPS[0], list(STEPS)))
    return New(title, kpi, period, target, read_method(data), read_spread(data), step)


def read_method(data: Mapping[str, str]) -> Method:
    """Return the method chosen, history by default."""
    return Method(one_of(data.get("method") or "history", [m.value for m in METHODS]))


def read_spread(data: Mapping[str, str]) -> Spread:
    """Return how months are spread, by last year's season by default."""
    return Spread(one_of(data.get("spread") or "season", [s.value for s in SPREADS]))


def one_of(found: str, known: list[str]) -> str:
    """Return a value that is one of those known.

    Raises:
        Refusal: If it is not.
    """
    if found not in known:
        raise Refusal(_CHOICE, found=found, known=", ".join(known))
    return found


def kpis() -> list[tuple[str, str]]:
    """Return the KPIs that can be planned, by their name: sums, rates and means."""
    found = [
        (key, kpi.label[current()])
        for key, kpi in catalogue(workspace()).items()
        if may_be_planned(kpi)
    ]
    return sorted(found, key=lambda pair: (pair[0] != "revenue", pair[1]))


def periods(on: datetime.date) -> list[tuple[str, str]]:
    """Return the years and quarters that can be planned: this year's, and the next."""
    first_month = workspace().settings.fiscal_first_month
    year = containing(on, Grain.YEAR, first_month=first_month)
    following = containing(year.after, Grain.YEAR, first_month=first_month)
    both = Period(year.first, following.after)
    quarters = [
        one
        for one in steps(both, Grain.QUARTER, first_month=first_month)
        if one.after > on
    ]
    return [
        *(_choice(one, Grain.YEAR, first_month) for one in (following, year)),
        *(_choice(one, Grain.QUARTER, first_month) for one in quarters),
    ]


def _choice(period: Period, grain: Grain, first_month: int) -> tuple[str, str]:
    name = name_of(period.first, grain, first_month=first_month)
    told = figures.period_name(
        period.first, period.after, lang=current(), fiscal_first_month=first_month
    )
    return name, told
