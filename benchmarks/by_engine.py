"""The twelve KPIs as Jalon answers them, whole (named rows) or only its SQL."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from benchmarks.sample import AFTER, period
from jalon.domain.kpis.question import Answer, Question
from jalon.queries.kpi_values import value, values
from jalon.queries.snapshots import Snapshot
from jalon.workspace.folder import Workspace

RUNNERS = ("run", "run_columns")
BY = ("month", "person", "segment")
ON = date.fromisoformat(AFTER)


def answered(workspace: Workspace, kpi: str) -> Answer:
    """Return what Jalon answers."""
    return value(workspace, Question(kpi, period(), by=BY), on=ON)


def together(workspace: Workspace, kpis: Sequence[str]) -> tuple[Answer, ...]:
    """Return what Jalon answers when several are asked at once."""
    asked = [Question(kpi, period(), by=BY) for kpi in kpis]
    return values(workspace, asked, on=ON)


def sides(
    answer: Answer,
) -> dict[tuple[date, str, str], tuple[Decimal, Decimal | None]]:
    """Return numerator and denominator of each month, person and segment."""
    found = {}
    for row in answer.rows:
        month = date.fromisoformat(f"{row.labels['month']}-01")
        key = (month, str(row.keys["person_id"]), str(row.labels["segment"]))
        above = row.value if row.numerator is None else row.numerator
        found[key] = (above or Decimal(0), row.denominator)
    return found


@contextmanager
def sql_timed() -> Iterator[list[tuple[float, float]]]:
    """Note the seconds, clock and processor, of each query the engine runs."""
    seconds: list[tuple[float, float]] = []
    plain = {name: getattr(Snapshot, name) for name in RUNNERS}

    def timed(run: Callable[..., Any]) -> Callable[..., Any]:
        def noting(*given: object, **options: object) -> object:
            wall, cpu = time.perf_counter(), time.process_time()
            rows = run(*given, **options)
            spent = (time.perf_counter() - wall, time.process_time() - cpu)
            seconds.append(spent)
            return rows

        return noting

    for name, run in plain.items():
        setattr(Snapshot, name, timed(run))
    try:
        yield seconds
    finally:
        for name, run in plain.items():
            setattr(Snapshot, name, run)
