"""Words and figures of a track record."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from jalon.charts.calibration import Calibration, Point
from jalon.charts.calibration import calibration as draw
from jalon.domain.forecast.track_record import Group
from jalon.locale import figures
from jalon.web.language import current

register = template.Library()
FEW = 10  # chances below which a group tells little


@register.filter
def share(value: float | None) -> str:
    """Return a share in whole percents, "–" for none."""
    return "–" if value is None else _percent(value)


@register.filter
def better(gain: float | None) -> str:
    """Return a gain in words: less error, or more."""
    if gain is None:
        return "–"
    told = _percent(abs(gain))
    if gain >= 0:
        return _("{share} less error").format(share=told)
    return _("{share} more error").format(share=told)


@register.filter
def level_word(level: str) -> str:
    """Return the name of a level."""
    words = {"company": _("Company"), "team": _("Teams"), "person": _("People")}
    return words.get(level, level)


@register.filter
def group_words(group: Group) -> str:
    """Return a group in one sentence."""
    return _("Of {count} said near {said}, {came} came true").format(
        count=group.count, said=_percent(group.said), came=_percent(group.came)
    )


@register.filter
def is_few(group: Group) -> bool:
    """Return whether a group holds too few chances to tell much."""
    return group.count < FEW


@register.filter
def calibration(groups: Sequence[Group]) -> SafeString:
    """Return the chart of chances said and come true."""
    chart = Calibration(
        title=_("Chances said, and how many came true"),
        across=_("Chance said"),
        up=_("Came true"),
        points=[
            Point(one.said, one.came, one.count, group_words(one)) for one in groups
        ],
        say=_percent,
    )
    return mark_safe(draw(chart, size=420))  # noqa: S308 - escaped by charts.svg


def _percent(value: float) -> str:
    return figures.percent(Decimal(str(value)), lang=current(), digits=0)
