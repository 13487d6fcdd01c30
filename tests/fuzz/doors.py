"""The doors that bad input is brought to, and what each must answer.

A door of the command line answers 0, 1 or 2; with 2 it says one clear line and writes no
answer; with `--json` its answer is one JSON document. Nothing else may come out of it.
"""

from __future__ import annotations

import contextlib
import io
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz import inputs
from tests.fuzz.mutate import mutated

LONGEST_LINE = 4_000  # letters of a refusal
READ = ("accepted", "rejected", "duplicate", "filtered")


class TooSlowError(Exception):
    """A case took longer than anything bad input may take."""


@dataclass(frozen=True, slots=True)
class Door:
    """A command, the files it is given, and which of them are made bad."""

    name: str
    command: tuple[str, ...]
    files: dict[str, bytes]
    bad: tuple[str, ...]
    archive: bool = False


def doors() -> Iterator[Door]:
    """Return every door of the command line that reads a file or a text."""
    deals, leads = inputs.DEALS.encode(), inputs.LEADS.encode()
    look = ("import", "--dry-run", "--json")
    files = {
        "deals.csv": (deals, False),
        "leads.csv": (leads, False),
        "leads.jsonl": (inputs.lines(), False),
        "deals.xlsx": (inputs.workbook(), True),
        "crm.zip": (inputs.bundle(), True),
    }
    for name, (held, archive) in files.items():
        yield Door(f"import {name}", (*look, name), {name: held}, (name,), archive)
    yield Door(
        "mapping",
        (*look, "deals.csv", "--mapping", "m.toml"),
        {"deals.csv": deals, "m.toml": inputs.MAPPING.encode()},
        ("m.toml",),
    )
    for name, text in (
        ("objectives.toml", inputs.OBJECTIVES),
        ("objectives.csv", inputs.OBJECTIVES_CSV),
    ):
        told = ("objectives", "import", name, "--json")
        yield Door(f"import {name}", told, {name: text.encode()}, (name,))
    yield Door(
        "pay plan",
        ("payout", "plan.toml", "results.csv", "--json"),
        {"plan.toml": inputs.PLAN.encode(), "results.csv": inputs.RESULTS.encode()},
        ("plan.toml", "results.csv"),
    )
    yield Door(
        "cascade",
        ("cascade", "in.json", "--json"),
        {"in.json": json.dumps(inputs.CASCADE).encode()},
        ("in.json",),
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one case gave: the exit code, and what is wrong with it ("" if nothing)."""

    code: int
    fault: str = ""


def tried(
    door: Door, workspace: Path, place: Path, dice: random.Random
) -> tuple[Outcome, dict[str, bytes]]:
    """Make the door's files bad, knock, and judge the answer."""
    files = dict(door.files)
    name = dice.choice(door.bad)
    files[name] = mutated(files[name], dice, archive=door.archive)
    for told, held in files.items():
        (place / told).write_bytes(held)
    words = [str(place / word) if word in files else word for word in door.command]
    return _knocked([*words, "--workspace", str(workspace)]), files


def _knocked(words: list[str]) -> Outcome:
    from jalon.cli.main import main

    out, said = io.StringIO(), io.StringIO()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(said):
            main(words)
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 99
    except TooSlowError:
        raise
    except Exception as error:  # noqa: BLE001 -- what is looked for
        return Outcome(99, f"{type(error).__name__}: {error}")
    return Outcome(code, _fault(code, out.getvalue(), said.getvalue()))


def _fault(code: int, out: str, said: str) -> str:
    judge: dict[int, Callable[[], str]] = {
        0: lambda: _answered(out),
        1: lambda: _answered(out),
        2: lambda: _refused(out, said),
    }
    return judge[code]() if code in judge else f"left with {code}"


def _answered(out: str) -> str:
    try:
        answer = json.loads(out)
    except ValueError:
        return f"no JSON: {out[:200]!r}"
    if not isinstance(answer, dict) or "import" not in answer:
        return ""
    counts = [answer["totals"][one] for one in ("read", *READ)]
    return "" if counts[0] == sum(counts[1:]) else f"read is not the sum: {counts}"


def _refused(out: str, said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    last = lines[-1] if lines else ""
    checks = {
        "an answer beside the refusal": bool(out.strip()),
        "no reason": not last,
        "a traceback": "Traceback" in said,
        "a line too long": len(last) > LONGEST_LINE,
    }
    return next((f"{name}: {said[-300:]!r}" for name, bad in checks.items() if bad), "")
