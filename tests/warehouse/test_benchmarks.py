"""The benchmark, very small: its three sides must agree on every row."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_jalon_hand_written_sql_and_pandas_agree(tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    options = ["--scale", "0.004", "--rounds", "1", "--no-import"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *options, "--results", str(results)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(results.read_text("utf-8"))
    assert len(found["kpis"]["kpis"]) == 12
    assert all(row["rows"] > 100 for row in found["kpis"]["kpis"].values())
    assert found["publication"]["findings"] == 0
    tree = found["tree"]["revenue"]
    assert (tree["owners"], tree["queries"]) == (211, 3)
