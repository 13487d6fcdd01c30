"""A look at files as a JSON document, kept while a person checks it, and back.

Samples are cut short: the first `SAMPLES` of each column, long texts left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jalon.connectors.files.guesses import Guess
from jalon.connectors.files.mapping import (
    FileMapping,
    SourceShape,
    TableMapping,
    dumped,
    parsed,
)
from jalon.connectors.files.reading import Look, Sheet

SAMPLES, LONGEST = 100, 120
Document = dict[str, Any]


def as_document(look: Look) -> Document:
    """Return what files hold, ready for JSON."""
    return {
        "sheets": [_sheet(one) for one in look.sheets],
        "unreadable": [
            {"file": name, "code": error.code, "parameters": error.parameters}
            for name, error in look.unreadable
        ],
    }


def mapping_text(look: Look) -> str:
    """Return the mapping file of everything recognised, empty where nothing was."""
    return text_of([table for one in look.sheets for table in one.tables])


def text_of(tables: Sequence[TableMapping]) -> str:
    """Return the mapping file of tables, empty without any."""
    return dumped(FileMapping(tuple(tables))) if tables else ""


def mapping_of(text: str) -> FileMapping:
    """Return the mapping of such a text."""
    return parsed(text) if text.strip() else FileMapping(())


def shape_of(sheet: Mapping[str, Any]) -> SourceShape:
    """Return what recognition looks at, of a sheet of the document."""
    return SourceShape(
        name=sheet["file"],
        headers=tuple(sheet["headers"]),
        samples={name: tuple(cells) for name, cells in sheet["samples"].items()},
        sheet=sheet["sheet"],
        telling=frozenset(sheet.get("telling", ())),
    )


def guess_document(guess: Guess) -> Document:
    """Return a guess, ready for JSON."""
    return {
        "table": guess.table,
        "column": guess.column,
        "source": guess.source,
        "confidence": guess.confidence,
        "reason": guess.reason,
        "parameters": dict(guess.parameters),
    }


def _sheet(one: Sheet) -> Document:
    found = one.recognition
    return {
        "file": one.file,
        "sheet": one.shape.sheet,
        "rows": one.rows,
        "headers": list(one.shape.headers),
        "samples": {
            name: sorted(cell for cell in cells if len(cell) <= LONGEST)[:SAMPLES]
            for name, cells in one.shape.samples.items()
        },
        "telling": sorted(one.shape.telling),
        "remembered": one.remembered,
        "vendor": found.vendor if found else "",
        "guesses": [guess_document(guess) for guess in found.guesses] if found else [],
    }
