"""A longer past for a company: its deals, activities and lines again, years before.

Each copy is 314 weeks older than the one before, under keys of its own: today's figures
stay as they are, weekdays too, and every question meets more rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

    from jalon.workspace.folder import Workspace

APART = 7 * 314  # days between two copies; longer than the rates known
KEYS = {
    "deals": ("deal_id", "source_id"),
    "stage_changes": ("deal_id", "source_id"),
    "activities": ("activity_id", "deal_id", "source_id"),
    "order_lines": ("order_id", "source_id"),
    "rates": (),
}
COUNTED = ("deals", "activities", "order_lines")
DAYS = {"DATE", "TIMESTAMP"}


def lengthened(workspace: Workspace, facts: int) -> int:
    """Return how many deals, activities and lines there are, once at least `facts`."""
    from jalon.warehouse.generations import Generations  # noqa: PLC0415 - after Django

    generations = Generations(workspace.warehouse)
    held = counted(generations.reader())
    copies = -(-facts // held) - 1
    if copies > 0:
        share = (facts - held) / (held * copies)

        def fill(connection: duckdb.DuckDBPyConnection) -> None:
            for table, keys in KEYS.items():
                _repeat(connection, table, keys, copies=copies, share=share)

        generations.publish(fill)
    return counted(generations.reader())


def counted(reader: duckdb.DuckDBPyConnection) -> int:
    """Return the number of deals, activities and lines."""
    total = 0
    for table in COUNTED:
        ((rows,),) = reader.execute(f"SELECT count(*) FROM {table}").fetchall()
        total += rows
    return total


def _repeat(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    keys: tuple[str, ...],
    *,
    copies: int,
    share: float,
) -> None:
    columns = {
        name: kind
        for name, kind, *_ in connection.execute(f"DESCRIBE {table}").fetchall()
    }
    told = []
    for name, kind in columns.items():
        if name in keys:
            told.append(f'"{name}" || \'~\' || copy AS "{name}"')
        elif kind in DAYS:
            moved = f'"{name}" - to_days(CAST(copy * {APART} AS INTEGER))'
            told.append(f'CAST({moved} AS {kind}) AS "{name}"')
        else:
            told.append(f'"{name}"')
    # A deal comes with its moves and its activities: all are drawn by the deal.
    drawn = [name for name in ("deal_id", *keys[:1]) if name in columns]
    part = f"hash(coalesce({', '.join(drawn)})) % 1000000 <= {share * 1e6:.0f}"
    kept = f"WHERE {part}" if drawn else ""
    connection.execute(
        f"INSERT INTO {table} BY NAME SELECT {', '.join(told)} FROM {table}, "
        f"range(1, {copies + 1}) AS past(copy) {kept}"
    )
