"""A desk to read small files with: write them, read them, look at the rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from jalon.connectors.files.mapping import parsed
from jalon.connectors.files.reading import Known, Reading, read


@dataclass(frozen=True)
class Desk:
    """Files in a folder, and what reading them gave."""

    folder: Path
    known: Known = field(default_factory=Known)

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / "given" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def read(self, mapping: str | None = None, *paths: Path) -> Reading:
        given = paths or (self.folder / "given",)
        found = parsed(mapping) if mapping else None
        place = self.folder / f"read{len(list(self.folder.iterdir()))}"
        return read(given, found, place, self.known)


def rows(reading: Reading, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
    path = reading.staged[table]
    return duckdb.execute(
        f"SELECT {columns} FROM '{path}' ORDER BY _part, _line"
    ).fetchall()


def rejects(reading: Reading) -> list[tuple[Any, ...]]:
    return duckdb.execute(
        f"SELECT file, line, column_name, value, reason FROM '{reading.quarantine}' ORDER BY 1, 2"
    ).fetchall()
