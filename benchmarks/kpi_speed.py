"""Promise: KPIs cost what hand-written SQL costs, and a tenth of pandas.

Jalon and the hand-written SQL take turns in one process on one file; the best of a few
rounds is kept, so that what else the machine does weighs on both alike. Memory is
measured with each side alone in its own process.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from benchmarks import (
    by_engine,
    by_hand,
    by_pandas,
    by_polars,
    by_sqlite,
    sample,
)
from benchmarks.spoken import Result
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace

SIDES = ("hand", "engine", "pandas", "polars", "sqlite")
MEASURED = ("hand", "sql", "answer", "rows_made", "pandas")
_SOME = 0.01  # the sample on which slower peers are compared
_NEAR = Decimal("0.000001")


def measured(
    workspace: Workspace, rounds: int, sides: tuple[str, ...] = SIDES
) -> dict[str, Any]:
    """Return the seconds of each KPI on each side, checks and peaks of memory."""
    reader = Generations(workspace.warehouse).reader()
    kpis = {kpi: _raced(workspace, reader, kpi, rounds) for kpi in by_hand.QUERIES}
    together = _together(workspace, rounds)
    alone = {side: _alone(side, workspace.folder) for side in sides}
    for kpi, found in kpis.items():
        found["pandas"] = alone["pandas"]["seconds"][kpi]
        found["pandas_cpu"] = alone["pandas"]["cpu"][kpi]
    return {
        "kpis": kpis,
        "peers": {
            side: {
                "seconds": sum(told["seconds"].values()),
                "cpu": sum(told["cpu"].values()),
                "loading_cpu": told["loading_cpu"],
                "together_cpu": told["together_cpu"],
            }
            for side, told in alone.items()
        },
        "together": together.wall,
        "together_cpu": together.cpu,
        "peak_mib": {side: round(alone[side]["peak_mib"]) for side in sides},
        "pandas_loading": alone["pandas"]["loading"],
        "pandas_loading_cpu": alone["pandas"]["loading_cpu"],
        "pandas_fresh_cpu": _fresh(reader),
        "pandas_equal": _all_equal(sides[2:], reader),
    }


def results(found: dict[str, Any]) -> list[Result]:
    """Return what was measured, beside each peer, in processor time."""
    spent, peers = total(found, "_cpu"), found["peers"]
    answer = spent["answer"]
    each = (found["pandas_fresh_cpu"] + spent["pandas"]) / answer
    told = [
        Result(
            "kpi.sql",
            "the SQL of the twelve KPIs",
            "the same written by hand",
            spent["sql"] / spent["hand"],
            goal=1.15,
            seconds=spent["sql"],
        ),
        Result(
            "kpi.answer",
            "the twelve answers, named and sorted",
            "the same written by hand",
            answer / spent["hand"],
            seconds=answer,
        ),
        Result(
            "kpi.together",
            "the twelve asked together, those on the same rows in one scan",
            "asked one by one",
            found["together_cpu"] / answer,
            seconds=found["together_cpu"],
        ),
        Result(
            "kpi.pandas_from_disk",
            "times faster than pandas reading what each question needs, as Jalon does",
            "Jalon's answer",
            each,
            goal=10,
            more=True,
            seconds=found["pandas_fresh_cpu"] + spent["pandas"],
        ),
    ]
    for side in (name for name in peers if name not in {"hand", "engine"}):
        one = peers[side]
        told += [
            Result(
                f"kpi.{side}_in_memory",
                f"times faster than {side}, its rows loaded already",
                "Jalon's answer",
                one["cpu"] / answer,
                more=True,
                seconds=one["cpu"],
            ),
            Result(
                f"kpi.{side}_with_loading",
                f"times faster than {side} loading once, then asking the twelve",
                "Jalon's answer, the twelve together",
                (one["loading_cpu"] + one["together_cpu"]) / found["together_cpu"],
                goal=10 if side == "pandas" else None,
                more=True,
                seconds=one["loading_cpu"] + one["together_cpu"],
            ),
        ]
    memory = found["peak_mib"]
    return [
        *told,
        Result(
            "kpi.memory",
            f"peak memory, {memory['engine']:,} MiB",
            "pandas",
            memory["engine"] / memory["pandas"],
        ),
    ]


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


def _together(workspace: Workspace, rounds: int) -> _Best:
    """Return the shortest round of the twelve asked together, answers compared."""
    best, kpis = _Best(), tuple(by_hand.QUERIES)
    for _ in range(rounds):
        with best.round():
            found = by_engine.together(workspace, kpis)
    for kpi, answer in zip(kpis, found, strict=True):
        assert len(answer.rows) == len(by_engine.answered(workspace, kpi).rows)
    return best


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


def _all_equal(sides: tuple[str, ...], reader: duckdb.DuckDBPyConnection) -> bool:
    """Return whether peers agree with hand SQL: pandas on all rows, others on some."""
    with tempfile.TemporaryDirectory() as folder:
        small = sample.made(Path(folder), _SOME)
        some = Generations(small.warehouse).reader()
        return all(_equal(side, reader if side == "pandas" else some) for side in sides)


def _equal(side: str, reader: duckdb.DuckDBPyConnection) -> bool:
    """Return whether a peer's rows are those of the hand-written SQL."""
    with tempfile.TemporaryDirectory() as folder:
        answer = _answering(side, reader, Path(folder))
        for kpi in by_hand.QUERIES:
            expected = by_hand.sides(by_hand.fetched(reader, kpi))
            if differences(expected, _sides(kpi, answer(kpi))):
                print(f"{side} differs on {kpi}", file=sys.stderr)
                return False
    return True


def _answering(
    side: str, reader: duckdb.DuckDBPyConnection, folder: Path
) -> Callable[[str], Iterable[Any]]:
    """Return what gives a peer's rows: month, person, segment, numbers."""
    if side == "sqlite":
        base = by_sqlite.made(reader, folder / "peer.sqlite3")
        return lambda kpi: by_sqlite.fetched(base, kpi)
    if side == "polars":
        lazy = by_polars.loaded(reader)
        return lambda kpi: by_polars.KPIS[kpi](lazy).rows()
    frames = by_pandas.loaded(reader)
    return lambda kpi: (
        (month.date(), person, segment, *numbers)
        for (month, person, segment), *numbers in by_pandas.KPIS[kpi](
            frames
        ).itertuples()
    )


def _sides(
    kpi: str, rows: Iterable[Any]
) -> dict[tuple[date, str, str], tuple[Decimal, Decimal | None]]:
    """Return a peer's numbers in the units of the product."""
    above, below = (Decimal(unit) for unit in by_pandas.UNITS[kpi])
    found = {}
    for month, person, segment, *numbers in rows:
        day = month if isinstance(month, date) else date.fromisoformat(f"{month}-01")
        under = Decimal(int(numbers[1])) / below if len(numbers) > 1 else None
        over = Decimal(int(numbers[0] or 0)) / above
        found[day, person, segment] = (over, under)
    return found


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
    """Return whether Jalon, hand-written SQL and the peers agree on every row."""
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
