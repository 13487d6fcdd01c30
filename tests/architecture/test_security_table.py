"""The table of security names tests that are there, one at least for each requirement."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = [
    [cell.strip() for cell in line.strip("|\n ").split(" | ")]
    for line in (ROOT / "docs/security.md").read_text("utf-8").splitlines()
    if line.startswith("| V")
]
TESTS = {
    name: path
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_a_requirement_is_shown_by_a_test_that_is_there(row: list[str]) -> None:
    assert len(row) == 3
    named = re.findall(r"`([^`]+)`", row[2])
    shown = [one for one in named if not one.startswith("make ")]

    assert shown, "no test"
    for one in shown:
        assert one in TESTS or (ROOT / one).exists(), one


def test_the_table_is_read() -> None:
    assert len(ROWS) > 25


@pytest.mark.parametrize("name", ["run", "dev", "docs", "engines"])
def test_each_dependency_is_pinned_by_version_and_hash(name: str) -> None:
    """A line a package: `name==version`, then its hashes; set-up takes nothing else."""
    text = (ROOT / f"requirements/{name}.txt").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and line[0] not in " #"]

    assert len(lines) > 5
    for line in lines:
        assert re.match(r"[a-z0-9._\[\]-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line), (
            line
        )


def test_set_up_takes_nothing_whose_hash_is_not_that_of_the_list() -> None:
    made = (ROOT / "Makefile").read_text("utf-8")
    taken = re.findall(
        r"^.*uv pip (?:sync|install).*requirements/.*$", made, re.MULTILINE
    )

    assert len(taken) >= 4
    assert all("--require-hashes" in line for line in taken)
