"""Sentences and figures of distributions in templates."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_decimal
from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jalon.locale import figures
from jalon.queries.territory_plans import PlanPage
from jalon.web.language import current
from jalon.web.today import workspace

register = template.Library()
NOTHING = "—"
LEAST_GAP = 0.0005


@register.filter
def whole(value: Decimal | int) -> str:
    """Return `1 234`."""
    return figures.figure(Decimal(value).quantize(Decimal(1)), "count", lang=current())


@register.filter
def money_short(value: Decimal) -> str:
    """Return `347,9 k€`."""
    currency = workspace().settings.currency
    return figures.figure(value, "money", lang=current(), currency=currency)


@register.filter
def money_exact(value: Decimal) -> str:
    """Return an amount to the cent."""
    currency = workspace().settings.currency
    return figures.exact(value, "money", lang=current(), currency=currency)


@register.filter
def money_signed(value: Decimal) -> str:
    """Return `+1 200,00 €`."""
    sign = "+" if value > 0 else ""
    return sign + money_exact(value)


@register.filter
def plain(value: Decimal) -> str:
    """Return an amount as a form reads it back."""
    return f"{value.quantize(Decimal('0.01')):f}"


@register.filter
def hundred(share: float) -> str:
    """Return 0.05 as `5`."""
    return str(format_decimal(round(100 * share, 2), locale=current()))


@register.filter
def times(value: Decimal | None) -> str:
    """Return `× 1,09`."""
    if value is None:
        return NOTHING
    told = format_decimal(value, "0.00", locale=current())
    return f"× {told}"


@register.filter
def gap_told(gap: float | None) -> str:
    """Return how far from the best a distribution can be, in words."""
    if gap is None:
        return _("unknown: the time was too short for a bound")
    if gap < LEAST_GAP:
        return _("nothing better exists")
    told = figures.percent(Decimal(str(gap)), lang=current(), digits=1)
    return _("at most {gap}").format(gap=told)


@register.filter
def summary(page: PlanPage) -> str:
    """Return how many accounts are taken and given."""
    taken = ngettext("{number} move", "{number} moves", page.taken).format(
        number=whole(page.taken)
    )
    if not page.given:
        return taken
    given = ngettext(
        "{number} account without a holder given",
        "{number} accounts without a holder given",
        page.given,
    ).format(number=whole(page.given))
    return f"{taken}, {given}"
