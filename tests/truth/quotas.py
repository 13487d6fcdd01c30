"""Real quotas followed as objectives: a file goes in by command line, standings come out."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.truth.desk import Desk


@dataclass(frozen=True, slots=True)
class Quota:
    """A target of revenue for somebody, from `first` to `after` (excluded)."""

    id: str
    owner: str
    first: str
    after: str
    target: float
    where: tuple[str, ...] = ()


def standings(
    desk: Desk, quotas: Iterable[Quota], folder: Path, *, on: str
) -> dict[str, dict[str, Any]]:
    """Return where each quota stands, by its id."""
    path = folder / "quotas.toml"
    path.write_text("\n".join(_block(quota) for quota in quotas), "utf-8")
    shared = ("--workspace", str(desk.workspace), "--on", on, "--json")
    called("objectives", "import", str(path), *shared)
    answer = json.loads(called("objectives", "status", *shared))
    rows = answer if isinstance(answer, list) else answer["objectives"]
    return {row["id"]: row for row in rows}


def called(*arguments: str) -> str:
    """Return what a command wrote, run apart: it has the database of its workspace."""
    program = "from jalon.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def _block(quota: Quota) -> str:
    return f"""[[objective]]
id = {json.dumps(quota.id, ensure_ascii=False)}
statement = {json.dumps(f"Sell {quota.target:.2f}", ensure_ascii=False)}
kpi = "revenue"
owner = {json.dumps(quota.owner, ensure_ascii=False)}
first = {quota.first}
after = {quota.after}
target = {quota.target}
where = {json.dumps(quota.where, ensure_ascii=False)}
"""
