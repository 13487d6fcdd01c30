"""Pieces of the boards in templates: heat map, waterfall, sums and remarks in words."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from jalon.charts.heatmap import HeatMap, Square, heat_map
from jalon.charts.waterfall import Part, Waterfall
from jalon.charts.waterfall import waterfall as draw
from jalon.domain.attainment.segments import FEW, Segments, Slice
from jalon.locale import figures
from jalon.queries.direction import Fall
from jalon.queries.pages import Line
from jalon.queries.team_board import Board, Note, Total
from jalon.queries.weeks import PACE, Cell, Heat
from jalon.web.components import board_words, wording
from jalon.web.components.cells import worded
from jalon.web.components.figures import week_name
from jalon.web.language import current

register = template.Library()


@register.filter
def note_words(note: Note) -> str:
    """Return what happened to somebody."""
    return board_words.note_words(note)


@register.filter
def check_words(board: Board) -> str:
    """Return how the sum of the members stands to the team's own target."""
    line = board.own.line if board.own else None
    return board_words.check_words(board.check, line) if board.check and line else ""


@register.filter
def column_head(name: str) -> str:
    """Return the head of a column of the board."""
    return board_words.column(name)


@register.filter
def gap_in_short(line: Line) -> str:
    """Return the gap to the target, in words, for a cell."""
    return wording.gap(line) or "—"


@register.simple_tag
def times(ratio: Decimal | None) -> str:
    """Return a coverage: `2,4 ×`."""
    return "—" if ratio is None else figures.figure(ratio, "ratio", lang=current())


@register.simple_tag
def week_head(cell: datetime.date) -> str:
    """Return `S23` from the last day of a week."""
    return week_name(cell)


@register.simple_tag
def heat_share(cell: Cell) -> str:
    """Return the figure of a week: `92 %`."""
    return _share(cell) or "—"


@register.simple_tag
def heat(found: Heat) -> SafeString:
    """Return the heat map of people by week."""
    title = (
        _("Share of the expected path done, cumulated to the end of each week")
        if found.way == PACE
        else _("Share of what was expected of the week itself")
    )
    chart = HeatMap(
        title=title,
        description=_(
            "One row a person, one column a week; the same figures follow in a table."
        ),
        columns=[week_name(day) for day in found.lasts],
        rows=[
            (line.owner_name, [Square(cell.share, _share(cell)) for cell in cells])
            for line, cells in found.rows
        ],
    )
    return mark_safe(heat_map(chart))  # noqa: S308 - escaped by charts.svg


def _share(cell: Cell) -> str:
    if cell.share is None:
        return ""
    return figures.percent(cell.share, lang=current(), digits=0)


@register.simple_tag
def money(value: Decimal | None, line: Line) -> str:
    """Return a total, on its own scale, in the unit of the line."""
    if value is None:
        return "—"
    currency = line.currency or "EUR"
    return figures.figure(value, line.unit, lang=current(), currency=currency)


@register.simple_tag
def total_gap(total: Total, line: Line) -> str:
    """Return the gap of a total in words."""
    return wording.gap(
        replace(line, target=total.target, actual=total.actual, gap=total.gap)
    )


@register.simple_tag
def signed(value: Decimal, line: Line) -> str:
    """Return an amount with its sign: `+12 400 €`."""
    return _signed(value, line)


@register.simple_tag
def fall_title(found: Fall) -> str:
    """Return what the waterfall tells: the gap to date, in words."""
    amount = wording.apart(found.gap, found.head)
    told = (
        _("Where the {gap} behind the path come from")
        if found.gap < 0
        else _("Where the {gap} ahead of the path come from")
    )
    return told.format(gap=amount)


@register.simple_tag
def waterfall(found: Fall) -> SafeString:
    """Return the waterfall twice, for a desk and for a phone."""
    line = found.head
    parts = [Part(one.owner_name, amount) for one, amount in found.parts]
    if found.rest:
        parts.append(Part(_("Carried by nobody here"), found.rest))
    chart = Waterfall(
        title=fall_title(found),
        description=_("Each part is what an owner is ahead of or behind their path."),
        start=Part(_("Expected to date"), found.expected),
        parts=parts,
        end=Part(_("Actual"), found.actual),
        say=lambda value: money(value, line),
        say_signed=lambda value: _signed(value, line),
    )
    wide = draw(chart, width=900, names=230, figures=110)
    small = draw(chart, width=350, names=150, figures=86)
    both = f'<div class="path-wide">{wide}</div><div class="path-narrow">{small}</div>'
    return mark_safe(both)  # noqa: S308 - escaped by charts.svg


def _signed(value: Decimal, line: Line) -> str:
    return figures.difference(
        value,
        line.unit,
        lang=current(),
        currency=line.currency or "EUR",
        signed=True,
    )


@register.simple_tag(takes_context=True)
def company_growth(context: template.Context, company: Slice) -> str:
    """Return the company's own growth, the common measure."""
    return _("The company: {now}, {growth} against N-1 ({before}).").format(
        now=_euros(company.now, context),
        before=_euros(company.before, context),
        growth=_growth(company.growth),
    )


@register.simple_tag(takes_context=True)
def slices_table(
    context: template.Context, slices: Sequence[Slice], most: int, way: str
) -> list[dict[str, str]]:
    """Return the rows of the furthest slices, in words."""
    company = context["direction"].segments.company.growth or Decimal(0)
    lang = current()
    return [
        {
            "name": one.label or _("not told"),
            "dimension": worded(f"dimension.{one.dimension}", one.dimension),
            "now": _euros(one.now, context),
            "before": _euros(one.before, context),
            "growth": _growth(one.growth),
            "beyond": figures.figure(
                one.beyond(company),
                "money",
                lang=lang,
                currency=context["currency"],
                signed=True,
            ),
            "way": "up" if way == "over" else "down",
            "sales": f"{_count(one.sales_now)} / {_count(one.sales_before)}",
        }
        for one in slices[:most]
    ]


@register.simple_tag
def small_slices(found: Segments) -> str:
    """Return the slices of too few sales to be ranked, named with their sales."""
    names = [
        f"{one.label or _('not told')} "
        f"({_count(one.sales_now)} / {_count(one.sales_before)})"
        for one in found.small
    ]
    return _("Too few sales to say (fewer than {few}): {names}.").format(
        few=FEW, names=", ".join(names)
    )


def _euros(value: Decimal, context: template.Context) -> str:
    return figures.figure(value, "money", lang=current(), currency=context["currency"])


def _growth(share: Decimal | None) -> str:
    if share is None:
        return "—"
    text = figures.percent(share, lang=current())
    return f"+{text}" if share > 0 else text


def _count(number: Decimal) -> str:
    return figures.figure(number, "count", lang=current())
