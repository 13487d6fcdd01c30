"""`python -m tests.fuzz`: bad input for a bounded time, at every door (make fuzz).

    --minutes M   at most so long (30)  --files N      files to read (100,000)
    --seed S      another chance        --processes P

Files go to the room that reads them; beside, each command of the terminal that reads
something gets one case a turn. No process may take more than 6 GB. Cases that break a
door are kept in build/fuzz/, the counts in docs/fuzz.md. Exit 1 where one broke.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import io
import itertools
import json
import os
import platform
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tests.fuzz.doors import Outcome, TooSlowError, doors, tried
from tests.fuzz.reading import FILES, Reader

KEPT = Path("build/fuzz")
PAGE = Path("docs/fuzz.md")
A_TURN = 4  # files of each kind between two cases of a command
MOST_MEMORY = 6 << 30
HEAD = """# Bad input

Written by `make fuzz` (`FILES=100000` by default, `MINUTES=30` at most). Last run: {day}, {machine},
{spent} s, {processes} processes, seed {seed}; most memory of a process: {memory} MiB (6,144 allowed).

A good file is made bad in one to three ways: bytes changed, lost, said again; cells and values
replaced; NUL, other encodings in the middle of a text; parts of archives and sheets changed, renamed,
led out of their folder. *Read* brings it to the room that reads files; the other rows are whole
commands. Each must answer, or refuse in one clear line: no traceback, no answer beside a refusal, what
was read is the sum of what was accepted, rejected, duplicate and filtered, in less than 20 seconds.

| brought to | cases | refused | slowest, ms | faults |
| --- | ---: | ---: | ---: | ---: |
"""
BY_HAND = "<!-- Below this line the page is written by hand. -->"
SLOW_SECONDS = 20
REFUSED = 2


def _too_slow(*_: Any) -> None:
    raise TooSlowError(f"more than {SLOW_SECONDS} s")


def _made() -> tuple[Path, Path]:
    """Return an empty company and the folder where bad files are put for it."""
    folder = Path(tempfile.mkdtemp(prefix="jalon-fuzz-"))
    company, place = folder / "company", folder / "in"
    place.mkdir()
    os.environ["JALON_WORKSPACE"] = str(company)
    os.environ["DJANGO_SETTINGS_MODULE"] = "jalon.config.settings"
    from jalon.cli.main import main

    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
        main(["init", str(company), "--company", "Fuzz SA"])
    return company, place


def work(rank: int, seed: int, seconds: float, cases: int) -> dict[str, Any]:
    """Knock at every door in turn until the time or the files are spent."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    warnings.filterwarnings("ignore", "Duplicate name")  # of the archives made bad
    signal.signal(signal.SIGALRM, _too_slow)
    company, place = _made()
    dice = random.Random(f"{seed}-{rank}")
    told: dict[str, Counter[str]] = {}
    reader, until, done = Reader(), time.monotonic() + seconds, 0

    def count(name: str, command: tuple[str, ...], case: Case) -> None:
        begin = time.monotonic()
        outcome, files = _timed(case, place)
        spent = round((time.monotonic() - begin) * 1000)
        counts = told.setdefault(name, Counter())
        counts["cases"] += 1
        counts["refused"] += outcome.code == REFUSED
        counts["slowest"] = max(counts["slowest"], spent)
        counts["faults"] += bool(outcome.fault)
        if outcome.fault:
            where = f"{seed}-{rank}-{name.replace(' ', '-')}-{counts['cases']}"
            _keep(where, command, outcome.fault, files)

    for door in itertools.cycle(doors()):
        if time.monotonic() > until or done >= cases:
            break
        count(door.name, door.command, partial(tried, door, company, place, dice))
        for name in list(FILES) * A_TURN:
            count(f"read {name}", ("read", name), partial(reader.tried, name, dice))
            done += 1
    reader.close()
    shutil.rmtree(company.parent, ignore_errors=True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"memory": memory, "doors": told}


Case = Callable[[], tuple[Outcome, dict[str, bytes]]]


def _timed(case: Case, place: Path) -> tuple[Outcome, dict[str, bytes]]:
    signal.alarm(SLOW_SECONDS)
    try:
        return case()
    except TooSlowError as error:
        files = {path.name: path.read_bytes() for path in place.iterdir()}
        return Outcome(99, str(error)), files
    finally:
        signal.alarm(0)


def _keep(
    name: str, command: tuple[str, ...], fault: str, files: dict[str, bytes]
) -> None:
    folder = KEPT / name
    folder.mkdir(parents=True, exist_ok=True)
    for told, held in files.items():
        (folder / told).write_bytes(held)
    said = {"command": command, "fault": fault}
    (folder / "fault.json").write_text(json.dumps(said, ensure_ascii=False, indent=1))
    print(f"{name}: {' '.join(command)}: {fault[:300]}", file=sys.stderr)


def main() -> int:
    """Share the time among the processes; print what was tried."""
    read = argparse.ArgumentParser()
    read.add_argument("--minutes", type=float, default=30)
    read.add_argument("--files", type=int, default=100_000)
    read.add_argument("--seed", type=int, default=random.randrange(10**6))
    read.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    read.add_argument("--rank", type=int, help=argparse.SUPPRESS)
    asked = read.parse_args()
    if asked.rank is not None:
        told = work(asked.rank, asked.seed, asked.minutes * 60, asked.files)
        print(json.dumps(told))
        return 0
    began = time.monotonic()
    results, lost = _shared(asked)
    total: dict[str, Counter[str]] = {}
    for result in results:
        for name, counts in result["doors"].items():
            sums = total.setdefault(name, Counter())
            slowest = max(sums["slowest"], counts["slowest"])
            sums.update(counts)
            sums["slowest"] = slowest
    memory = max((result["memory"] for result in results), default=0)
    page = HEAD.format(
        day=datetime.datetime.now(datetime.UTC).date(),  # noqa: TID251 - a door
        machine=f"{platform.machine()}, {os.cpu_count()} cores",
        spent=round(time.monotonic() - began),
        processes=asked.processes,
        seed=asked.seed,
        memory=memory,
    )
    for name, sums in sorted(total.items()):
        row = [sums[one] for one in ("cases", "refused", "slowest", "faults")]
        page += f"| {name} | {' | '.join(f'{one:,}' for one in row)} |\n"
    PAGE.write_text(f"{page}\n{BY_HAND}{_by_hand()}", "utf-8")
    print(page)
    cases = sum(sums["cases"] for sums in total.values())
    faults = sum(sums["faults"] for sums in total.values())
    print(f"{cases} cases, {faults} faults, {lost} processes lost")
    return 1 if faults or lost or not cases else 0


def _by_hand() -> str:
    """Return what people wrote below the tables: it stays."""
    return PAGE.read_text("utf-8").partition(BY_HAND)[2] if PAGE.exists() else "\n"


def _shared(asked: argparse.Namespace) -> tuple[list[dict[str, Any]], int]:
    """Run each share in a process of its own; count those that died."""
    each = max(1, asked.files // asked.processes)
    told = [sys.executable, "-m", "tests.fuzz", "--minutes", str(asked.minutes)]
    told += ["--files", str(each), "--seed", str(asked.seed), "--rank"]
    running = [
        subprocess.Popen([*told, str(rank)], stdout=subprocess.PIPE, text=True)
        for rank in range(asked.processes)
    ]
    results, lost = [], 0
    for process in running:
        try:
            out, _ = process.communicate(timeout=asked.minutes * 60 + 120)
        except subprocess.TimeoutExpired:
            process.kill()
            out, _ = process.communicate()
        if process.returncode == 0:
            results.append(json.loads(out.splitlines()[-1]))
        else:
            lost += 1
            print(f"a process left with {process.returncode}", file=sys.stderr)
    return results, lost


if __name__ == "__main__":
    sys.exit(main())
