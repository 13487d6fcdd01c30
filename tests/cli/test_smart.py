"""`jalon smart`: sentences in, one JSON line each, exit 1 when some is not SMART."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from jalon.cli.main import group

GOOD = "Signer 15 contrats d'ici la fin du trimestre"


def asked(folder: Path, *arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(
        group,
        ["--workspace", str(folder), "smart", *arguments],
        input=given,
        standalone_mode=False,
    )


def documents(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_smart_sentence_leaves_with_zero(tmp_path: Path) -> None:
    result = asked(tmp_path / "none", "--json", GOOD)
    assert result.return_value == 0
    (found,) = documents(result)
    assert found["kpi"] == "deals_won"
    assert found["amount"] == {
        "kind": "count",
        "value": 15,
        "from": None,
        "unit": "count",
    }
    assert found["deadline"] == {"kind": "end_of_quarter", "value": None}
    assert found["smart"]["achievable"]["verdict"] == "unknown"
    assert found["smart"]["achievable"]["probability"] is None
    assert found["vague_reason"] is None


def test_sentences_come_one_a_line_and_a_vague_one_leaves_with_one(
    tmp_path: Path,
) -> None:
    result = asked(
        tmp_path / "none", "--json", given=f"{GOOD}\n\nAugmenter les ventes\n"
    )
    assert result.return_value == 1
    good, vague = documents(result)
    assert all(good["smart"][one] for one in ("specific", "measurable", "time_bound"))
    assert vague["vague_reason"] == ["ambiguous_kpi", "no_amount", "no_deadline"]
    codes = [one["code"] for one in vague["issues"]]
    assert codes == ["ambiguous_kpi", "no_amount", "no_deadline"]
    assert vague["issues"][0]["choices"][0] == "revenue"
    assert vague["rewrite"].startswith("Augmenter de 10")


@pytest.mark.parametrize(
    ("sentence", "code", "choices"),
    [
        (
            "Increase the win rate by 10% by Q3",
            "percent_on_rate",
            ["10 points", "10%"],
        ),
        (
            "Increase conversion to 12% by Q3",
            "ambiguous_kpi",
            [
                "win_rate",
                "lead_conversion_rate",
                "web_conversion_rate",
                "stage_conversion_rate",
            ],
        ),
    ],
    ids=["points or percent", "which stage"],
)
def test_what_can_be_read_in_two_ways_is_asked(
    tmp_path: Path, sentence: str, code: str, choices: list[str]
) -> None:
    (found,) = documents(asked(tmp_path / "none", "--json", sentence))
    issue = next(one for one in found["issues"] if one["code"] == code)
    assert issue["choices"] == choices


def test_a_period_already_past_is_told(tmp_path: Path) -> None:
    result = asked(
        tmp_path / "none", "--json", "--on", "2026-05-01", "Reach an NPS of 40 by 2024"
    )
    (found,) = documents(result)
    assert [one["code"] for one in found["issues"]] == ["period_past"]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_fault_speaks_both_languages(lang: str) -> None:
    from jalon.domain.smart.critique import faults
    from jalon.locale.sentences import look_up

    kinds = {one.code: one for one in faults.Fault.__subclasses__()}
    assert len(kinds) == 13
    for kind in kinds.values():
        for part in ("message", "why", "suggestion"):
            code = f"smart.{kind.code}.{part}"
            assert look_up(lang)(code) != code
