"""Pieces of the boards in templates: heat map, waterfall, sums and remarks in words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from jalon.charts.heatmap import HeatMap, Square, heat_map
from jalon.locale import figures
from jalon.queries.pages import Line
from jalon.queries.team_board import Board, Note, Total
from jalon.queries.weeks import PACE, Cell, Heat
from jalon.web.components import board_words, wording
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
def week_head(cell: object) -> str:
    """Return `S23` from the last day of a week."""
    return figures.week(cell, lang=current())  # type: ignore[arg-type]


@register.simple_tag
def heat_share(cell: Cell) -> str:
    """Return the figure of a week: `92 %`."""
    return _share(cell) or "—"


@register.simple_tag
def heat(found: Heat) -> SafeString:
    """Return the heat map of people by week."""
    lang = current()
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
        columns=[figures.week(day, lang=lang) for day in found.lasts],
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
