"""`jalon models`: the ten models and their summary on three axes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from jalon.cli.main import group, main


def _said(*arguments: str, folder: Path) -> str:
    result = CliRunner().invoke(
        group, ["--workspace", str(folder), "models", *arguments]
    )
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_ten_models_are_listed_with_their_three_axes(tmp_path: Path) -> None:
    head, *lines = _said("--lang", "en", folder=tmp_path).splitlines()
    assert head.split("  ")[0] == "No."
    assert len(lines) == 10
    assert lines[2].split() == [
        *("3", "Win", "more", "of", "the", "deals", "decided"),
        *("win_rate", "quantitative", "medium", "closing"),
    ]
    assert "qualitative" in lines[7]


def test_one_model_says_what_to_ask_before_signing(tmp_path: Path) -> None:
    page = _said("win_rate", "--lang", "fr", folder=tmp_path)
    assert "22 % à 28 %" in page
    assert "À quelle étape perdons-nous le plus ?" in page


def test_the_json_has_both_languages_and_numbers(tmp_path: Path) -> None:
    found = json.loads(_said("--json", folder=tmp_path))["models"]
    assert [model["number"] for model in found] == list(range(1, 11))
    assert found[2]["target"] == 0.28
    assert found[1]["target"] == 15
    assert set(found[0]["questions"]) == {"fr", "en"}
    assert found[9]["guard"] == {"kpi": "crm_adoption", "target": 0.9}


def test_an_unknown_model_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["--workspace", str(tmp_path), "models", "grow"])
    assert exit_.value.code == 2
    error = capsys.readouterr().err
    assert "grow" in error
    assert "win_rate" in error
