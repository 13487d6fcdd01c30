"""NPS in templates: the value, its interval in words and drawn."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from jalon.charts.nps import nps_line
from jalon.domain.feedback.asking import Nps
from jalon.domain.feedback.surveys import INTERVAL_UNDER
from jalon.locale.figures import MINUS, NARROW

register = template.Library()


@register.filter
def score(value: Decimal | None) -> str:
    """Return an NPS with its sign, rounded: `+12`."""
    if value is None:
        return "—"
    whole = int(value.quantize(Decimal(1), ROUND_HALF_UP))
    return f"+{whole}" if whole > 0 else f"{MINUS}{-whole}" if whole else "0"


@register.filter
def nps_value(nps: Nps) -> str:
    """Return the value, or the interval where answers are too few for one."""
    if nps.value is None:
        return "—"
    return interval(nps) if nps.answers < INTERVAL_UNDER else score(nps.value)


@register.filter
def interval(nps: Nps) -> str:
    """Return the interval at 95 %: `from +4 to +20`."""
    if nps.value is None or nps.margin is None:
        return "—"
    low = max(nps.value - nps.margin, Decimal(-100))
    high = min(nps.value + nps.margin, Decimal(100))
    return _("from {low} to {high}").format(low=score(low), high=score(high))


@register.filter
def drawn(nps: Nps) -> SafeString:
    """Return the line of an NPS; "" without answers."""
    if nps.value is None or nps.margin is None:
        return SafeString("")
    words = (
        _("NPS {value}, interval {interval}")
        .format(value=nps_value(nps), interval=interval(nps))
        .replace(" ", " ")
    )
    return mark_safe(  # noqa: S308 - our own drawing, its text escaped
        nps_line(nps.value, nps.margin, nps.answers, words=words)
    )


@register.filter
def few(nps: Nps) -> bool:
    """Return whether only the interval means something."""
    return 0 < nps.answers < INTERVAL_UNDER


@register.filter
def moved(now: Nps, former: Nps) -> str:
    """Return the change against the former period, in points; "" where it is noise."""
    if (
        now.value is None
        or former.value is None
        or min(now.answers, former.answers) < (INTERVAL_UNDER)
    ):
        return ""
    change = now.value - former.value
    assert now.margin is not None  # noqa: S101 - there are answers
    assert former.margin is not None  # noqa: S101 - there are answers
    spread = (now.margin**2 + former.margin**2).sqrt()
    told = f"{score(change)}{NARROW}pt"
    if abs(change) <= spread:
        return _("{change} against the same time before: within the margin").format(
            change=told
        )
    return _("{change} against the same time before").format(change=told)
