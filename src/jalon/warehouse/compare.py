# ruff: noqa: S608 -- names come from `domain.facts.tables`; paths are bound
"""What a staged file would change: rows that the warehouse already holds as they are.

The same comparison as `load.merge` makes: by key, then every canonical column and
`attributes`, NULL being equal to NULL.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from jalon.domain.facts.tables import TABLES
from jalon.warehouse.meeting import same_key
from jalon.warehouse.overlay import laid_under
from jalon.warehouse.schema import columns

_NOT_CONTENT = ("source", "source_id")
_COUNTED = ("_part", "_fresh")


def unchanged(
    reader: duckdb.DuckDBPyConnection, *, table: str, staged: Path
) -> dict[int, tuple[int, int]]:
    """Return, for each part of a staged file, (rows held already, what they stand for).

    The staged file has `_part` and `_fresh` beside the columns of its table.
    """
    kind = TABLES[table]
    key = same_key(kind, "held", "staged")
    same = " AND ".join(
        f'held."{name}" IS NOT DISTINCT FROM staged."{name}"'
        for name in columns(kind)
        if name not in _NOT_CONTENT
    )
    origin = f"{laid_under(kind, 'read_parquet($staged)', more=_COUNTED)} AS staged"
    # Keys alone are read of the whole table, then the cells of the rows met alone.
    met = f'SELECT held.rowid FROM "{table}" AS held SEMI JOIN {origin} ON {key}'
    rows = reader.execute(
        "SELECT staged._part, count(*), sum(staged._fresh) "
        f'FROM {origin} SEMI JOIN (SELECT * FROM "{table}" AS held '
        f"WHERE held.rowid IN ({met})) AS held ON {same} GROUP BY staged._part",
        {"staged": str(staged)},
    ).fetchall()
    return {int(part): (int(held), int(fresh)) for part, held, fresh in rows}


def names(reader: duckdb.DuckDBPyConnection, *, kind: str, key: str, to: Path) -> None:
    """Write the (id, name) of every row of a table to a Parquet file; people whole."""
    cells = f'* RENAME ("{key}" AS id)' if kind == "people" else f'"{key}" AS id, name'
    relation = reader.sql(f'SELECT {cells} FROM "{kind}"')
    relation.write_parquet(str(to))
