"""An answer as a file: CSV and XLSX for a spreadsheet, JSON as the command answers.

Texts that a spreadsheet would take for a formula are made harmless, as for the rows.
"""

from __future__ import annotations

import datetime
import json
from decimal import Decimal

from jalon.queries.explorer import Cell, Explored, shown_answer
from jalon.queries.kpi_document import document
from jalon.web.components.cells import Cell as Text
from jalon.web.components.spreadsheet import KINDS as SHEETS
from jalon.web.components.spreadsheet import written

KINDS = {**SHEETS, "json": "application/json; charset=utf-8"}


def file_of(found: Explored, *, kind: str) -> bytes:
    """Return the file of the answer, whole."""
    if kind == "json":
        told = document(shown_answer(found))
        return json.dumps(told, ensure_ascii=False, default=_number).encode()
    return written([(found.kpi.key, _table(found))], kind=kind)


def _table(found: Explored) -> list[tuple[Text, ...]]:
    names = list(found.answer.rows[0].labels) if found.answer.rows else []
    keyed = [name for name in names if f"{name}_id" in found.answer.rows[0].keys]
    compared = found.compared is not None
    header = [
        *names,
        *(f"{name}_id" for name in keyed),
        *("value", "numerator", "denominator", "reason", "currency"),
        *(("value_before", "difference") if compared else ()),
    ]
    cells = found.cells or (() if names else (found.total,))
    return [tuple(header), *(_line(cell, names, keyed, compared) for cell in cells)]


def _line(
    cell: Cell,
    names: list[str],
    keyed: list[str],
    compared: bool,  # noqa: FBT001 - told by the caller's header
) -> tuple[Text, ...]:
    row = cell.row
    before = cell.before.value if cell.before else None
    return (
        *(row.labels[name] for name in names),
        *(row.keys[f"{name}_id"] for name in keyed),
        *(row.value, row.numerator, row.denominator),
        *(row.reason or "", row.currency or ""),
        *((before, cell.difference) if compared else ()),
    )


def _number(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    message = f"cannot write {type(value).__name__} as JSON"
    raise TypeError(message)
