# ruff: noqa: S608 -- names come from `domain.facts.tables`; values are bound
"""What became of each deal: stage, owner, amount, close; added to, never rewritten.

A change the source tells is "observed". A change seen between two refreshes, that the
source told nothing of, is "inferred" and dated at the refresh. A line that is there
stays as it is.
"""

from __future__ import annotations

from datetime import datetime

import duckdb

from jalon.domain.facts.tables import TABLES
from jalon.warehouse.meeting import met, relation
from jalon.warehouse.schema import columns
from jalon.warehouse.sums import moved

TABLE = "stage_changes"
_FOLLOWED = ("stage", "amount", "expected_close_on", "owner_id")
_NAMES = ", ".join(f'"{name}"' for name in columns(TABLES[TABLE]))


def append(connection: duckdb.DuckDBPyConnection, *, staged: str) -> int:
    """Add the lines of a Parquet file that are not there yet; return how many."""
    kinds = columns(TABLES[TABLE])
    cells = ", ".join(f'CAST("{name}" AS {kind})' for name, kind in kinds.items())
    return _added(
        connection,
        f"INSERT INTO {TABLE} ({_NAMES}) SELECT {cells} FROM read_parquet($staged) "
        f"AS new ANTI JOIN {TABLE} AS held "
        'ON held.deal_id = new.deal_id AND held."at" = CAST(new."at" AS TIMESTAMP)',
        staged=staged,
    )


def infer(
    connection: duckdb.DuckDBPyConnection,
    *,
    deals: str,
    at: datetime,
    since: datetime | None,
    source: str,
) -> int:
    """Add a line for each deal that a Parquet file changes without a line that says so.

    It is asked after the observed lines are added and before the deals are merged. A
    deal without any line first gets what it was at the refresh before (`since`). New
    deals have none: nothing tells how they came where they are. Moments have no zone,
    as the warehouse keeps them.
    """
    former = 0
    kind, new = TABLES["deals"], relation(deals)
    connection.execute(_changed(new, met(connection, kind, new)))
    if since is not None:
        former = _added(connection, _FORMER, since=since, source=source)
    former += _added(connection, _PRESENT, at=at, source=source)
    connection.execute("DROP TABLE temp.changed")
    return former


_CELLS = "stage, amount, expected_close_on, owner_id"
_DIFFERS = " OR ".join(
    f"held.{name} IS DISTINCT FROM new.{name}" for name in (*_FOLLOWED, "closed_on")
)
_TOLD = " AND ".join(
    f"(last.{name} IS NULL OR last.{name} IS NOT DISTINCT FROM new.{name})"
    for name in _FOLLOWED
)
_INSERT = f"""INSERT INTO {TABLE} (deal_id, "at", {_CELLS}, origin, source)"""
_FORMER = f"""{_INSERT}
    SELECT deal_id, $since, {", ".join(f"former_{name}" for name in _FOLLOWED)},
        'inferred', $source
    FROM changed ANTI JOIN {TABLE} AS held USING (deal_id)"""
_PRESENT = f"""{_INSERT} WITH last AS (
        SELECT deal_id, {", ".join(f'arg_max({n}, "at") AS {n}' for n in _FOLLOWED)}
        FROM {TABLE} SEMI JOIN changed USING (deal_id) GROUP BY deal_id
    )
    SELECT new.deal_id, $at, new.stage, new.amount, new.expected_close_on,
        new.owner_id, 'inferred', $source
    FROM changed AS new LEFT JOIN last USING (deal_id)
    WHERE (last.deal_id IS NULL OR NOT ({_TOLD}))
    AND NOT EXISTS (FROM {TABLE} AS there
        WHERE there.deal_id = new.deal_id AND there."at" = $at)"""


def _changed(new: str, met: str) -> str:
    """Return the statement that keeps the deals that change, with what they were."""
    cells = ", ".join(f"new.{name}, held.{name} AS former_{name}" for name in _FOLLOWED)
    return (
        f"CREATE OR REPLACE TEMP TABLE changed AS SELECT new.deal_id, {cells} "
        f"FROM {new} AS new JOIN deals AS held ON held.deal_id = new.deal_id "
        f'WHERE held.rowid IN (SELECT former FROM "{met}") AND ({_DIFFERS})'
    )


def _added(
    connection: duckdb.DuckDBPyConnection, statement: str, **values: object
) -> int:
    """Run a statement that adds lines; return how many, their sum told to the books."""
    last = f"SELECT coalesce(max(rowid), -1) FROM {TABLE}"
    before = connection.execute(last).fetchall()[0][0]
    added = int(connection.execute(statement, values).fetchall()[0][0])
    came = (
        f"SELECT coalesce(bit_xor(hash(present)), 0) FROM {TABLE} AS present "
        "WHERE rowid > ?"
    )
    total = connection.execute(came, [before]).fetchall()[0][0]
    moved(connection, TABLE, more=added, total=int(total))
    return added
