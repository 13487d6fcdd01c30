"""`jalon objectives` as somebody types it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from jalon.cli.main import main
from jalon.workspace.folder import Workspace

pytestmark = pytest.mark.django_db

FILE = """
[[objective]]
id = "T1-ca-bob"
statement = "Vendre pour 30 000 € d'ici fin mars"
kpi = "revenue"
owner = "person:bob"
first = 2025-01-01
after = 2025-04-01
target = 30000
"""


class Terminal:
    """Runs commands in the small company and keeps what they say."""

    def __init__(self, company: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
        self.company = company
        self.capsys = capsys

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(["--workspace", str(self.company.folder), *arguments])
        said = self.capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    def json(self, *arguments: str) -> Any:
        _, out, _ = self(*arguments, "--json")
        return json.loads(out)


@pytest.fixture
def jalon(company: Workspace, capsys: pytest.CaptureFixture[str]) -> Terminal:
    (company.folder / "objectives.toml").write_text(FILE, "utf-8")
    return Terminal(company, capsys)


def path(jalon: Terminal, name: str = "objectives.toml") -> str:
    return str(jalon.company.folder / name)


def test_import_then_status_answers_every_field_of_the_doors(jalon: Terminal) -> None:
    assert jalon("objectives", "import", path(jalon))[0] == 0

    (found,) = jalon.json("objectives", "status", "--on", "2025-03-31")

    assert set(found) >= {
        "id", "kpi", "unit", "baseline", "target", "actual", "expected_to_date",
        "attainment", "gap", "status", "landing", "probability", "trust", "since",
        "reason", "original_target", "owner", "statement", "first", "after",
    }  # fmt: skip
    assert found["actual"] == 33000
    assert found["attainment"] == 1.1
    assert found["status"] == "reached"
    assert set(found["landing"]) >= {"p10", "p50", "p90"}
    assert found["probability"] is None


def test_faults_are_told_with_file_row_field_and_example(jalon: Terminal) -> None:
    bad = Path(path(jalon, "bad.toml"))
    bad.write_text(
        FILE + FILE.replace("30000", '"beaucoup"').replace("ca-bob", "x"), "utf-8"
    )

    code, out, _ = jalon("objectives", "import", str(bad), "--lang", "fr")

    assert code == 1
    assert "bad.toml, ligne 2, target" in out
    assert "«\u202fbeaucoup\u202f» n’est pas un nombre" in out


def test_a_missing_file_is_refused_in_one_line(jalon: Terminal) -> None:
    code, out, err = jalon("objectives", "import", "nowhere.toml")

    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1


def test_explain_lists_the_rows_and_how_each_entered(jalon: Terminal) -> None:
    jalon("objectives", "import", path(jalon))

    found = jalon.json("objectives", "explain", "T1-ca-bob", "--on", "2025-03-31")

    rows = [row for part in found["components"] for row in part["rows"]]
    assert {row["facts"]["deal_id"]: row["counted"] for row in rows} == {
        "d12": 15000,
        "d17": 18000,
    }
    assert jalon("objectives", "explain", "T1-ca-bob", "--on", "2025-03-31")[0] == 0


def test_explaining_an_unknown_id_is_refused(jalon: Terminal) -> None:
    code, _, err = jalon("objectives", "explain", "nothing")

    assert code == 2
    assert "nothing" in err


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_people_read_a_table(jalon: Terminal, lang: str) -> None:
    jalon("objectives", "import", path(jalon))

    _, out, _ = jalon("objectives", "status", "--on", "2025-03-31", "--lang", lang)

    assert {"fr": "atteint", "en": "reached"}[lang] in out
    assert "status." not in out


def test_export_gives_the_file_back(jalon: Terminal) -> None:
    jalon("objectives", "import", path(jalon))

    _, out, _ = jalon("objectives", "export")

    (found,) = tomllib.loads(out)["objective"]
    assert (found["id"], found["target"]) == ("T1-ca-bob", 30000)


def test_another_format_is_refused_with_the_three_known(jalon: Terminal) -> None:
    code, _, err = jalon("objectives", "export", "--to", "x.pdf")

    assert code == 2
    assert ".xlsx" in err
