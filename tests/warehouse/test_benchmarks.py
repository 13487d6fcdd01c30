"""The benchmark, very small: its sides must agree on every row."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.compare import compared
from benchmarks.page import BY_HAND, beside_what_is_by_hand
from benchmarks.spoken import Result

ROOT = Path(__file__).parents[2]


def test_jalon_hand_written_sql_and_its_peers_agree(tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    options = ["--scale", "0.004", "--rounds", "1", "--only", "kpis,tree,publication"]
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
    suites = {name: one["found"] for name, one in found["suites"].items()}
    assert len(suites["kpis"]["kpis"]) == 12
    assert all(row["rows"] > 100 for row in suites["kpis"]["kpis"].values())
    assert suites["kpis"]["pandas_equal"]
    assert suites["publication"]["findings"] == 0
    tree = suites["tree"]["revenue"]
    assert (tree["owners"], tree["queries"]) == (211, 3)
    assert {one["suite"] for one in found["results"]} == set(suites)


def test_two_runs_are_set_side_by_side_by_their_ratios() -> None:
    """From 2 to 1 is half; worse for what should be more, better for what should not."""
    before = {"a": _result("a", 2.0), "b": _result("b", 2.0, more=True)}
    before |= {"c": _result("c", 1.0), "gone": _result("gone", 3.0)}
    after = {"a": _result("a", 1.0), "b": _result("b", 1.0, more=True)}
    after |= {"c": _result("c", 1.2), "new": _result("new", 4.0)}

    assert compared(before, after)[2:] == [
        "| `a` | 2 | 1 | -50% | better |",
        "| `b` | 2 | 1 | -50% | **worse** |",
        "| `c` | 1 | 1.2 | +20% |  |",
        "| `gone` | | | | gone, 3 |",
        "| `new` | | | | new, 4 |",
    ]


def test_what_people_wrote_on_the_page_stays(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Old\n\n{BY_HAND}\n\n## Pages\n\nBy hand.\n", "utf-8")
    made = beside_what_is_by_hand("# New", page)
    assert made == f"# New\n\n{BY_HAND}\n\n## Pages\n\nBy hand.\n"
    assert beside_what_is_by_hand("# New", tmp_path / "absent.md").endswith(
        f"{BY_HAND}\n"
    )


def _result(name: str, ratio: float, *, more: bool = False) -> dict[str, object]:
    return {"suite": "s", **Result(name, "", "", ratio, more=more).told()}
