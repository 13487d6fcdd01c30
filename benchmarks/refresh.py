"""A refresh costs what changed, not what is held: 1 % of a million deals.

python -m benchmarks.refresh [DEALS]            full, then 1 %, then nothing new
python -m benchmarks.refresh --kills 200        killed at random moments, then right
"""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.spoken import Result

MAPPING = """
[[table]]
into = "deals"
file = "deals"
[table.columns]
deal_id = "id"
owner_id = "owner"
account_id = "account"
amount = "amount"
stage = "stage"
created_on = "created"
closed_on = "closed"
outcome = "outcome"
[table.constants]
currency = "EUR"
"""
MOST_SHARE = 0.05


def base(path: Path, deals: int) -> None:
    """Write a database of deals."""
    with sqlite3.connect(path) as found:
        found.execute(
            "CREATE TABLE deals (id TEXT, owner TEXT, account TEXT, amount NUMERIC, "
            "stage TEXT, created TEXT, closed TEXT, outcome TEXT, changed TEXT)"
        )
        found.executemany(
            "INSERT INTO deals VALUES (?, ?, ?, ?, 'Proposal', ?, NULL, 'open', ?)",
            (
                (
                    f"D{n:07d}",
                    f"P{n % 300}",
                    f"A{n % 50_000}",
                    f"{n % 90_000}.{n % 100:02d}",
                    f"2025-{n % 12 + 1:02d}-{n % 28 + 1:02d}",
                    f"2025-{n % 12 + 1:02d}-{n % 28 + 1:02d} {n % 24:02d}:00:00",
                )
                for n in range(deals)
            ),
        )
        found.execute("CREATE INDEX changed ON deals (changed)")


def touch(path: Path, share: float, stage: str, at: str) -> None:
    """Change a share of the deals."""
    with sqlite3.connect(path) as found:
        found.execute(
            "UPDATE deals SET stage = ?, changed = ? WHERE rowid % ? = 0",
            (stage, at, round(1 / share)),
        )


_SPENT = "seconds of processor: "
_LIVING = f"""
import contextlib, json, sys, time
from benchmarks.spoken import Result
from jalon.cli.main import main
for line in sys.stdin:
    begun = time.process_time()
    with contextlib.redirect_stdout(sys.stderr), contextlib.suppress(SystemExit):
        main(json.loads(line))
    print("{_SPENT}" + str(time.process_time() - begun), flush=True)
"""


class Company:
    """A workspace with its source."""

    def __init__(self, folder: Path, deals: int) -> None:
        self.folder, self.path = folder / "workspace", folder / "crm.sqlite"
        self.folder.mkdir()
        base(self.path, deals)
        mapping = folder / "crm.toml"
        mapping.write_text(MAPPING, "utf-8")
        self.do(
            *("sources", "add", "sql", "crm", f"url=sqlite:///{self.path}"),
            *("tables=deals:changed", f"mapping={mapping}"),
        )

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        code = f"from jalon.cli.main import main; main({list(words)!r})"
        place = {
            **os.environ,
            "JALON_WORKSPACE": str(self.folder),
            "DATABASE_URL": "",
            # Compiled once, as where it is installed: compiling is no refresh.
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(self.folder.parents[1] / "jalon-bench-pycache"),
        }
        return subprocess.Popen(
            [sys.executable, "-c", code],
            env=place,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def living(self, *commands: tuple[str, ...]) -> Iterator[float]:
        """Run commands in one process, as a worker does; yield seconds of processor."""
        process = subprocess.Popen(
            [sys.executable, "-c", _LIVING],
            env={**os.environ, "JALON_WORKSPACE": str(self.folder), "DATABASE_URL": ""},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdin
        assert process.stdout
        for words in commands:
            process.stdin.write(json.dumps(words) + "\n")
            process.stdin.flush()
            yield next(
                float(line.removeprefix(_SPENT))
                for line in process.stdout
                if line.startswith(_SPENT)
            )
        process.stdin.close()
        process.wait()

    def do(self, *words: str) -> float:
        """Run a command; return the seconds of processor it took, of all its threads.

        The clock of a busy machine says little; its processor time is the cost.
        """
        start = resource.getrusage(resource.RUSAGE_CHILDREN)
        code = self.start(*words).wait()
        assert code in {0, 1}, (words, code)
        end = resource.getrusage(resource.RUSAGE_CHILDREN)
        return end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime

    def current(self) -> Path | None:
        try:
            name = (self.folder / "warehouse" / "CURRENT").read_text().strip()
        except FileNotFoundError:
            return None
        return self.folder / "warehouse" / f"{name}.duckdb"

    def stages(self) -> list[tuple[str, int]]:
        found = self.current()
        with duckdb.connect(str(found), read_only=True) as reader:
            return reader.execute(
                "SELECT stage, count(*) FROM deals GROUP BY 1 ORDER BY 1"
            ).fetchall()

    def truth(self) -> list[tuple[str, int]]:
        with sqlite3.connect(self.path) as found:
            return found.execute(
                "SELECT stage, count(*) FROM deals GROUP BY 1 ORDER BY 1"
            ).fetchall()


def measured(deals: int) -> dict[str, Any]:
    """Measure in a living worker a full refresh, one of 1 %, one of nothing."""
    with tempfile.TemporaryDirectory(prefix="jalon-bench-") as folder:
        Company(Path(folder), 100).do("sources", "refresh", "crm")  # compiles modules
    with tempfile.TemporaryDirectory(prefix="jalon-bench-") as folder:
        company = Company(Path(folder), deals)
        refresh = ("sources", "refresh", "crm")
        turns = company.living(("sources", "list"), *[refresh] * 4)
        next(turns)
        full = next(turns)
        touch(company.path, 0.01, "Signature", "2026-02-01 10:00:00")
        part = next(turns)
        same = company.stages() == company.truth()
        none = next(turns)
        touch(company.path, 0.01, "Accord", "2026-02-02 10:00:00")
        part = min(part, next(turns))
        same = same and company.stages() == company.truth()
        idle = min(company.do("sources", "list") for _ in range(3))
        touch(company.path, 0.01, "Relance", "2026-02-03 10:00:00")
        alone = company.do(*refresh) - idle
    return {
        "deals": deals,
        "full_cpu": full,
        "part_cpu": part,
        "none_cpu": none,
        "alone_cpu": alone,
        "share": part / full,
        "equal": same,
    }


def cost(deals: int) -> bool:
    """Say what `measured` found, and whether the promise is kept."""
    found = measured(deals)
    print(
        f"{deals:,} deals: full {found['full_cpu']:.1f} s of processor, "
        f"1 % {found['part_cpu']:.2f} s ({found['share']:.1%}), "
        f"nothing new {found['none_cpu']:.2f} s, in a worker that lives; "
        f"1 % by a command of its own {found['alone_cpu']:.2f} s more than its start; "
        f"equal to the source: {found['equal']}"
    )
    return bool(found["equal"] and found["share"] <= MOST_SHARE)


def kills(times: int, deals: int = 20_000, seed: int = 1) -> bool:
    """Kill refreshes at random moments; readers never fail, the end is right."""
    chance = random.Random(seed)
    broken = died = 0
    with tempfile.TemporaryDirectory(prefix="jalon-bench-") as folder:
        company = Company(Path(folder), deals)
        start = time.perf_counter()
        company.do("sources", "refresh", "crm")
        whole = time.perf_counter() - start
        for turn in range(times):
            at = f"2026-02-{turn // 24 + 1:02d} {turn % 24:02d}:00:00"
            touch(company.path, 0.1, f"Turn {turn}", at)
            process = company.start("sources", "refresh", "crm")
            time.sleep(chance.uniform(0, whole))
            died += process.poll() is None
            process.send_signal(signal.SIGKILL)
            process.wait()
            try:
                company.stages()
            except duckdb.Error:
                broken += 1
        company.do("sources", "refresh", "crm")
        same = company.stages() == company.truth()
    print(
        f"{times} kills, {died} while at work: {broken} readers failed; "
        f"equal to the source at the end: {same}"
    )
    return same and not broken


def main(words: list[str]) -> None:
    """Run what is asked."""
    if words[:1] == ["--kills"]:
        good = kills(int(words[1]))
    else:
        good = cost(int(words[0]) if words else 1_000_000)
    sys.exit(0 if good else 1)


def results(found: dict[str, Any]) -> list[Result]:
    """Return what a change costs beside reading everything."""
    deals = f"{found['deals']:,} deals"
    return [
        Result(
            "refresh.one_percent",
            f"1 % of {deals} changed, in a worker that lives",
            "reading them all",
            found["share"],
            goal=MOST_SHARE,
            seconds=found["part_cpu"],
        ),
        Result(
            "refresh.command",
            f"1 % of {deals} changed, by a command of its own, less its start",
            "reading them all",
            found["alone_cpu"] / found["full_cpu"],
            seconds=found["alone_cpu"],
        ),
        Result(
            "refresh.nothing",
            f"nothing new of {deals}, in a worker that lives",
            "reading them all",
            found["none_cpu"] / found["full_cpu"],
            seconds=found["none_cpu"],
        ),
    ]


if __name__ == "__main__":
    main(sys.argv[1:])
