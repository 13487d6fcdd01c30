"""The arithmetic of pay in the reader's language: steps, figures, measures."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from jalon.charts.pay import histogram, scatter
from jalon.domain.incentives.checking import Finding
from jalon.domain.incentives.nearing import Next
from jalon.domain.incentives.plan import On
from jalon.domain.incentives.sentences import Figure, Filler, Kind, Step
from jalon.domain.incentives.settling import CORRECTION, DECISION, HELD, RELEASED
from jalon.domain.incentives.sources import OWN, Source
from jalon.domain.incentives.statement import CLAWBACK, DRAW, TOTAL, Line
from jalon.domain.periods.calendar import UnknownPeriodNameError, named
from jalon.locale import figures
from jalon.queries.kpi_values import catalogue
from jalon.queries.pay_rewards import Reward
from jalon.queries.pay_statements import Bin, StatementLine, Summary
from jalon.web.components.figures import NOTHING, sentence
from jalon.web.language import current
from jalon.web.today import workspace

register = template.Library()
PARTS = {"signature", "collection"}
OWN_LABELS = {CORRECTION, DECISION, HELD, RELEASED, TOTAL, CLAWBACK, DRAW}


@register.simple_tag
def pay(amount: Decimal | None, currency: str) -> str:
    """Return an amount to the cent."""
    if amount is None:
        return NOTHING
    return figures.exact(amount, "money", lang=current(), currency=currency or "EUR")


@register.filter
def pay_rate(rate: Decimal | None) -> str:
    """Return a rate to the hundredth of a percent."""
    if rate is None:
        return NOTHING
    return figures.percent(rate, lang=current(), digits=2)


@register.filter
def line_label(line: Line) -> str:
    """Return what a line is for, in words."""
    return sentence(line.rule, "payline") if line.rule in OWN_LABELS else line.label


@register.filter
def sale_of(one: StatementLine) -> str:
    """Return the sale a line is for, by its name; "" where it is for none."""
    sale = one.sale
    return "" if sale is None else (sale.name or sale.id)


@register.filter
def steps(line: Line, currency: str) -> list[str]:
    """Return the arithmetic of a line, a sentence a step."""
    return [told(one, currency) for one in line.steps]


@register.filter
def finding(found: Finding, currency: str) -> str:
    """Return what is wrong in a plan, as a sentence."""
    return told(found.step, currency)


def told(one: Step, currency: str) -> str:
    """Return a step in the reader's language, measures by the name of their KPI."""
    fillers = tuple((name, _said(name, value)) for name, value in one.fillers)

    def written(figure: Figure) -> str:
        if figure.kind is Kind.MONEY:
            return figures.exact(
                figure.number, "money", lang=current(), currency=currency
            )
        if figure.kind is Kind.SHARE:
            return figures.percent(figure.number, lang=current(), digits=2)
        return figures.exact(figure.number, "number", lang=current())

    return Step(one.sentence, fillers).told(_, written)


def _said(name: str, value: Filler) -> Filler:
    if not isinstance(value, str):
        return value
    if name == "measure":
        return measure_name(value)
    if name == "when":
        said = waited_for(value)
        return said[:1].lower() + said[1:]
    return period_said(value) if name == "period" else value


@register.filter
def waited_for(when: str) -> str:
    """Return what a part of the pay waits for: signature, collection, a day."""
    try:
        return figures.day(datetime.date.fromisoformat(when), lang=current())
    except ValueError:
        return sentence(when, "paypart") if when in PARTS else when


@register.filter
def measure_name(key: str, sources: Sequence[Source] = ()) -> str:
    """Return the name of a measure: its KPI's, else its own."""
    kpi = next((one.kpi for one in sources if one.measure == key), key)
    known = catalogue(workspace())
    label = known[kpi].label.get(current(), key) if kpi in known else key
    owner = next((one.owner for one in sources if one.measure == key), OWN)
    return label if owner == OWN else f"{label} ({sentence(owner, 'paysource')})"


@register.filter
def period_said(name: str) -> str:
    """Return the name of a period as people say it: `2026-Q3` is `T3 2026`."""
    first_month = workspace().settings.fiscal_first_month
    try:
        found = named(name, first_month=first_month)
    except UnknownPeriodNameError:
        return name
    return figures.period_name(
        found.first, found.after, lang=current(), fiscal_first_month=first_month
    )


@register.simple_tag
def measured(
    value: Decimal | None, measure: str, sources: Sequence[Source], currency: str
) -> str:
    """Return a figure in the unit of its measure."""
    if value is None:
        return NOTHING
    kpi = next((one.kpi for one in sources if one.measure == measure), measure)
    known = catalogue(workspace())
    unit = str(known[kpi].unit) if kpi in known else "number"
    return figures.exact(value, unit, lang=current(), currency=currency or "EUR")


@register.filter
def reached(one: Reward) -> str:
    """Return what was reached: a share of the target, or a figure."""
    if one.share:
        return figures.percent(one.reached, lang=current(), digits=0)
    return figures.exact(one.reached, "number", lang=current())


@register.filter
def start_of(one: Next) -> str:
    """Return where a bracket begins: a share of the target, or a figure."""
    if one.on is On.ATTAINMENT:
        return figures.percent(one.start, lang=current(), digits=0)
    return figures.exact(one.start, "number", lang=current())


@register.simple_tag
def pay_spread(bins: Sequence[Bin], currency: str) -> SafeString:
    """Return how pay is spread, drawn."""
    said = [
        (
            _("{low} to {high}: {people}").format(
                low=_short(one.low, currency),
                high=_short(one.high, currency),
                people=one.people,
            ),
            one.people,
        )
        for one in bins
    ]
    drawn = histogram(
        said,
        ends=(_short(bins[0].low, currency), _short(bins[-1].high, currency)),
        title=_("How many people are paid how much"),
    )
    return mark_safe(drawn)  # noqa: S308 - escaped by charts.svg


@register.simple_tag
def pay_and_performance(statements: Sequence[Summary]) -> SafeString:
    """Return pay (share of the target pay) against attainment, drawn."""
    points = [
        (one.name, float(one.attainment), float(one.share))
        for one in statements
        if one.attainment is not None and one.share is not None
    ]
    drawn = scatter(
        points,
        title=_("Pay against attainment, both in share of the target"),
        x=_("attainment"),
        y=_("pay"),
        say=_percent,
    )
    return mark_safe(drawn)  # noqa: S308 - escaped by charts.svg


def _percent(share: float) -> str:
    return figures.percent(Decimal(str(round(share, 4))), lang=current(), digits=0)


def _short(amount: Decimal, currency: str) -> str:
    return figures.figure(amount, "money", lang=current(), currency=currency)
