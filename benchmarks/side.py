"""One side alone in its own process: its seconds per KPI and its peak of memory.

`python -m benchmarks.side hand|engine|pandas|polars|sqlite FOLDER`
prints one JSON document.
"""

from __future__ import annotations

import json
import os
import re
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from benchmarks import by_hand
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import opened


def main(side: str, folder: Path) -> None:
    begun = time.process_time()
    work, together, loading = _prepared(side, folder)
    loading_cpu = time.process_time() - begun
    seconds, cpu = {}, {}
    for kpi in by_hand.QUERIES:
        started, spent = time.perf_counter(), time.process_time()
        work(kpi)
        seconds[kpi] = time.perf_counter() - started
        cpu[kpi] = time.process_time() - spent
    peak, started = _peak(), time.process_time()
    together()
    told = {
        "together_cpu": time.process_time() - started,
        "seconds": seconds,
        "cpu": cpu,
        "loading": loading,
        "loading_cpu": loading_cpu,
        "peak_mib": peak,
    }
    print(json.dumps(told))


def _peak() -> float:
    """Return the peak of memory in MiB; getrusage would count the parent's too."""
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text("utf-8"))
        if found:
            return int(found[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


Work = Callable[[str], object]
Together = Callable[[], object]


def _prepared(side: str, folder: Path) -> tuple[Work, Together, float]:
    """Return what answers one KPI, what answers the twelve, and the time to load."""
    workspace = opened(folder)
    reader = Generations(workspace.warehouse).reader()
    if side == "engine":
        from benchmarks import by_engine  # noqa: PLC0415 -- not in the others' memory

        return (
            lambda kpi: by_engine.answered(workspace, kpi),
            lambda: by_engine.together(workspace, tuple(by_hand.QUERIES)),
            0.0,
        )
    started = time.perf_counter()
    work, together = _peer(side, reader, folder)
    return work, together, time.perf_counter() - started


def _peer(
    side: str, reader: duckdb.DuckDBPyConnection, folder: Path
) -> tuple[Work, Together]:
    """Load the rows for a peer; return what answers a KPI, and the twelve."""
    if side == "pandas":
        from benchmarks import by_pandas  # noqa: PLC0415 -- not in the others' memory

        frames = by_pandas.loaded(reader)
        return (
            lambda kpi: by_pandas.KPIS[kpi](frames),
            lambda: by_pandas.together(frames),
        )
    work = _alone(side, reader, folder)
    return work, lambda: [work(kpi) for kpi in by_hand.QUERIES]


def _alone(side: str, reader: duckdb.DuckDBPyConnection, folder: Path) -> Work:
    """Return what answers a KPI on a side that shares nothing between them."""
    if side == "hand":
        return lambda kpi: by_hand.fetched(reader, kpi)
    if side == "sqlite":
        from benchmarks import by_sqlite  # noqa: PLC0415 -- not in the others' memory

        base = by_sqlite.made(reader, folder / f"peer-{os.getpid()}.sqlite3")
        return lambda kpi: by_sqlite.fetched(base, kpi)
    from benchmarks import by_polars  # noqa: PLC0415 -- not in the others' memory

    lazy = by_polars.loaded(reader)
    return lambda kpi: by_polars.KPIS[kpi](lazy)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
