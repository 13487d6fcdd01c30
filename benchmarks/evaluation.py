"""Promise: 10,000 people × 40 KPIs are evaluated in less than 60 seconds.

The people of the sample are multiplied and its deals, activities and orders dealt out
among them anew; each KPI is then asked for every person, over a quarter.
"""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import duckdb

from benchmarks.by_engine import sql_timed
from benchmarks.spoken import Result
from jalon.domain.kpis.catalogue import delivered
from jalon.domain.kpis.question import Ask
from jalon.domain.periods import Period
from jalon.queries.kpi_values import measure
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace

PEOPLE, KPIS, ALONE = 10_000, 40, 20
QUARTER = Period(date(2026, 7, 1), date(2026, 10, 1))
ON = date(2026, 8, 31)
PROMISED = 60.0
_OWNERS = {"deals": "owner_id", "activities": "person_id", "order_lines": "person_id"}


def peopled(workspace: Workspace, people: int) -> None:
    """Publish a generation of that many people, the facts dealt out among them."""

    def change(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute(
            "INSERT INTO people BY NAME SELECT 'q' || range AS person_id, "
            "'Person ' || range AS name, 't' || (range % 10) AS team_id FROM range(?)",
            [people],
        )
        for table, owner in _OWNERS.items():
            connection.execute(
                f"UPDATE {table} SET {owner} = 'q' || (hash(source_id) % ?)", [people]
            )

    Generations(workspace.warehouse).publish(change)


def carried(workspace: Workspace) -> list[str]:
    """Return the KPIs that the sample's facts carry, people by people."""
    ask = [Ask("one", "person:q1", QUARTER)]
    known = [
        kpi
        for kpi in sorted(delivered())
        if measure(workspace, kpi, ask, on=ON)["one"].reason
        not in {"no_facts", "not_carried"}
    ]
    return (known * KPIS)[:KPIS]


def measured(workspace: Workspace, people: int = PEOPLE) -> dict[str, Any]:
    """Return the seconds of every person's figures, and of some asked one by one."""
    peopled(workspace, people)
    kpis = carried(workspace)
    asks = [Ask(f"q{rank}", f"person:q{rank}", QUARTER) for rank in range(people)]
    wall, cpu = time.perf_counter(), time.process_time()
    figures = 0
    with sql_timed() as queries:
        for kpi in kpis:
            rows = measure(workspace, kpi, asks, on=ON)
            figures += sum(row.value is not None for row in rows.values())
    spent, clock = time.process_time() - cpu, time.perf_counter() - wall
    started = time.process_time()
    for ask in asks[:ALONE]:
        for kpi in kpis[:: KPIS // 4]:
            measure(workspace, kpi, [ask], on=ON)
    alone = (time.process_time() - started) / (ALONE * len(kpis[:: KPIS // 4]))
    return {
        "people": people,
        "kpis": len(kpis),
        "different_kpis": len(set(kpis)),
        "figures": figures,
        "queries": len(queries),
        "seconds": clock,
        "cpu": spent,
        "alone_cpu": alone * people * len(kpis),
    }


def results(found: dict[str, Any]) -> list[Result]:
    """Return what was measured, beside its peers."""
    what = f"{found['people']:,} people × {found['kpis']} KPIs"
    return [
        Result(
            "evaluation.promise",
            f"{what}, {found['queries']} queries, by the clock",
            f"the {PROMISED:g} s promised",
            found["seconds"] / PROMISED,
            goal=1.0,
            seconds=found["seconds"],
        ),
        Result(
            "evaluation.together",
            f"{what}, all at once",
            "one question a person (some, multiplied)",
            found["cpu"] / found["alone_cpu"],
            goal=0.1,
            seconds=found["cpu"],
        ),
    ]
