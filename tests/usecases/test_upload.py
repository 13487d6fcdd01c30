"""Files given from the pages: what is kept, what is refused, what a killed worker leaves."""

from __future__ import annotations

import datetime
import io
import os
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jalon.domain.people.permission import Viewer
from jalon.domain.people.roles import Role
from jalon.queries import uploads
from jalon.queries.data_page import Wanted, data_page, quarantine
from jalon.records.audit import AuditLine
from jalon.records.uploads import Upload
from jalon.usecases.acting import Actor, ForbiddenError
from jalon.usecases.start_upload import start
from jalon.usecases.upload import (
    Correction,
    Corrections,
    UnableToUploadError,
    begin,
    clean_name,
    correct,
    discard,
    receive,
    work,
)
from jalon.workspace import worker
from jalon.workspace.folder import Workspace

pytestmark = pytest.mark.django_db

ON = datetime.date(2025, 6, 16)
AT = datetime.datetime(2025, 6, 16, 9, 0, tzinfo=datetime.UTC)
ALICE = Actor(Viewer(Role.DIRECTOR, "alice"), "alice@exemple.fr")
BOB = Actor(Viewer(Role.SALESPERSON, "bob"), "bob@exemple.fr")
DEALS = (
    "N° affaire;Commercial;Étape;Montant;Créée le;Date de clôture\n"
    "1;Bob;Gagnée;1200;02/01/2025;20/02/2025\n"
    "2;Inès;Perdue;300;15/02/2025;28/02/2025\n"
    "3;Bob;Gagnée;beaucoup;15/03/2025;20/03/2025\n"
    "4;Bob;Truc;100;15/03/2025;\n"
    "5;Inès;Gagnée;500;01/04/2025;02/05/2025\n"
    "6;Bob;Perdue;700;01/04/2025;09/05/2025\n"
)


@dataclass
class Sent:
    """A file as a browser sends it."""

    name: str
    content: bytes

    @property
    def size(self) -> int:
        return len(self.content)

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield self.content[:chunk_size]


def sent(name: str = "affaires.csv", content: str = DEALS) -> Sent:
    return Sent(name, content.encode())


def recognised(workspace: Workspace, *files: Sent) -> str:
    key = receive(workspace, files or (sent(),), actor=ALICE, at=AT)
    work(workspace, key, on=ON, at=AT)
    return key


def imported(workspace: Workspace, *files: Sent) -> str:
    key = recognised(workspace, *files)
    begin(key, actor=ALICE, at=AT)
    work(workspace, key, on=ON, at=AT)
    return key


def seen(workspace: Workspace, key: str) -> uploads.UploadView:
    found = uploads.upload(workspace, key)
    assert found is not None
    return found


def test_files_are_recognised_then_imported_and_every_row_is_counted(
    workspace: Workspace,
) -> None:
    key = imported(workspace)

    found = seen(workspace, key)
    assert found.state == "imported"
    assert found.report is not None
    assert found.report["totals"] == {
        "read": 6,
        "accepted": 5,
        "rejected": 1,
        "duplicate": 0,
        "filtered": 0,
    }
    (row,) = quarantine(workspace, Wanted(import_id=found.report["import"])).rows
    assert (row.line, row.column, row.value) == (4, "amount", "beaucoup")


def test_the_preview_shows_each_column_with_its_values_and_why(
    workspace: Workspace,
) -> None:
    (sheet,) = seen(workspace, recognised(workspace)).sheets

    (table,) = sheet.tables
    columns = {one.name: one for one in table.columns}
    assert table.into == "deals"
    assert columns["amount"].header == "Montant"
    assert set(columns["amount"].samples) < {
        "1200",
        "300",
        "beaucoup",
        "100",
        "500",
        "700",
    }
    assert columns["amount"].why is not None
    words = {one.text: (one.meaning, one.known) for one in columns["outcome"].words}
    assert words["Gagnée"] == ("won", True)
    assert words["Perdue"] == ("lost", True)
    assert words["Truc"] == ("open", False)


def test_a_column_corrected_by_hand_is_imported_so_and_remembered(
    workspace: Workspace,
) -> None:
    key = recognised(workspace)
    told = Correction({"name": "N° affaire"}, {"outcome": {"Truc": "lost"}})
    correct(key, Corrections(columns={0: told}), actor=ALICE, at=AT)
    begin(key, actor=ALICE, at=AT)
    work(workspace, key, on=ON, at=AT)

    (sheet,) = seen(workspace, recognised(workspace)).sheets

    (table,) = sheet.tables
    columns = {one.name: one for one in table.columns}
    assert sheet.remembered
    assert columns["name"].header == "N° affaire"
    assert {one.text: one.meaning for one in columns["outcome"].words}["Truc"] == "lost"


def test_a_header_the_file_has_not_changes_nothing(workspace: Workspace) -> None:
    key = recognised(workspace)
    told = Correction({"amount": "Chiffre"}, {"outcome": {"Gagnée": "hacked"}})

    correct(key, Corrections(columns={0: told}), actor=ALICE, at=AT)

    ((table,),) = [one.tables for one in seen(workspace, key).sheets]
    columns = {one.name: one for one in table.columns}
    assert columns["amount"].header == "Montant"
    meanings = {one.text: one.meaning for one in columns["outcome"].words}
    assert meanings["Gagnée"] == "won"


def test_a_file_can_be_read_as_another_table_or_not_at_all(
    workspace: Workspace,
) -> None:
    key = recognised(workspace)
    correct(key, Corrections(into={0: "people"}), actor=ALICE, at=AT)
    ((table,),) = [one.tables for one in seen(workspace, key).sheets]
    assert table.into == "people"

    correct(key, Corrections(into={0: ""}), actor=ALICE, at=AT)

    assert seen(workspace, key).sheets[0].tables == ()
    with pytest.raises(UnableToUploadError):
        begin(key, actor=ALICE, at=AT)


def test_the_same_file_twice_brings_nothing_new(workspace: Workspace) -> None:
    first = seen(workspace, imported(workspace)).report
    again = seen(workspace, imported(workspace)).report

    assert first is not None
    assert again is not None
    assert first["snapshot"] == "g00000001"
    assert again["snapshot"] is None
    assert again["totals"]["duplicate"] == 5


def test_a_corrected_row_comes_in(workspace: Workspace) -> None:
    imported(workspace)
    mended = sent(content=DEALS.replace("beaucoup", "800"))

    report = seen(workspace, imported(workspace, mended)).report

    assert report is not None
    assert report["totals"]["accepted"] == 1
    assert report["totals"]["rejected"] == 0


def test_a_worker_that_was_killed_leaves_it_interrupted(workspace: Workspace) -> None:
    key = recognised(workspace)
    begin(key, actor=ALICE, at=AT)
    folder = workspace.uploads / key

    lock = worker.hold(folder)
    assert lock is not None
    assert seen(workspace, key).state == "importing"
    os.close(lock)  # what the system does for a process that is killed
    assert seen(workspace, key).state == "interrupted"

    work(workspace, key, on=ON, at=AT)
    assert seen(workspace, key).state == "imported"


def test_the_bytes_lie_under_numbers_whatever_the_name(workspace: Workspace) -> None:
    key = receive(
        workspace,
        [sent("../../jalon.csv"), sent("C:\\temp\\jalon.csv")],
        actor=ALICE,
        at=AT,
    )

    folder = workspace.uploads / key
    assert sorted(one.name for one in folder.iterdir()) == ["0", "1"]
    assert seen(workspace, key).files == ("jalon.csv", "jalon (2).csv")
    assert not list(workspace.folder.parent.rglob("jalon*.csv"))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("affaires.csv", "affaires.csv"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\n.csv", "ab.csv"),
        ("..", "file"),
        ("x" * 400 + ".xlsx", "x" * 150 + ".xlsx"),
    ],
)
def test_a_name_is_only_a_word(name: str, kept: str) -> None:
    assert clean_name(name) == kept


@pytest.mark.parametrize(
    ("files", "said"),
    [
        pytest.param((), "No file", id="nothing"),
        pytest.param((sent(content=""),), "is empty", id="an empty file"),
        pytest.param((sent("virus.exe"),), "no known kind", id="a program"),
        pytest.param((sent(),) * 41, "at most 40", id="too many"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_one_line(
    workspace: Workspace, files: tuple[Sent, ...], said: str
) -> None:
    with pytest.raises(UnableToUploadError, match=said) as refusal:
        receive(workspace, files, actor=ALICE, at=AT)

    assert "\n" not in str(refusal.value)
    assert not Upload.objects.exists()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("affaires.csv", b"0" * 300 * 1024 * 1024)
    return out.getvalue()


@pytest.mark.parametrize(
    ("file", "code"),
    [
        pytest.param(Sent("b.zip", bomb()), "zip_bomb", id="a zip bomb"),
        pytest.param(Sent("b.zip", b"PK\x03\x04no"), "damaged", id="a broken zip"),
        pytest.param(
            Sent("b.xlsx", b"PK\x03\x04no"), "damaged", id="a broken workbook"
        ),
        pytest.param(Sent("b.csv", b"\n \n"), "empty", id="blank lines"),
    ],
)
def test_what_cannot_be_read_is_refused_and_said(
    workspace: Workspace, file: Sent, code: str
) -> None:
    found = seen(workspace, recognised(workspace, file))

    assert found.state == "refused"
    assert found.refusal is not None
    assert found.refusal.code == code


def test_only_those_who_may_import_do(workspace: Workspace) -> None:
    key = recognised(workspace)

    with pytest.raises(ForbiddenError):
        receive(workspace, [sent()], actor=BOB, at=AT)
    with pytest.raises(ForbiddenError):
        correct(key, Corrections(), actor=BOB, at=AT)
    with pytest.raises(ForbiddenError):
        begin(key, actor=BOB, at=AT)
    with pytest.raises(ForbiddenError):
        discard(workspace, key, actor=BOB, at=AT)


def test_an_upload_under_way_cannot_be_begun_or_changed_again(
    workspace: Workspace,
) -> None:
    key = imported(workspace)

    with pytest.raises(UnableToUploadError):
        begin(key, actor=ALICE, at=AT)
    with pytest.raises(UnableToUploadError):
        correct(key, Corrections(), actor=ALICE, at=AT)


def test_an_upload_forgotten_leaves_no_file(workspace: Workspace) -> None:
    key = recognised(workspace)

    discard(workspace, key, actor=ALICE, at=AT)

    assert uploads.upload(workspace, key) is None
    assert not (workspace.uploads / key).exists()


def test_the_files_imported_are_not_kept(workspace: Workspace) -> None:
    key = imported(workspace)

    left = {one.name for one in (workspace.uploads / key).iterdir()}
    assert "0" not in left


def test_an_upload_left_for_a_week_is_forgotten_at_the_next(
    workspace: Workspace,
) -> None:
    old = recognised(workspace)

    receive(workspace, [sent()], actor=ALICE, at=AT + datetime.timedelta(days=8))

    assert uploads.upload(workspace, old) is None
    assert not (workspace.uploads / old).exists()


def test_each_act_leaves_its_line(workspace: Workspace) -> None:
    imported(workspace)

    lines = AuditLine.objects.filter(noun="data").order_by("pk")
    assert [(one.verb, one.by) for one in lines] == [
        ("upload", "alice@exemple.fr"),
        ("import", "alice@exemple.fr"),
    ]


def test_the_data_page_says_who_imported_what_and_what_is_left(
    workspace: Workspace,
) -> None:
    imported(workspace)

    page = data_page(workspace, on=ON)

    assert page.snapshot == "g00000001"
    assert {one.name: one.rows for one in page.tables} == {"people": 2, "deals": 5}
    (line,) = page.imports
    assert (line.by, line.files) == ("alice@exemple.fr", "affaires.csv")
    assert (line.read, line.accepted, line.rejected) == (6, 5, 1)
    assert line.quarantined == page.quarantined == 1
    (deals,) = [one for one in page.tables if one.name == "deals"]
    assert deals.last_on == datetime.date(2025, 5, 9)
    assert deals.days == 38
    (generation,) = page.generations
    assert generation.current
    assert str(page.completeness) == "0.833333"


def test_before_any_import_the_data_page_is_empty(workspace: Workspace) -> None:
    page = data_page(workspace, on=ON)

    assert (page.snapshot, page.tables, page.imports) == ("", (), ())
    assert quarantine(workspace, Wanted()).total == 0


def test_progress_is_told_by_the_folder(tmp_path: Path) -> None:
    assert worker.told(tmp_path).share == 0

    worker.tell(tmp_path, worker.Progress("writing", "deals", 0.8))

    assert worker.told(tmp_path) == worker.Progress("writing", "deals", 0.8)
    assert not worker.is_held(tmp_path)


def test_the_next_step_waits_for_a_former_worker_that_is_ending(
    workspace: Workspace, settings: Any
) -> None:
    settings.IMPORTS_HERE = True
    key = recognised(workspace)
    begin(key, actor=ALICE, at=AT)
    former = worker.hold(workspace.uploads / key)
    assert former is not None
    ending = threading.Timer(0.1, os.close, [former])
    ending.start()

    start(workspace, key, on=ON, at=AT)

    ending.join()
    assert seen(workspace, key).state == "imported"
