"""Words of an alert on a page."""

from __future__ import annotations

from django import template

from jalon.domain.gaps.funnel import drivers
from jalon.notifications import alert_words
from jalon.queries.alerts import AlertLine
from jalon.web.language import current
from jalon.web.today import workspace

register = template.Library()


@register.filter
def headline(line: AlertLine) -> str:
    """Return what changed, of whom, since when."""
    return alert_words.headline(line, lang=current())


@register.filter
def rests_on(line: AlertLine) -> str:
    """Return the chance, or the drivers and how sure."""
    currency = workspace().settings.currency
    return alert_words.detail(line, lang=current(), currency=currency)


@register.filter
def carried(line: AlertLine) -> str:
    """Return for whom it is told."""
    return alert_words.carried(line)


@register.filter
def proposed(line: AlertLine) -> str:
    """Return the action that the first driver's lever proposes, "" for none."""
    if not line.drivers:
        return ""
    return drivers()[line.drivers[0].key].lever.action[current()]
