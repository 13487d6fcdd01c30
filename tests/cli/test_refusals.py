"""A user's fault is one line in their language, exit 2, and nothing on standard output."""

from __future__ import annotations

from pathlib import Path

import pytest

from jalon.cli.main import main
from tests.worlds import loaded, small

# arguments, start of the French line, start of the English one
REFUSED = [
    pytest.param(
        ["kpi", "value", "win_rat"],
        "Aucun KPI ne s’appelle «\u202fwin_rat\u202f». Vouliez-vous dire win_rate",
        'No KPI is called "win_rat". Did you mean win_rate',
        id="a KPI almost named",
    ),
    pytest.param(
        ["kpi", "value", "win_rate", "--by", "zed"],
        "win_rate ne peut être découpé par «\u202fzed\u202f»",
        'win_rate cannot be cut by "zed"',
        id="a cut that does not exist",
    ),
    pytest.param(
        ["kpi", "value", "win_rate", "--where", "amount<abc"],
        "Filtre «\u202famount<abc\u202f»\u202f: abc n’est pas un nombre",
        'Filter "amount<abc": abc is not a number',
        id="a filter on a number that is none",
    ),
    pytest.param(
        ["kpi", "value", "win_rate", "--from", "2026-13-01"],
        "Valeur refusée pour '--from'\u202f: 2026-13-01 n’est pas une date",
        "Invalid value for '--from': 2026-13-01 is no date",
        id="a thirteenth month",
    ),
    pytest.param(
        ["kpi", "value", "win_rate", "--from", "2026-05-01", "--to", "2026-04-01"],
        "Aucun jour entre le 2026-05-01 et le 2026-04-01",
        "No day between 2026-05-01 and 2026-04-01",
        id="a period that ends before it starts",
    ),
    pytest.param(
        ["kpi", "value", "revenue", "--basis", "foo"],
        "La base «\u202ffoo\u202f» est inconnue. Attendu\u202f: deals ou orders.",
        'The basis "foo" is unknown. Expected deals or orders.',
        id="an unknown revenue basis",
    ),
    pytest.param(
        ["import", "absent.csv"],
        "Aucun fichier ni dossier à absent.csv",
        "No file or folder at absent.csv",
        id="a file that is not there",
    ),
    pytest.param(
        ["frob"],
        "La commande 'frob' n’existe pas.",
        "No such command 'frob'.",
        id="an unknown command",
    ),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("refusals") / "small"
    loaded.workspace(made, small.ROWS)
    return made


@pytest.mark.parametrize(("arguments", "french", "english"), REFUSED)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_fault_is_one_line_in_the_language_asked(
    lang: str,
    arguments: list[str],
    french: str,
    english: str,
    *,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("JALON_WORKSPACE", str(folder))
    with pytest.raises(SystemExit) as stopped:
        main(["--lang", lang, *arguments])

    told = capsys.readouterr()
    assert stopped.value.code == 2
    assert told.out == ""
    assert told.err.startswith(french if lang == "fr" else english)
    assert told.err.count("\n") == 1


def test_settings_that_cannot_be_used_are_named(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("JALON_WORKSPACE", str(tmp_path))
    (tmp_path / "jalon.toml").write_text("currency = 3\n", "utf-8")
    with pytest.raises(SystemExit) as stopped:
        main(["kpi", "list", "--workspace", str(tmp_path), "--lang", "fr"])

    assert stopped.value.code == 2
    assert "impossible d’utiliser currency = 3" in capsys.readouterr().err


def test_a_damaged_snapshot_is_said_so(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("JALON_WORKSPACE", str(tmp_path))
    (tmp_path / "warehouse").mkdir()
    (tmp_path / "warehouse" / "CURRENT").write_text("g00000001")
    (tmp_path / "warehouse" / "g00000001.duckdb").write_bytes(b"not a database")
    with pytest.raises(SystemExit) as stopped:
        main(["kpi", "value", "revenue", "--lang", "fr"])

    assert stopped.value.code == 2
    told = capsys.readouterr().err
    assert told.startswith("L’instantané g00000001 est illisible")
    assert told.count("\n") == 1


def test_an_own_kpi_that_is_no_text_is_named(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("JALON_WORKSPACE", str(tmp_path))
    (tmp_path / "kpis").mkdir()
    (tmp_path / "kpis" / "mine.toml").write_bytes(b"\xff\xfe bad")
    with pytest.raises(SystemExit) as stopped:
        main(["kpi", "list", "--lang", "fr"])

    assert stopped.value.code == 2
    assert "mine.toml" in capsys.readouterr().err
