"""Promise: sixteen people at once, and a page still comes in less than 100 ms.

`python -m benchmarks.load` serves the sample company × 40 as `jalon serve --workers 2`
does, logs sixteen people in (a third each of the three roles), lets each open page
after page with a pause as of somebody reading (one to three seconds), and prints what
the clock says between question and last byte. Those who ask share the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import httpx

from benchmarks.pages import GOAL_MS, JALON, made

PEOPLE = {
    "director": ("helene.vasseur@ardoise.example", "demo-direction"),
    "manager": ("claire.morel@ardoise.example", "demo-manager"),
    "salesperson": ("nicolas.aubert@ardoise.example", "demo-commercial"),
}
OPENED = {
    "director": ("/", "/direction/", "/team/?team=company", "/pacing/", "/alerts/"),
    "manager": ("/", "/team/", "/weekly/", "/objectives/", "/check-in/team/"),
    "salesperson": ("/", "/pacing/", "/check-in/", "/wall/", "/objectives/"),
}
PAUSE = (1.0, 3.0)  # seconds between two pages
HIDDEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
Times = dict[str, list[float]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load")
    parser.add_argument("--folder", type=Path, help="where the company is kept")
    parser.add_argument("--scale", type=int, default=40)
    parser.add_argument("--users", type=int, default=16)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as aside:
        folder = made(chosen.folder or Path(aside) / "company", chosen.scale)
        with _Served(folder, chosen.workers) as origin:
            times = asyncio.run(_crowd(origin, chosen.users, chosen.seconds))
    print("\n".join(table(times)))
    if _p95([one for found in times.values() for one in found]) >= GOAL_MS:
        sys.exit(f"The 95th percentile is not under {GOAL_MS} ms.")


class _Served:
    """The server of a workspace, as long as it is asked."""

    def __init__(self, folder: Path, workers: int) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        asked = ["--port", str(self._port), "--workers", str(workers), "--no-worker"]
        self._command = ["serve", "--workspace", str(folder), *asked]

    def __enter__(self) -> str:
        self._process = subprocess.Popen(
            [*JALON, *self._command],
            env={**os.environ, "JALON_HOSTS": "127.0.0.1"},
            start_new_session=True,
        )
        origin = f"http://127.0.0.1:{self._port}"
        for _ in range(240):
            try:
                httpx.get(f"{origin}/login/")
            except httpx.TransportError:
                time.sleep(0.5)
            else:
                return origin
        sys.exit("The server does not answer.")

    def __exit__(self, *_: object) -> None:
        os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait(30)


async def _crowd(origin: str, users: int, seconds: int) -> Times:
    """Return the milliseconds of each page, by role and address."""
    times: Times = defaultdict(list)
    roles = [list(PEOPLE)[rank % len(PEOPLE)] for rank in range(users)]
    async with asyncio.TaskGroup() as crowd:
        for rank, role in enumerate(roles):
            crowd.create_task(_person(origin, role, rank, seconds, times))
    return times


async def _person(
    origin: str, role: str, seed: int, seconds: int, times: Times
) -> None:
    mood = random.Random(seed)
    async with httpx.AsyncClient(
        base_url=origin, timeout=60, follow_redirects=True
    ) as client:
        await _log_in(client, role)
        for address in OPENED[role]:  # the first page of each is not counted
            await client.get(address)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            await asyncio.sleep(mood.uniform(*PAUSE))
            address = mood.choice(OPENED[role])
            begun = time.perf_counter()
            answer = await client.get(address)
            times[f"{role} {address}"].append((time.perf_counter() - begun) * 1000)
            answer.raise_for_status()


async def _log_in(client: httpx.AsyncClient, role: str) -> None:
    name, word = PEOPLE[role]
    form = await client.get("/login/")
    (token,) = HIDDEN.findall(form.text)[:1]
    said = {"username": name, "password": word, "csrfmiddlewaretoken": token}
    answer = await client.post("/login/", data=said)
    if "/login/" in str(answer.url):
        sys.exit(f"{name} cannot log in.")


def _p95(found: list[float]) -> float:
    ranked = sorted(found)
    return ranked[max(0, round(len(ranked) * 0.95) - 1)]


def table(times: Times) -> list[str]:
    """Return the times as lines of a Markdown table."""
    lines = [
        "| reader and page | asked | p95, ms | middle, ms |",
        "| --- | --: | --: | --: |",
    ]
    every = [one for found in times.values() for one in found]
    everything = {**dict(sorted(times.items())), "all": every}
    for name, found in everything.items():
        middle = statistics.median(found)
        lines.append(f"| {name} | {len(found)} | {_p95(found):.0f} | {middle:.0f} |")
    return lines


if __name__ == "__main__":
    main()
