"""Promise: a whole tree of objectives on one KPI costs a few queries, not one a person.

The tree is the company, its teams and its people, each with a target for the quarter:
one query for each kind of owner, whatever their number.
"""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from benchmarks.by_engine import sql_timed
from benchmarks.sample import PEOPLE, TEAMS
from benchmarks.spoken import Result
from jalon.domain.kpis.question import Ask
from jalon.domain.periods import Period
from jalon.queries.kpi_values import measure
from jalon.workspace.folder import Workspace

QUARTER = Period(date(2026, 7, 1), date(2026, 10, 1))
ON = date(2026, 8, 31)
KPIS = ("revenue", "win_rate", "gross_margin_rate", "meetings")


def asks() -> list[Ask]:
    """Return one ask per owner of the tree."""
    owners = ["company"]
    owners += [f"team:t{number}" for number in range(TEAMS)]
    owners += [f"person:p{number}" for number in range(PEOPLE)]
    return [Ask(owner, owner, QUARTER) for owner in owners]


def measured(workspace: Workspace, rounds: int) -> dict[str, Any]:
    """Return, for each KPI, the owners, the queries and the seconds of the tree."""
    return {kpi: _measured(workspace, kpi, rounds) for kpi in KPIS}


def _measured(workspace: Workspace, kpi: str, rounds: int) -> dict[str, Any]:
    best, queries = 1e9, 0
    tree = asks()
    for _ in range(rounds):
        with sql_timed() as seconds:
            started = time.perf_counter()
            rows = measure(workspace, kpi, tree, on=ON)
            best = min(best, time.perf_counter() - started)
        assert len(rows) == len(tree)
        queries = len(seconds)
    started = time.perf_counter()
    measure(workspace, kpi, tree[-1:], on=ON)
    alone = time.perf_counter() - started
    return {
        "owners": len(tree),
        "queries": queries,
        "seconds": best,
        "one_person": alone,
    }


def table(found: dict[str, Any]) -> list[str]:
    """Return the figures as lines of a Markdown table."""
    return [
        "| KPI | owners | queries | whole tree, ms | one person alone, ms |",
        "| --- | --: | --: | --: | --: |",
        *(
            f"| {kpi} | {row['owners']} | {row['queries']} "
            f"| {row['seconds'] * 1000:.0f} | {row['one_person'] * 1000:.0f} |"
            for kpi, row in found.items()
        ),
    ]


def results(found: dict[str, Any]) -> list[Result]:
    """Return what a whole tree costs beside one person of it, and its queries."""
    whole = sum(row["seconds"] for row in found.values())
    alone = sum(row["one_person"] for row in found.values())
    owners = sum(row["owners"] for row in found.values())
    queries = sum(row["queries"] for row in found.values())
    return [
        Result(
            "tree.whole",
            f"{owners:,} owners of {len(found)} KPIs, by the clock",
            "as many times one person alone",
            whole / (alone / len(found) * owners),
            goal=0.1,
            seconds=whole,
        ),
        Result(
            "tree.queries", f"{queries} queries for them", "owners", queries / owners
        ),
    ]
