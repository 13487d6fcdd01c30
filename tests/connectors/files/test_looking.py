"""Looking at files before importing them: what they hold, what was guessed of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from jalon.connectors.files.mapping import FileMapping, SourceShape
from jalon.connectors.files.reading import Known, looked, read
from jalon.connectors.files.recognise import recognised_as
from jalon.connectors.files.refusal import ImportRefusedError
from jalon.connectors.files.sources import Given

DEALS = (
    "N° affaire;Commercial;Étape;Montant;Créée le\n"
    "1;Bob;Gagnée;1 200,50 €;02/01/2025\n"
    "2;Inès;Perdue;300 €;15/02/2025\n"
)
NOTES = "alpha,beta\n1,2\n3,4\n"


def upload(folder: Path, name: str, content: str, place: str = "0") -> Given:
    path = folder / place
    path.write_text(content, "utf-8")
    return Given(path, name)


def test_each_table_is_shown_with_its_samples_and_its_guesses(tmp_path: Path) -> None:
    (sheet,) = looked(
        [upload(tmp_path, "affaires.csv", DEALS)], tmp_path / "scratch"
    ).sheets

    assert sheet.file == "affaires.csv"
    assert sheet.rows == 2
    assert sheet.shape.samples["Commercial"] == ("Bob", "Inès") or set(
        sheet.shape.samples["Commercial"]
    ) == {"Bob", "Inès"}
    (table,) = sheet.tables
    assert table.into == "deals"
    assert table.file == "affaires.csv"
    assert table.columns["amount"] == "Montant"
    assert sheet.recognition is not None


def test_a_file_recognised_as_nothing_is_shown_without_a_table(tmp_path: Path) -> None:
    given = [
        upload(tmp_path, "affaires.csv", DEALS),
        upload(tmp_path, "notes.csv", NOTES, "1"),
    ]

    found = {one.file: one.tables for one in looked(given, tmp_path / "s").sheets}

    assert found["notes.csv"] == ()
    assert found["affaires.csv"]


def test_a_file_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    given = [
        upload(tmp_path, "affaires.csv", DEALS),
        upload(tmp_path, "vide.csv", "\n\n", "1"),
    ]

    found = looked(given, tmp_path / "s")

    assert [one.file for one in found.sheets] == ["affaires.csv"]
    ((name, refusal),) = found.unreadable
    assert (name, refusal.code) == ("vide.csv", "empty")


def test_nothing_readable_at_all_is_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(ImportRefusedError) as refusal:
        looked([upload(tmp_path, "vide.csv", "\n\n")], tmp_path / "s")

    assert refusal.value.code == "empty"


def test_the_mapping_looked_at_reads_the_very_file(tmp_path: Path) -> None:
    given = [upload(tmp_path, "affaires [mars].csv", DEALS)]
    (sheet,) = looked(given, tmp_path / "look").sheets

    reading = read(given, FileMapping(sheet.tables), tmp_path / "read", Known())

    (part,) = reading.parts
    assert (part.file, part.table, part.read) == ("affaires [mars].csv", "deals", 2)


def test_a_file_is_read_as_the_table_a_person_says(tmp_path: Path) -> None:
    shape = SourceShape(
        "x.csv",
        ("person", "team", "email"),
        {"person": ("Bob",), "team": ("Nord",), "email": ("bob@exemple.fr",)},
    )

    found = recognised_as(shape, "people")

    (table,) = found.tables
    assert table.into == "people"
    assert table.columns["team_id"] == "team"
    assert recognised_as(shape, "products").tables[0].into == "products"


@pytest.mark.parametrize("name", ["/etc/deals.csv", "C:deals.csv"])
def test_the_name_of_an_upload_is_never_a_path(tmp_path: Path, name: str) -> None:
    given = tmp_path / "given"
    given.mkdir()

    (sheet,) = looked([upload(given, name, DEALS)], given / "s").sheets

    assert sheet.rows == 2
    assert not list(tmp_path.glob("**/deals.csv"))
