"""Rows set aside: which line, which cell and why, with the whole row as it was read."""

from __future__ import annotations

from sqlglot import exp

from jalon.connectors.files.raw import RawTable
from jalon.connectors.files.sql import Node, column, over, sql

LONGEST_TEXT = 2000


def set_aside(raw: RawTable, *, into: str, bad: str) -> list[Node]:
    """Return the quarantine rows of one file: its bad rows, then lines never cut.

    `bad` is a relation of line, bad_column, bad_value and bad_reason.
    """
    cells = [
        exp.PropertyEQ(
            this=exp.to_identifier(name, quoted=True), expression=column(place, "r")
        )
        for name, place in raw.places.items()
    ]
    rows = sql(
        "SELECT $into AS table_name, $label AS file, b.line AS line, "
        "b.bad_column AS column_name, b.bad_value AS value, b.bad_reason AS reason, "
        "CAST(to_json($cells) AS VARCHAR) AS row_json "
        "FROM bad AS b JOIN rawrows AS r ON r.line = b.line",
        into=into,
        label=raw.label,
        cells=exp.Struct(expressions=cells),
    )
    lines = sql(
        "SELECT $into, $label, line, NULL, left(text, $most), reason, "
        "CAST(to_json(left(text, $most)) AS VARCHAR) FROM lost",
        into=into,
        label=raw.label,
        most=LONGEST_TEXT,
    )
    return [
        over(rows, bad=bad, rawrows=raw.relation),
        over(lines, lost=raw.rejects),
    ]
