"""AdventureWorks: commissions of 17 people, in stored runs of three years of quotas.

Each is paid at the rate of their own that the base holds, on what they sold over each
of the twelve periods of the quotas, which are not quarters of the calendar.
"""

from __future__ import annotations

import csv
import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jalon.domain.objectives.objective import Direction, Objective
from jalon.domain.objectives.states import State
from jalon.domain.periods import Period
from jalon.workspace.folder import Workspace, opened
from tests.truth.desk import SHARED, prepared
from tests.worlds.loaded import workspace

pytestmark = pytest.mark.truth

DATA = SHARED / "adventureworks"
OVER = datetime.date(2014, 2, 1)
AT = datetime.datetime(2014, 2, 1, 9, 0, tzinfo=datetime.UTC)
LAST = datetime.date(2014, 1, 1)
CENT = Decimal("0.01")
NAMES = (
    "FactResellerSales.csv.gz",
    "DimReseller.csv",
    "DimProduct.csv",
    "DimEmployee.csv",
    "DimSalesTerritory.csv",
    "DimProductSubcategory.csv",
    "DimProductCategory.csv",
)
PLAN = """\
[plan]
name = "Commissions"
currency = "USD"
first = {first}
after = {after}
opens = [{opens}]

[[component]]
key = "commission"
measure = "revenue"
pays = "rate"
"""
YEAR = """\
[plan]
name = "Year to date"
first = 2014-01-01
every = "year"

[[component]]
key = "commission"
measure = "revenue"
pays = "rate"
counted = "each"

[[component]]
key = "bonus"
measure = "revenue"
pays = "bonus"
on = "actual"
tiers = [{ share = 1 }]
"""


@dataclass(frozen=True, slots=True)
class Seller:
    """One of the seventeen: their keys in both bases, rate, year to date, bonus."""

    key: str
    entity: str
    name: str
    rate: Decimal
    sold: Decimal
    bonus: Decimal


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    if not DATA.exists():
        pytest.skip("the public data set adventureworks is not beside the project")
    read = json.loads((DATA / "truth.json").read_text("utf-8"), parse_float=Decimal)
    return dict(read["values"])


@pytest.fixture(scope="module")
def sellers(truth: dict[str, Any]) -> list[Seller]:
    """The seventeen, whom the number of the employee names in both bases."""
    national = {row[0]: row[1] for row in _rows(DATA / "oltp" / "Employee.csv", "\t")}
    numbers = {number: key for key, number in national.items()}
    pay = {row[0]: row for row in _rows(DATA / "oltp" / "SalesPerson.csv", "\t")}
    found = []
    head, *employees = _rows(DATA / "dw" / "DimEmployee.csv", ",")
    for cells in employees:
        one = dict(zip(head, cells, strict=True))
        entity = numbers.get(one["EmployeeNationalIDAlternateKey"], "")
        if one["SalesPersonFlag"] == "1" and entity in pay:
            row = pay[entity]
            name = f"{one['FirstName']} {one['LastName']}"
            told = (Decimal(row[place]) for place in (4, 5, 3))
            found.append(Seller(one["EmployeeKey"], entity, name, *told))
    return found


def _rows(path: Path, delimiter: str) -> Iterator[list[str]]:
    with path.open(encoding="utf-8") as lines:
        yield from csv.reader(lines, delimiter=delimiter)


def test_twelve_runs_sum_to_the_truth(
    truth: dict[str, Any], sellers: list[Seller], tmp_path: Path
) -> None:
    """Rate times sales of each of the 163 quotas, to the cent."""
    from jalon.usecases.acting import SYSTEM
    from jalon.usecases.evaluate import evaluate
    from jalon.usecases.set_objective import set_objectives

    files = [f"dw/{name}" for name in NAMES]
    desk = prepared(tmp_path, "adventureworks", mapping="adventureworks", files=files)
    world = opened(desk.workspace)
    quotas = truth["attainment_by_person_period"]
    opens = sorted({told.split(" | ")[1] for told in quotas})
    set_objectives(
        world,
        list(_objectives(quotas, opens, sellers)),
        actor=SYSTEM,
        on=datetime.date.fromisoformat(opens[0]),
        at=AT,
    )
    evaluate(world, on=OVER)
    text = PLAN.format(first=opens[0], after=LAST, opens=", ".join(opens))
    _published(world, text, sellers, datetime.date.fromisoformat(opens[0]))
    paid = {
        (one.person_id, opens[rank]): one
        for rank, first in enumerate(opens)
        for one in _run(world, first)
    }

    names = {one.name: one for one in sellers}
    assert len(sellers) == 17
    checked, total, expected = 0, Decimal(0), Decimal(0)
    for told, quota in quotas.items():
        name, first = told.split(" | ")
        row = paid[names[name].key, first]
        due = names[name].rate * quota["actual"]
        assert abs(row.total - due) <= CENT / 2 + Decimal("0.0001"), told
        assert [Decimal(one["target"]) for one in row.inputs] == [quota["quota"]]
        checked += 1
        expected += due
        total += row.total
    assert checked == 163
    assert abs(total - expected) < 1


def _objectives(
    quotas: dict[str, Any], opens: list[str], sellers: list[Seller]
) -> Iterator[Objective]:
    keys = {one.name: one.key for one in sellers}
    after = dict(zip(opens, [*opens[1:], LAST.isoformat()], strict=True))
    for told, quota in quotas.items():
        name, first = told.split(" | ")
        yield Objective(
            id=f"quota-{keys[name]}-{first}",
            statement=f"Sell {quota['quota']}",
            kpi="revenue",
            owner=f"person:{keys[name]}",
            period=Period(
                datetime.date.fromisoformat(first),
                datetime.date.fromisoformat(after[first]),
            ),
            direction=Direction.UP,
            original_target=quota["quota"],
            state=State.ACTIVE,
        )


def test_a_run_of_the_year_to_date_is_the_truth_of_each(
    truth: dict[str, Any], sellers: list[Seller], tmp_path: Path
) -> None:
    """The other base holds the rate, the year's sales and the bonus of the seventeen."""
    signed = {"outcome": "won", "created_on": "2014-01-02", "closed_on": "2014-06-30"}
    rows = {
        "people": [{"person_id": one.key, "name": one.name} for one in sellers],
        "deals": [
            {"deal_id": one.key, "owner_id": one.key, "amount": one.sold, **signed}
            for one in sellers
        ],
    }
    world = workspace(tmp_path, rows)
    _published(world, YEAR, sellers, datetime.date(2014, 1, 1))
    paid = {one.person_id: one for one in _run(world, "2014-03-01", on="2015-01-02")}

    expected = truth["commission_by_BusinessEntityID"]
    for one in sellers:
        told = expected[one.entity]
        amounts = {
            line["rule"]: Decimal(line["amount"]) for line in paid[one.key].lines
        }
        assert amounts == {
            "commission": told["commission"].quantize(CENT),
            "bonus": told["bonus"],
        }, one.name
    whole = sum(told["commission"] + told["bonus"] for told in expected.values())
    assert sum(row.total for row in paid.values()) == whole


def _published(
    world: Workspace, text: str, sellers: list[Seller], first: datetime.date
) -> None:
    from jalon.usecases.acting import OPERATOR
    from jalon.usecases.settle_pay import Term, set_terms
    from jalon.usecases.write_pay_plan import publish_version, save_version

    save_version(world, "sellers", text, actor=OPERATOR, at=AT)
    publish_version("sellers", 1, "Plan", actor=OPERATOR, at=AT)
    terms = [
        Term(
            plan="sellers",
            person=one.key,
            first=first,
            variable=one.bonus,
            rate=one.rate,
        )
        for one in sellers
    ]
    set_terms(world, terms, actor=OPERATOR, at=AT)


def _run(world: Workspace, day: str, on: str = "2014-02-01") -> list[Any]:
    """Run the period of a day; return the statements as they are stored."""
    from jalon.records.pay import PayStatement
    from jalon.usecases.acting import OPERATOR
    from jalon.usecases.settle_pay import run_period

    key = run_period(
        world,
        "sellers",
        datetime.date.fromisoformat(day),
        actor=OPERATOR,
        on=datetime.date.fromisoformat(on),
        at=AT,
    )
    return list(PayStatement.objects.filter(run_id=key).order_by("person_id"))
