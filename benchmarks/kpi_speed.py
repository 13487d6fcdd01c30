"""Promise: KPIs cost what hand-written SQL costs, and a tenth of pandas.

Jalon and the hand-written SQL take turns in one process on one file; the best of a few
rounds is kept, so that what else the machine does weighs on both alike. Memory is
measured with each side alone in its own process.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from benchmarks import by_engine, by_hand, by_pandas
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace

SIDES = ("hand", "engine", "pandas")
MEASURED = ("hand", "sql", "answer", "rows_made", "pandas")
_NEAR = Decimal("0.000001")


def measured(workspace: Workspace, rounds: int) -> dict[str, Any]:
    """Return the seconds of each KPI on each side, checks and peaks of memory."""
    reader = Generations(workspace.warehouse).reader()
    kpis = {kpi: _raced(workspace, reader, kpi, rounds) for kpi in by_hand.QUERIES}
    alone = {side: _alone(side, workspace.folder) for side in SIDES}
    for kpi, found in kpis.items():
        found["pandas"] = alone["pandas"]["seconds"][kpi]
        found["pandas_cpu"] = alone["pandas"]["cpu"][kpi]
    return {
        "kpis": kpis,
        "peak_mib": {side: round(alone[side]["peak_mib"]) for side in SIDES},
        "pandas_loading": alone["pandas"]["loading"],
        "pandas_loading_cpu": alone["pandas"]["loading_cpu"],
        "pandas_fresh_cpu": _fresh(reader),
        "pandas_equal": _pandas_equal(reader),
    }


def _raced(
    workspace: Workspace, reader: duckdb.DuckDBPyConnection, kpi: str, rounds: int
) -> dict[str, Any]:
    hand, sql, answer, rows = _Best(), _Best(), _Best(), _Best()
    for _ in range(rounds):
        with hand.round():
            expected = by_hand.fetched(reader, kpi)
        with by_engine.sql_timed() as queries, rows.round():
            with answer.round():
                found = by_engine.answered(workspace, kpi)
            made = len(list(found.rows))
        assert made == len(expected)
        sql.keep(sum(wall for wall, _ in queries), sum(cpu for _, cpu in queries))
    differing = differences(by_hand.sides(expected), by_engine.sides(found))
    return {
        "hand": hand.wall,
        "sql": sql.wall,
        "answer": answer.wall,
        "rows_made": rows.wall,
        "hand_cpu": hand.cpu,
        "sql_cpu": sql.cpu,
        "answer_cpu": answer.cpu,
        "rows_made_cpu": rows.cpu,
        "rows": len(expected),
        "equal": not differing,
    }


class _Best:
    """The shortest round met: seconds by the clock, and of processor."""

    def __init__(self) -> None:
        self.wall = self.cpu = 1e9

    def keep(self, wall: float, cpu: float) -> None:
        self.wall, self.cpu = min(self.wall, wall), min(self.cpu, cpu)

    @contextmanager
    def round(self) -> Iterator[None]:
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.keep(time.perf_counter() - wall, time.process_time() - cpu)


def differences(
    expected: dict[Any, tuple[Decimal, Decimal | None]],
    found: dict[Any, tuple[Decimal, Decimal | None]],
) -> list[Any]:
    """Return the keys where two sides differ by a millionth or more."""
    return [
        key
        for key in expected.keys() | found.keys()
        if key not in expected
        or key not in found
        or abs(expected[key][0] - found[key][0]) >= _NEAR
        or (
            expected[key][1] is not None
            and abs((found[key][1] or 0) - (expected[key][1] or 0)) >= _NEAR
        )
    ]


def _fresh(reader: duckdb.DuckDBPyConnection) -> float:
    """Return the processor seconds of loading, for each KPI, the tables it needs."""
    spent = 0.0
    for kpi in by_hand.QUERIES:
        started = time.process_time()
        by_pandas.loaded(reader, only=by_pandas.needed(kpi))
        spent += time.process_time() - started
    return spent


def _pandas_equal(reader: duckdb.DuckDBPyConnection) -> bool:
    frames = by_pandas.loaded(reader)
    for kpi, work in by_pandas.KPIS.items():
        expected = by_hand.sides(by_hand.fetched(reader, kpi))
        above, below = (Decimal(unit) for unit in by_pandas.UNITS[kpi])
        found = {
            (month.date(), person, segment): (
                Decimal(int(numbers[0])) / above,
                Decimal(int(numbers[1])) / below if len(numbers) > 1 else None,
            )
            for (month, person, segment), *numbers in work(frames).itertuples()
        }
        if differences(expected, found):
            print(f"pandas differs on {kpi}", file=sys.stderr)
            return False
    return True


def _alone(side: str, folder: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.side", side, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=1200,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def all_equal(found: dict[str, Any]) -> bool:
    """Return whether Jalon, hand-written SQL and pandas agree on every row."""
    return found["pandas_equal"] and all(row["equal"] for row in found["kpis"].values())


def table(found: dict[str, Any]) -> list[str]:
    """Return the figures as lines of a Markdown table."""
    lines = [
        (
            "| KPI | rows | hand SQL, ms | Jalon's SQL, ms | ÷ hand | answer, ms "
            "| ÷ hand | with rows, ms | ÷ hand | pandas, ms | pandas ÷ Jalon | equal |"
        ),
        f"| --- | {'--: | ' * 10}--- |",
    ]
    for kpi, row in found["kpis"].items():
        lines.append(_line(kpi, row, "yes" if row["equal"] else "NO"))
    equal = "yes" if all_equal(found) else "NO"
    return [
        *lines,
        _line("**all, by the clock**", total(found), equal),
        _line("**all, processor time**", total(found, "_cpu"), equal),
    ]


def total(found: dict[str, Any], suffix: str = "") -> dict[str, float]:
    """Return the sums over the twelve, by the clock or of processor time."""
    rows = found["kpis"].values()
    named = {one: f"{one}{suffix}" for one in MEASURED}
    named["rows"] = "rows"
    return {one: sum(row[name] for row in rows) for one, name in named.items()}


def _line(name: str, row: dict[str, Any], equal: str) -> str:
    hand, sql, answer, made, pandas = (row[one] for one in MEASURED)
    return (
        f"| {name} | {row['rows']:.0f} | {hand * 1000:.0f} | {sql * 1000:.0f} "
        f"| {sql / hand:.2f} | {answer * 1000:.0f} | {answer / hand:.2f} "
        f"| {made * 1000:.0f} | {made / hand:.2f} "
        f"| {pandas * 1000:.0f} | {pandas / answer:.1f} | {equal} |"
    )
