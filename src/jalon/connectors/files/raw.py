"""Files as tables of texts: every cell as written, every line with its number.

A line is a record of the file (the header is line 1), as a spreadsheet counts them.
What cannot be cut into the right number of fields is set aside, with line and reason.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import sqlglot
from sqlglot import exp

from jalon.connectors.files.dialect import Dialect, sniffed
from jalon.connectors.files.encoding import LONGEST_LINE, PIECE, CleanText, cleaned
from jalon.connectors.files.refusal import ImportRefusedError
from jalon.connectors.files.sources import SourceFile
from jalon.connectors.files.sql import Node, create, named, over, run, sql

csv.field_size_limit(LONGEST_LINE * 2)


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table of texts: `relation` has `line` and c1…cN, in the order of `headers`.

    `rejects` is a table of (line, reason, text): the lines that could not be cut.
    """

    relation: str
    rejects: str
    file: SourceFile
    headers: tuple[str, ...]
    sheet: str = ""
    encoding: str = "utf-8"
    delimiter: str = ""

    @property
    def places(self) -> Mapping[str, str]:
        """Return the column of the relation that holds each header."""
        return {name: f"c{place}" for place, name in enumerate(self.headers, 1)}

    @property
    def label(self) -> str:
        """Return what people call this table."""
        return f"{self.file.name} · {self.sheet}" if self.sheet else self.file.name


@dataclass(frozen=True, slots=True)
class Wish:
    """What a mapping asks of the reading of a file."""

    headers: tuple[str, ...] = ()
    extra_field: str = ""


@dataclass(slots=True)
class Scratch:
    """The database and the folder of one import, thrown away afterwards."""

    connection: duckdb.DuckDBPyConnection
    folder: Path
    count: int = field(default=0)

    def name(self, kind: str) -> str:
        """Return a new name for a table."""
        self.count += 1
        return f"{kind}{self.count}"

    def path(self, kind: str) -> Path:
        """Return a new path in the folder."""
        return self.folder / self.name(kind)


def text_table(scratch: Scratch, file: SourceFile, wish: Wish) -> RawTable:
    """Return the table of a delimited text file.

    Raises:
        ImportRefusedError: If nothing in it can be read.
    """
    text = cleaned(file.path, scratch.folder)
    with text.path.open("r", encoding="utf-8", newline="") as stream:
        start = stream.read(PIECE // 4)
    if not start.strip("\ufeff \r\n\t,;"):
        raise ImportRefusedError("empty", path=file.name)
    whole = len(start) < PIECE // 4
    dialect = sniffed(start, headers=wish.headers, whole=whole)
    return delimited_table(scratch, file, text, dialect, wish)


def delimited_table(
    scratch: Scratch,
    file: SourceFile,
    text: CleanText,
    dialect: Dialect,
    wish: Wish,
    sheet: str = "",
) -> RawTable:
    """Return the table of a clean text file whose dialect is known."""
    raw, rejects = scratch.name("raw"), scratch.name("rejects")
    connection = scratch.connection
    try:
        _read(connection, raw, rejects, text.path, dialect)
    except duckdb.Error:
        text = _recut(scratch, text, dialect)
        raw, rejects = scratch.name("raw"), scratch.name("rejects")
        _read(connection, raw, rejects, text.path, _plain(dialect))
    bad = _bad_lines(connection, rejects, text)
    kept, repaired = _repaired(bad, dialect, wish)
    view = _numbered(scratch, raw, [line for line, _, _ in bad], dialect.skip + 1)
    if repaired:
        view = _with_repaired(scratch, view, repaired, len(dialect.headers))
    return RawTable(
        relation=view,
        rejects=_kept_rejects(scratch, kept),
        file=file,
        headers=dialect.headers,
        sheet=sheet,
        encoding=text.encoding,
        delimiter=dialect.delimiter,
    )


Bad = tuple[int, str, str]
_REASONS = {
    "TOO MANY COLUMNS": "too_many_fields",
    "MISSING COLUMNS": "too_few_fields",
    "UNQUOTED VALUE": "broken_quotes",
    "LINE SIZE OVER MAXIMUM": "line_too_long",
    "INVALID ENCODING": "bad_encoding",
}


def _read(
    connection: duckdb.DuckDBPyConnection,
    raw: str,
    rejects: str,
    path: Path,
    dialect: Dialect,
) -> None:
    columns = ", ".join(
        f"'c{n}': 'VARCHAR'" for n in range(1, len(dialect.headers) + 1)
    )
    query = sql(
        "SELECT * FROM read_csv($path, delim=$delimiter, quote=$quote, escape=$escape, "
        "header=false, skip=$skip, columns=$columns, auto_detect=false, nullstr='', "
        "store_rejects=true, rejects_limit=0, rejects_table=$rejects, "
        "rejects_scan=$scan, max_line_size=$longest)",
        path=str(path),
        delimiter=dialect.delimiter,
        quote=dialect.quote,
        escape=dialect.escape,
        skip=dialect.skip,
        columns=sqlglot.parse_one("{" + columns + "}", dialect="duckdb"),
        rejects=rejects,
        scan=f"scan_{rejects}",
        longest=LONGEST_LINE * 2,
    )
    create(connection, raw, query)


def _recut(scratch: Scratch, text: CleanText, dialect: Dialect) -> CleanText:
    """Write the file again, cut by the lenient reader of the standard library."""
    target = scratch.path("recut")
    with (
        text.path.open("r", encoding="utf-8", newline="") as stream,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for row in _lenient(stream, dialect):
            writer.writerow(row)
    return CleanText(target, text.encoding, text.too_long)


def _lenient(lines: Iterator[str], dialect: Dialect) -> Iterator[list[str]]:
    doubled = dialect.escape == dialect.quote
    reader = csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        doublequote=doubled,
        escapechar=None if doubled else dialect.escape,
    )
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield []


def _plain(dialect: Dialect) -> Dialect:
    return Dialect(",", '"', '"', dialect.skip, dialect.headers)


def _bad_lines(
    connection: duckdb.DuckDBPyConnection, rejects: str, text: CleanText
) -> list[Bad]:
    """Return the lines the reader set aside, each once, in order."""
    query = sql(
        "SELECT line, any_value(CAST(error_type AS VARCHAR)), any_value(csv_line) "
        "FROM source GROUP BY line ORDER BY line"
    )
    rows = run(connection, over(query, source=rejects))
    return [
        (
            line,
            "line_too_long"
            if line in text.too_long
            else _REASONS.get(kind, "unreadable_line"),
            (written or "").strip("\r\n"),
        )
        for line, kind, written in rows
    ]


def _repaired(
    bad: list[Bad], dialect: Dialect, wish: Wish
) -> tuple[list[Bad], list[tuple[int, list[str]]]]:
    """Return the lines that stay bad, and those put right with their fields."""
    kept: list[Bad] = []
    repaired: list[tuple[int, list[str]]] = []
    for line, reason, text in bad:
        if reason == "broken_quotes" and "\n" in text:
            _reread(line, text, dialect, kept, repaired)
            continue
        fields = _folded(text, dialect, wish) if reason == "too_many_fields" else None
        if fields is None:
            kept.append((line, reason, text))
        else:
            repaired.append((line, fields))
    return kept, repaired


def _folded(text: str, dialect: Dialect, wish: Wish) -> list[str] | None:
    """Return the fields of a line, its surplus folded into the column named for it."""
    names = [name.casefold() for name in dialect.headers]
    if wish.extra_field.casefold() not in names:
        return None
    fields = next(_lenient(iter([text]), dialect), [])
    surplus = len(fields) - len(names)
    if surplus < 1:
        return None
    place = names.index(wish.extra_field.casefold())
    folded = dialect.delimiter.join(fields[place : place + surplus + 1])
    return [*fields[:place], folded, *fields[place + surplus + 1 :]]


def _reread(
    line: int,
    text: str,
    dialect: Dialect,
    kept: list[Bad],
    repaired: list[tuple[int, list[str]]],
) -> None:
    """Sort the lines that a quote left open had swallowed: only the first is bad."""
    first, *others = text.splitlines()
    kept.append((line, "broken_quotes", first))
    for number, other in enumerate(others, line + 1):
        fields = next(_lenient(iter([other]), dialect), [])
        if len(fields) == len(dialect.headers):
            repaired.append((number, fields))
        elif other.strip():
            kept.append((number, "broken_quotes", other))


def _numbered(scratch: Scratch, raw: str, bad: list[int], first: int) -> str:
    """Return a view of a raw table with the line of each row, bad ones counted."""
    view = scratch.name("view")
    if not bad:
        query = sql("SELECT rowid + $first AS line, * FROM source", first=first)
        create(scratch.connection, view, over(query, source=raw), "VIEW")
        return view
    shifts = scratch.name("shifts")
    before = [line - first - place for place, line in enumerate(bad)]
    _table_of(
        scratch,
        shifts,
        {"before": "BIGINT", "shift": "BIGINT"},
        [[str(at), str(place + 1)] for place, at in enumerate(before)],
    )
    query = sql(
        "SELECT source.rowid + $first + coalesce(shifts.shift, 0) AS line, source.* "
        "FROM source ASOF LEFT JOIN (SELECT before, max(shift) AS shift FROM shifted "
        "GROUP BY before) AS shifts ON source.rowid >= shifts.before",
        first=first,
    )
    create(scratch.connection, view, over(query, source=raw, shifted=shifts), "VIEW")
    return view


def _with_repaired(
    scratch: Scratch, view: str, repaired: list[tuple[int, list[str]]], width: int
) -> str:
    table, both = scratch.name("repaired"), scratch.name("view")
    kinds = {"line": "BIGINT"} | {f"c{n}": "VARCHAR" for n in range(1, width + 1)}
    _table_of(scratch, table, kinds, [[str(line), *row] for line, row in repaired])
    query = sql("SELECT * FROM source UNION ALL BY NAME SELECT * FROM mended")
    create(scratch.connection, both, over(query, source=view, mended=table), "VIEW")
    return both


def _kept_rejects(scratch: Scratch, kept: list[Bad]) -> str:
    table = scratch.name("kept")
    kinds = {"line": "BIGINT", "reason": "VARCHAR", "text": "VARCHAR"}
    _table_of(scratch, table, kinds, [[str(one), why, text] for one, why, text in kept])
    return table


def _table_of(
    scratch: Scratch, name: str, kinds: Mapping[str, str], rows: Sequence[Sequence[str]]
) -> None:
    """Create a table of rows, through a file: far faster than one insert a row."""
    path = scratch.path("rows")
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows(rows)
    columns = ", ".join(f"'{column}': '{kind}'" for column, kind in kinds.items())
    query = sql(
        "SELECT * FROM read_csv($path, delim=',', quote='\"', escape='\"', "
        "header=false, columns=$columns, auto_detect=false, nullstr='', "
        "max_line_size=$longest)",
        path=str(path),
        columns=sqlglot.parse_one("{" + columns + "}", dialect="duckdb"),
        longest=LONGEST_LINE * 4,
    )
    create(scratch.connection, name, query)


def column_table(
    scratch: Scratch,
    file: SourceFile,
    reader: Node,
    headers: Sequence[str],
    cells: Sequence[Node],
) -> RawTable:
    """Return the table of a relation whose cells are already apart, without rejects."""
    raw = scratch.name("raw")
    shown = [named(cell, f"c{place}") for place, cell in enumerate(cells, 1)]
    create(scratch.connection, raw, exp.select(*shown).from_(reader))
    view = _numbered(scratch, raw, [], 1)
    return RawTable(view, _kept_rejects(scratch, []), file, tuple(headers))
