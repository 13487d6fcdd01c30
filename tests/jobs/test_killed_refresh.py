"""A refresh killed with -9: readers go on, the next one ends right.

Two hundred of them: python -m benchmarks.killed_refreshes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
KILLS = 2


def test_readers_go_on_and_the_next_refresh_ends_right() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.killed_refreshes", str(KILLS)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=ROOT,
    )
    told = json.loads(done.stdout)

    assert told["readers_failed"] == 0, done.stderr
    assert told["runs_failed"] == 0, done.stderr
    assert told["wrong_after"] == 0, done.stderr
    assert told["reads"] > told["rounds"]
    assert told["struck"] == KILLS
