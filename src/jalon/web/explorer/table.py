"""The answer as a screen reads it: figures with units, groups by their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from jalon.charts.exploring import BARS_MOST, SERIES_MOST, Bit, Drawing
from jalon.domain.kpis.question import AnswerRow
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import Grain, iso_week, name_of, named, steps
from jalon.locale import figures
from jalon.queries.explorer import Cell, Explored
from jalon.queries.filters import NOBODY
from jalon.queries.kpi_words import why_not
from jalon.web.components.cells import worded
from jalon.web.explorer.asking import Asked
from jalon.web.language import current
from jalon.web.today import workspace

SHOWN = 100
PLAIN_WORDS = frozenset({"kind", "outcome", "survey"})


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of the table; `rows` is the address of the rows behind it, or ""."""

    names: tuple[str, ...]
    value: str
    reason: str
    numerator: str
    denominator: str
    before: str
    difference: str
    growth: str
    rows: str


@dataclass(frozen=True, slots=True)
class Table:
    """A page of lines and its total; `divided` where a value is a division."""

    columns: tuple[str, ...]
    lines: tuple[Shown, ...]
    total: Shown
    divided: bool
    first: int
    last: int
    count: int
    pages: int


def table(found: Explored, asked: Asked) -> Table:
    """Return the page asked of the answer, in the order asked."""
    cells = ordered(found.cells, asked.sort)
    pages = max(1, -(-len(cells) // SHOWN))
    start = (min(asked.page, pages) - 1) * SHOWN
    kept = cells[start : start + SHOWN]
    names = found.answer.rows[0].labels if found.answer.rows else ()
    told = (found.total, *kept)
    return Table(
        columns=tuple(dimension_name(name) for name in names),
        lines=tuple(_shown(cell, found, asked) for cell in kept),
        total=_shown(found.total, found, asked),
        divided=any(cell.row.denominator is not None for cell in told),
        first=start + 1 if kept else 0,
        last=start + len(kept),
        count=len(cells),
        pages=pages,
    )


def ordered(cells: Sequence[Cell], sort: str) -> tuple[Cell, ...]:
    """Return the cells by their names, or by value; those without one are last."""
    if sort not in {"value", "-value"}:
        return tuple(cells)
    sign = -1 if sort == "-value" else 1
    return tuple(
        sorted(
            cells,
            key=lambda cell: (cell.row.value is None, sign * (cell.row.value or 0)),
        )
    )


def dimension_name(name: str) -> str:
    """Return what a dimension is called; an attribute keeps its own name."""
    return worded(f"dimension.{name}", name)


def label(name: str, text: str | None) -> str:
    """Return the name of a group as people read it."""
    if text is None:
        return _("(unknown)")
    if name in {"person", "manager"} and text == NOBODY:
        return _("nobody")
    if name in PLAIN_WORDS:
        return worded(f"value.{text}", text)
    return step_name(name, text) if name in set(Grain) else text


def step_name(grain: str, text: str) -> str:
    """Return the name of a step of time: `T3 2017`, `avril 2017`, `S23 2017`."""
    first_month = workspace().settings.fiscal_first_month
    week_start = workspace().settings.first_weekday
    step = named(text, first_month=first_month, week_start=week_start)
    if grain == Grain.DAY:
        return figures.day(step.first, lang=current())
    if grain == Grain.WEEK:
        year, _number = iso_week(step.first)
        week = figures.week(step.first, lang=current(), week_start=week_start)
        return f"{week}{figures.NARROW}{year}"
    return figures.period_name(
        step.first, step.after, lang=current(), fiscal_first_month=first_month
    )


def said(value: Decimal | None, unit: str, currency: str | None) -> str:
    """Return a value to the cent with its unit, a dash where there is none."""
    if value is None:
        return "–"
    return figures.exact(value, unit, lang=current(), currency=currency or "EUR")


def _shown(cell: Cell, found: Explored, asked: Asked) -> Shown:
    row, unit = cell.row, found.answer.unit
    before = cell.before
    apart = cell.difference
    return Shown(
        names=tuple(label(name, text) for name, text in row.labels.items()),
        value=said(row.value, unit, row.currency),
        reason=why_not(row.reason) if row.value is None else "",
        numerator=_plain(row.numerator),
        denominator=_plain(row.denominator),
        before=said(before.value if before else None, unit, row.currency),
        difference=""
        if apart is None
        else figures.difference(
            apart, unit, lang=current(), currency=row.currency or "EUR", signed=True
        ),
        growth="" if cell.growth is None else _signed(cell.growth),
        rows=rows_address(row, asked) if cell.rows_open else "",
    )


def _plain(value: Decimal | None) -> str:
    return "–" if value is None else figures.figure(value, "", lang=current())


def _signed(growth: Decimal) -> str:
    text = figures.percent(growth, lang=current())
    return f"+{text}" if growth > 0 else text


def rows_address(row: AnswerRow, asked: Asked) -> str:
    """Return the query string of the rows behind a cell; "" where none can say it."""
    parts: list[tuple[str, str]] = []
    for name, text in row.labels.items():
        key = row.keys.get(f"{name}_id", text) or ""
        if "|" in key:
            return ""
        parts.append(("at", f"{name}={key}"))
    told = urlencode(parts)
    return f"{asked.address(sort='')}&{told}" if told else asked.address(sort="")


def drawing(found: Explored, asked: Asked) -> Drawing | None:
    """Return what to draw of an answer; nothing where there is one figure only.

    In time, the greatest series are kept; without time, the greatest groups.
    """
    grain = asked.exploration.grain
    cells = [cell for cell in found.cells if cell.row.value is not None]
    if not cells:
        return None
    whens: tuple[str, ...] = (_("This period"),)
    if found.compared is not None:
        whens = (*whens, against_words(asked.exploration.against))
    if grain:
        kept = _greatest_series(cells, grain)
        order = _steps(found, grain)
    else:
        kept = sorted(cells, key=lambda c: -_weight(c))[:BARS_MOST]
        order = tuple(_joined(cell.row, "") for cell in kept)
    bits = [bit for cell in kept for bit in _bits(cell, found, grain, whens)]
    return Drawing(
        bits=tuple(bits),
        order=tuple(dict.fromkeys(order)),
        over_time=bool(grain),
        unit=found.answer.unit,
        value_title=found.kpi.label[current()],
        whens=whens,
    )


def _steps(found: Explored, grain: str) -> tuple[str, ...]:
    """Return the steps of time from the first to the last met, in order."""
    first_month = workspace().settings.fiscal_first_month
    week_start = workspace().settings.first_weekday
    told = [str(cell.row.labels[grain]) for cell in found.cells]
    days = [
        named(text, first_month=first_month, week_start=week_start).first
        for text in told
    ]
    span = Period(min(days), max(days) + timedelta(days=1))
    each = steps(span, Grain(grain), first_month=first_month, week_start=week_start)
    return tuple(
        step_name(grain, name_of(one.first, Grain(grain), first_month=first_month))
        for one in each
    )


def against_words(against: str) -> str:
    """Return what a comparison is with; "" for none."""
    if not against:
        return ""
    return _("A year earlier") if against == "N-1" else _("Period before")


def _greatest_series(cells: Sequence[Cell], grain: str) -> list[Cell]:
    weights: dict[str, Decimal] = {}
    for cell in cells:
        name = _joined(cell.row, grain)
        weights[name] = weights.get(name, Decimal(0)) + _weight(cell)
    kept = sorted(weights, key=lambda name: -weights[name])[:SERIES_MOST]
    return [cell for cell in cells if _joined(cell.row, grain) in kept]


def _weight(cell: Cell) -> Decimal:
    return abs(cell.row.value or Decimal(0))


def _joined(row: AnswerRow, without: str) -> str:
    names = [label(n, text) for n, text in row.labels.items() if n != without]
    return " · ".join(names)


def _bits(cell: Cell, found: Explored, grain: str, whens: tuple[str, ...]) -> list[Bit]:
    row, unit = cell.row, found.answer.unit
    place = step_name(grain, str(row.labels[grain])) if grain else _joined(row, "")
    series = _joined(row, grain) if grain else ""
    pairs = zip(whens, (row, cell.before), strict=False)
    return [
        Bit(
            place=place,
            series=series,
            when=when,
            value=float(one.value),
            said=said(one.value, unit, row.currency),
        )
        for when, one in pairs
        if one is not None and one.value is not None
    ]
