"""Two runs side by side: `python -m benchmarks.compare [BEFORE] [AFTER]`.

Each is a JSON file, or a commit whose `benchmarks/results/latest.json` is read. Without
any: the last commit against the file as it is. Ratios are compared, not seconds; what
moved by more than a quarter is marked.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LATEST = "benchmarks/results/latest.json"
MOVED = 0.25


def read(name: str) -> dict[str, dict[str, Any]]:
    """Return the results of a file or of a commit, by name."""
    path = Path(name)
    if path.exists():
        text = path.read_text("utf-8")
    else:
        command = ["git", "-C", str(HERE.parent), "show", f"{name}:{LATEST}"]
        told = subprocess.run(command, check=False, capture_output=True, text=True)
        if told.returncode:
            sys.exit(f"{name} is neither a file nor a commit that holds {LATEST}.")
        text = told.stdout
    return {one["name"]: one for one in json.loads(text).get("results", [])}


def compared(
    before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]
) -> list[str]:
    """Return the lines of a table: each result of either, and how it moved."""
    lines = ["| name | before | after | change | |", "| --- | --: | --: | --: | --- |"]
    for name in dict.fromkeys([*before, *after]):
        one, other = before.get(name), after.get(name)
        if one is None or other is None:
            known = one or other or {}
            side = "gone" if other is None else "new"
            lines.append(f"| `{name}` | | | | {side}, {known.get('ratio', 0):.3g} |")
            continue
        change = other["ratio"] / one["ratio"] - 1 if one["ratio"] else 0.0
        better = (change > 0) == bool(other["more"])
        mark = ("better" if better else "**worse**") if abs(change) > MOVED else ""
        lines.append(
            f"| `{name}` | {one['ratio']:.3g} | {other['ratio']:.3g} "
            f"| {change:+.0%} | {mark} |"
        )
    return lines


def main(words: list[str]) -> None:
    """Print the comparison."""
    before = words[0] if words else "HEAD"
    after = words[1] if len(words) > 1 else str(HERE / "results" / "latest.json")
    print("\n".join(compared(read(before), read(after))))


if __name__ == "__main__":
    main(sys.argv[1:])
