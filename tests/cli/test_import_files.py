from __future__ import annotations

import json
from pathlib import Path

import pytest

from jalon.cli.main import main

GOOD = (
    "Opportunity ID,Owner,Amount,Close Date,Stage\n1,Alice,100,2024-01-31,Closed Won\n"
)


def exit_code(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    return int(left.value.code or 0)


@pytest.fixture
def good(tmp_path: Path) -> str:
    path = tmp_path / "pipeline.csv"
    path.write_text(GOOD, "utf-8")
    return str(path)


def place(tmp_path: Path) -> list[str]:
    return ["--workspace", str(tmp_path / "workspace")]


def test_an_import_says_in_french_what_it_did(
    tmp_path: Path, good: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code("import", good, *place(tmp_path), "--lang", "fr") == 0
    shown = capsys.readouterr()
    assert "reconnu comme deals" in shown.out
    assert "deals.amount = Amount" in shown.out
    assert "Publié sous g00000001." in shown.out
    assert shown.err == ""


def test_with_json_there_is_one_document_and_nothing_else(
    tmp_path: Path, good: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code("import", good, "--json", *place(tmp_path)) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["totals"] == {
        "read": 1,
        "accepted": 1,
        "rejected": 0,
        "duplicate": 0,
        "filtered": 0,
    }
    assert document["snapshot"] == "g00000001"
    assert document["created"] == {"people": ["Alice"]}


def test_rejected_rows_are_shown_and_leave_with_1(
    tmp_path: Path, good: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(
        f"{n},Bob,1,2024-02-{n % 28 + 1:02d},Closed Lost\n" for n in range(2, 40)
    )
    text = f"{GOOD}{rows}40,Bob,11,soon,Closed Lost\n"
    Path(good).write_text(text, "utf-8")
    assert exit_code("import", good, *place(tmp_path), "--lang", "en") == 1
    said = "pipeline.csv, line 41: not a date (closed_on = 'soon')"
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        (
            "en",
            "No file or folder at nowhere.csv. Expected a path that exists, e.g. exports/deals.csv\n",
        ),
        (
            "fr",
            "Aucun fichier ni dossier à nowhere.csv. Attendu\u202f: un chemin existant, par exemple exports/affaires.csv\n",
        ),
    ],
)
def test_a_missing_file_is_one_line_and_2(
    tmp_path: Path, lang: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code("import", "nowhere.csv", *place(tmp_path), "--lang", lang) == 2
    assert capsys.readouterr().err == expected


def test_a_mistyped_column_of_the_mapping_is_refused_with_a_suggestion(
    tmp_path: Path, good: str, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        '[[table]]\ninto = "deals"\n[table.columns]\nclose_on = "Close Date"\n', "utf-8"
    )
    assert (
        exit_code(
            "import", good, "--mapping", str(mapping), *place(tmp_path), "--lang", "en"
        )
        == 2
    )
    assert (
        'deals has no column "close_on". Did you mean "closed_on"?'
        in capsys.readouterr().err
    )


def test_a_file_of_nothing_known_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("foo,bar\n1,2\n", "utf-8")
    assert exit_code("import", str(path), *place(tmp_path), "--lang", "en") == 2
    assert "no table was recognised" in capsys.readouterr().err
