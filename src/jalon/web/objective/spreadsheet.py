"""The rows of an explanation as CSV (with a byte order mark, for Excel) or XLSX.

A text that a spreadsheet would take for a formula is preceded by an apostrophe in CSV,
and written as a text in XLSX.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO, StringIO

import xlsxwriter
from django.utils.translation import gettext as _

from jalon.web.components.cells import Cell
from jalon.web.language import current
from jalon.web.objective.rows import Sheet

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
NAME_MOST = 31


def written(sheets: tuple[Sheet, ...], *, kind: str) -> bytes:
    """Return the file."""
    return _csv(sheets) if kind == "csv" else _xlsx(sheets)


def _table(sheet: Sheet) -> Iterator[tuple[Cell, ...]]:
    yield (*sheet.columns, _("counted"), _("share"))
    for cells, counted, share in sheet.rows:
        yield (*cells, counted, share)


def _csv(sheets: tuple[Sheet, ...]) -> bytes:
    out = StringIO()
    french = current() == "fr"
    writer = csv.writer(out, delimiter=";" if french else ",")
    for sheet in sheets:
        for rank, row in enumerate(_table(sheet)):
            first = _("component") if rank == 0 else sheet.name
            writer.writerow([_plain(cell, comma=french) for cell in (first, *row)])
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
    return f"'{text}" if text.startswith(FORMULA) else text


def _xlsx(sheets: tuple[Sheet, ...]) -> bytes:
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    bold = book.add_format({"bold": True, "bottom": 1})
    for rank, sheet in enumerate(sheets):
        page = book.add_worksheet(f"{rank + 1} {sheet.name}"[:NAME_MOST])
        for number, row in enumerate(_table(sheet)):
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
