"""Seventeen salespeople of a public database, each with a rate of their own."""

from __future__ import annotations

import csv
import json
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from jalon.domain.incentives.reading import read_plan
from jalon.domain.incentives.results import read_row
from jalon.domain.incentives.statement import statement

DATA = Path(__file__).parents[4] / "shared" / "data" / "adventureworks"
PLAN = """
[plan]
currency = "USD"

[[component]]
key = "commission"
measure = "sales"
pays = "rate"

[[component]]
key = "bonus"
measure = "bonus"
pays = "rate"
"""


def test_commissions_and_bonuses_equal_the_truth() -> None:
    """Rate times sales of the year, to the cent, and the bonus beside it."""
    if not DATA.exists():
        pytest.skip("the shared data are not beside the project")
    truth = json.loads((DATA / "truth.json").read_text(), parse_float=Decimal)
    expected = truth["values"]["commission_by_BusinessEntityID"]
    rows = []
    with (DATA / "oltp" / "SalesPerson.csv").open() as lines:
        for number, cells in enumerate(csv.reader(lines, delimiter="\t"), start=1):
            person = cells[0]
            sales = {"measure": "sales", "actual": cells[5], "rate": cells[4]}
            bonus = {"measure": "bonus", "actual": cells[3]}
            rows += [
                read_row({"person": person, **one}, line=number)
                for one in (sales, bonus)
            ]
    found = statement(read_plan(tomllib.loads(PLAN, parse_float=Decimal)), rows)
    paid = {(line.person, line.rule): line.amount for line in found.lines}
    assert len(expected) == 17
    for person, one in expected.items():
        assert paid[person, "commission"] == one["commission"]
        assert paid[person, "bonus"] == one["bonus"]
    total = sum(one["commission"] + one["bonus"] for one in expected.values())
    assert found.sum == total
