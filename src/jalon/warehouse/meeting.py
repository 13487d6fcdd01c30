# ruff: noqa: S608 -- names come from `domain.facts.tables` or are quoted here
"""Which rows of a table staged ones meet, by their key: found once in a change.

The keys of the whole table are read for it, and nothing else of it: who wants the other
cells reads those of the rows met.
"""

from __future__ import annotations

import duckdb

from jalon.domain.facts.tables import Table


def relation(staged: str) -> str:
    """Return the SQL of staged rows: a table or view, or the path of a Parquet file."""
    if staged.endswith(".parquet"):
        return f"read_parquet('{staged.replace(chr(39), chr(39) * 2)}')"
    return ".".join(f'"{part}"' for part in staged.split("."))


def met(connection: duckdb.DuckDBPyConnection, table: Table, origin: str) -> str:
    """Return the temporary table of the rows met: `former`, each a rowid of `table`.

    `origin` is the SQL of a relation. Asked again before it is forgotten, this answers
    as it did: between the two, rows of a key may go, but none comes.
    """
    name = f"met_{table.name}"
    connection.execute(
        f'CREATE TEMP TABLE IF NOT EXISTS "{name}" AS SELECT held.rowid AS former '
        f'FROM "{table.name}" AS held SEMI JOIN {origin} AS staged '
        f"ON {same_key(table, 'held', 'staged')}"
    )
    return name


def forget(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Drop what was found: the rows of the table are no longer the same."""
    connection.execute(f'DROP TABLE IF EXISTS temp."met_{table.name}"')


def same_key(table: Table, one: str, other: str) -> str:
    """Return the condition under which rows of two relations have the same key."""
    return " AND ".join(
        f'{one}."{name}" IS NOT DISTINCT FROM {other}."{name}"' for name in table.keys
    )
