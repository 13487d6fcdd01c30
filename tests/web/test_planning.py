"""The planning grid behind a client: who sees what, edits, paste, spreadsheet."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from jalon.records import planning_rows
from jalon.records.plannings import Planning
from jalon.web.planning.numbers import amount, block, typed
from jalon.workspace.folder import Workspace

Reader = Callable[[str], Client]
NEW = {
    "title": "CA 2026",
    "kpi": "revenue",
    "period": "2026",
    "target": "240 000",
    "method": "history",
    "spread": "season",
    "step": "100",
}
GRID = "/planning/ca-2026/"
EDIT = f"{GRID}edit/"


@pytest.fixture
def planned(reader: Reader) -> Reader:
    """Return readers of a company whose director made a planning."""
    answer = reader("alice").post("/planning/", NEW)
    assert answer["Location"] == GRID
    return reader


def _months(owner: str) -> tuple[Decimal, ...]:
    (row,) = planning_rows.load("ca-2026", owners=[owner])
    return row.months


def _edit(client: Client, **fields: object) -> str:
    answer = client.post(EDIT, fields, headers={"X-Requested-With": "planning"})
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_only_the_director_starts_a_planning(reader: Reader) -> None:
    assert reader("mona").post("/planning/", NEW).status_code == 403
    assert not Planning.objects.exists()


def test_what_is_missing_is_said_and_nothing_is_made(reader: Reader) -> None:
    for field in ("title", "target", "period"):
        answer = reader("alice").post("/planning/", {**NEW, field: ""})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
    assert not Planning.objects.exists()


def test_each_sees_their_part_before_publication(planned: Reader) -> None:
    alice, mona, bob = (
        planned(name).get(GRID).content.decode() for name in ("alice", "mona", "bob")
    )
    assert "Charlie Moreau" in alice
    assert "Inès Faure" in mona
    assert "Charlie Moreau" not in mona
    assert "Bob Durand" in bob
    assert "Inès Faure" not in bob
    assert planned("rene").get(GRID).status_code == 404


def test_a_cell_is_saved_and_its_parents_come_back(planned: Reader) -> None:
    client = planned("mona")
    page = _edit(client, do="cells", owner="person:bob", month=0, text="12 345")
    assert _months("person:bob")[0] == 12_345
    assert page.count("<tr") == 2  # Bob and his team; Mona does not see the company
    assert "12\u202f345" in page


def test_a_cell_somebody_else_changed_is_said_with_its_figures_and_its_month(
    planned: Reader,
) -> None:
    _edit(
        planned("mona"), do="cells", owner="person:bob", month=2, text="12345", seen=0
    )
    typed = {"do": "cells", "owner": "person:bob", "month": 2, "text": "999", "seen": 0}

    answer = planned("alice").post(
        EDIT, typed, headers={"X-Requested-With": "planning"}
    )

    told = answer.content.decode()
    assert answer.status_code == 422
    assert told.startswith("mona@exemple.fr a changé Bob Durand, mars, le ")
    assert "12\u202f345\u202f€" in told
    assert "vous avez tapé 999\u202f€" in told
    assert _months("person:bob")[2] == 12_345


def test_a_salesperson_reads_and_does_not_write(planned: Reader) -> None:
    client = planned("bob")
    assert "input class=" not in client.get(GRID).content.decode()
    answer = client.post(
        EDIT, {"do": "cells", "owner": "person:bob", "month": 0, "text": "1"}
    )
    assert answer.status_code == 403


def test_a_manager_cannot_reach_another_team_through_the_form(planned: Reader) -> None:
    before = _months("person:charlie")
    answer = planned("mona").post(
        EDIT, {"do": "cells", "owner": "person:charlie", "month": 0, "text": "1"}
    )
    assert answer.status_code == 403
    assert _months("person:charlie") == before


def test_a_block_from_a_spreadsheet_is_pasted_at_its_place(planned: Reader) -> None:
    text = "1 000\t2 000,50\r\n3k\t4 000 €\r\n"
    _edit(
        planned("alice"),
        do="cells",
        owner=["person:bob", "person:ines"],
        month=3,
        text=text,
    )
    assert _months("person:bob")[3:5] == (1_000, Decimal("2000.50"))
    assert _months("person:ines")[3:5] == (3_000, 4_000)


def test_what_is_no_amount_is_refused_in_words(planned: Reader) -> None:
    before = _months("person:bob")
    answer = planned("alice").post(
        EDIT,
        {"do": "cells", "owner": "person:bob", "month": 0, "text": "beaucoup"},
        headers={"X-Requested-With": "planning"},
    )
    assert answer.status_code == 422
    assert "beaucoup" in answer.content.decode()
    assert _months("person:bob") == before


def test_without_script_the_whole_grid_is_saved(planned: Reader) -> None:
    answer = planned("alice").post(
        EDIT, {"do": "save", "cell/person:bob/0": "77", "cell/person:bob/1": "88"}
    )
    assert answer.status_code == 302
    assert _months("person:bob")[:2] == (77, 88)


def test_lock_total_share_and_undo(planned: Reader) -> None:
    client = planned("alice")
    before = _months("person:bob")
    _edit(client, do="lock", owner="person:bob", month=0)
    _edit(client, do="total", owner="person:bob", text="240000", spread="even")
    months = _months("person:bob")
    assert months[0] == before[0]
    assert sum(months) == 240_000
    _edit(client, do="undo")
    assert _months("person:bob") == before
    _edit(client, do="share", text="500000", method="equal", spread="even")
    assert sum(_months("company")) == 500_000


def test_the_spreadsheet_goes_out_and_comes_back_the_same(planned: Reader) -> None:
    client = planned("alice")
    before = planning_rows.load("ca-2026")
    data = client.get(f"{GRID}sheet/").content
    client.post(f"{GRID}import/", {"file": SimpleUploadedFile("x.xlsx", data)})
    assert planning_rows.load("ca-2026") == before

    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    row = next(
        row for row in sheet.iter_rows(min_row=2) if row[0].value == "person:bob"
    )
    row[2].value = 4321.5
    changed = io.BytesIO()
    book.save(changed)
    client.post(
        f"{GRID}import/", {"file": SimpleUploadedFile("x.xlsx", changed.getvalue())}
    )
    assert _months("person:bob")[0] == Decimal("4321.5")
    assert _months("person:ines") == next(
        row.months for row in before if row.owner == "person:ines"
    )


def test_a_file_that_is_no_workbook_is_refused(planned: Reader) -> None:
    answer = planned("alice").post(
        f"{GRID}import/", {"file": SimpleUploadedFile("x.xlsx", b"no")}
    )
    assert answer.status_code == 422
    assert "XLSX" in answer.content.decode()


def test_queries_do_not_grow_with_the_rows(
    planned: Reader,
    company: Workspace,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    client = planned("alice")
    client.get(GRID)
    with django_assert_max_num_queries(13):  # type: ignore[attr-defined]
        client.get(GRID)
    with django_assert_max_num_queries(22):  # type: ignore[attr-defined]
        _edit(client, do="cells", owner="person:bob", month=0, text="12 345")


def test_bob_contests_mona_answers_and_alice_publishes(planned: Reader) -> None:
    alice, mona, bob = (planned(name) for name in ("alice", "mona", "bob"))
    address = f"{GRID}agreement/"
    _edit(alice, do="propose")
    for reader in (alice, mona, bob):
        assert reader.get(address).status_code == 200
    answer = bob.post(
        address,
        {
            "do": "contested",
            "owner": "person:bob",
            "text": "Acme ferme",
            "figure": "50 000",
            "confidence": "0.9",
        },
    )
    assert answer.status_code == 302
    page = alice.get(address).content.decode()
    assert "Acme ferme" in page
    assert "1 contestation attend une réponse" in page
    assert alice.post(address, {"do": "publish", "text": "Vite"}).status_code == 422
    mona.post(address, {"do": "compromise", "owner": "person:bob", "figure": "60 000"})
    bob.post(address, {"do": "accepted", "owner": "person:bob"})
    assert sum(_months("person:bob")) == 60_000
    answer = alice.post(address, {"do": "publish", "text": "Le trimestre commence"})
    assert answer.status_code == 302
    mine = bob.get("/objectives/ca-2026-person-bob/").content.decode()
    assert "60\u202f000" in mine


def test_nobody_answers_for_another(planned: Reader) -> None:
    _edit(planned("alice"), do="propose")
    answer = planned("ines").post(
        f"{GRID}agreement/", {"do": "accepted", "owner": "person:bob"}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 345", "12345"),
        ("12\u202f345,50 €", "12345.50"),
        ("1,2 M", "1200000"),
        ("12,5k", "12500"),
        ("", "0"),
        ("1,234.5", "1234.5"),
    ],
)
def test_amounts_are_read_as_people_type_them(text: str, expected: str) -> None:
    assert amount(text) == Decimal(expected)


def test_amounts_are_shown_as_they_can_be_typed_again() -> None:
    for value in ("0", "12345", "1234567.5"):
        for lang in ("fr", "en"):
            with override(lang):
                assert amount(typed(Decimal(value), lang)) == Decimal(value)


def test_a_clipboard_is_lines_of_cells() -> None:
    assert block("1\t2\r\n3\t\r\n") == [["1", "2"], ["3", ""]]
