"""The rows of an explanation laid out: one sheet a component, the useful columns."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.kpis.question import CountedRow, ExplainedComponent, Explanation
from jalon.queries.plainly import plainly
from jalon.web.components.cells import Cell, shown, worded
from jalon.web.language import current

HIDDEN = frozenset({"attributes", "source", "source_id"})
PEOPLE = frozenset({"owner_id", "person_id"})
CODED = frozenset({"outcome", "kind", "survey"})
SHOWN_MOST = 6
ROWS, PAGES_MOST = 100, 100  # beyond ten thousand rows, the export
TELLING = (  # what a screen shows, the most telling first; an export holds them all
    *("deal_id", "lead_id", "order_id", "activity_id", "subscription_id"),
    *("answer_id", "ticket_id", "name", "owner_id", "person_id", "closed_on", "on"),
    *("done_at", "answered_at", "opened_at", "sales_qualified_on", "first", "after"),
    *("amount", "cost", "mrr", "score", "start", "end", "updates", "account_id"),
    *("kind", "survey", "created_on", "quantity", "renewed", "outcome"),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One component: what it counts in words, its total, its rows.

    `columns` are the facts' own; each row's `cells` follow them, then come the amount
    counted and the share of the owner.
    """

    name: str
    words: str
    value: Decimal | None
    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[Cell, ...], Decimal | None, Decimal], ...]
    total_rows: int
    money: bool

    @property
    def shown(self) -> tuple[int, ...]:
        """Return the places of the columns a screen shows, in the facts' order."""
        telling = [name for name in TELLING if name in self.columns][:SHOWN_MOST]
        kept = telling or list(self.columns[:SHOWN_MOST])
        return tuple(rank for rank, name in enumerate(self.columns) if name in kept)

    @property
    def shared(self) -> bool:
        """Return whether a row counts for a part only."""
        return any(share != 1 for _, _, share in self.rows)


def sheets(explanation: Explanation, *, unit: str) -> tuple[Sheet, ...]:
    """Return a sheet for each component that has rows to show."""
    return tuple(_sheet(component, unit) for component in explanation.components)


def _sheet(component: ExplainedComponent, unit: str) -> Sheet:
    columns = _columns(component.rows)
    words = component.words.get(current()) or component.words.get("fr", component.name)
    words = plainly(words)
    return Sheet(
        name=component.name,
        words=words,
        value=component.value,
        columns=columns,
        rows=tuple(_row(row, columns) for row in component.rows),
        total_rows=component.total_rows,
        money=unit == "money",
    )


def _columns(rows: tuple[CountedRow, ...]) -> tuple[str, ...]:
    """Return the columns that say something on at least one row, in their order."""
    told: dict[str, None] = {}
    order: dict[str, None] = {}
    for row in rows:
        for name, value in row.facts.items():
            order.setdefault(name)
            if value not in {None, ""} and name not in HIDDEN:
                told.setdefault(name)
    return tuple(name for name in order if name in told)


def _row(
    row: CountedRow, columns: tuple[str, ...]
) -> tuple[tuple[Cell, ...], Decimal | None, Decimal]:
    cells = tuple(_cell(row.facts.get(name)) for name in columns)
    return cells, row.counted, row.share


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, str | Decimal | datetime.date | bool):
        return value
    if isinstance(value, int | float):
        return Decimal(str(value))
    return json.dumps(value, default=str, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Screen:
    """A sheet as a screen shows it: some columns, cells as people read them."""

    sheet: Sheet
    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], Decimal | None, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Pages:
    """Which page of rows is shown, and the ones beside it, 0 where there is none."""

    number: int
    before: int
    after: int


def page_asked(text: str) -> int:
    """Return the page of an address, 1 for what is no page; the export has the rest."""
    number = int(text) if text.isascii() and text.isdigit() else 1
    return min(max(number, 1), PAGES_MOST)


def pages(sheets: tuple[Sheet, ...], *, number: int) -> Pages:
    """Return the pages around one: the longest sheet says how many there are."""
    longest = max((sheet.total_rows for sheet in sheets), default=0)
    last = min(max(1, -(-longest // ROWS)), PAGES_MOST)
    return Pages(number, number - 1, number + 1 if number < last else 0)


def screen(sheet: Sheet, *, names: Mapping[str, str], number: int = 1) -> Screen:
    """Return what a screen shows of a page of a sheet, people by their names."""
    columns = tuple(sheet.columns[rank] for rank in sheet.shown)
    rows = tuple(
        (
            tuple(
                _told(cells[rank], sheet.columns[rank], names) for rank in sheet.shown
            ),
            counted,
            share,
        )
        for cells, counted, share in sheet.rows[(number - 1) * ROWS : number * ROWS]
    )
    return Screen(sheet, columns, rows)


def _told(cell: Cell, column: str, names: Mapping[str, str]) -> str:
    if column in PEOPLE:
        return names.get(str(cell), shown(cell))
    if column in CODED and cell:
        return worded(f"value.{cell}", shown(cell))
    return shown(cell)
