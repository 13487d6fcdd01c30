"""Put a named little company in a workspace folder, as an import would leave it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from jalon.domain.facts.tables import PROVENANCE, TABLES
from jalon.warehouse.generations import Generations
from jalon.warehouse.schema import create_tables
from jalon.workspace.folder import Workspace, opened

Rows = Mapping[str, Sequence[Mapping[str, object]]]


def fill(connection: duckdb.DuckDBPyConnection, rows: Rows) -> None:
    """Insert the rows of each table; what a row does not say is unknown."""
    for name, found in rows.items():
        table = TABLES[name]
        columns = [column.name for column in (*table.columns, *PROVENANCE)]
        slots = ", ".join("?" for _ in columns)
        names = ", ".join(f'"{column}"' for column in columns)
        cells = [
            [_provenance(table.keys, row).get(column) for column in columns]
            for row in found
        ]
        if cells:
            connection.executemany(
                f'INSERT INTO "{name}" ({names}) VALUES ({slots})', cells
            )


def workspace(folder: Path, rows: Rows, *, settings: str = "") -> Workspace:
    """Return a workspace whose current generation holds the rows."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "jalon.toml").write_text(settings, "utf-8")
    made = opened(folder)

    def change(connection: duckdb.DuckDBPyConnection) -> None:
        create_tables(connection)
        fill(connection, rows)

    Generations(made.warehouse).publish(change)
    return made


def _provenance(keys: Sequence[str], row: Mapping[str, object]) -> dict[str, object]:
    identity = "/".join(str(row.get(key) or "") for key in keys)
    return {"source": "small", "source_id": identity, **row}
