"""Real quotas followed as objectives: a file goes in by command line, standings come out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.truth.desk import Desk, run


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
    code, _, err = run("objectives", "import", str(path), *shared)
    assert code in (0, 1), err
    code, out, err = run("objectives", "status", *shared)
    assert code == 0, err
    answer = json.loads(out)
    rows = answer if isinstance(answer, list) else answer["objectives"]
    return {row["id"]: row for row in rows}


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
