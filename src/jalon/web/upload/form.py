"""What the checking form says: tables, columns and words, by the names of its fields.

`into-3` is what table 3 of the mapping is; `c-3-amount` the header of its amount;
`w-3-outcome-0` the meaning of its first word; `sheet-2` what an unknown sheet is.
"""

from __future__ import annotations

from collections.abc import Mapping

from jalon.queries.uploads import TableChoice, UploadView
from jalon.usecases.upload import Correction, Corrections


def corrections(view: UploadView, posted: Mapping[str, str]) -> Corrections:
    """Return what a person changed; a field that is absent changes nothing."""
    tables = [table for sheet in view.sheets for table in sheet.tables]
    return Corrections(
        into={
            table.rank: posted[f"into-{table.rank}"]
            for table in tables
            if f"into-{table.rank}" in posted
        },
        columns={table.rank: _columns(table, posted) for table in tables},
        of_sheets={
            sheet.rank: posted[f"sheet-{sheet.rank}"]
            for sheet in view.sheets
            if not sheet.tables and posted.get(f"sheet-{sheet.rank}")
        },
    )


def _columns(table: TableChoice, posted: Mapping[str, str]) -> Correction:
    before = f"-{table.rank}-"
    return Correction(
        choices={
            one.name: posted[f"c{before}{one.name}"]
            for one in table.columns
            if f"c{before}{one.name}" in posted
        },
        meanings={
            one.name: {
                word.text: posted[f"w{before}{one.name}-{word.rank}"]
                for word in one.words
                if f"w{before}{one.name}-{word.rank}" in posted
            }
            for one in table.columns
            if one.words
        },
    )
