"""Charts in templates: answers handed to the pure functions of `charts`."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from jalon.charts.bar import bar
from jalon.charts.path import PathChart, Point, Words, narrow, path_chart
from jalon.locale import figures
from jalon.queries.objective_page import Rest
from jalon.queries.pages import Line, Page
from jalon.web.components import wording
from jalon.web.language import current

register = template.Library()
NARROW = {"width": 350, "height": 300}
WIDE = {"width": 760, "height": 340}


@register.simple_tag(takes_context=True)
def progress_bar(context: template.Context, line: Line) -> SafeString:
    """Return the bar of an objective."""
    drawn = bar(
        line.attainment,
        expected=line.expected_progress,
        title=wording.bar_title(line),
        over=context["on"] > line.last,
    )
    return mark_safe(drawn)  # noqa: S308 - escaped by charts.svg


@register.simple_tag(takes_context=True)
def path(
    context: template.Context, page: Page, rests: Sequence[Rest] = ()
) -> SafeString:
    """Return the path twice, for a desk and for a phone; the style sheet shows one."""
    chart = _chart(page, rests, on=context["on"])
    wide, small = path_chart(chart, **WIDE), path_chart(narrow(chart), **NARROW)
    both = f'<div class="path-wide">{wide}</div><div class="path-narrow">{small}</div>'
    return mark_safe(both)  # noqa: S308 - escaped by charts.svg


def _chart(page: Page, rests: Sequence[Rest], *, on: datetime.date) -> PathChart:
    line, lang = page.line, current()
    return PathChart(
        first=line.first,
        last=line.last,
        today=on,
        actual=_from_zero(page.actual_path, line),
        expected=_from_zero(page.expected_path, line),
        words=_words(page),
        say=lambda value: wording.said(value, line),
        say_day=lambda date: figures.short_day(date, lang=lang),
        targets=tuple((t.since, t.value) for t in page.targets if t.value is not None),
        minimum=line.minimum,
        excellent=line.excellent,
        landing=line.landing if line.first <= on <= line.last else None,
        from_zero=line.flow,
        status=line.status,
        rests=tuple((one.first, one.after, one.holiday) for one in rests),
    )


def _from_zero(points: tuple[Point, ...], line: Line) -> tuple[Point, ...]:
    """Return the points with the zero a flow starts from, on the eve of its period."""
    if not line.flow or not points or points[0][0] <= line.first:
        return points
    return ((line.first, Decimal(0)), *points)


def _words(page: Page) -> Words:
    line = page.line
    label = line.kpi_label.get(current(), line.kpi)
    text = (wording.bar_title(line), wording.gap(line), wording.pace(line))
    title = ". ".join([label, *(part for part in text if part)])
    return Words(
        title=title,
        actual=_("Actual"),
        expected=_("Expected path"),
        target=_("Target"),
        minimum=_("Minimum"),
        excellent=_("Excellent"),
        today=_("today"),
    )
