"""Landing forecasts against what CRMs do: `make bench-forecast`.

The shared bench hides everything after each cut-off; the product's own forecaster and
its peers answer the same tasks. CRPS is in units of the mean figure of the level.
`--keep` writes the tables into the page of the method. Automatic exponential
smoothing, Theta and the seasonal naive forecast are asked of statsforecast, and said
to be missing where it is not installed. AutoARIMA takes minutes: `--arima`.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import logging
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from jalon.domain.forecast.history import LOST, OPEN, WON, History, Task
from jalon.domain.forecast.pool import forecast

BENCH = Path(__file__).parents[1].parent / "shared" / "bench"
DATA = ("maven", "maven_n", "olist")
PEERS = (
    "linear_pace",
    "linear_pace_resid",
    "trailing_rate",
    "trailing_boot",
    "weighted_pipeline",
    "weighted_pipeline_clean",
    "negbin",
)
OF_STATSFORECAST = ("ets", "theta", "snaive")
PAGE = Path(__file__).parents[1] / "docs" / "method" / "forecast.md"
BEGIN, END = "<!-- attainment -->\n", "<!-- /attainment -->\n"
MEASURES = ("CRPS", "Brier", "ECE", "cov80")


def jalon(snapshot: Any, tasks: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: ANN401
    """Answer the bench's tasks with the product's forecaster."""
    deals = snapshot.deals
    names, codes = np.unique(deals[snapshot.levels[-1]], return_inverse=True)
    closed = deals.closed.fillna(snapshot.asof)
    history = History(
        asof=_day(snapshot.asof),
        observed_from=_day(snapshot.observe_from),
        created=_days(deals.created),
        closed=_days(closed),
        outcome=np.select([deals.won == 1, deals.won == 0], [WON, LOST], OPEN),
        amount=deals.amount.to_numpy(float),
        value=deals.value.fillna(0).to_numpy(float),
        leaf=codes.astype(np.int64),
        leaves=len(names),
    )
    asked = [_task(task, deals, codes) for task in tasks]
    return {
        key: {"samples": found.samples}
        for key, found in forecast(history, asked).items()
    }


def scores(data: str, split: str, forecasters: dict[str, Any]) -> dict[str, Any]:
    """Return each forecaster's scores and seconds on a data set."""
    bench = importlib.import_module("bench")
    tasks = bench.Bench(data, split)
    found = {}
    for name, forecaster in forecasters.items():
        begun = time.process_time()
        rows = tasks.score(tasks.run(forecaster))
        spent = time.process_time() - begun
        summary = bench.summary(rows)
        found[name] = {key: summary[key] for key in MEASURES}
        found[name] |= {"seconds": spent, "tasks": len(rows)}
        found[name]["levels"] = {
            str(level): float(some.crps.mean()) for level, some in rows.groupby("level")
        }
        found[name]["total"] = found[name]["levels"]["total"]
    return found


def shared(*, arima: bool = False) -> dict[str, Any]:
    """Return the peers of the shared bench by name, those that can be run here.

    Raises:
        FileNotFoundError: If the shared bench is not beside the project.
    """
    if not BENCH.exists():
        raise FileNotFoundError(BENCH)
    if str(BENCH) not in sys.path:
        sys.path.insert(0, str(BENCH))
    peers = importlib.import_module("peers")
    names = list(PEERS)
    if importlib.util.find_spec("statsforecast"):
        names += [*OF_STATSFORECAST, *(["arima"] if arima else [])]
    return {name: getattr(peers, name) for name in names}


def table(data: str, split: str, found: dict[str, Any]) -> list[str]:
    """Return a table in Markdown: a line a forecaster, its CRPS at each level."""
    levels = sorted(
        found["jalon"]["levels"], key=lambda level: (level != "total", level)
    )
    head = [*MEASURES, *levels, "s"]
    lines = [
        f"**{data}, {split}** ({found['jalon']['tasks']} tasks)",
        "",
        f"| | {' | '.join(head)} |",
        f"|---{'|---:' * len(head)}|",
    ]
    for name, one in found.items():
        figures = [one[key] for key in MEASURES] + [one["levels"][k] for k in levels]
        cells = [f"{figure:.3f}" for figure in figures] + [f"{one['seconds']:.1f}"]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return [*lines, ""]


def main() -> None:
    """Print a table for each data set, dev and held; keep them if asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attainment")
    parser.add_argument("--keep", action="store_true", help=f"write {PAGE.name}")
    parser.add_argument("--arima", action="store_true", help="AutoARIMA too: minutes")
    chosen = parser.parse_args()
    forecasters = {**shared(arima=chosen.arima), "jalon": jalon}
    if not set(OF_STATSFORECAST) <= set(forecasters):
        print("statsforecast is not installed: no ets, theta, snaive", file=sys.stderr)
    lines = []
    for data in DATA:
        for split in ("dev", "held"):
            one = table(data, split, scores(data, split, forecasters))
            print("\n".join(one), flush=True)
            lines += one
    if chosen.keep:
        before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        told = "\n".join(lines).rstrip()
        PAGE.write_text(f"{before}{BEGIN}\n{told}\n\n{END}{after}", "utf-8")


def _task(task: dict[str, Any], deals: Any, codes: np.ndarray) -> Task:  # noqa: ANN401
    inside = (deals[task["level"]] == task["entity"]).to_numpy()
    members = tuple(int(code) for code in np.unique(codes[inside]))
    first, after = _day(task["start"]), _day(task["end"])
    return Task(task["id"], task["level"], members, first, after)


def _day(moment: Any) -> int:  # noqa: ANN401 - a day of pandas or a text
    return int(np.datetime64(moment, "D").astype(np.int64))


def _days(column: Any) -> np.ndarray:  # noqa: ANN401 - a column of pandas
    return column.to_numpy().astype("datetime64[D]").astype(np.int64)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)  # statsforecast warns of each short series
    main()
