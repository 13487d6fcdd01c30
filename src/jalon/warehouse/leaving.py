# ruff: noqa: S608 -- names come from `domain.facts.tables`; values are bound
"""Rows that are no more at their source: removed, by key, in the change of a refresh.

What people typed is never removed. A sweep (all the ids that exist now are known) takes
only rows of its own source, and is refused where too many would vanish: rights that
were cut look like deletions.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from jalon.domain.facts.tables import TABLES
from jalon.domain.refusals import Refusal
from jalon.warehouse.overlay import TYPED
from jalon.warehouse.sums import written

FEWEST = 20  # below that many rows, a share means nothing
_TOO_MANY = (
    "{gone} of {held} {table} would vanish, more than {guard}: the key may have lost "
    "rights. Nothing was changed. Check the key, then refresh; if they are really "
    "deleted: jalon sources refresh {source} --sweep --force"
)


class TooManyGoneError(Refusal):
    """A sweep would remove more rows than is likely; nothing was."""


def removed(connection: duckdb.DuckDBPyConnection, *, table: str, ids: Path) -> int:
    """Remove the rows whose id is in a Parquet file of one column `id`."""
    key = TABLES[table].keys[0]
    written(connection, table)
    return _count(
        connection,
        f'DELETE FROM "{table}" WHERE source IS DISTINCT FROM $typed '
        f'AND "{key}" IN (SELECT id FROM read_parquet($ids))',
        typed=TYPED,
        ids=str(ids),
    )


def swept(
    connection: duckdb.DuckDBPyConnection,
    *,
    table: str,
    living: Path,
    source: str,
    guard: float,
    force: bool = False,
) -> int:
    """Remove the rows of a source whose id is not among the living; return how many.

    Raises:
        TooManyGoneError: If they are more than `guard` of the source's rows.
    """
    key = TABLES[table].keys[0]
    values = {"prefix": f"{source}/", "ids": str(living)}
    own = "starts_with(source, $prefix)"
    gone = f'{own} AND "{key}" NOT IN (SELECT id FROM read_parquet($ids))'
    held = _one(connection, table, own, prefix=values["prefix"])
    going = _one(connection, table, gone, **values)
    if not force and going > guard * held and held >= FEWEST:
        raise TooManyGoneError(
            _TOO_MANY,
            gone=going,
            held=held,
            table=table,
            guard=f"{guard:.0%}",
            source=source,
        )
    written(connection, table)
    return _count(connection, f'DELETE FROM "{table}" WHERE {gone}', **values)


def _one(
    connection: duckdb.DuckDBPyConnection, table: str, where: str, **values: str
) -> int:
    query = f'SELECT count(*) FROM "{table}" WHERE {where}'
    return int(connection.execute(query, values).fetchall()[0][0])


def _count(connection: duckdb.DuckDBPyConnection, statement: str, **values: str) -> int:
    return int(connection.execute(statement, values).fetchall()[0][0])
