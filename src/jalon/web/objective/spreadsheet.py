"""The rows of an explanation as CSV or XLSX: one sheet a component."""

from __future__ import annotations

from django.utils.translation import gettext as _

from jalon.web.components import spreadsheet
from jalon.web.components.cells import Cell
from jalon.web.objective.rows import Sheet

KINDS = spreadsheet.KINDS


def written(sheets: tuple[Sheet, ...], *, kind: str) -> bytes:
    """Return the file; in CSV the component opens each row, one under the other."""
    named = kind == "csv"
    tables = [(sheet.name, _table(sheet, named=named)) for sheet in sheets]
    return spreadsheet.written(tables, kind=kind)


def _table(sheet: Sheet, *, named: bool) -> list[tuple[Cell, ...]]:
    before: tuple[Cell, ...] = (sheet.name,) if named else ()
    header: tuple[Cell, ...] = (_("component"),) if named else ()
    return [
        (*header, *sheet.columns, _("counted"), _("share")),
        *((*before, *cells, counted, share) for cells, counted, share in sheet.rows),
    ]
