# ruff: noqa: S608 -- names come from `domain.facts.tables`; values are bound
"""Merge staged rows into a canonical table by key, counting exactly what changed.

A staged row replaces the row of the same key when its content differs; where one key is
staged several times the last row wins. Keys and content are compared with NULL equal to
NULL. Content is every canonical column and `attributes`: the same facts coming again
from another file keep the provenance of the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb

from jalon.domain.facts.tables import TABLES, Table
from jalon.warehouse.laying import order_of
from jalon.warehouse.meeting import forget, met, relation, same_key
from jalon.warehouse.overlay import laid_under
from jalon.warehouse.schema import columns
from jalon.warehouse.sums import moved

_NOT_CONTENT = ("source", "source_id")
_PARTS = (("_part", 0), ("_fresh", 1))
_SAME = "SELECT n FROM verdict WHERE former IS NOT NULL AND NOT differs"


@dataclass(frozen=True, slots=True)
class MergeCount:
    """Rows of one merge; `superseded` lost to a later row of the same staging.

    `held` tells the unchanged ones by part of what was staged: (rows, `_fresh` of
    these).
    """

    inserted: int = 0
    replaced: int = 0
    unchanged: int = 0
    superseded: int = 0
    held: Mapping[int, tuple[int, int]] = field(default_factory=dict, compare=False)

    @property
    def staged(self) -> int:
        """Return the number of rows that were staged."""
        return self.inserted + self.replaced + self.unchanged + self.superseded

    @property
    def changed(self) -> int:
        """Return the number of rows that the table did not hold before."""
        return self.inserted + self.replaced


def merge(
    connection: duckdb.DuckDBPyConnection, *, table: str, staged: str, import_id: str
) -> MergeCount:
    """Merge a staged relation into a canonical table and keep the count in `merges`.

    Args:
        connection: The open change of a generation.
        table: A canonical table.
        staged: A table or view, or the path of a parquet file. Its columns are the
            canonical ones by name, in any order; one that is absent is NULL. `_part`
            (0) and `_fresh` (1) may say of which part a row is, and for how many.
        import_id: What the count is kept under.
    """
    kind = TABLES[table]
    try:
        _take_in(connection, kind, staged)
        superseded = _keep_last(connection, kind)
        count = _apply(connection, kind, superseded)
    finally:
        connection.execute("DROP TABLE IF EXISTS temp.incoming")
        forget(connection, kind)
        connection.execute("DROP TABLE IF EXISTS temp.verdict")
    connection.execute(
        "INSERT INTO merges VALUES (?, ?, ?, ?, ?, ?)",
        [
            import_id,
            table,
            count.inserted,
            count.replaced,
            count.unchanged,
            count.superseded,
        ],
    )
    return count


def _take_in(connection: duckdb.DuckDBPyConnection, table: Table, staged: str) -> None:
    """Copy the staged rows aside, cast, in canonical order, with their place `n`."""
    origin = relation(staged)
    described = connection.execute(f"DESCRIBE SELECT * FROM {origin}").fetchall()
    there = {row[0] for row in described}
    chosen = ", ".join(
        f'CAST({_quoted(name) if name in there else "NULL"} AS {kind}) AS "{name}"'
        for name, kind in columns(table).items()
    )
    parts = ", ".join(
        f"{name if name in there else usual} AS {name}" for name, usual in _PARTS
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE incoming AS "
        f"SELECT {chosen}, row_number() OVER () AS n, {parts} FROM {origin}"
    )
    under = laid_under(table, "incoming", more=("n", "_part", "_fresh"))
    if under != "incoming":
        connection.execute(f"CREATE OR REPLACE TEMP TABLE laid AS FROM {under}")
        connection.execute("DROP TABLE temp.incoming")
        connection.execute("ALTER TABLE temp.laid RENAME TO incoming")


def _keep_last(connection: duckdb.DuckDBPyConnection, table: Table) -> int:
    """Remove staged rows followed by another of the same key; return how many."""
    keys = ", ".join(_quoted(name) for name in table.keys)
    distinct = f"SELECT max(n) FROM incoming GROUP BY {keys}"
    superseded = _one(
        connection,
        f"SELECT (SELECT count(*) FROM incoming) - (SELECT count(*) FROM ({distinct}))",
    )
    if superseded:
        connection.execute(f"DELETE FROM incoming WHERE n NOT IN ({distinct})")
    return superseded


def _apply(
    connection: duckdb.DuckDBPyConnection, table: Table, superseded: int
) -> MergeCount:
    names = ", ".join(_quoted(name) for name in columns(table))
    if not _one(connection, f'SELECT count(*) FROM (FROM "{table.name}" LIMIT 1)'):
        inserted = _one(connection, "SELECT count(*) FROM incoming")
        order = ", ".join((*order_of(table.name), "n"))
        connection.execute(
            f'INSERT INTO "{table.name}" ({names}) '
            f"SELECT {names} FROM incoming ORDER BY {order}"
        )
        return MergeCount(inserted=inserted, superseded=superseded)
    connection.execute(_verdict(table, met(connection, table, "incoming")))
    inserted, replaced, unchanged, gone = connection.execute(
        "SELECT count(*) FILTER (former IS NULL), "
        "count(*) FILTER (former IS NOT NULL AND differs), "
        "count(*) FILTER (former IS NOT NULL AND NOT differs), "
        "coalesce(bit_xor(sum) FILTER (differs), 0) FROM verdict"
    ).fetchall()[0]
    held: dict[int, tuple[int, int]] = {}
    if unchanged:
        rows = connection.execute(
            f"SELECT _part, count(*), sum(_fresh) FROM incoming WHERE n IN ({_SAME}) "
            "GROUP BY _part"
        ).fetchall()
        held = {int(part): (int(count), int(fresh)) for part, count, fresh in rows}
        connection.execute(f"DELETE FROM incoming WHERE n IN ({_SAME})")
    if replaced:
        connection.execute(
            f'DELETE FROM "{table.name}" WHERE rowid IN '
            "(SELECT former FROM verdict WHERE differs)"
        )
    if inserted or replaced:
        connection.execute(
            f'INSERT INTO "{table.name}" ({names}) SELECT {names} FROM incoming '
            "ORDER BY n"
        )
    came = _one(connection, _sum_of_incoming(connection, table))
    moved(connection, table.name, more=inserted, total=gone ^ came)
    return MergeCount(inserted, replaced, unchanged, superseded, held)


def _verdict(table: Table, met: str) -> str:
    """Return the statement that says, for each staged row, what it meets."""
    content = set(columns(table)) - set(table.keys) - set(_NOT_CONTENT)
    differs = " OR ".join(
        f'present."{name}" IS DISTINCT FROM incoming."{name}"'
        for name in sorted(content)
    )
    return (
        "CREATE OR REPLACE TEMP TABLE verdict AS "
        "SELECT incoming.n AS n, former, differs, sum FROM incoming LEFT JOIN "
        f"(SELECT incoming.n AS n, present.rowid AS former, ({differs}) AS differs, "
        f'hash(present) AS sum FROM incoming JOIN "{table.name}" AS present '
        f"ON {same_key(table, 'present', 'incoming')} "
        f'WHERE present.rowid IN (SELECT former FROM "{met}")) '
        "AS seen ON seen.n = incoming.n"
    )


def _sum_of_incoming(connection: duckdb.DuckDBPyConnection, table: Table) -> str:
    """Return the query of the sum of the staged rows, as the table would hold them."""
    held = connection.execute(f'DESCRIBE "{table.name}"').fetchall()
    names = ", ".join(_quoted(row[0]) for row in held)
    rows = f"(SELECT {names} FROM incoming) AS present"
    return f"SELECT coalesce(bit_xor(hash(present)), 0) FROM {rows}"


def _quoted(name: str) -> str:
    return f'"{name}"'


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])
