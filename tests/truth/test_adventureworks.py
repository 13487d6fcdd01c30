"""AdventureWorks: reseller sales, and 163 real quotas followed as objectives."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

import pytest

from tests.truth.accounted import accounted
from tests.truth.desk import CENT, EXACT, SHARED, Desk, prepared
from tests.truth.independent import (
    SIX_DIGITS,
    Files,
    plain,
    same_as_truth,
    same_cents,
    same_exactly,
)
from tests.truth.quotas import Quota, standings

pytestmark = pytest.mark.truth

ASKED = (
    "attainment_by_person_period",
    "attainment_by_period",
    "attainment_by_manager_period",
    "sales_total",
    "sales_by_quarter",
    "sales_by_region",
    "sales_by_group_year",
    "sales_by_category",
    "sales_by_business_type",
    "margin_total",
    "margin_by_year",
    "margin_by_category",
    "orders",
    "mean_basket",
    "mean_basket_by_year",
    "new_resellers_by_quarter",
    "repeat_rate",
    "oltp_quota_rows",
    "oltp_quota_total",
)
LEFT_OUT = {
    "discount_rate": "no KPI on discounts",
    "commission_by_BusinessEntityID": "pay is worked out by plans, not by KPIs",
}
ALL = ("2010-01-01", "2014-01-01")
AFTER = "2014-02-01"
NAMES = (
    "FactResellerSales.csv.gz",
    "DimReseller.csv",
    "DimProduct.csv",
    "DimEmployee.csv",
    "DimSalesTerritory.csv",
    "DimProductSubcategory.csv",
    "DimProductCategory.csv",
)
DW = SHARED / "adventureworks" / "dw"
SALES, COST = "SalesAmount::DECIMAL(18, 4)", "TotalProductCost::DECIMAL(18, 4)"
CUTS = [
    ("sales_by_quarter", ["quarter"]),
    ("sales_by_region", ["region"]),
    ("sales_by_group_year", ["territory_group", "year"]),
    ("sales_by_category", ["line"]),
    ("sales_by_business_type", ["segment"]),
]
QUOTAS = """
SELECT q.EmployeeKey AS key, e.FirstName || ' ' || e.LastName AS name,
       e.ParentEmployeeKey AS manager, q.Date AS first,
       q.SalesAmountQuota::DECIMAL(18, 4) AS quota
FROM quotas AS q JOIN employees AS e USING (EmployeeKey)
"""
BY_REGION = f"""
SELECT SalesTerritoryRegion, sum({SALES})
FROM sales JOIN territories USING (SalesTerritoryKey) GROUP BY 1
"""
NAMED = """
SELECT EmployeeKey, FirstName || ' ' || LastName FROM employees
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("adventureworks")
    return prepared(
        folder,
        "adventureworks",
        mapping="adventureworks",
        files=[f"dw/{name}" for name in NAMES],
    )


@pytest.fixture(scope="module")
def files(desk: Desk) -> Files:
    return Files(
        sales=DW / "FactResellerSales.csv.gz",
        quotas=DW / "FactSalesQuota.csv",
        employees=DW / "DimEmployee.csv",
        territories=DW / "DimSalesTerritory.csv",
        products=DW / "DimProduct.csv",
        subcategories=DW / "DimProductSubcategory.csv",
        categories=DW / "DimProductCategory.csv",
    )


@pytest.fixture(scope="module")
def people_quotas(files: Files) -> list[dict[str, Any]]:
    """The 163 quotas, each running until the next date of the quota table."""
    rows = files.connection.execute(QUOTAS).fetchall()
    found = [
        dict(zip(("key", "name", "manager", "first", "quota"), row, strict=True))
        for row in rows
    ]
    dates = sorted({row["first"] for row in found})
    after = dict(zip(dates, [*dates[1:], "2014-01-01"], strict=True))
    return [{**row, "after": after[row["first"]]} for row in found]


@pytest.fixture(scope="module")
def followed(
    desk: Desk,
    people_quotas: list[dict[str, Any]],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, dict[str, Any]]:
    """Where each person, each manager's team and the company stand, once all is over."""
    quotas = [
        Quota(
            f"person {row['key']} {row['first']}",
            f"person:{row['key']}",
            row["first"],
            row["after"],
            row["quota"],
        )
        for row in people_quotas
    ]
    for of, owner in (("team", "team:{}"), ("company", "company")):
        for (key, first), rows in grouped(people_quotas, of).items():
            quotas.append(
                Quota(
                    f"{of} {key} {first}",
                    owner.format(key),
                    first,
                    rows[0]["after"],
                    sum(row["quota"] for row in rows),
                )
            )
    return standings(desk, quotas, tmp_path_factory.mktemp("quotas"), on=AFTER)


def grouped(
    rows: list[dict[str, Any]], of: str
) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Return quotas by (manager, date), or by date for the whole company."""

    def place(row: dict[str, Any]) -> tuple[str, str]:
        return (row["manager"] if of == "team" else "", row["first"])

    ordered = sorted(rows, key=place)
    return {key: list(group) for key, group in itertools.groupby(ordered, key=place)}


def check(
    row: dict[str, Any], truth: dict[str, float], exact: Decimal, label: str
) -> None:
    """Assert the sales to the cent, and the attainment to 1e-9 of the exact sales."""
    assert row["target"] == truth["quota"], label
    same_cents(row["actual"], truth["actual"], exact, label)
    expected = float(exact) / truth["quota"]
    assert row["attainment"] == pytest.approx(expected, abs=EXACT), label
    assert row["attainment"] == pytest.approx(truth["attainment"], abs=SIX_DIGITS), (
        label
    )


@pytest.fixture(scope="module")
def sold(files: Files, people_quotas: list[dict[str, Any]]) -> dict[str, Decimal]:
    """The exact sales of each person in the period of each quota, by key and date."""
    return {
        f"{quota['key']} {quota['first']}": files.one(
            f"SELECT coalesce(sum({SALES}), 0) FROM sales "
            f"WHERE EmployeeKey = '{quota['key']}' AND OrderDate >= '{quota['first']}' "
            f"AND OrderDate < '{quota['after']}'"
        )
        for quota in people_quotas
    }


def sum_of(rows: list[dict[str, Any]], sold: dict[str, Decimal]) -> Decimal:
    """Return what the holders of these quotas sold together."""
    return sum((sold[f"{row['key']} {row['first']}"] for row in rows), Decimal(0))


def test_every_truth_is_asked_or_left_out_for_a_reason(desk: Desk) -> None:
    accounted(desk, ASKED, LEFT_OUT)


def test_sales(desk: Desk) -> None:
    found = desk.one("revenue", *ALL)["value"]
    assert found == pytest.approx(desk.truth["sales_total"], abs=CENT)


@pytest.mark.parametrize(("key", "by"), CUTS, ids=[key for key, _ in CUTS])
def test_sales_by_slice(desk: Desk, files: Files, key: str, by: list[str]) -> None:
    found = plain(desk.table("revenue", *ALL, by=by))
    exact = files.sums(BY_REGION) if by == ["region"] else None
    same_as_truth(found, desk.truth[key], exact=exact)


def test_margin(desk: Desk, files: Files) -> None:
    found = desk.one("gross_margin_rate", *ALL)["value"]
    exact = files.shares(
        f"SELECT 'all', sum({SALES} - {COST}), sum({SALES}) FROM sales"
    )
    assert found == pytest.approx(exact["all"], abs=EXACT)
    assert found == pytest.approx(desk.truth["margin_total"], abs=SIX_DIGITS)


def test_margin_by_year(desk: Desk, files: Files) -> None:
    found = desk.table("gross_margin_rate", *ALL, by=["year"])
    exact = files.shares(
        f"SELECT OrderDate[:4], sum({SALES} - {COST}), sum({SALES}) FROM sales GROUP BY 1"
    )
    same_exactly(found, exact)
    same_as_truth(found, desk.truth["margin_by_year"], within=SIX_DIGITS)


def test_margin_by_category(desk: Desk, files: Files) -> None:
    found = desk.table("gross_margin_rate", *ALL, by=["line"])
    exact = files.shares(
        f"SELECT EnglishProductCategoryName, sum({SALES} - {COST}), sum({SALES}) "
        "FROM sales JOIN products USING (ProductKey) "
        "JOIN subcategories AS s ON s.ProductSubcategoryKey = "
        "split_part(products.ProductSubcategoryKey, '.', 1) "
        "JOIN categories USING (ProductCategoryKey) GROUP BY 1"
    )
    same_exactly(found, exact)
    same_as_truth(found, desk.truth["margin_by_category"], within=SIX_DIGITS)


def test_orders_and_basket(desk: Desk) -> None:
    row = desk.one("average_basket", *ALL)
    assert row["denominator"] == desk.truth["orders"]
    assert row["value"] == pytest.approx(desk.truth["mean_basket"], abs=CENT)
    found = desk.table("average_basket", *ALL, by=["year"])
    same_as_truth(found, desk.truth["mean_basket_by_year"])


def test_resellers_new_and_back(desk: Desk, files: Files) -> None:
    found = plain(desk.table("new_customers", *ALL, by=["quarter"]))
    assert found == desk.truth["new_resellers_by_quarter"]
    rate = desk.one("repeat_purchase_rate", *ALL)["value"]
    exact = files.shares(
        "SELECT 'all', count(*) FILTER (n > 1), count(*) FROM (SELECT ResellerKey, "
        "count(DISTINCT SalesOrderNumber) AS n FROM sales GROUP BY 1)"
    )
    assert rate == pytest.approx(exact["all"], abs=EXACT)
    assert rate == pytest.approx(desk.truth["repeat_rate"], abs=SIX_DIGITS)


def test_all_the_quotas_are_followed(
    desk: Desk, followed: dict[str, dict[str, Any]]
) -> None:
    people = [row for name, row in followed.items() if name.startswith("person")]
    assert len(people) == desk.truth["oltp_quota_rows"]
    assert sum(row["target"] for row in people) == desk.truth["oltp_quota_total"]


def test_attainment_of_each_person_and_period(
    desk: Desk,
    people_quotas: list[dict[str, Any]],
    followed: dict[str, dict[str, Any]],
    sold: dict[str, Decimal],
) -> None:
    truth = desk.truth["attainment_by_person_period"]
    assert len(people_quotas) == len(truth)
    for quota in people_quotas:
        label = f"{quota['name']} | {quota['first']}"
        row = followed[f"person {quota['key']} {quota['first']}"]
        check(row, truth[label], sum_of([quota], sold), label)


def test_attainment_of_each_manager_and_period(
    desk: Desk,
    files: Files,
    people_quotas: list[dict[str, Any]],
    followed: dict[str, dict[str, Any]],
    sold: dict[str, Decimal],
) -> None:
    names = files.sums(NAMED)
    truth = desk.truth["attainment_by_manager_period"]
    teams = grouped(people_quotas, "team")
    assert {f"{names[key]} | {first}" for key, first in teams} == set(truth)
    for (key, first), rows in teams.items():
        label = f"{names[key]} | {first}"
        row = followed[f"team {key} {first}"]
        check(row, truth[label], sum_of(rows, sold), label)


def test_attainment_of_the_company_by_period(
    desk: Desk,
    people_quotas: list[dict[str, Any]],
    followed: dict[str, dict[str, Any]],
    sold: dict[str, Decimal],
) -> None:
    for (_, first), rows in grouped(people_quotas, "company").items():
        truth = desk.truth["attainment_by_period"][first]
        check(followed[f"company  {first}"], truth, sum_of(rows, sold), first)
        reached = [
            followed[f"person {row['key']} {first}"]["attainment"] >= 1 for row in rows
        ]
        assert len(reached) == truth["people"], first
        assert sum(reached) == truth["people_at_or_above_100"], first
        share = sum(reached) / len(reached)
        assert share == pytest.approx(truth["collective_share"], abs=SIX_DIGITS)
