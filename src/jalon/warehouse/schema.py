"""The tables of one generation: every canonical table, and the books kept beside them.

Column order is the canonical one, then source, source_id, attributes. No column is
constrained: keys are kept unique by `load.merge`, so no index is paid for.
"""

from __future__ import annotations

import duckdb

from jalon.domain.facts.tables import PROVENANCE, TABLES, ColumnType, Table

SQL_TYPES = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.DATE: "DATE",
    ColumnType.TIMESTAMP: "TIMESTAMP",
    ColumnType.MONEY: "DECIMAL(18,4)",
    ColumnType.NUMBER: "DECIMAL(18,6)",
    ColumnType.COUNT: "BIGINT",
    ColumnType.FLAG: "BOOLEAN",
    ColumnType.JSON: "VARCHAR",
}

BOOKS = {
    "imports": {
        "import_id": "VARCHAR",
        "imported_at": "TIMESTAMP",
        "files": "VARCHAR",
        "fingerprint": "VARCHAR",
        "mapping": "VARCHAR",
        "rows_read": "BIGINT",
        "accepted": "BIGINT",
        "rejected": "BIGINT",
        "duplicate": "BIGINT",
        "filtered": "BIGINT",
        "people_created": "BIGINT",
    },
    "merges": {
        "import_id": "VARCHAR",
        "table_name": "VARCHAR",
        "inserted": "BIGINT",
        "replaced": "BIGINT",
        "unchanged": "BIGINT",
        "superseded": "BIGINT",
    },
    "quarantine": {
        "import_id": "VARCHAR",
        "table_name": "VARCHAR",
        "file": "VARCHAR",
        "line": "BIGINT",
        "column_name": "VARCHAR",
        "value": "VARCHAR",
        "reason": "VARCHAR",
        "row_json": "VARCHAR",
    },
    "suspects": {
        "table_name": "VARCHAR",
        "key": "VARCHAR",
        "code": "VARCHAR",
        "detail": "VARCHAR",
    },
    "generation": {
        "name": "VARCHAR",
        "parent": "VARCHAR",
        "made_at": "TIMESTAMP",
        "table_name": "VARCHAR",
        "row_count": "BIGINT",
        "checksum": "VARCHAR",
    },
}


def columns(table: Table) -> dict[str, str]:
    """Return the columns of a canonical table, in order, with their SQL types."""
    return {
        column.name: SQL_TYPES[column.type] for column in (*table.columns, *PROVENANCE)
    }


def shape() -> dict[str, dict[str, str]]:
    """Return every table of a generation with its columns and their SQL types."""
    return {name: columns(table) for name, table in TABLES.items()} | BOOKS


def create_tables(connection: duckdb.DuckDBPyConnection) -> bool:
    """Create what is missing; return whether a table that was there has more columns.

    What is there stays as it is.
    """
    there, widened = present(connection), False
    for table, wanted in shape().items():
        if table not in there:
            listed = ", ".join(f'"{name}" {kind}' for name, kind in wanted.items())
            connection.execute(f'CREATE TABLE "{table}" ({listed})')
            continue
        for name in wanted.keys() - there[table]:
            connection.execute(f'ALTER TABLE "{table}" ADD "{name}" {wanted[name]}')
            widened = True
    return widened


def missing(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Return the tables and `table.column`s a generation should have and has not."""
    there = present(connection)
    return tuple(
        name if table not in there else f"{table}.{name}"
        for table, wanted in shape().items()
        for name in ((table,) if table not in there else wanted)
        if table not in there or name not in there[table]
    )


def present(connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    """Return the columns of each table of the connection's own database."""
    found: dict[str, set[str]] = {}
    rows = connection.execute(
        "SELECT table_name, column_name FROM duckdb_columns() "
        "WHERE database_name = current_database() AND NOT internal"
    ).fetchall()
    for table, name in rows:
        found.setdefault(table, set()).add(name)
    return found
