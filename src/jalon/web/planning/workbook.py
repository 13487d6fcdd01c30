"""The grid as a spreadsheet, out and in: the same columns, the same result.

Columns: owner, name, a column a month, total, locked. Coming in, owner and months are
read; totals are computed anew, locked months must agree.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal

import openpyxl
from django.utils.translation import gettext as _

from jalon.domain.refusals import Refusal
from jalon.queries.planning import PlanningPage
from jalon.web.components.cells import Cell
from jalon.web.planning.numbers import amount
from jalon.workspace import damage

OWNER = "owner"
_MOST_BYTES = 10_000_000
_NO_BOOK = "This file is no XLSX workbook. Expected the one exported from this page."
_NO_COLUMN = "The column {column} is missing. Expected the columns of the export."
_NO_ROW = "Row {row}: {owner} is not in this planning."
_AT = "Row {row}, {month}: {why}"


def table(page: PlanningPage) -> list[list[Cell]]:
    """Return the header and the rows of a planning."""
    months = _months(page)
    rows: list[list[Cell]] = [[OWNER, _("Name"), *months, _("Total"), _("Locked")]]
    rows.extend(
        [
            line.row.owner,
            line.row.name,
            *line.row.months,
            line.row.total,
            " ".join(
                month
                for month, lock in zip(months, line.row.locks, strict=True)
                if lock
            ),
        ]
        for line in page.lines
    )
    return rows


def cells(data: bytes, page: PlanningPage) -> dict[tuple[str, int], Decimal]:
    """Return the cells of a workbook that differ from the planning.

    Raises:
        Refusal: If it is no workbook, lacks a column, or a cell cannot be read.
    """
    header, *rows = _rows(data)
    names = [str(cell or "").strip() for cell in header]
    at = _column(names, OWNER)
    months = [(month, _column(names, month)) for month in _months(page)]
    known = {line.row.owner: line.row for line in page.lines}
    found: dict[tuple[str, int], Decimal] = {}
    for number, row in enumerate(rows, 2):
        owner = str(row[at] or "").strip() if at < len(row) else ""
        if owner and owner not in known:
            raise Refusal(_NO_ROW, row=number, owner=owner)
        for rank, (month, place) in enumerate(months if owner else ()):
            cell = row[place] if place < len(row) else None
            value = _amount(cell, number, month)
            if value != known[owner].months[rank]:
                found[owner, rank] = value
    return found


def _months(page: PlanningPage) -> list[str]:
    return [f"{month.first:%Y-%m}" for month in page.months]


def _column(names: Sequence[str], name: str) -> int:
    if name not in names:
        raise Refusal(_NO_COLUMN, column=name)
    return names.index(name)


def _rows(data: bytes) -> Sequence[Sequence[object]]:
    if len(data) > _MOST_BYTES:
        raise Refusal(_NO_BOOK)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        found = list(book.worksheets[0].iter_rows(values_only=True))
        book.close()
    except damage.WORKBOOK as error:
        raise Refusal(_NO_BOOK) from error
    if not found:
        raise Refusal(_NO_COLUMN, column=OWNER)
    return found


def _amount(cell: object, row: int, month: str) -> Decimal:
    if cell is None:
        return Decimal(0)
    try:
        if isinstance(cell, int | float):
            return Decimal(str(round(cell, 6)))
        return amount(str(cell))
    except Refusal as error:
        raise Refusal(_AT, row=row, month=month, why=error) from error
