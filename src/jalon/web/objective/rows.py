"""The rows of an explanation laid out: one sheet a component, the useful columns."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.kpis.question import CountedRow, ExplainedComponent, Explanation
from jalon.queries.pages import Line
from jalon.web.components.cells import Cell
from jalon.web.language import current

HIDDEN = frozenset({"attributes", "source", "source_id"})


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
    def shared(self) -> bool:
        """Return whether a row counts for a part only."""
        return any(share != 1 for _, _, share in self.rows)


def sheets(explanation: Explanation, line: Line) -> tuple[Sheet, ...]:
    """Return a sheet for each component that has rows to show."""
    return tuple(_sheet(component, line) for component in explanation.components)


def _sheet(component: ExplainedComponent, line: Line) -> Sheet:
    columns = _columns(component.rows)
    words = component.words.get(current()) or component.words.get("fr", component.name)
    return Sheet(
        name=component.name,
        words=words,
        value=component.value,
        columns=columns,
        rows=tuple(_row(row, columns) for row in component.rows),
        total_rows=component.total_rows,
        money=line.unit == "money",
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
