"""A workspace saved while it is written to comes back whole, on either database."""

from __future__ import annotations

import datetime
import json
import sqlite3
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from jalon.domain.refusals import Refusal
from jalon.records import copying
from jalon.records.models import AuditLine
from jalon.usecases.acting import OPERATOR
from jalon.usecases.backup import backup, restore
from jalon.usecases.import_objectives import import_objectives
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace, opened

pytestmark = pytest.mark.django_db(transaction=True)

AT = datetime.datetime(2025, 3, 1, 9, tzinfo=datetime.UTC)
QUARTER = """
[[objective]]
id = "company"
kpi = "revenue"
owner = "company"
first = 2025-01-01
after = 2025-04-01
target = 62100

[[objective]]
id = "cycle"
kpi = "sales_cycle_days"
owner = "company"
first = 2025-01-01
after = 2025-04-01
baseline = 90
target = 50
"""
PAIR = ("pair.one", "pair.two")


@pytest.fixture(autouse=True)
def beside_may_be_opened(
    django_db_blocker: Any, transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Django's tests refuse databases they do not know; ours is a file of the test."""
    guarded = BaseDatabaseWrapper.ensure_connection
    real = django_db_blocker._real_ensure_connection

    def ensured(self: BaseDatabaseWrapper) -> None:
        (real if self.alias == "aside" else guarded)(self)

    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", ensured)


@pytest.fixture
def kept(company: Workspace, tmp_path: Path) -> Path:
    """The archive of the small company with two objectives and a key."""
    source = tmp_path / "objectives.toml"
    source.write_text(QUARTER, "utf-8")
    import_objectives(company, source, on=AT.date(), at=AT, actor=OPERATOR)
    (company.folder / "sources.key").write_text("sealed")
    company.mappings.mkdir(exist_ok=True)
    (company.mappings / "crm.toml").write_text("# mine")
    file = tmp_path / "kept.zip"
    backup(company, file, at=AT)
    return file


def targets(folder: Path) -> list[tuple[str, str]]:
    """The objectives of a restored workspace, read by plain SQL."""
    ask = "SELECT id, kpi FROM records_objective ORDER BY id"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(ask)
            return cursor.fetchall()
    return sqlite3.connect(folder / "jalon.sqlite3").execute(ask).fetchall()


def emptied() -> None:
    """The database of another machine: its shape and no record."""
    if connection.vendor == "postgresql":
        call_command("flush", interactive=False, verbosity=0)


def test_a_restored_workspace_holds_the_records_the_data_and_the_files(
    kept: Path, company: Workspace, tmp_path: Path
) -> None:
    emptied()
    done = restore(kept, tmp_path / "other" / "place", at=AT)

    assert targets(done.folder) == [
        ("company", "revenue"),
        ("cycle", "sales_cycle_days"),
    ]
    live, back = Generations(company.warehouse), Generations(done.folder / "warehouse")
    assert back.verify() == []
    ask = "SELECT table_name, row_count, checksum FROM generation ORDER BY 1"
    assert (
        back.reader().execute(ask).fetchall() == live.reader().execute(ask).fetchall()
    )
    assert (done.folder / "mappings" / "crm.toml").read_text() == "# mine"
    assert (done.folder / "sources.key").stat().st_mode & 0o077 == 0
    assert opened(done.folder).settings == company.settings


def test_an_archive_is_read_by_its_owner_alone_and_can_leave_the_keys_out(
    kept: Path, company: Workspace
) -> None:
    bare = kept.with_name("bare.zip")
    backup(company, bare, at=AT, keys=False)

    assert kept.stat().st_mode & 0o077 == 0
    assert "sources.key" in zipfile.ZipFile(kept).namelist()
    assert "sources.key" not in zipfile.ZipFile(bare).namelist()


def test_what_one_transaction_writes_is_saved_whole_or_not_at_all(
    kept: Path, company: Workspace, tmp_path: Path
) -> None:
    stop = threading.Event()

    def write_in_pairs() -> None:
        while not stop.is_set():
            with transaction.atomic():
                for verb in PAIR:
                    AuditLine.objects.create(
                        at=AT, by="x", verb=verb, noun="n", key="k"
                    )
        connection.close()

    writer = threading.Thread(target=write_in_pairs)
    writer.start()
    files = [tmp_path / f"{rank}.zip" for rank in range(4)]
    try:
        for file in files:
            backup(company, file, at=AT)
    finally:
        stop.set()
        writer.join()

    counts = [pairs(file, tmp_path) for file in files]
    assert all(one == two for one, two in counts), counts
    assert counts[-1][0] > 0


def pairs(file: Path, tmp_path: Path) -> tuple[int, int]:
    """How many of both halves an archive holds."""
    place = tmp_path / f"{file.stem}.sqlite3"
    place.write_bytes(zipfile.ZipFile(file).read("jalon.sqlite3"))
    ask = "SELECT count(*) FROM records_auditline WHERE verb = ?"
    with sqlite3.connect(place) as held:
        one, two = (held.execute(ask, [verb]).fetchone()[0] for verb in PAIR)
    return one, two


@pytest.mark.parametrize("where", [0.2, 0.5, 0.9])
def test_a_damaged_archive_is_refused_and_nothing_is_written(
    kept: Path, tmp_path: Path, where: float
) -> None:
    emptied()
    held = bytearray(kept.read_bytes())
    at = int(len(held) * where)
    held[at : at + 64] = bytes(byte ^ 0x5A for byte in held[at : at + 64])
    kept.write_bytes(held)
    folder = tmp_path / "new" / "place"

    with pytest.raises(Refusal):
        restore(kept, folder, at=AT)

    assert not folder.exists()
    assert not folder.parent.exists() or not list(folder.parent.iterdir())


def test_a_file_cut_short_is_no_backup(kept: Path, tmp_path: Path) -> None:
    kept.write_bytes(kept.read_bytes()[:-200])
    with pytest.raises(Refusal, match="is no backup of Jalon, or it was cut short"):
        restore(kept, tmp_path / "new", at=AT)


def test_a_part_that_would_leave_the_folder_makes_it_no_backup(tmp_path: Path) -> None:
    file = tmp_path / "evil.zip"
    part = {"name": "../out.txt", "size": 1, "sha256": "0"}
    said = {"format": 1, "company": "", "made": "", "version": "", "snapshot": ""}
    with zipfile.ZipFile(file, "w") as held:
        held.writestr("../out.txt", "x")
        held.writestr("manifest.json", json.dumps(said | {"parts": [part]}))

    with pytest.raises(Refusal, match="is no backup"):
        restore(file, tmp_path / "deep" / "new", at=AT)

    assert not (tmp_path / "deep" / "out.txt").exists()


def test_what_stands_in_the_folder_is_kept_beside_it(
    kept: Path, tmp_path: Path
) -> None:
    emptied()
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "note.txt").write_text("mine")
    with pytest.raises(Refusal, match="is not empty"):
        restore(kept, folder, at=AT)

    done = restore(kept, folder, at=AT, replace=True)

    assert done.former == tmp_path / "mine.before-20250301-090000"
    assert (done.former / "note.txt").read_text() == "mine"
    assert not (folder / "note.txt").exists()


def test_a_file_that_is_there_is_not_written_over(
    kept: Path, company: Workspace
) -> None:
    before = kept.read_bytes()
    with pytest.raises(Refusal, match="is there already"):
        backup(company, kept, at=AT)
    assert kept.read_bytes() == before


@pytest.mark.parametrize("former", ["0004", "0009"])
def test_a_backup_of_a_former_version_is_brought_to_the_present_shape(
    kept: Path, tmp_path: Path, former: str
) -> None:
    emptied()
    old = tmp_path / "old.sqlite3"
    with copying.beside(old) as aside:
        call_command("migrate", "records", former, database=aside, verbosity=0)
    whole = zipfile.ZipFile(kept)
    said = json.loads(whole.read("manifest.json"))
    swapped = tmp_path / "former.zip"
    from jalon.workspace.archive import Writing

    writing = Writing(swapped)
    for part in said["parts"]:
        held = (
            old.open("rb")
            if part["name"] == "jalon.sqlite3"
            else whole.open(part["name"])
        )
        with held:
            writing.add(part["name"], held)
    writing.close(company="Petite SA", made="", version="0", snapshot="")

    done = restore(swapped, tmp_path / "new", at=AT)

    assert targets(done.folder) == []
