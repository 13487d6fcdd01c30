"""A writer killed at any moment leaves the former generation readable."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from jalon.warehouse.generations import Generations

KILLS = 110
SCRIPT = Path(__file__).with_name("killed_writer.py")


def test_readers_never_see_a_writer_killed_a_hundred_times(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path), str(KILLS), "20261122"],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    told = json.loads(done.stdout)

    assert told["ended"] == [0, 0], done.stderr
    assert told["reads"] > KILLS
    assert {code for codes in told["codes"] for code in codes} <= {"warehouse.leftover"}
    assert ["warehouse.leftover"] in told["codes"], (
        "no kill struck inside a publication"
    )
    assert told["current"] > "g00000010", "writers hardly ever got to the end"


def test_what_a_killed_writer_left_is_gone_after_the_next_publication(
    tmp_path: Path,
) -> None:
    generations = Generations(tmp_path)
    generations.publish(lambda _: None)
    for name in ("g00000002.building", "g00000002.building.wal", "g00000007.duckdb"):
        (tmp_path / name).write_bytes(b"half written")
    assert [finding.code for finding in generations.verify()] == [
        "warehouse.leftover"
    ] * 3

    assert generations.publish(lambda _: None) == "g00000002"

    assert generations.verify() == []
    assert sorted(path.name for path in tmp_path.glob("g*")) == [
        "g00000001.duckdb",
        "g00000002.duckdb",
    ]
