"""The facts of a generation as Parquet, for engines that read files.

Written once beside the generations, in `carried/gNNNNNNNN/`, by one process at a time;
removed once the generation is.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from jalon.domain.facts.tables import TABLES
from jalon.warehouse.engines.port import Facts
from jalon.warehouse.generations import locked

FOLDER = "carried"
_WAIT = 600.0  # seconds: ten million rows take about ten


def carried(facts: Facts) -> Path:
    """Return the folder that holds `TABLE.parquet` for each canonical table."""
    parent = facts.generations.folder / FOLDER
    there = parent / facts.name
    if there.exists():
        return there
    with locked(parent / "CARRY.lock", _WAIT):
        if not there.exists():
            _write(facts, parent / f"{facts.name}.new")
            (parent / f"{facts.name}.new").rename(there)
            _forget(facts, parent)
    return there


def _write(facts: Facts, aside: Path) -> None:
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    with facts.cursor() as cursor:
        for table in TABLES:
            cursor.table(f'"{table}"').write_parquet(str(aside / f"{table}.parquet"))


def _forget(facts: Facts, parent: Path) -> None:
    """Remove what was carried of generations that are gone."""
    kept = set(facts.generations.names())
    for folder in parent.glob("g*"):
        if folder.name.removesuffix(".new") not in kept:
            shutil.rmtree(folder, ignore_errors=True)
