"""Workbooks, Parquet and JSON as tables of texts, beside delimited text.

Dates of a workbook become ISO texts, its numbers the shortest text that is the same
number; nested values of JSON and Parquet stay JSON texts.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any

import duckdb
import openpyxl
from sqlglot import exp

from jalon.connectors.files.dialect import sniffed
from jalon.connectors.files.encoding import PIECE, CleanText, cleaned
from jalon.connectors.files.raw import (
    RawTable,
    Scratch,
    Wish,
    column_table,
    delimited_table,
    text_table,
)
from jalon.connectors.files.refusal import ImportRefusedError
from jalon.connectors.files.sources import SourceFile
from jalon.connectors.files.sql import Node, column, create, named, over, run, sql
from jalon.workspace import damage


def tables_of(
    scratch: Scratch, file: SourceFile, wish: Wish | None = None
) -> tuple[RawTable, ...]:
    """Return the tables of a file: one, or one for each filled sheet of a workbook.

    Raises:
        ImportRefusedError: If the file is damaged or holds nothing.
    """
    readers: dict[str, Callable[[Scratch, SourceFile, Wish], tuple[RawTable, ...]]]
    readers = {"xlsx": _workbook, "parquet": _parquet, "json": _json}
    reader = readers.get(file.kind, _text)
    try:
        return reader(scratch, file, wish or Wish())
    except duckdb.Error as error:
        why = str(error).splitlines()[0]
        raise ImportRefusedError("damaged", path=file.name, why=why) from error


def _text(scratch: Scratch, file: SourceFile, wish: Wish) -> tuple[RawTable, ...]:
    return (text_table(scratch, file, wish),)


def _workbook(scratch: Scratch, file: SourceFile, wish: Wish) -> tuple[RawTable, ...]:
    try:
        with file.path.open("rb") as stream:
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
            sheets = [_sheet(scratch, file, one, wish) for one in book.worksheets]
            book.close()
    except damage.WORKBOOK as error:
        raise ImportRefusedError("damaged", path=file.name, why=str(error)) from error
    found = tuple(sheet for sheet in sheets if sheet is not None)
    if not found:
        raise ImportRefusedError("empty", path=file.name)
    return found


def _sheet(
    scratch: Scratch,
    file: SourceFile,
    sheet: Any,  # noqa: ANN401
    wish: Wish,
) -> RawTable | None:
    path = scratch.path("sheet")
    filled = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        for row in _trimmed(sheet):
            writer.writerow(row)
            filled += 1
    if not filled:
        return None
    with path.open("r", encoding="utf-8", newline="") as stream:
        start = stream.read(PIECE // 4)
    whole = len(start) < PIECE // 4
    dialect = sniffed(start, headers=wish.headers, delimiter=",", whole=whole)
    text = CleanText(path, "utf-8")
    return delimited_table(scratch, file, text, dialect, wish, str(sheet.title))


def _trimmed(sheet: Any) -> Iterator[list[str]]:  # noqa: ANN401
    """Yield the rows of a sheet as texts, all of one width, without the empty ones."""
    width = 0
    for row in sheet.iter_rows(values_only=True):
        texts = [_cell(value) for value in row]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            width = max(width, len(texts))
            yield texts + [""] * (width - len(texts))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).replace("\x00", "")


def _parquet(scratch: Scratch, file: SourceFile, wish: Wish) -> tuple[RawTable, ...]:
    del wish
    reader = sql("SELECT * FROM read_parquet($path)", path=str(file.path))
    described = scratch.connection.execute(
        f"DESCRIBE {reader.sql('duckdb')}"
    ).fetchall()
    headers = [row[0] for row in described]
    cells = [_parquet_cell(row[0], row[1]) for row in described]
    source = exp.Subquery(
        this=reader, alias=exp.TableAlias(this=exp.to_identifier("s"))
    )
    return (column_table(scratch, file, source, headers, cells),)


def _parquet_cell(name: str, kind: str) -> Node:
    cell = column(name, "s")
    nested = kind.endswith("]") or kind.startswith(("STRUCT", "MAP"))
    return sql(
        "CAST(to_json($v) AS VARCHAR)" if nested else "CAST($v AS VARCHAR)", v=cell
    )


def _json(scratch: Scratch, file: SourceFile, wish: Wish) -> tuple[RawTable, ...]:
    del wish
    text = cleaned(file.path, scratch.folder)
    with text.path.open("r", encoding="utf-8") as stream:
        listed = stream.read(200).lstrip("\ufeff \r\n\t").startswith("[")
    objects = scratch.name("objects")
    create(scratch.connection, objects, _objects(str(text.path), listed=listed))
    if not listed:
        return (_json_table(scratch, file, objects),)
    return (_json_table(scratch, file, objects),)


def _objects(path: str, *, listed: bool) -> Node:
    """Return the relation (line, value, text): value is NULL where it is no object."""
    if listed:
        return sql(
            "SELECT row_number() OVER () AS line, CAST(json AS VARCHAR) AS value, "
            "CAST(json AS VARCHAR) AS text FROM read_json_objects($path, "
            "format='array', maximum_object_size=67108864)",
            path=path,
        )
    return sql(
        "SELECT row_number() OVER () AS line, CASE WHEN json_valid(text) AND "
        "json_type(text) = 'OBJECT' THEN text END AS value, text "
        "FROM read_csv($path, delim='\x01', quote='', escape='', header=false, "
        "columns={'text': 'VARCHAR'}, auto_detect=false, max_line_size=8388608)",
        path=path,
    )


def _json_table(scratch: Scratch, file: SourceFile, objects: str) -> RawTable:
    connection = scratch.connection
    keys = sql(
        "SELECT name FROM (SELECT unnest(json_keys(value)) AS name, line FROM source "
        "WHERE value IS NOT NULL) AS k GROUP BY name ORDER BY min(line), name"
    )
    names = [row[0] for row in run(connection, over(keys, source=objects))]
    if not names:
        raise ImportRefusedError("empty", path=file.name)
    paths = _json_paths(connection, objects, names)
    cells = [
        named(sql("json_extract_string(value, $path)", path=path), f"c{n}")
        for n, path in enumerate(paths.values(), 1)
    ]
    view, rejects = scratch.name("view"), scratch.name("kept")
    rows = exp.select(column("line"), *cells).from_("source").where("NOT value IS NULL")
    create(connection, view, over(rows, source=objects))
    bad = sql(
        "SELECT line, 'not_json' AS reason, text FROM source "
        "WHERE value IS NULL AND trim(text) <> ''"
    )
    create(connection, rejects, over(bad, source=objects))
    return RawTable(view, rejects, file, tuple(paths))


def _json_paths(
    connection: duckdb.DuckDBPyConnection, objects: str, names: list[str]
) -> dict[str, str]:
    """Return where each header is read: what stands in an object is `object.name`.

    A name that is an object on some rows only keeps its own header too.
    """
    kinds = [
        sql(
            "list(DISTINCT json_type(value, $path)) "
            "FILTER (json_type(value, $path) <> 'NULL')",
            path=_json_path(name),
        )
        for name in names
    ]
    (met,) = run(connection, over(exp.select(*kinds).from_("source"), source=objects))
    paths: dict[str, str] = {}
    for name, types in zip(names, met, strict=True):
        if types != ["OBJECT"]:
            paths[name] = _json_path(name)
        if "OBJECT" in (types or ()):
            inner = sql(
                "SELECT DISTINCT unnest(json_keys(value, $path)) AS name FROM source "
                "WHERE json_type(value, $path) = 'OBJECT' ORDER BY name",
                path=_json_path(name),
            )
            for (one,) in run(connection, over(inner, source=objects)):
                paths.setdefault(f"{name}.{one}", _json_path(name, one))
    return paths


def _json_path(*names: str) -> str:
    escaped = [one.replace("\\", "\\\\").replace('"', '\\"') for one in names]
    return "$" + "".join(f'."{one}"' for one in escaped)
