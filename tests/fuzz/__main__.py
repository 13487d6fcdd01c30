"""`python -m tests.fuzz`: bad input for a bounded time, at every door (make fuzz).

    --minutes M   how long (10)         --cases N   or how many at each door
    --seed S      another chance        --processes P

Cases that break a door are kept in build/fuzz/. Exit 1 where there is one.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.fuzz.doors import Door, Outcome, TooSlowError, doors, tried

KEPT = Path("build/fuzz")
SLOW_SECONDS = 20
REFUSED = 2


def _too_slow(*_: Any) -> None:
    raise TooSlowError(f"more than {SLOW_SECONDS} s")


def work(rank: int, seed: int, seconds: float, cases: int) -> dict[str, Any]:
    """Knock at every door in turn until the time or the cases are spent."""
    folder = Path(tempfile.mkdtemp(prefix="jalon-fuzz-"))
    company, place = folder / "company", folder / "in"
    place.mkdir()
    os.environ["JALON_WORKSPACE"] = str(company)
    os.environ["DJANGO_SETTINGS_MODULE"] = "jalon.config.settings"
    signal.signal(signal.SIGALRM, _too_slow)
    from jalon.cli.main import main

    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
        main(["init", str(company), "--company", "Fuzz SA"])
    dice = random.Random(f"{seed}-{rank}")
    told: dict[str, Counter[str]] = {}
    known, until = list(doors()), time.monotonic() + seconds
    for done in range(cases * len(known)):
        if time.monotonic() > until:
            break
        door = known[done % len(known)]
        begin = time.monotonic()
        outcome, files = _timed(door, company, place, dice)
        spent = round((time.monotonic() - begin) * 1000)
        counts = told.setdefault(door.name, Counter())
        counts["cases"] += 1
        counts["refused"] += outcome.code == REFUSED
        counts["slowest"] = max(counts["slowest"], spent)
        counts["faults"] += bool(outcome.fault)
        if outcome.fault:
            _keep(f"{seed}-{rank}-{done}", door.command, outcome.fault, files)
    shutil.rmtree(folder, ignore_errors=True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"memory": memory, "doors": told}


def _timed(
    door: Door, company: Path, place: Path, dice: random.Random
) -> tuple[Outcome, dict[str, bytes]]:
    signal.alarm(SLOW_SECONDS)
    try:
        return tried(door, company, place, dice)
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
    read.add_argument("--minutes", type=float, default=10)
    read.add_argument("--cases", type=int, default=10**9)
    read.add_argument("--seed", type=int, default=random.randrange(10**6))
    read.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    read.add_argument("--rank", type=int, help=argparse.SUPPRESS)
    asked = read.parse_args()
    if asked.rank is not None:
        told = work(asked.rank, asked.seed, asked.minutes * 60, asked.cases)
        print(json.dumps(told))
        return 0
    results, lost = _shared(asked)
    total: dict[str, Counter[str]] = {}
    for result in results:
        for name, counts in result["doors"].items():
            sums = total.setdefault(name, Counter())
            slowest = max(sums["slowest"], counts["slowest"])
            sums.update(counts)
            sums["slowest"] = slowest
    memory = max((result["memory"] for result in results), default=0)
    print(f"seed {asked.seed}; most memory of a process: {memory} MiB")
    print(f"{'door':<24}{'cases':>9}{'refused':>9}{'slowest ms':>12}{'faults':>8}")
    for name, sums in total.items():
        row = [sums[one] for one in ("cases", "refused", "slowest", "faults")]
        print(f"{name:<24}{row[0]:>9}{row[1]:>9}{row[2]:>12}{row[3]:>8}")
    cases = sum(sums["cases"] for sums in total.values())
    faults = sum(sums["faults"] for sums in total.values())
    print(f"{cases} cases, {faults} faults, {lost} processes lost")
    return 1 if faults or lost or not cases else 0


def _shared(asked: argparse.Namespace) -> tuple[list[dict[str, Any]], int]:
    """Run each share in a process of its own; count those that died."""
    each = max(1, asked.cases // asked.processes)
    told = [sys.executable, "-m", "tests.fuzz", "--minutes", str(asked.minutes)]
    told += ["--cases", str(each), "--seed", str(asked.seed), "--rank"]
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
