"""`jalon report evidence`: written, known again, and what is missing said in a line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from jalon.cli.main import main
from jalon.workspace.folder import Workspace
from tests.worlds import paid

Run = Callable[..., tuple[int, str, str]]
YEAR = ("--first", "2025-01-01", "--after", "2026-01-01")
BOB = ("report", "evidence", "--person", "bob", "--on", "2025-06-16")


@pytest.fixture
def run(company: Workspace, capsys: pytest.CaptureFixture[str]) -> Run:
    def called(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(["--workspace", str(company.folder), *words])
        out, err = capsys.readouterr()
        return int(stopped.value.code or 0), out, err

    return called


def test_a_pdf_is_written_and_known_again(run: Run, tmp_path: Path) -> None:
    first, second = tmp_path / "bob.pdf", tmp_path / "again.pdf"
    code, out, _ = run(*BOB, *YEAR, "--to", str(first), "--json")
    told = json.loads(out)

    assert code == 0
    assert told["file_sha256"] == hashlib.sha256(first.read_bytes()).hexdigest()
    run(*BOB, *YEAR, "--to", str(second))
    assert first.read_bytes() == second.read_bytes()

    code, out, _ = run("report", "evidence", "--verify", str(first), "--json")
    assert code == 0
    found = json.loads(out)
    assert (found["known"], found["owner"]) == (True, "person:bob")
    assert found["content_sha256"] == told["content_sha256"]


def test_a_changed_file_is_not_known(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bob.pdf"
    run(*BOB, *YEAR, "--to", str(path))
    path.write_bytes(path.read_bytes() + b"\n")

    code, out, _ = run("report", "evidence", "--verify", str(path))

    assert code == 1
    assert "n’a pas été imprimé ici" in out


def test_one_s_data_are_json(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bob.json"
    assert run(*BOB, "--to", str(path))[0] == 0

    assert json.loads(path.read_text("utf-8"))["person"]["person_id"] == "bob"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("report", "evidence"), "--person"),
        (BOB, "--to"),
        ((*BOB, "--to", "x.pdf"), "--first"),
        ((*BOB, "--to", "x.docx", *YEAR), ".pdf"),
        ((*BOB, *YEAR[2:], "--first", "2026-01-01", "--to", "x.pdf"), "vide"),
        (("report", "evidence", "--person", "zoe", *YEAR, "--to", "x.pdf"), "zoe"),
        (("report", "evidence", "--verify", "nowhere.pdf"), "nowhere.pdf"),
    ],
)
def test_what_is_missing_or_wrong_is_one_line(
    run: Run, words: tuple[str, ...], said: str
) -> None:
    code, out, err = run(*words)

    assert (code, out) == (2, "")
    assert said in err
    assert len(err.strip().splitlines()) == 1


def test_a_statement_is_told_line_by_line_and_printed(
    run: Run, company: Workspace, tmp_path: Path
) -> None:
    paid.objectives(company)
    paid.published(company)
    paid.closed(company)
    paid.paid(company)
    path = tmp_path / "bob.pdf"
    asked = ("report", "statement", "--person", "bob", "--period", "2025-T2")
    code, out, _ = run(*asked, "--json")
    told = json.loads(out)

    assert (code, told["total"], told["state"]) == (0, 2222.22, "published")
    assert [line["rule"] for line in told["lines"]] == ["commission", "bonus"]
    assert run(*asked, "--to", str(path))[0] == 0
    assert path.read_bytes().startswith(b"%PDF-")


def test_no_statement_is_one_clear_line(run: Run, company: Workspace) -> None:
    code, _, err = run("report", "statement", "--person", "bob")

    assert code == 2
    assert "bob" in err
    assert "--period" in err
