# ruff: noqa: S608 -- names come from `domain.facts.tables`; values are bound
"""What a table holds, in two figures: its rows, and a sum of them no order changes.

A merge tells what it moved, so that the sum of a large table is carried from the
generation before. Whoever else writes in a table says so (`written`): it is measured
anew, and so is one whose number of rows nothing told explains. The others are as they
were: what a change costs does not grow with what it leaves alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from jalon.domain.facts.tables import TABLES

_MOVED = (
    "CREATE TEMP TABLE IF NOT EXISTS moved (name VARCHAR, more BIGINT, sum UBIGINT)"
)


@dataclass(frozen=True, slots=True)
class Sum:
    """The rows of a table and their sum, with the engine's version that made it."""

    rows: int
    checksum: str


def measured(connection: duckdb.DuckDBPyConnection, table: str) -> Sum:
    """Return the sum of a table, every row read."""
    count, total = connection.execute(
        "SELECT count(*), coalesce(bit_xor(hash(present)), 0) "
        f'FROM "{table}" AS present'
    ).fetchall()[0]
    return Sum(int(count), _told(int(total)))


def recorded(connection: duckdb.DuckDBPyConnection) -> dict[str, Sum]:
    """Return what the books of a generation say of each table."""
    rows = connection.execute(
        "SELECT table_name, row_count, checksum FROM generation"
    ).fetchall()
    return {str(name): Sum(int(count), str(told)) for name, count, told in rows}


def moved(
    connection: duckdb.DuckDBPyConnection, table: str, *, more: int, total: int
) -> None:
    """Keep, until the end of the change, what a merge did to a table.

    `total` is the sum of the rows that came and of those that went.
    """
    connection.execute(_MOVED)
    connection.execute("INSERT INTO temp.moved VALUES (?, ?, ?)", [table, more, total])


def written(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Keep, until the end of the change, that rows were written in place in a table."""
    connection.execute(_MOVED)
    connection.execute("INSERT INTO temp.moved VALUES (?, NULL, NULL)", [table])


def summed(
    connection: duckdb.DuckDBPyConnection, former: Mapping[str, Sum]
) -> dict[str, Sum]:
    """Return the sum of each table after a change, from what it was before.

    A sum is carried where merges alone explain how many rows there are now, and where
    nobody told of the table.
    """
    connection.execute(_MOVED)
    rows = connection.execute(
        "SELECT name, sum(more), bit_xor(sum) FROM temp.moved GROUP BY name "
        "HAVING bool_and(more IS NOT NULL)"
    ).fetchall()
    moves = {str(name): (int(more), int(total)) for name, more, total in rows}
    told = connection.execute("SELECT DISTINCT name FROM temp.moved").fetchall()
    for name in TABLES.keys() - {str(name) for (name,) in told}:
        moves[name] = (0, 0)
    connection.execute("DROP TABLE temp.moved")
    return {
        table: _carried(connection, table, former.get(table), moves.get(table))
        or measured(connection, table)
        for table in TABLES
    }


def _carried(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    former: Sum | None,
    move: tuple[int, int] | None,
) -> Sum | None:
    if former is None or move is None or not same_engine(former.checksum):
        return None
    more, total = move
    query = f'SELECT count(*) FROM "{table}"'
    if connection.execute(query).fetchall() != [(former.rows + more,)]:
        return None
    before = int(former.checksum.partition(":")[2], 16)
    return Sum(former.rows + more, _told(before ^ total))


def same_engine(checksum: str) -> bool:
    """Tell whether this version of the engine made a sum: others may sum otherwise."""
    return checksum.partition(":")[0] == str(duckdb.__version__)


def _told(total: int) -> str:
    return f"{duckdb.__version__}:{total:016x}"
