"""Landing forecasts against what CRMs do: `python -m benchmarks.attainment`.

The shared bench hides everything after each cut-off; the product's own forecaster and
its peers answer the same tasks. CRPS is in units of the mean figure of the level.
"""

from __future__ import annotations

import importlib
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
)
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
        total = bench.summary(rows[rows.level == "total"])
        summary = bench.summary(rows)
        found[name] = {key: summary[key] for key in MEASURES}
        found[name] |= {"total": total["CRPS"], "seconds": spent, "tasks": len(rows)}
    return found


def shared() -> dict[str, Any]:
    """Return the peers of the shared bench by name.

    Raises:
        FileNotFoundError: If the shared bench is not beside the project.
    """
    if not BENCH.exists():
        raise FileNotFoundError(BENCH)
    if str(BENCH) not in sys.path:
        sys.path.insert(0, str(BENCH))
    peers = importlib.import_module("peers")
    return {name: getattr(peers, name) for name in PEERS}


def main() -> None:
    """Print a table for each data set, dev and held."""
    forecasters = {**shared(), "jalon": jalon}
    head = f"{'':24}{'CRPS':>8}{'Brier':>8}{'ECE':>8}{'cov80':>8}{'total':>8}{'s':>7}"
    for data in DATA:
        for split in ("dev", "held"):
            print(f"\n{data}, {split}\n{head}")
            for name, one in scores(data, split, forecasters).items():
                figures = "".join(f"{one[key]:8.3f}" for key in (*MEASURES, "total"))
                print(f"{name:24}{figures}{one['seconds']:7.1f}")


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
    main()
