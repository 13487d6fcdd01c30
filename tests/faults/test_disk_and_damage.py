"""A full disk, a disk that cannot be written, damaged bytes: nothing is lost, all is said.

Commands are run as people run them, each in a process of its own (make test-faults). The
disk is a small one in memory, which only root may mount.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

pytestmark = pytest.mark.skipif(
    not os.environ.get("JALON_FAULTS"), reason="slow: make test-faults"
)
ROWS, SIZE_MB, PAGE = 4000, 64, 4096
OBJECTIVES = """
[[objective]]
id = "first"
kpi = "revenue"
owner = "company"
first = 2025-01-01
after = 2025-04-01
target = 900000
"""


@dataclass(frozen=True)
class Said:
    """What a command left: its exit code and both of its outputs."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        """The one JSON document of its output."""
        return json.loads(self.out)

    def is_one_line(self) -> bool:
        """Whether it refused as a person may read it."""
        lines = [line for line in self.err.splitlines() if line.strip()]
        return self.code == 2 and "Traceback" not in self.err and len(lines) >= 1


@dataclass(frozen=True)
class Place:
    """A workspace and the files beside it."""

    folder: Path
    room: Path

    def run(self, *words: str) -> Said:
        """Run a command on the workspace, as a person would."""
        jalon = str(Path(sys.executable).with_name("jalon"))
        told = [jalon, *words, "--workspace", str(self.folder)]
        env = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        env |= {"TMPDIR": str(self.room), "JALON_TODAY": "2025-03-01"}
        done = subprocess.run(
            told, env=env, capture_output=True, text=True, timeout=120, check=False
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def figures(self) -> tuple[Any, Any]:
        """What the pages say: the revenue, and the objectives with their figures."""
        year = ("--from", "2025-01-01", "--to", "2026-01-01")
        revenue = self.run("kpi", "value", "revenue", *year, "--json")
        status = self.run("objectives", "status", "--on", "2025-03-01", "--json")
        assert (revenue.code, status.code) == (0, 0), revenue.err + status.err
        held = status.answer
        rows = held["objectives"] if isinstance(held, dict) else held
        return (
            revenue.answer["rows"][0]["value"],
            [(one["id"], one["target"], one["actual"]) for one in rows],
        )

    def make(self) -> None:
        """Make the company: its deals and one objective."""
        made = self.run("init", str(self.folder), "--company", "Panne SA")
        assert made.code == 0, made.err
        for words in (
            ("import", str(deals(self.room / "deals.csv", 1, ROWS))),
            ("objectives", "import", str(self.written("first.toml", OBJECTIVES))),
        ):
            assert self.run(*words).code in {0, 1}

    def written(self, name: str, text: str) -> Path:
        """Write a file beside the workspace."""
        path = self.room / name
        path.write_text(text, "utf-8")
        return path


def deals(path: Path, first: int, count: int) -> Path:
    """Write that many deals won in the first quarter, of 100 € each."""
    with path.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow(
            ["deal_id", "owner", "created_on", "closed_on", "amount", "outcome"]
        )
        for rank in range(first, first + count):
            day = f"2025-{1 + rank % 2:02}-{1 + rank % 28:02}"
            note = f"person {rank % 50}"
            rows.writerow([rank, note, "2024-12-01", day, "100.00", "won"])
    return path


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small disk in memory."""
    point = tmp_path_factory.mktemp("disk")
    told = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "jalon-faults", point]
    if (
        os.geteuid()
        or subprocess.run(told, capture_output=True, check=False).returncode
    ):
        pytest.skip("only root may mount a small disk, and not everywhere")
    yield point
    subprocess.run(["umount", "--lazy", point], check=False)


@pytest.fixture(scope="module")
def place(disk: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A company on the small disk; its files beside it are elsewhere."""
    found = Place(disk / "company", tmp_path_factory.mktemp("beside"))
    found.make()
    return found


def fill(disk: Path, left: int) -> Path:
    """Fill a disk but for so many bytes."""
    ballast = disk / "ballast"
    with ballast.open("wb") as out:
        out.truncate(0)
        os.posix_fallocate(out.fileno(), 0, max(shutil.disk_usage(disk).free - left, 1))
    return ballast


@pytest.mark.parametrize("left", [0, 64 * 1024, 1024 * 1024, 3 * 1024 * 1024])
def test_a_full_disk_is_said_and_changes_nothing(
    disk: Path, place: Place, left: int
) -> None:
    before = place.figures()
    more = deals(place.room / "more.csv", 100_000, 40_000)
    told = OBJECTIVES.replace('"first"', f'"when-{left}"')
    second = place.written("second.toml", told)
    ballast = fill(disk, left)

    imported = place.run("import", str(more), "--lang", "en")
    aimed = place.run("objectives", "import", str(second), "--lang", "en")
    ballast.unlink()
    after, looked = place.figures(), place.run("doctor", "--lang", "en")

    assert imported.is_one_line(), imported
    assert "left" in imported.err or "full" in imported.err or "room" in imported.err
    assert aimed.is_one_line() or aimed.code == 0, aimed
    new = (f"when-{left}", 900000, before[1][0][2])
    assert after[0] == before[0]
    assert sorted(after[1]) == sorted([*before[1], *([] if aimed.code else [new])])
    assert "Traceback" not in looked.out + looked.err


def test_once_there_is_room_again_the_import_is_made(place: Place) -> None:
    before = place.figures()

    done = place.run("import", str(deals(place.room / "x.csv", 200_000, 10)), "--json")

    assert done.code == 0, done.err
    assert done.answer["totals"]["accepted"] == 10
    assert place.figures()[0] == before[0] + 10 * 100


def test_a_disk_that_cannot_be_written_is_said(disk: Path, place: Place) -> None:
    before = place.figures()
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    try:
        more = deals(place.room / "ro.csv", 300_000, 10)
        told = [
            place.run("import", str(more), "--lang", "en"),
            place.run("objectives", "import", str(place.room / "second.toml")),
            place.run(
                "kpi", "value", "revenue", "--from", "2025-01-01", "--to", "2026-01-01"
            ),
            place.run("doctor", "--lang", "en"),
        ]
    finally:
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)

    assert [one.code for one in told[:2]] == [2, 2], told
    assert all("Traceback" not in one.out + one.err for one in told), told
    assert told[3].code == 1
    assert place.figures() == before


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A company somewhere, saved in a file."""
    room = tmp_path_factory.mktemp("sound")
    found = Place(room / "company", room)
    found.make()
    assert found.run("backup", str(room / "kept.zip")).code == 0
    return found


def spoil(path: Path, at: int) -> None:
    """Write other bytes over a page of a file."""
    with path.open("r+b") as held:
        held.seek(at)
        held.write(b"\xa5" * PAGE)


def place_of(column: str, path: Path) -> int:
    """Return where a snapshot's file holds the values of a column of the deals."""
    asked = (
        "SELECT block_id FROM pragma_storage_info('deals') "
        "WHERE column_name = ? AND persistent AND segment_type <> 'VALIDITY'"
    )
    with duckdb.connect(str(path), read_only=True) as held:
        block = held.execute(asked, [column]).fetchall()[0][0]
        size = held.execute("SELECT block_size FROM pragma_database_size()").fetchall()
    return int(3 * PAGE + block * size[0][0])


@pytest.mark.parametrize("where", ["head", "deal_id", "closed_on", "records", "page"])
def test_doctor_finds_damaged_bytes_and_restore_mends_them(
    sound: Place, tmp_path: Path, where: str
) -> None:
    hurt = Place(tmp_path / "company", tmp_path)
    shutil.copytree(sound.folder, hurt.folder)
    snapshot = hurt.folder / "warehouse/g00000001.duckdb"
    records = hurt.folder / "jalon.sqlite3"
    file, at = {
        "head": (snapshot, 0),
        "deal_id": (snapshot, place_of("deal_id", snapshot)),
        "closed_on": (snapshot, place_of("closed_on", snapshot)),
        "records": (records, 0),
        "page": (records, records.stat().st_size // PAGE // 2 * PAGE),
    }[where]
    spoil(file, at)

    looked = hurt.run("doctor", "--lang", "en")
    year = ("--from", "2025-01-01", "--to", "2026-01-01")
    asked = (
        hurt.run("objectives", "status", "--on", "2025-03-01", "--lang", "en"),
        hurt.run("kpi", "value", "revenue", *year, "--lang", "en"),
    )
    kept = str(sound.room / "kept.zip")
    mended = hurt.run("restore", kept, "--replace")

    assert looked.code == 1, looked
    assert all("Traceback" not in one.out + one.err for one in (looked, *asked))
    assert any(one.is_one_line() for one in asked) or where == "page", asked
    assert mended.code == 0, mended.err
    assert hurt.figures() == sound.figures()
    assert hurt.run("doctor").code == 0
