"""Tables as CSV (with a byte order mark, for Excel) or XLSX, one sheet a table.

A text that a spreadsheet would take for a formula is preceded by an apostrophe in CSV,
and written as a text in XLSX.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO, StringIO

import xlsxwriter

from jalon.web.components.cells import Cell
from jalon.web.language import current

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BADLY_NAMED = str.maketrans("", "", "[]:*?/\\'")
NAME_MOST = 31
LINES_MOST = 1_048_575  # what a sheet holds
Row = Sequence[Cell]


def written(tables: Sequence[tuple[str, Sequence[Row]]], *, kind: str) -> bytes:
    """Return the file of named tables, each with its header as first row."""
    return _csv(tables) if kind == "csv" else _xlsx(tables)


def _csv(tables: Sequence[tuple[str, Sequence[Row]]]) -> bytes:
    out = StringIO()
    french = current() == "fr"
    writer = csv.writer(out, delimiter=";" if french else ",")
    for _name, rows in tables:
        writer.writerows([_plain(cell, comma=french) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _plain(cell: Cell, *, comma: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        text = format(cell.normalize(), "f")
        return text.replace(".", ",") if comma else text
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    text = str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def _xlsx(tables: Sequence[tuple[str, Sequence[Row]]]) -> bytes:
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    bold = book.add_format({"bold": True, "bottom": 1})
    for rank, (name, rows) in enumerate(tables):
        told = f"{rank + 1} {name.translate(BADLY_NAMED)}"[:NAME_MOST]
        page = book.add_worksheet(told if len(tables) > 1 else told[2:] or told)
        for number, row in enumerate(rows[: LINES_MOST + 1]):
            for column, cell in enumerate(row):
                _write(page, (number, column), cell, day=day, bold=bold)
        page.freeze_panes(1, 0)
        page.autofit()
    book.close()
    return out.getvalue()


def _write(
    page: xlsxwriter.worksheet.Worksheet,
    place: tuple[int, int],
    cell: Cell,
    *,
    day: xlsxwriter.format.Format,
    bold: xlsxwriter.format.Format,
) -> None:
    if place[0] == 0:
        page.write_string(*place, str(cell), bold)
    elif isinstance(cell, Decimal):
        page.write_number(*place, float(cell))
    elif isinstance(cell, datetime.date):
        page.write_datetime(*place, cell, day)
    elif cell is not None:
        page.write_string(*place, str(cell))
