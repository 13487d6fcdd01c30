"""`python -m benchmarks`: measure every promise of speed beside a peer.

Each suite gives ratios to a peer of the same run (`spoken.Result`). They go with all
that was measured to `benchmarks/results/latest.json`, which `make bench-compare` reads,
and to `docs/benchmarks.md` with `--keep`. A suite left out by `--only` keeps what the
file says of it, with the day it was measured.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl

from benchmarks import (
    cascade,
    evaluation,
    import_speed,
    kpi_speed,
    load,
    many_landings,
    objective_tree,
    page,
    publication,
    refresh,
    sample,
    sentences,
    side_by_side,
    territories,
)
from benchmarks.spoken import Result, yardstick
from jalon.workspace.folder import Workspace, opened

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "latest.json"
PAGE = HERE.parent / "docs" / "benchmarks.md"
PAGES_SCALE = 10  # 250 salespeople; × 40 takes longer to make than all the rest
Told = tuple[dict[str, Any], list[Result]]


@dataclass
class Run:
    """What suites share: the sizes chosen, and the sample, made when first asked."""

    scale: float
    rounds: int
    folder: Path

    @cached_property
    def workspace(self) -> Workspace:
        """Return the sample: made anew, or found where it was kept."""
        if (self.folder / "warehouse" / "CURRENT").exists():
            return opened(self.folder)
        return sample.made(self.folder, self.scale)

    def small(self, name: str, scale: float) -> Workspace:
        """Return a sample of its own, no larger than this run's."""
        return sample.made(self.folder / name, min(scale, self.scale))


def _kpis(run: Run) -> Told:
    found = kpi_speed.measured(run.workspace, run.rounds)
    return found, kpi_speed.results(found)


def _tree(run: Run) -> Told:
    found = objective_tree.measured(run.workspace, run.rounds)
    return found, objective_tree.results(found)


def _publication(run: Run) -> Told:
    found = publication.measured(run.workspace)
    return found, publication.results(found)


def _evaluation(run: Run) -> Told:
    people = max(100, int(evaluation.PEOPLE * min(1.0, run.scale)))
    found = evaluation.measured(run.small("evaluation", 0.3), people)
    return found, evaluation.results(found)


def _engines(run: Run) -> Told:
    found = side_by_side.measured(run.small("engines", 0.1))
    return found, side_by_side.results(found)


def _imports(run: Run) -> Told:
    rows = int(1_000_000 * min(1.0, run.scale))
    found = import_speed.beside_a_copy(rows)
    return found, import_speed.results(found)


def _refresh(run: Run) -> Told:
    found = refresh.measured(int(1_000_000 * min(1.0, run.scale)))
    return found, refresh.results(found)


def _cascade(run: Run) -> Told:
    found = cascade.measured(run.rounds)
    return found, cascade.results(found)


def _territories(_: Run) -> Told:
    found = territories.measured()
    return found, territories.results(found)


def _landings(_: Run) -> Told:
    found = many_landings.measured()
    what = f"{found['landings']:,} landings forecast"
    adding = f"{found['added_up']:,} forecasts made to add up"
    return found, [
        _in_yardsticks("forecast.landings", what, found["cpu"]),
        _in_yardsticks("forecast.adding_up", adding, found["adding_cpu"]),
    ]


def _pay(run: Run) -> Told:
    people = max(100, int(10_000 * min(1.0, run.scale)))
    command = [sys.executable, "-m", "benchmarks.pay", "--json", "--months", "1"]
    done = subprocess.run(
        [*command, "--people", str(people)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    spent = found["computing_s"] + found["writing_s"]
    what = f"{found['statements']:,} statements of pay computed and written"
    return found, [_in_yardsticks("pay.statements", what, spent)]


def _pages(run: Run) -> Told:
    scale = max(1, round(PAGES_SCALE * min(1.0, run.scale)))
    command = [sys.executable, "-m", "benchmarks.load", "--json", "--seconds", "40"]
    done = subprocess.run(
        [*command, "--scale", str(scale)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    return found, load.results(found)


def _sentences(_: Run) -> Told:
    speed = sentences.measure(copies=20)
    found = {"a_second": speed, "wanted": sentences.WANTED}
    what = f"{speed:,.0f} sentences read a second of processor"
    return found, [
        Result(
            "sentences.speed",
            what,
            f"the {sentences.WANTED:,} promised",
            speed / sentences.WANTED,
            goal=1,
            more=True,
        ),
        _in_yardsticks("sentences.thousand", "a thousand sentences read", 1000 / speed),
    ]


def _in_yardsticks(name: str, what: str, seconds: float) -> Result:
    return Result(name, what, "the yardstick", seconds / yardstick(), seconds=seconds)


# Imports come first: a child's peak of memory is never below its parent's.
SUITES: dict[str, Callable[[Run], Told]] = {
    "imports": _imports,
    "refresh": _refresh,
    "kpis": _kpis,
    "tree": _tree,
    "publication": _publication,
    "evaluation": _evaluation,
    "engines": _engines,
    "cascade": _cascade,
    "territories": _territories,
    "landings": _landings,
    "pay": _pay,
    "sentences": _sentences,
    "pages": _pages,
}


def main() -> None:
    """Run the suites asked for, print the page, keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--scale", type=float, default=1.0, help="1: a million deals; 5: five millions"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default=",".join(SUITES), help="suites, by comma")
    parser.add_argument("--folder", type=Path, help="where the sample is kept")
    parser.add_argument("--keep", action="store_true", help="write docs/benchmarks.md")
    parser.add_argument("--results", type=Path, default=RESULTS, help="JSON file")
    chosen = parser.parse_args()
    found = _kept(chosen.results)
    found |= {"machine": _machine(), "scale": chosen.scale, "rounds": chosen.rounds}
    with tempfile.TemporaryDirectory() as aside:
        run = Run(chosen.scale, chosen.rounds, chosen.folder or Path(aside) / "sample")
        for name in (one for one in SUITES if one in chosen.only.split(",")):
            _measure(name, run, found)
            chosen.results.parent.mkdir(exist_ok=True)
            chosen.results.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    told = "\n".join(page.written(found))
    print(told)
    if chosen.keep:
        PAGE.write_text(page.beside_what_is_by_hand(told, PAGE), "utf-8")
    kpis = found["suites"].get("kpis", {}).get("found")
    if kpis and not kpi_speed.all_equal(kpis):
        sys.exit("Jalon, hand-written SQL and the peers do not agree.")


def _measure(name: str, run: Run, found: dict[str, Any]) -> None:
    """Run one suite and put its figures among those kept."""
    load, started = os.getloadavg()[0], time.perf_counter()
    measured, results = SUITES[name](run)
    print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    found["suites"][name] = {
        "on": datetime.now(tz=UTC).date().isoformat(),  # noqa: TID251 -- a door
        "scale": run.scale,
        "load": round(load, 1),
        "found": measured,
    }
    told = [{"suite": name, **one.told()} for one in results]
    others = [one for one in found["results"] if one["suite"] != name]
    order = list(SUITES)
    found["results"] = sorted(
        [*others, *told], key=lambda one: order.index(one["suite"])
    )


def _kept(path: Path) -> dict[str, Any]:
    """Return what the file says, if it is of this shape."""
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        found = {}
    return found if "suites" in found else {"suites": {}, "results": []}


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
        "polars": pl.__version__,
        "yardstick": yardstick(),
    }


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    names = (line.partition(":")[2] for line in lines if line.startswith("model name"))
    return next(names, platform.processor()).strip()


if __name__ == "__main__":
    main()
