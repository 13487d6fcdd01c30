"""Sentences and figures of the grid in templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from babel.dates import format_date
from django import template
from django.utils.translation import gettext as _

from jalon.domain.periods import Period
from jalon.domain.refusals import Refusal
from jalon.locale import figures
from jalon.queries.planning import PlanningLine, PlanningPage
from jalon.usecases.cascade_grid import CellMovedError
from jalon.web.components.moments import moment
from jalon.web.language import current
from jalon.web.planning.numbers import SHARE, shown
from jalon.web.today import workspace

register = template.Library()
SIGNS = {
    "draft": "○",
    "proposed": "◐",
    "agreed": "✓",
    "contested": "!",
    "overruled": "→",
    "published": "✓",
}
LOOKS = {
    "proposed": "watch",
    "agreed": "on_track",
    "contested": "off_track",
    "overruled": "watch",
    "published": "reached",
}


@register.filter
def cell_text(value: Decimal, page: PlanningPage) -> str:
    """Return a cell as its field shows it."""
    return shown(value, str(page.kpi.unit), current())


@register.filter
def month_name(month: Period) -> str:
    """Return `janv.`, with its year on the first of a year."""
    text = format_date(month.first, "LLL", locale=current())
    return f"{text} {month.first:%y}" if month.first.month == 1 else text


@register.filter
def money(value: Decimal | None, page: PlanningPage) -> str:
    """Return an amount of the planning with its unit, to the cent."""
    if value is None:
        return "—"
    currency = workspace().settings.currency
    unit = str(page.kpi.unit)
    text = figures.exact(value, unit, lang=current(), currency=currency)
    return text.replace(",00" if current() == "fr" else ".00", "")


@register.filter
def step_name(step: str) -> str:
    """Return `100 €`, `0,01 €`."""
    currency = workspace().settings.currency
    text = figures.exact(Decimal(step), "money", lang=current(), currency=currency)
    return text.replace(",00" if current() == "fr" else ".00", "")


@register.filter
def short(value: Decimal | None, page: PlanningPage) -> str:
    """Return an amount of the planning with its unit, short."""
    if value is None:
        return "—"
    currency = workspace().settings.currency
    return figures.figure(value, str(page.kpi.unit), lang=current(), currency=currency)


@register.filter
def planned(page: PlanningPage) -> str:
    """Return the period of a planning: `2027`, `T1 2027`."""
    return figures.period_name(
        page.period.first,
        page.period.after,
        lang=current(),
        fiscal_first_month=workspace().settings.fiscal_first_month,
    )


@register.filter
def standing_sign(standing: str) -> str:
    """Return the sign that goes with a standing, so that colour never speaks alone."""
    return SIGNS.get(standing, "?")


@register.filter
def standing_look(standing: str) -> str:
    """Return the look of a standing: one of the states'."""
    return LOOKS.get(standing, "")


@register.filter
def sum_words(line: PlanningLine, page: PlanningPage) -> str:
    """Return whether the parts add up to the line, in words, in both directions."""
    if line.difference is None:
        return ""
    if line.is_rate and line.below:
        return _("mean of the members: {figure}").format(
            figure=short(line.below.total, page)
        )
    if not line.difference:
        return _("adds up exactly")
    amount = money(abs(line.difference), page)
    if line.difference < 0:
        return _("{amount} carried by nobody").format(amount=amount)
    return _("{amount} more than asked").format(amount=amount)


@register.filter
def sum_look(line: PlanningLine) -> str:
    """Return the look of a sum: right, short, over."""
    if not line.difference:
        return "on_track"
    return "off_track" if line.difference < 0 else "watch"


@register.filter
def growth(line: PlanningLine, page: PlanningPage) -> str:
    """Return the change from last year, in percent, or in points for a share."""
    if not line.row.history:
        return "—"
    if str(page.kpi.unit) == SHARE:
        apart = line.row.total - line.row.history
        return figures.difference(apart, SHARE, lang=current(), signed=True)
    share = line.row.total / line.row.history - 1
    text = figures.percent(share, lang=current(), digits=0)
    return f"+{text}" if share > 0 else text


@dataclass(frozen=True, slots=True)
class Stage:
    """A step from draft to published; `here` where the planning is."""

    name: str
    here: bool


@register.filter
def stages(names: str, page: PlanningPage) -> list[Stage]:
    """Return the steps; a contested planning is still at the proposed one."""
    state = "proposed" if page.state == "contested" else page.state
    return [
        Stage(_(f"standing.{name}"), here=name == state)  # noqa: INT001 - a code
        for name in names.split()
    ]


@register.filter
def apart(value: Decimal, page: PlanningPage) -> str:
    """Return a difference of figures of the planning: points between two shares."""
    if str(page.kpi.unit) == SHARE:
        return figures.difference(value, SHARE, lang=current())
    return money(value, page)


@register.filter
def size(value: Decimal) -> Decimal:
    """Return an amount without its sign."""
    return abs(value)


@register.filter
def hundred(share: Decimal) -> str:
    """Return a share as a number of hundredths, for a bar."""
    return f"{share * 100:.0f}"


def refused(refusal: Refusal, page: PlanningPage) -> str:
    """Return why a write was refused; the figures of a cell moved have their unit."""
    if not isinstance(refusal, CellMovedError):
        return refusal.told(_)
    told = refusal.parameters
    worded = {
        "month": month_name(page.months[cast("int", told["month"])]),
        "at": moment(cast("datetime", told["at"])),
        **{
            name: money(cast("Decimal", told[name]), page)
            for name in ("seen", "present", "asked")
        },
    }
    return Refusal(refusal.sentence, **{**told, **worded}).told(_)
