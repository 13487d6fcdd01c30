"""Promise: a refresh is published aside, and reading goes on meanwhile.

A thousand deals change in the warehouse of the sample; the whole of it is copied,
changed, listed for suspects, checked and published, while a thread reads.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import duckdb

from benchmarks.spoken import Result
from jalon.warehouse.generations import Generations
from jalon.warehouse.load import merge
from jalon.workspace.folder import Workspace

ROWS = 1000


def measured(workspace: Workspace) -> dict[str, Any]:
    """Return the size of the file, the seconds of a publication and the reads."""
    generations = Generations(workspace.warehouse)
    stop = threading.Event()
    waits: list[float] = []

    def read() -> None:
        while not stop.is_set():
            started = time.perf_counter()
            generations.reader().execute("SELECT sum(amount) FROM deals").fetchall()
            waits.append(time.perf_counter() - started)
            time.sleep(0.01)

    reader = threading.Thread(target=read)
    reader.start()
    started = time.perf_counter()
    name = generations.publish(_change)
    seconds = time.perf_counter() - started
    stop.set()
    reader.join()
    started = time.perf_counter()
    findings = generations.verify()
    return {
        "mib": round(generations.path(name).stat().st_size / 2**20),
        "seconds": seconds,
        "reads": len(waits),
        "slowest_read": max(waits),
        "verify": time.perf_counter() - started,
        "findings": len(findings),
    }


def _change(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "CREATE TEMP TABLE staged AS SELECT * REPLACE (amount + 1 AS amount) "
        f"FROM deals USING SAMPLE {ROWS} ROWS"
    )
    merge(connection, table="deals", staged="staged", import_id="bench")


def table(found: dict[str, Any]) -> list[str]:
    """Return the figures as lines of a Markdown table."""
    return [
        (
            "| warehouse, MiB | rows changed | publication, s | reads meanwhile "
            "| slowest read, ms | full check (jalon doctor), s |"
        ),
        "| --: | --: | --: | --: | --: | --: |",
        (
            f"| {found['mib']} | {ROWS} | {found['seconds']:.2f} | {found['reads']} "
            f"| {found['slowest_read'] * 1000:.0f} | {found['verify']:.2f} |"
        ),
    ]


def results(found: dict[str, Any]) -> list[Result]:
    """Return a publication beside the copy of the file it cannot do without."""
    return [
        Result(
            "publication.seconds",
            f"{ROWS:,} rows changed in {found['mib']} MiB, published, by the clock",
            "a full check of the same file",
            found["seconds"] / found["verify"],
            seconds=found["seconds"],
        ),
        Result(
            "publication.slowest_read",
            f"the slowest of {found['reads']} reads meanwhile, by the clock",
            "100 ms",
            found["slowest_read"] / 0.1,
            seconds=found["slowest_read"],
        ),
    ]
