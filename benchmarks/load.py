"""Promise: sixteen people at once, and a page still comes in less than 100 ms.

`python -m benchmarks.load` serves the sample company × 40 as `jalon serve --workers 2`
does, with `--facts 10000000` its past made that long, and has Locust play
`benchmarks/locustfile.py`: sixteen people of three roles open page after page with a
pause as of somebody reading. What the clock says between question and last byte counts
those who ask too, on the same machine, and whatever else runs there; beside it stand
what the server itself spent of processor on a page, its memory, the machine's load.
Where `wrk` is installed, it asks for one page as fast as answers come.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from benchmarks.pages import GOAL_MS, JALON, ON, made
from benchmarks.readers import PEOPLE, logged_in
from benchmarks.spoken import Result, yardstick

FILE = Path(__file__).with_name("locustfile.py")
TICKS, PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
WARMING, WRK_SECONDS = 20, 5


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: where it answers, and the number of its process."""

    origin: str
    process: int

    def processes(self) -> list[int]:
        """Return the server and those that answer for it."""
        told = Path(f"/proc/{self.process}/task/{self.process}/children")
        return [self.process, *map(int, told.read_text("ascii").split())]

    def spent(self) -> float:
        """Return the seconds of processor they have spent."""
        ticks = 0
        for one in self.processes():
            told = Path(f"/proc/{one}/stat").read_text("utf-8").rpartition(")")[2]
            ticks += sum(map(int, told.split()[11:13]))
        return ticks / TICKS

    def memory(self) -> float:
        """Return the MiB they hold, what they share counted for each."""
        pages = [
            int(Path(f"/proc/{one}/statm").read_text("ascii").split()[1])
            for one in self.processes()
        ]
        return sum(pages) * PAGE / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load")
    parser.add_argument("--folder", type=Path, help="where the company is kept")
    parser.add_argument("--scale", type=int, default=40)
    parser.add_argument("--facts", type=int, default=0, help="deals, activities, lines")
    parser.add_argument("--users", type=int, default=16)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="say it as JSON")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as aside:
        folder = company(
            chosen.folder or Path(aside) / "company", chosen.scale, chosen.facts
        )
        found = measured(folder, chosen.users, chosen.seconds, chosen.workers)
    if chosen.json:
        print(json.dumps(found))
        return
    print("\n".join(table(found)))
    if found["all"]["p95"] >= GOAL_MS:
        sys.exit(f"The 95th percentile is not under {GOAL_MS} ms.")


def company(place: Path, scale: int, facts: int = 0) -> Path:
    """Return the folder of the sample company, its past as long as asked."""
    folder = made(place, scale)
    if facts:
        from benchmarks.history import lengthened  # noqa: PLC0415 - after Django
        from jalon.usecases.evaluate import evaluate  # noqa: PLC0415
        from jalon.workspace.folder import opened  # noqa: PLC0415

        workspace = opened(folder)
        lengthened(workspace, facts)
        evaluate(workspace, on=ON)
    return folder


def measured(folder: Path, users: int, seconds: int, workers: int) -> dict[str, Any]:
    """Return what the clock says of each page, and what the server spent."""
    with tempfile.TemporaryDirectory() as aside, served(folder, workers) as server:
        known = {role: _cookies(server.origin, role) for role in PEOPLE}
        played = partial(_played, server.origin, users, known, Path(aside))
        played(WARMING)  # each process has made each page
        load, before = os.getloadavg()[0], server.spent()
        found = played(seconds)
        spent = server.spent() - before
        return found | {
            "users": users,
            "workers": workers,
            "load": round((load + os.getloadavg()[0]) / 2, 1),
            "processor_ms": 1000 * spent / max(1, found["all"]["asked"]),
            "memory_mib": round(server.memory()),
            "wrk": _wrk(server.origin, known["director"]),
        }


@contextmanager
def served(folder: Path, workers: int) -> Iterator[Server]:
    """Serve a workspace as long as it is asked."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    asked = ["--port", str(port), "--workers", str(workers), "--no-worker"]
    process = subprocess.Popen(
        [*JALON, "serve", "--workspace", str(folder), *asked],
        env={**os.environ, "JALON_HOSTS": "127.0.0.1"},
        start_new_session=True,
    )
    origin = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                httpx.get(f"{origin}/login/", timeout=60)
                break
            except httpx.TransportError:
                time.sleep(0.5)
        else:
            sys.exit("The server does not answer.")
        yield Server(origin, process.pid)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def _cookies(origin: str, role: str) -> dict[str, str]:
    """Log somebody in; return what their browser holds."""
    with httpx.Client(base_url=origin, timeout=60, follow_redirects=True) as client:
        logged_in(client, *PEOPLE[role])
        return dict(client.cookies)


def _played(
    origin: str, users: int, known: dict[str, Any], aside: Path, seconds: int
) -> dict[str, Any]:
    """Return what Locust's people met, by role and address."""
    kept = aside / "met.json"
    command = [sys.executable, "-m", "locust", "--locustfile", str(FILE), "--headless"]
    command += ["--host", origin, "--users", str(users), "--spawn-rate", str(users)]
    command += ["--run-time", f"{seconds}s", "--only-summary", "--skip-log-setup"]
    subprocess.run(
        command,
        check=True,
        env=os.environ | {"JALON_MET": str(kept), "JALON_SESSIONS": json.dumps(known)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    found: dict[str, Any] = json.loads(kept.read_text("utf-8"))
    return found


def _wrk(origin: str, known: dict[str, str]) -> dict[str, float]:
    """Return what `wrk` counts on the director's first page; nothing without it."""
    program = shutil.which("wrk")
    if program is None:
        return {}
    cookies = "; ".join(f"{name}={value}" for name, value in known.items())
    command = [program, "--threads", "1", "--connections", "2", "--latency"]
    command += ["--duration", f"{WRK_SECONDS}s", "--header", f"Cookie: {cookies}"]
    done = subprocess.run([*command, f"{origin}/"], check=True, capture_output=True)
    told = done.stdout.decode()
    (pages,) = re.findall(r"Requests/sec:\s+([\d.]+)", told)
    ((middle, unit),) = re.findall(r"50%\s+([\d.]+)(us|ms|s)", told)
    scale = {"us": 0.001, "ms": 1, "s": 1000}[unit]
    return {"pages_a_second": float(pages), "middle": float(middle) * scale}


def results(found: dict[str, Any]) -> list[Result]:
    """Return the ratios: the promise, and the processor of a page."""
    told = f"95th percentile of {found['all']['asked']} pages, {found['users']} people"
    page = found["processor_ms"] / 1000
    return [
        Result(
            "pages.p95",
            f"{told}, by the clock",
            f"the {GOAL_MS} ms promised",
            found["all"]["p95"] / GOAL_MS,
            seconds=found["all"]["p95"] / 1000,
            goal=1,
        ),
        Result(
            "pages.processor",
            "one of these pages, processor of the server",
            "the yardstick",
            page / yardstick(),
            seconds=page,
        ),
    ]


def table(found: dict[str, Any]) -> list[str]:
    """Return what was met as lines of a Markdown table, and what it took."""
    every = {name: one for name, one in found.items() if " /" in name}
    rows = {**dict(sorted(every.items())), "all": found["all"]}
    return [
        "| reader and page | asked | p95, ms | middle, ms |",
        "| --- | --: | --: | --: |",
        *(
            f"| {name} | {one['asked']} | {one['p95']:.0f} | {one['middle']:.0f} |"
            for name, one in rows.items()
        ),
        "",
        f"Load of the machine {found['load']}; {found['processor_ms']:.0f} ms of the",
        f"server's processor a page; {found['memory_mib']:,} MiB held by its",
        f"{found['workers']} processes and the one that leads them.",
        *(_asked_by_wrk(found["wrk"]) if found["wrk"] else ()),
    ]


def _asked_by_wrk(wrk: dict[str, float]) -> list[str]:
    return [
        "`wrk`, two at a time on the director's first page:",
        f"{wrk['pages_a_second']:.0f} pages a second, middle {wrk['middle']:.0f} ms.",
    ]


if __name__ == "__main__":
    main()
