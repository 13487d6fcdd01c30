from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from jalon.usecases.import_file import (
    ImportRefusedError,
    ImportReport,
    as_document,
    import_file,
)
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace

MAPPING = """
[[table]]
into = "deals"
file = "deals*.csv"
[table.columns]
deal_id = "id"
owner_id = "owner"
amount = "amount"
closed_on = "closed"
outcome = "outcome"
"""
HEADS = "id,owner,amount,closed,outcome\n"
FIRST = (
    HEADS
    + "1,Alice,100,2024-01-31,won\n2,Bob,200,2024-02-29,lost\n3,Bob,much,2024-02-29,lost\n"
)


def at(minute: int) -> datetime:
    return datetime(2026, 1, 1, 0, minute, tzinfo=UTC).replace(tzinfo=None)


class Desk:
    """A workspace, and files to import into it, a minute apart."""

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        self.workspace = workspace
        self.folder = folder
        self.mapping = self.file("mapping.toml", MAPPING)
        self.minute = 0

    def file(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, "utf-8")
        return path

    def imported(
        self, *paths: Path, mapping: bool = True, **options: Any
    ) -> ImportReport:
        self.minute += 1
        chosen = self.mapping if mapping else None
        return import_file(
            self.workspace, paths, mapping=chosen, at=at(self.minute), **options
        )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return Generations(self.workspace.warehouse).reader().execute(query).fetchall()


@pytest.fixture
def desk(workspace: Workspace, tmp_path: Path) -> Desk:
    return Desk(workspace, tmp_path)


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.read, report.accepted, report.rejected, report.duplicate


def test_a_file_becomes_facts_people_and_a_quarantine(desk: Desk) -> None:
    report = desk.imported(desk.file("deals.csv", FIRST))
    assert counts(report) == (3, 2, 1, 0)
    assert report.made == {"people": ("Alice", "Bob")}
    assert desk.rows(
        "SELECT deal_id, owner_id, amount::INT, outcome FROM deals ORDER BY 1"
    ) == [("1", "Alice", 100, "won"), ("2", "Bob", 200, "lost")]
    assert desk.rows("SELECT person_id, name FROM people ORDER BY 1") == [
        ("Alice", "Alice"),
        ("Bob", "Bob"),
    ]
    assert desk.rows(
        "SELECT file, line, column_name, value, reason FROM quarantine"
    ) == [("deals.csv", 4, "amount", "much", "not_a_number")]
    assert desk.rows("SELECT row_json ->> 'amount' FROM quarantine") == [("much",)]
    assert desk.rows("SELECT people_created, filtered FROM imports") == [(2, 0)]
    assert desk.rows(
        "SELECT rows_read, accepted, rejected, duplicate FROM imports"
    ) == [(3, 2, 1, 0)]


def test_the_same_file_twice_changes_nothing(desk: Desk) -> None:
    path = desk.file("deals.csv", FIRST)
    desk.imported(path)
    before = Generations(desk.workspace.warehouse).current()
    again = desk.imported(path)
    assert counts(again) == (3, 0, 1, 2)
    assert again.generation == ""
    assert Generations(desk.workspace.warehouse).current() == before


PEOPLE = """
[[table]]
into = "people"
file = "people*.csv"
[table.columns]
person_id = "id"
name = "name"
email = "mail"
manager_id = "manager"
"""
STAFF = "id,name,mail,manager\n7,BÓB,bob@x.fr,8\n8,Alice,,\n9,Zoé,,\n"


def test_somebody_named_first_and_given_a_key_later_is_one_person(desk: Desk) -> None:
    deals = desk.file("deals.csv", FIRST)
    desk.imported(deals)
    mapping = desk.file("people.toml", PEOPLE)
    report = import_file(
        desk.workspace, [desk.file("people.csv", STAFF)], mapping=mapping, at=at(30)
    )
    assert [(one.former, one.key) for one in report.joins] == [
        ("Alice", "8"),
        ("Bob", "7"),
    ]
    assert desk.rows("SELECT deal_id, owner_id FROM deals ORDER BY 1") == [
        ("1", "8"),
        ("2", "7"),
    ]
    people = "SELECT person_id, name, email, manager_id FROM people ORDER BY 1"
    three = [
        ("7", "BÓB", "bob@x.fr", "8"),
        ("8", "Alice", None, None),
        ("9", "Zoé", None, None),
    ]
    assert desk.rows(people) == three
    again = desk.imported(deals)
    assert (again.generation, counts(again), again.made) == ("", (3, 0, 1, 2), {})

    named = desk.file("people_named.csv", "id,name,mail,manager\nBob,Bob,new@x.fr,\n")
    import_file(desk.workspace, [named], mapping=mapping, at=at(31))
    assert desk.rows(people) == [("7", "Bob", "new@x.fr", "8"), *three[1:]]
    second = import_file(desk.workspace, [named], mapping=mapping, at=at(32))
    assert second.generation == ""
    assert Generations(desk.workspace.warehouse).verify() == []


def test_a_name_that_two_people_bear_is_given_to_neither(desk: Desk) -> None:
    desk.imported(desk.file("deals.csv", FIRST))
    staff = desk.file("people.csv", STAFF.replace("Zoé", "Bob"))
    mapping = desk.file("people.toml", PEOPLE)
    report = import_file(desk.workspace, [staff], mapping=mapping, at=at(30))
    assert [one.former for one in report.joins] == ["Alice"]
    assert desk.rows("SELECT owner_id FROM deals WHERE deal_id = '2'") == [("Bob",)]


def test_a_joined_file_is_counted_once_and_brings_nothing_new_twice(desk: Desk) -> None:
    mapping = MAPPING.replace('"closed"', '"signatures.signed"') + (
        '[[table.join]]\nfile = "signatures.csv"\non = { id = "deal" }\n'
    )
    desk.mapping = desk.file("mapping.toml", mapping)
    paths = (
        desk.file("deals.csv", "id,owner,amount,outcome\n1,Bob,5,won\n2,Bob,7,won\n"),
        desk.file("signatures.csv", "deal,signed\n1,2024-01-31\n2,2024-02-30\n3\n"),
    )
    first, again = desk.imported(*paths), desk.imported(*paths)
    assert counts(first) == (2 + 3, 1 + 1, 1 + 2, 0)
    assert counts(again) == (2 + 3, 0, 1 + 2, 1 + 1)
    assert again.generation == ""
    assert desk.rows("SELECT file, line, reason FROM quarantine ORDER BY 1, 2") == [
        ("deals.csv", 3, "not_a_date"),
        ("signatures.csv", 3, "not_a_date"),
        ("signatures.csv", 4, "too_few_fields"),
    ]


def test_a_corrected_row_replaces_the_former_one_by_its_key(desk: Desk) -> None:
    desk.imported(desk.file("deals.csv", FIRST))
    corrected = FIRST.replace("3,Bob,much", "3,Bob,300").replace(
        "1,Alice,100", "1,Alice,150"
    )
    report = desk.imported(desk.file("deals.csv", corrected))
    assert counts(report) == (3, 2, 0, 1)
    assert desk.rows("SELECT deal_id, amount::INT FROM deals ORDER BY 1") == [
        ("1", 150),
        ("2", 200),
        ("3", 300),
    ]


def test_a_dry_run_counts_and_keeps_nothing(desk: Desk) -> None:
    report = desk.imported(desk.file("deals.csv", FIRST), dry_run=True)
    assert counts(report) == (3, 2, 1, 0)
    assert Generations(desk.workspace.warehouse).current() is None


def test_files_of_one_call_are_one_generation_or_none(desk: Desk) -> None:
    good, bad = (
        desk.file("deals_1.csv", FIRST),
        desk.file("deals_2.csv", "id,who\n1,x\n"),
    )
    with pytest.raises(ImportRefusedError):
        desk.imported(good, bad)
    assert Generations(desk.workspace.warehouse).current() is None
    more = desk.file("deals_2.csv", HEADS + "9,Alice,1,2024-01-01,won\n")
    assert desk.imported(good, more).generation == "g00000001"


def test_a_name_already_known_is_found_again(desk: Desk) -> None:
    people = desk.file("people.csv", "id,name\n7,Alice Martin\n")
    mapping = desk.file(
        "people.toml",
        '[[table]]\ninto = "people"\n[table.columns]\nperson_id = "id"\nname = "name"\n',
    )
    import_file(desk.workspace, [people], mapping=mapping, at=at(0))
    report = desk.imported(
        desk.file("deals.csv", HEADS + "1,alice martin,1,2024-01-01,won\n")
    )
    assert report.made == {}
    assert desk.rows("SELECT owner_id FROM deals") == [("7",)]


def test_a_guessed_mapping_is_saved_for_the_next_file_of_that_shape(desk: Desk) -> None:
    heads = "Opportunity ID,Owner,Amount,Close Date,Stage\n"
    first = desk.file("pipeline.csv", heads + "1,Alice,100,2024-01-31,Closed Won\n")
    report = desk.imported(first, mapping=False)
    ((guessed, saved),) = report.guessed
    assert guessed.recognition is not None
    assert Path(saved).parent == desk.workspace.mappings
    next_one = desk.file(
        "another name.csv", heads + "2,Alice,5,2024-02-28,Closed Won\n"
    )
    ((again, path),) = desk.imported(next_one, mapping=False).guessed
    assert (again.recognition, path) == (None, "")
    third = desk.file("third.csv", heads + "3,Alice,5,2024-02-28,Closed Lost\n")
    ((learned, path),) = desk.imported(third, mapping=False).guessed
    assert learned.recognition is not None
    assert [guess.parameters["value"] for guess in learned.recognition.guesses] == [
        "Closed Lost"
    ]
    assert path == saved
    assert desk.rows("SELECT deal_id, outcome FROM deals ORDER BY 1") == [
        ("1", "won"),
        ("2", "won"),
        ("3", "lost"),
    ]


def test_totals_always_add_up(desk: Desk) -> None:
    desk.imported(desk.file("deals.csv", FIRST))
    twice = FIRST + "1,Alice,100,2024-01-31,won\n4,Zoé,1,2024-01-31,won\n"
    report = desk.imported(desk.file("deals.csv", twice))
    assert counts(report) == (5, 1, 1, 3)
    document = as_document(report)
    totals = document["totals"]
    assert totals == {
        "read": 5,
        "accepted": 1,
        "rejected": 1,
        "duplicate": 3,
        "filtered": 0,
    }


def test_a_workspace_that_is_not_there_is_created(desk: Desk, tmp_path: Path) -> None:
    elsewhere = Workspace(tmp_path / "new" / "place", desk.workspace.settings)
    path = desk.file("deals.csv", FIRST)
    report = import_file(elsewhere, [path], mapping=desk.mapping, at=at(1))
    assert report.generation == "g00000001"
