"""How many sentences of our own are read right: a share, since none were left out."""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from jalon.domain.smart.filtering import Filter
from jalon.domain.smart.goal import Amount
from jalon.domain.smart.reading import Reading, read
from jalon.domain.smart.text import folded

ROWS: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("paraphrases.toml").read_text("utf-8")
)["sentence"]
READ = [(row, read(row["text"])) for row in ROWS]


def nulls(values: list[Any]) -> tuple[Any, ...]:
    return tuple(None if one == "" else one for one in values)


def written(amount: Amount | None) -> tuple[Any, ...] | None:
    return amount and (amount.kind, amount.value, amount.base, amount.unit)


def near(found: Amount | None, row: dict[str, Any]) -> bool:
    said, meant = written(found), nulls(row["amount"]) if "amount" in row else None
    if said is None or meant is None:
        return said is meant
    kind, value, base, unit = meant
    alike = all(
        close(one, two) for one, two in zip(said[1:3], (value, base), strict=True)
    )
    return (said[0], said[3]) == (kind, unit) and alike


def close(one: float | None, two: float | None) -> bool:
    if one is None or two is None:
        return one is two
    return math.isclose(one, two, rel_tol=1e-3)


def same(filters: tuple[Filter, ...], meant: list[list[str]]) -> bool:
    """Return whether each filter meant is found, by its words or a part of them."""
    said = [(one.dimension, folded(one.value)) for one in filters]
    for dimension, value in meant:
        words = folded(value)
        match = next(
            (
                one
                for one in said
                if one[0] == dimension and (words in one[1] or one[1] in words)
            ),
            None,
        )
        if match is None:
            return False
        said.remove(match)
    return not said


def exact(row: dict[str, Any], found: Reading) -> bool:
    when = found.deadline and (found.deadline.kind, found.deadline.value)
    catalogue = row.get("kpi") not in {None, "other"}
    return (
        found.kpi == row.get("kpi")
        and found.direction == row.get("direction")
        and near(found.amount, row)
        and (not catalogue or same(found.filters, row.get("filters", [])))
        and (found.per.period, found.per.who) == nulls(row.get("per", ["", ""]))
        and when == (nulls(row["deadline"]) if "deadline" in row else None)
    )


def is_smart(row: dict[str, Any]) -> bool:
    """Return whether a sentence names a measure, a figure and an end, by hand."""
    figure = "amount" in row and row["amount"][1] != ""
    rhythm = row.get("per", [""])[0] != ""
    end = "deadline" in row and not (
        row["deadline"][0].startswith("in_") and row["deadline"][1] == ""
    )
    return "kpi" in row and not row.get("ambiguous") and figure and (rhythm or end)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_nine_sentences_in_ten_are_read_without_a_fault(lang: str) -> None:
    mine = [exact(row, found) for row, found in READ if row["lang"] == lang]
    assert len(mine) == 100
    assert sum(mine) >= 90


def test_sentences_are_accepted_when_they_are_smart_and_only_then() -> None:
    wrong = [row["text"] for row, found in READ if found.smart is not is_smart(row)]
    assert wrong == []


def test_further_goals_are_read_with_their_figures() -> None:
    compound = [(row["also"], found) for row, found in READ if "also" in row]
    right = sum(
        Counter(map(nulls, meant))  # type: ignore[arg-type]
        == Counter((one.kpi, one.amount and one.amount.value) for one in found.also)
        for meant, found in compound
    )
    assert right >= 0.85 * len(compound)


def test_a_single_goal_is_not_taken_for_several() -> None:
    wrong = [row["text"] for row, found in READ if found.compound and "also" not in row]
    assert len(wrong) <= 2, wrong
