"""Sentences about an objective: the gap, the pace, the time left. They blame nobody."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jalon.locale import figures
from jalon.queries.pages import Line
from jalon.web.language import current

SIGNS = {
    "on_track": "✓",
    "watch": "◐",
    "off_track": "!",
    "reached": "★",
    "missed": "✕",
    "not_started": "○",
    "no_data": "?",
}
CENT = Decimal("0.005")


def said(value: Decimal, line: Line) -> str:
    """Return a value of the line with its unit, on the scale of its target."""
    return figures.figure(
        value,
        line.unit,
        lang=current(),
        currency=line.currency or "EUR",
        reference=line.target,
    )


def apart(value: Decimal, line: Line) -> str:
    """Return the difference of two values of the line, never signed."""
    return figures.difference(
        abs(value), line.unit, lang=current(), currency=line.currency or "EUR"
    )


def gap(line: Line) -> str:
    """Return the gap to the target in words: what remains, or what is beyond."""
    if line.direction == "maintain" or line.remaining is None or line.actual is None:
        return ""
    amount = apart(line.remaining, line)
    if abs(line.remaining) < CENT and line.unit == "money":
        return _("Target reached exactly")
    if line.remaining <= 0:
        return _("Target exceeded by {gap}").format(gap=amount)
    if line.direction == "down":
        return _("{gap} still to take off").format(gap=amount)
    return _("{gap} to go").format(gap=amount)


def pace(line: Line) -> str:
    """Return the distance to the path in words; past the end there is no path."""
    if line.lead is None or line.status in {"missed", "not_started"}:
        return ""
    if not line.lead:
        return _("Exactly on its path")
    amount = apart(line.lead, line)
    if not any(digit in amount for digit in "123456789"):
        return _("Almost on its path")
    if line.lead > 0:
        return _("{gap} ahead of its path").format(gap=amount)
    return _("{gap} behind its path").format(gap=amount)


def pace_in_short(line: Line) -> str:
    """Return the distance to the path in two words, for a list."""
    if line.lead is None or line.status in {"missed", "not_started"}:
        return ""
    amount = apart(line.lead, line)
    if not any(digit in amount for digit in "123456789"):
        return _("on its path")
    if line.lead > 0:
        return _("{gap} ahead").format(gap=amount)
    return _("{gap} behind").format(gap=amount)


def time_left(line: Line, *, on: datetime.date) -> str:
    """Return the days left, or when it begins or ended."""
    if on < line.first:
        return _("Begins on {day}").format(day=figures.day(line.first, lang=current()))
    if on > line.last:
        return _("Ended on {day}").format(day=figures.day(line.last, lang=current()))
    days = (line.last - on).days
    if days == 0:
        return _("Last day")
    return ngettext("{days} day", "{days} days", days).format(days=days)


def bar_title(line: Line) -> str:
    """Return what the bar shows, for those who do not see it."""
    if line.attainment is None:
        return _("No value yet")
    done = figures.percent(line.attainment, lang=current(), digits=0)
    if line.expected_progress is None:
        return _("{done} of the target").format(done=done)
    due = figures.percent(line.expected_progress, lang=current(), digits=0)
    return _("{done} of the target; {due} expected today").format(done=done, due=due)
