"""Figures of a model on its own scale, and the strip of what was usually done."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from jalon.charts.usual import Usual, usual_strip
from jalon.locale import figures
from jalon.queries.model_adaptation import Adaptation, Beside
from jalon.web.language import current

register = template.Library()
NOTHING = "—"


@register.simple_tag
def amount(value: Decimal | None, found: Adaptation | Beside) -> str:
    """Return a value in the unit of the model's KPI."""
    return NOTHING if value is None else _said(value, found)


@register.simple_tag
def strip(found: Adaptation) -> SafeString:
    """Return the strip of what this owner usually does, with the target on it."""
    usual = found.usual
    if usual is None:
        return SafeString("")
    title = _(
        "One period in two lies between {easy} and {ambitious}; the best is {best}."
    ).format(
        easy=_said(usual.easy, found),
        ambitious=_said(usual.ambitious, found),
        best=_said(usual.best, found),
    )
    drawn = usual_strip(
        Usual(
            low=usual.easy,
            high=usual.ambitious,
            middle=usual.usual,
            best=usual.best,
            baseline=found.baseline,
            target=found.proposal,
        ),
        title=title,
    )
    return mark_safe(drawn)  # noqa: S308 - escaped by charts.svg


@register.filter
def change_words(found: Adaptation) -> str:
    """Return how far the proposal lies from the baseline: "+12 %", "+6 pt"."""
    change = found.change
    if change is None:
        return ""
    if found.unit in {"share", "percent"}:
        return figures.difference(change, found.unit, lang=current(), signed=True)
    sign = "+" if change > 0 else ""
    return f"{sign}{figures.percent(change, lang=current())}"


@register.filter
def month_name(month: int) -> str:
    """Return the short name of a month of the year."""
    return _(MONTHS[month - 1])


@register.filter
def index(share: Decimal) -> str:
    """Return a month beside the mean month: "+13 %"."""
    change = share - 1
    sign = "+" if change > 0 else ""
    return f"{sign}{figures.percent(change, lang=current(), digits=0)}"


MONTHS = tuple(f"model.month.{number}" for number in range(1, 13))


def _said(value: Decimal, found: Adaptation | Beside) -> str:
    reference = found.proposal if isinstance(found, Adaptation) else value
    return figures.figure(
        value,
        found.unit,
        lang=current(),
        currency=found.currency,
        reference=reference,
    )
