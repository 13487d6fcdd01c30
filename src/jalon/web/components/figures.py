"""Figures, days and sentences in templates, in the language being spoken."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from jalon.domain.periods.calendar import iso_week, week_of
from jalon.locale import figures
from jalon.queries import kpi_values
from jalon.queries.formula_words import term
from jalon.queries.pages import Line
from jalon.web.components import wording
from jalon.web.components.cells import Cell, shown, worded
from jalon.web.language import current
from jalon.web.today import workspace

register = template.Library()
NOTHING = "—"


@register.simple_tag
def figure(value: Decimal | None, line: Line) -> str:
    """Return a value of the line with its unit, on the scale of its target."""
    return NOTHING if value is None else wording.said(value, line)


@register.simple_tag
def bare(value: Decimal | None, line: Line) -> str:
    """Return a value of the line without its unit."""
    if value is None:
        return NOTHING
    return figures.bare(value, line.unit, lang=current(), reference=line.target)


@register.simple_tag
def exact(value: Decimal | None, unit: str, currency: str) -> str:
    """Return a value to the cent."""
    if value is None:
        return NOTHING
    return figures.exact(value, unit, lang=current(), currency=currency or "EUR")


@register.filter
def percent(share: Decimal | None) -> str:
    """Return `60 %`, without decimals: an attainment."""
    if share is None:
        return NOTHING
    return figures.percent(share, lang=current(), digits=0)


@register.filter
def chance(probability: Decimal) -> str:
    """Return a probability to the percent, never impossible nor sure."""
    return figures.chance(probability, lang=current())


@register.filter
def counted(number: int) -> str:
    """Return how many there are: `16 600`."""
    return figures.figure(Decimal(number), "count", lang=current())


@register.filter
def day(date: datetime.date | None) -> str:
    """Return `30 juin 2026`."""
    return NOTHING if date is None else figures.day(date, lang=current())


@register.filter
def month(date: datetime.date) -> str:
    """Return the month of its first day: `juin 2026`."""
    after = (date.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
    return figures.period_name(date.replace(day=1), after, lang=current())


@register.filter
def week(date: datetime.date) -> str:
    """Return the number of the week of a day."""
    opening = week_of(date, workspace().settings.first_weekday).first
    return str(iso_week(opening)[1])


def week_name(date: datetime.date) -> str:
    """Return `S23` in French, `W23` in English."""
    start = workspace().settings.first_weekday
    return figures.week(date, lang=current(), week_start=start)


@register.filter
def period(line: Line) -> str:
    """Return `T4 2026` or what the line's period is called."""
    return figures.period_name(
        line.first,
        line.after,
        lang=current(),
        fiscal_first_month=workspace().settings.fiscal_first_month,
    )


@register.filter
def sentence(code: str, family: str) -> str:
    """Return the sentence of a code: `"on_track"|sentence:"status"`."""
    message = f"{family}.{code}"
    return gettext(message) if code else ""


@register.filter
def reason(code: str) -> str:
    """Return the sentence of a reason, which carries its family in its code."""
    return gettext(code if "." in code else f"reason.{code}") if code else ""


@register.filter
def here(texts: Mapping[str, str]) -> str:
    """Return the text in the language being spoken, French where it has none."""
    return texts.get(current()) or texts.get("fr", "")


@register.filter
def aim(line: Line) -> str:
    """Return what an objective aims at in few words: its KPI, or what it states."""
    return figures.tidy(line.aim(current()))


@register.filter
def tidy(text: str) -> str:
    """Return a typed text whose figures do not break across lines."""
    return figures.tidy(text)


@register.filter
def sign(status: str) -> str:
    """Return the sign that goes with a state, so that colour never speaks alone."""
    return wording.SIGNS.get(status, "?")


@register.simple_tag
def counted_how(kpi: str) -> SafeString:
    """Return the small link to how a KPI is counted; what it answers is its title."""
    found = kpi_values.catalogue(workspace()).get(kpi)
    if found is None:  # a graded statement is counted by nobody
        return SafeString("")
    return format_html(
        '<a class="help" href="{}" title="{}"><span aria-hidden="true">?</span>'
        '<span class="unseen">{}</span></a>',
        reverse("kpi", args=[kpi]),
        here(found.question),
        gettext("How it is counted: {kpi}").format(kpi=here(found.label)),
    )


@register.filter
def gap_words(line: Line) -> str:
    """Return the gap to the target in words."""
    return wording.gap(line)


@register.filter
def pace_words(line: Line) -> str:
    """Return the distance to the path in words."""
    return wording.pace(line)


@register.filter
def margin_words(line: Line) -> str:
    """Return the half-width of a survey's interval, in the unit of its differences."""
    return wording.apart(line.margin, line) if line.margin is not None else ""


@register.filter
def pace_in_short(line: Line) -> str:
    """Return the distance to the path in two words."""
    return wording.pace_in_short(line)


@register.simple_tag(takes_context=True)
def days_left(context: template.Context, line: Line) -> str:
    """Return how long there is left, in words."""
    return wording.time_left(line, on=context["on"])


@register.filter
def term_word(name: str) -> str:
    """Return what a component of a formula is called."""
    return term(name)


@register.filter
def post_word(post: str) -> str:
    """Return what somebody does, in words; as it was written where it is not known."""
    return worded(f"post.{post.casefold()}", post)


@register.filter
def purpose_word(purpose: str) -> str:
    """Return what a team is for, in words; as it was written where it is not known."""
    return worded(f"purpose.{purpose.casefold().replace(' ', '_')}", purpose)


@register.filter
def column_name(name: str) -> str:
    """Return the name of a column of facts in words; its own name where unknown."""
    return worded(f"column.{name}", name.replace("_", " "))


@register.filter
def table_name(name: str) -> str:
    """Return the name of a table of facts in words; its own name where unknown."""
    return worded(f"table.{name}", name.replace("_", " "))


@register.filter
def cell(value: Cell) -> str:
    """Return a cell of facts as a person reads it."""
    return shown(value)
