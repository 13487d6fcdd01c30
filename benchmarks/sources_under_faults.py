# ruff: noqa: E501 -- a table printed
"""Each HTTP source against a vendor that fails on purpose: 200 random schedules each.

python -m benchmarks.sources_under_faults [SCHEDULES] [KIND…]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from tests.connectors.faults import schedule
from tests.connectors.sources import CASES


def main() -> int:
    """Run the schedules; 1 if one ends with rows that are not the vendor's."""
    os.environ["JALON_PRIVATE_HOSTS"] = "127.0.0.1"
    schedules = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    wrong = 0
    print(
        f"{'source':<12}{'schedules':>10}{'wrong':>7}{'runs failed':>13}{'questions':>11}{'s':>7}"
    )
    with tempfile.TemporaryDirectory() as room:
        for kind in sys.argv[2:] or CASES:
            began, failed, asked, bad = time.monotonic(), 0, 0, []
            for seed in range(schedules):
                found = schedule(kind, seed, Path(room))
                failed, asked = failed + found.failed, asked + found.asked
                if found.held != found.truth:
                    bad.append(seed)
            took = time.monotonic() - began
            print(
                f"{kind:<12}{schedules:>10}{len(bad):>7}{failed:>13}{asked:>11}{took:>7.0f}",
                *bad[:5],
                flush=True,
            )
            wrong += len(bad)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
