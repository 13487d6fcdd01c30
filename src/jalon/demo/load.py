# ruff: noqa: S608 -- names come from `domain.facts.tables`; values are bound
"""Put the sample company in the warehouse; `scale` copies of its sales force, in SQL.

Rows are written aside as CSV and read back as sets. Copy 0 keeps the ids of the sample,
copy 7 adds `~7` to each; what surrounds sales (products, markets, rates) stays single.
"""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from jalon.demo import company
from jalon.demo.rows import Row, Rows
from jalon.domain.facts.tables import TABLES, Column, ColumnType, Table
from jalon.warehouse import load
from jalon.warehouse.generations import Generations

IMPORT_ID = "demo"
SOURCE = "demo"
_SINGLE = ("products", "spend", "markets", "rates")
_NAMED = ("people", "teams", "accounts")
_KEPT = ("product_id",)  # ids that every copy shares


def load_rows(generations: Generations, rows: Rows, *, on: date, scale: int = 1) -> str:
    """Publish the rows as one generation; return its name."""
    with TemporaryDirectory() as folder:
        for name, table in TABLES.items():
            _write(Path(folder) / f"{name}.csv", table, rows[name])

        def change(connection: duckdb.DuckDBPyConnection) -> None:
            for table in TABLES.values():
                _stage(connection, table, Path(folder), scale)
                load.merge(
                    connection,
                    table=table.name,
                    staged=f"staged_{table.name}",
                    import_id=IMPORT_ID,
                )
                connection.execute(f"DROP VIEW staged_{table.name}")
            _book(connection, on)

        return generations.publish(change, at=_noon(on))


def _noon(on: date) -> datetime:
    return datetime.combine(on, time(12), tzinfo=UTC).replace(tzinfo=None)


def _write(path: Path, table: Table, rows: list[Row]) -> None:
    names = [*(column.name for column in table.columns), "attributes"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)


def _stage(
    connection: duckdb.DuckDBPyConnection, table: Table, folder: Path, scale: int
) -> None:
    """Make a view of the file, its ids told apart in each copy."""
    path = str(folder / f"{table.name}.csv").replace("'", "''")
    names = [*(column.name for column in table.columns), "attributes"]
    types = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    copies = 1 if table.name in _SINGLE else scale
    chosen = ", ".join(
        f'{_cell(table, column, scale)} AS "{column.name}"' for column in table.columns
    )
    key = " || '/' || ".join(f'"{name}"' for name in table.keys)
    connection.execute(
        f"CREATE TEMP VIEW staged_{table.name} AS "
        f"SELECT {chosen}, '{SOURCE}' AS source, {key} AS source_id, "
        "attributes "
        f"FROM read_csv('{path}', header = true, columns = {{{types}}}, "
        "delim = ',', quote = '\"', escape = '\"', auto_detect = false), "
        f"range({copies}) AS copies(copy)"
    )


def _cell(table: Table, column: Column, scale: int) -> str:
    """Return the SQL of one column of one copy."""
    name = f'"{column.name}"'
    if column.type is not ColumnType.TEXT:
        if table.name == "spend" and column.name == "amount":
            return f"CAST({name} AS DECIMAL(18,4)) * {scale}"
        return name
    if table.name in _SINGLE or not _told_apart(table, column):
        return name
    mark = " " if column.name == "name" else "~"
    root = f"{name} IN ('{company.DIRECTION}', '{company.DIRECTOR}')"
    return (
        f"CASE WHEN copy = 0 OR {name} IS NULL OR {root} THEN {name} "
        f"ELSE {name} || '{mark}' || copy END"
    )


def _told_apart(table: Table, column: Column) -> bool:
    """Return whether a text differs from one copy of the sales force to the next."""
    if column.name == "name":
        return table.name in _NAMED
    return column.name.endswith("_id") and column.name not in _KEPT


def _book(connection: duckdb.DuckDBPyConnection, on: date) -> None:
    """Write the line of this import."""
    counted = connection.execute(
        "SELECT sum(inserted + superseded), sum(inserted), sum(superseded) "
        "FROM merges WHERE import_id = ?",
        [IMPORT_ID],
    ).fetchall()[0]
    connection.execute(
        "INSERT INTO imports (import_id, imported_at, files, fingerprint, mapping, "
        "rows_read, accepted, rejected, duplicate) "
        "VALUES (?, ?, ?, NULL, NULL, ?, ?, 0, ?)",
        [IMPORT_ID, _noon(on), "demo", *counted],
    )
