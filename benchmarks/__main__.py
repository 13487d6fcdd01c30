"""`python -m benchmarks`: measure every promise of speed, print and keep the figures.

The sample is made anew in a temporary folder, or kept where `--folder` says. Figures go
to `benchmarks/results/latest.json`, and to `docs/benchmarks.md` with `--keep`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from benchmarks import (
    cascade,
    import_speed,
    kpi_speed,
    objective_tree,
    publication,
    sample,
    territories,
)
from jalon.workspace.folder import Workspace, opened

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "latest.json"
_MOST_SQL, _LEAST_FASTER = 1.15, 10
PAGE = HERE.parent / "docs" / "benchmarks.md"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="1: a million deals")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where the sample is kept")
    parser.add_argument("--keep", action="store_true", help="write docs/benchmarks.md")
    parser.add_argument("--no-import", action="store_true", help="leave imports out")
    parser.add_argument("--results", type=Path, default=RESULTS, help="JSON file")
    chosen = parser.parse_args()
    # Imports come first: a child's peak of memory is never below its parent's.
    imports = [] if chosen.no_import else import_speed.measured(_rows(chosen.scale))
    with tempfile.TemporaryDirectory() as aside:
        workspace = _sample(chosen.folder or Path(aside), chosen.scale)
        found = {**_measured(workspace, chosen), "imports": imports}
    page = "\n".join(_page(found))
    print(page)
    chosen.results.parent.mkdir(exist_ok=True)
    chosen.results.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    if chosen.keep:
        PAGE.write_text(page + "\n", "utf-8")
    if not kpi_speed.all_equal(found["kpis"]):
        sys.exit("Jalon, hand-written SQL and pandas do not agree.")


def _rows(scale: float) -> int:
    return int(1_000_000 * scale)


def _sample(folder: Path, scale: float) -> Workspace:
    if (folder / "warehouse" / "CURRENT").exists():
        return opened(folder)
    started = time.perf_counter()
    workspace = sample.made(folder, scale)
    print(f"sample made in {time.perf_counter() - started:.1f} s", file=sys.stderr)
    return workspace


def _measured(workspace: Workspace, chosen: argparse.Namespace) -> dict[str, Any]:
    sizes = f"--scale {chosen.scale:g} --rounds {chosen.rounds}"
    return {
        "on": datetime.now(tz=UTC).date().isoformat(),  # noqa: TID251 -- a door
        "command": f"python -m benchmarks {sizes}",
        "machine": _machine(),
        "load": os.getloadavg()[0],
        "scale": chosen.scale,
        "rounds": chosen.rounds,
        "kpis": kpi_speed.measured(workspace, chosen.rounds),
        "tree": objective_tree.measured(workspace, chosen.rounds),
        "publication": publication.measured(workspace),
        "cascade": cascade.measured(chosen.rounds),
        "territories": territories.measured(),
    }


def _machine() -> dict[str, Any]:
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(
            os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        ),
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "pandas": pd.__version__,
    }


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    names = (line.partition(":")[2] for line in lines if line.startswith("model name"))
    return next(names, platform.processor()).strip()


def _page(found: dict[str, Any]) -> list[str]:
    machine = found["machine"]
    rows = {
        "deals": sample.DEALS,
        "activities": sample.ACTIVITIES,
        "order lines": sample.LINES,
    }
    sizes = ", ".join(f"{int(n * found['scale']):,} {name}" for name, n in rows.items())
    return [
        "# Benchmarks",
        "",
        f"Measured on {found['on']} by `{found['command']}`",
        f"(`make bench` does the same): {machine['processor']},",
        f"{machine['cores']} cores, {machine['memory_gib']} GiB; Python",
        f"{machine['python']}, DuckDB {machine['duckdb']}, pandas {machine['pandas']}.",
        f"Sample: {sizes},",
        f"{sample.PEOPLE} people, {sample.SEGMENTS} segments, {sample.MONTHS} months.",
        f"Best of {found['rounds']} rounds; both sides take turns in one process.",
        f"Load of the machine when it began: {found['load']:.1f} (over its cores,",
        "processor time compares better than the clock).",
        "",
        "## Twelve KPIs by month, person and segment",
        "",
        "*Hand SQL* is `benchmarks/by_hand.py`, fetched as tuples. *Jalon's SQL* is",
        "what the engine runs for the same question, fetched as columns. An *answer*",
        "is those columns named and sorted, sums exact; *with rows* adds what a reader",
        "of every line asks: a frozen row for each group, with its exact quotient.",
        "*pandas* works on the same rows already in memory",
        f"(loading them took {found['kpis']['pandas_loading']:.1f} s more).",
        "*Equal*: every row of Jalon, hand SQL and pandas is the same.",
        "",
        *kpi_speed.table(found["kpis"]),
        "",
        "Peak memory of each side alone in its process, MiB: "
        + ", ".join(f"{k} {v}" for k, v in found["kpis"]["peak_mib"].items())
        + ".",
        "",
        *_reading(found["kpis"]),
        "",
        "## A tree of objectives",
        "",
        *objective_tree.table(found["tree"]),
        "",
        "## A publication",
        "",
        *publication.table(found["publication"]),
        "",
        "## A cascade",
        "",
        *cascade.table(found["cascade"]),
        "",
        "## Territories",
        "",
        *territories.table(found["territories"]),
        "",
        "## An import of a CSV file of a million rows",
        "",
        "| | seconds | GiB |",
        "| --- | --: | --: |",
        *(
            f"| {what} | {seconds:.1f} | {gib:.2f} |"
            for what, seconds, gib in found["imports"]
        ),
    ]


def _reading(found: dict[str, Any]) -> list[str]:
    """Return what the figures say of the two goals, kept or not."""
    spent = kpi_speed.total(found, "_cpu")
    sql, held = spent["sql"] / spent["hand"], spent["pandas"] / spent["answer"]
    once = (found["pandas_loading_cpu"] + spent["pandas"]) / spent["answer"]
    each = (found["pandas_fresh_cpu"] + spent["pandas"]) / spent["answer"]
    row = (spent["rows_made"] - spent["answer"]) / spent["rows"] * 1e6
    kept = {True: "kept", False: "not kept"}
    return [
        "Goal 1, SQL at most 1.15 times the hand-written, in processor time:",
        f"**{sql:.2f}**, {kept[sql <= _MOST_SQL]}. An answer takes",
        f"{spent['answer'] / spent['hand']:.2f} times the hand-written SQL; with every",
        f"row made, {spent['rows_made'] / spent['hand']:.2f} times",
        f"({row:.0f} µs a row).",
        "",
        "Goal 2, ten times faster than pandas, in processor time. Jalon answers each",
        "question from the disk; so there are three ways to compare:",
        "",
        "| pandas | ÷ Jalon | goal |",
        "| --- | --: | --- |",
        _way("each question reads the columns it needs, as Jalon does", each),
        _way("everything loaded once, then the twelve questions", once),
        _way("every row already in memory", held),
        "",
        "At this size hand-written SQL is itself",
        f"{spent['pandas'] / spent['hand']:.1f} times faster than pandas with all",
        "its rows in memory.",
    ]


def _way(name: str, times: float) -> str:
    kept = "kept" if times >= _LEAST_FASTER else "not kept"
    return f"| {name} | {times:.1f} | {kept} |"


if __name__ == "__main__":
    main()
