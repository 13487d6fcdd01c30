"""`docs/benchmarks.md`: a table of every promise, then what each suite measured.

The page is made of the JSON; what stands below the line `BY_HAND` was written by people
and stays.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks import (
    cascade,
    kpi_speed,
    objective_tree,
    publication,
    sample,
    spoken,
    territories,
)

BY_HAND = "<!-- Below this line the page is written by hand. -->"


def written(found: dict[str, Any]) -> list[str]:
    """Return the generated part of the page."""
    machine, suites = found["machine"], found["suites"]
    lines = [
        "# Benchmarks",
        "",
        "`make bench` measures every promise of speed;",
        "`make bench BENCH='--scale 0.1'` does so on a tenth of the facts,",
        "`make bench BENCH=--keep` writes this page, and",
        "`make bench-compare BEFORE=commit` sets the last run beside a commit's.",
        "Each ratio is to a peer **of the same run**, so that it means the same on",
        "another machine; seconds are of processor unless it is said. The yardstick is",
        f"a fixed piece of Python: {machine['yardstick'] * 1000:.0f} ms here.",
        "",
        f"Machine: {machine['processor']}, {machine['cores']} cores,",
        f"{machine['memory_gib']} GiB; Python {machine['python']}, DuckDB",
        f"{machine['duckdb']}, pandas {machine['pandas']}, polars {machine['polars']}.",
        "",
        "## Every promise",
        "",
        *spoken.table(found["results"]),
        "",
        "| suite | measured on | scale | load of the machine when it began |",
        "| --- | --- | --: | --: |",
        *(
            f"| {name} | {one['on']} | {one['scale']:g} | {one['load']:.1f} |"
            for name, one in suites.items()
        ),
    ]
    tables = {
        "kpis": ("Twelve KPIs by month, person and segment", _kpis),
        "tree": ("A tree of objectives", objective_tree.table),
        "publication": ("A publication", publication.table),
        "cascade": ("A cascade", cascade.table),
        "territories": ("Territories", territories.table),
    }
    for name, (title, table) in tables.items():
        if name in suites:
            lines += ["", f"## {title}", "", *table(suites[name]["found"])]
    return lines


def _kpis(found: dict[str, Any]) -> list[str]:
    sizes = f"{sample.DEALS:,} deals, {sample.ACTIVITIES:,} activities"
    peaks = ", ".join(f"{side} {mib:,}" for side, mib in found["peak_mib"].items())
    return [
        f"At scale 1: {sizes}, {sample.LINES:,} order lines, {sample.PEOPLE} people,",
        f"{sample.SEGMENTS} segments, {sample.MONTHS} months. *Hand SQL* is",
        "`benchmarks/by_hand.py`, fetched as tuples; *Jalon's SQL* what the engine",
        "runs for the same question, fetched as columns. An *answer* is those columns",
        "named and sorted, sums exact; *with rows* adds a frozen row for each group,",
        "with its exact quotient. *pandas* has its rows in memory (loading them took",
        f"{found['pandas_loading']:.1f} s more). *Equal*: every row of Jalon, of hand",
        "SQL and of pandas is the same; polars and SQLite are compared on a hundredth.",
        "",
        *kpi_speed.table(found),
        "",
        f"Peak memory of each side alone in its process, MiB: {peaks}.",
    ]


def beside_what_is_by_hand(told: str, path: Path) -> str:
    """Return the page: the generated part, then what people wrote below it."""
    former = path.read_text("utf-8") if path.exists() else ""
    _, found, rest = former.partition(BY_HAND)
    return f"{told}\n\n{BY_HAND}{rest if found else chr(10)}"
