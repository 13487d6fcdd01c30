"""The moves of a distribution as a file, CSV or XLSX, to be carried out in the CRM.

One row an account: its id and name, who held it and who shall, potential, workload, and
the part of a target that follows. A text that a spreadsheet would take for a formula is
preceded by an apostrophe.
"""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import xlsxwriter
from django.utils.translation import gettext as _

from jalon.domain.refusals import Refusal
from jalon.queries.territory_plans import MoveLine, PlanPage

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
COLUMNS = (
    "account_id",
    "account",
    "region",
    "former_owner_id",
    "former_owner",
    "new_owner_id",
    "new_owner",
    "potential",
    "workload",
    "target_that_follows",
    "reason",
)
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
_ENDING = "Cannot write {file}: expected a name ending in .csv or .xlsx."
Cell = str | Decimal | None


def written(page: PlanPage, *, kind: str, name: str = "") -> bytes:
    """Return the file of the moves.

    Raises:
        Refusal: If it is to be neither CSV nor XLSX.
    """
    if kind not in KINDS:
        raise Refusal(_ENDING, file=name or kind)
    rows = [_row(one) for one in page.moves]
    return _csv(rows) if kind == "csv" else _xlsx(rows)


def _row(one: MoveLine) -> tuple[Cell, ...]:
    return (
        one.account,
        one.name,
        one.region,
        one.former,
        one.former_name,
        one.new,
        one.new_name,
        one.potential,
        one.workload,
        one.target,
        _told(one.reason),
    )


def _told(reason: str) -> str:
    """Return why no target follows, in words."""
    code = f"territory.{reason}"
    return _(code) if reason else ""


def _csv(rows: list[tuple[Cell, ...]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULAS) else cell


def _xlsx(rows: list[tuple[Cell, ...]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(_("Moves"))
    bold = book.add_format({"bold": True, "bottom": 1})
    for column, name in enumerate(COLUMNS):
        sheet.write_string(0, column, name, bold)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, Decimal):
                sheet.write_number(number, column, float(cell))
            elif cell:
                sheet.write_string(number, column, cell)
    sheet.freeze_panes(1, 0)
    sheet.autofit()
    book.close()
    return out.getvalue()
