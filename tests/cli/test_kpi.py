"""The command line answers as DOORS.md says: JSON alone, one line when refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jalon.cli.main import main
from jalon.workspace.folder import Workspace

QUARTER = ["--from", "2025-01-01", "--to", "2025-04-01", "--on", "2025-07-15"]


def answered(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    with pytest.raises(SystemExit) as left:
        main([*arguments, "--json"])
    out, err = capsys.readouterr()
    assert (left.value.code, err) == (0, "")
    return json.loads(out)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    out, err = capsys.readouterr()
    assert (left.value.code, out) == (2, "")
    assert err.count("\n") == 1
    return err


def test_a_value_has_the_shape_of_doors(
    company: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answered(capsys, "kpi", "value", "win_rate", *QUARTER, "--by", "person")

    assert {key: found[key] for key in ("kpi", "unit", "from", "to")} == {
        "kpi": "win_rate",
        "unit": "share",
        "from": "2025-01-01",
        "to": "2025-04-01",
    }
    assert found["snapshot"] == "g00000001"
    for row in found["rows"]:
        assert {"person", "person_id", "value", "numerator", "denominator"} <= set(row)
        assert row["value"] is not None or row["reason"]


def test_money_is_to_the_cent_with_its_currency_and_says_its_basis(
    company: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answered(capsys, "kpi", "value", "revenue", *QUARTER, "--basis", "orders")

    assert found["basis"] == "orders"
    (row,) = found["rows"]
    assert row["currency"] == "EUR"
    assert round(row["value"], 2) == row["value"]


def test_options_may_stand_before_the_command(
    company: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    after = answered(capsys, "kpi", "value", "leads", *QUARTER)
    before = answered(
        capsys, "--on", "2025-07-15", "kpi", "value", "leads", *QUARTER[:4]
    )

    assert before == after


def test_without_dates_it_is_the_running_fiscal_year(
    company: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answered(capsys, "kpi", "value", "leads", "--on", "2025-07-15")

    assert (found["from"], found["to"]) == ("2025-01-01", "2026-01-01")


def test_time_has_a_label_and_no_key(
    company: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answered(capsys, "kpi", "value", "revenue", *QUARTER, "--by", "quarter")

    assert [row["quarter"] for row in found["rows"]] == ["2025-Q1"]
    assert "quarter_id" not in found["rows"][0]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(["win_rat"], "win_rate", id="unknown KPI"),
        pytest.param(["win_rate", "--by", "colour"], "person, team", id="dimension"),
        pytest.param(["win_rate", "--where", "x"], "segment=PME", id="filter"),
        pytest.param(["win_rate", "--where", "amount<z"], "not a number", id="number"),
        pytest.param(["win_rate", "--where", "person=Zoe"], "nobody is", id="person"),
        pytest.param(["win_rate", "--from", "2025-02-30"], "e.g. 2017", id="no date"),
        pytest.param(["revenue", "--basis", "x"], "deals or orders", id="basis"),
        pytest.param(
            ["leads", "--from", "2025-02-01", "--to", "2025-02-01"],
            "first day after",
            id="empty period",
        ),
    ],
)
def test_a_fault_is_one_line_that_says_what_was_expected(
    company: Workspace,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    expected: str,
) -> None:
    assert expected in refused(capsys, "kpi", "value", *arguments, "--lang", "en")


def test_an_empty_company_is_told_to_import(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "new")
    found = refused(capsys, "--workspace", folder, "kpi", "value", "leads")

    assert "jalon import" in found


def test_people_read_a_table_in_their_language(
    company: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["kpi", "value", "win_rate", *QUARTER, "--by", "person", "--lang", "fr"])
    out = capsys.readouterr().out

    assert "valeur" in out
    assert "%" in out


def test_the_catalogue_is_listed_and_shown(
    company: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = {kpi["key"] for kpi in answered(capsys, "kpi", "list")}
    shown = answered(capsys, "kpi", "show", "win_rate", "--lang", "en")

    assert {"revenue", "win_rate", "nps"} <= keys
    assert shown["formula"] == "won / (won + lost)"
    assert shown["label"] == "Win rate"
