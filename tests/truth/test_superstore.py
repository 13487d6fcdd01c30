"""Superstore: lines by regional manager, against the targets of a workbook."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import openpyxl
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
    "sales_total",
    "profit_total",
    "sales_by_year",
    "sales_by_manager_quarter",
    "sales_by_segment_year",
    "margin_by_category",
    "attainment_by_category_segment_year",
    "attainment_by_quarter",
    "orders",
    "mean_basket",
    "mean_basket_by_year",
    "new_customers_by_year",
    "repeat_rate",
    "commission_sales_by_region",
    "commission_people",
)
LEFT_OUT = {
    "return_rate": "no KPI on returned orders",
    "mean_ship_days": "no KPI on shipping",
}
DATA = SHARED / "superstore_targets"
ALL = ("2017-01-01", "2021-01-01")
SALES, PROFIT = "Sales::DECIMAL(18, 10)", "Profit::DECIMAL(18, 10)"
CUTS = [
    ("sales_by_year", ["year"]),
    ("sales_by_manager_quarter", ["person", "quarter"]),
    ("sales_by_segment_year", ["segment", "year"]),
]
LOADED = SALES.replace("10)", "4)")  # what a warehouse keeps of an amount
DATED = '(SELECT *, "Order Date"::DATE AS day FROM lines JOIN people USING (Region))'
QUARTER = "year(day) || 'Q' || quarter(day)"
BY_MANAGER = f"SELECT Person, {QUARTER}, sum({LOADED}) FROM {DATED} GROUP BY ALL"
BY_QUARTER = f"SELECT {QUARTER}, sum({LOADED}) FROM {DATED} GROUP BY ALL"
BY_SLICE = f"""
SELECT Category, Segment, year(day), sum({LOADED}) FROM {DATED} GROUP BY ALL
"""
Target = tuple[str, str, str, float]  # category, segment, day, amount


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("superstore")
    names = ["csv/orders.csv", "csv/people.csv"]
    return prepared(folder, "superstore_targets", mapping="superstore", files=names)


@pytest.fixture(scope="module")
def files(desk: Desk) -> Files:
    return Files(lines=DATA / "csv" / "orders.csv", people=DATA / "csv" / "people.csv")


@pytest.fixture(scope="module")
def targets(desk: Desk) -> list[Target]:
    """The rows of the workbook: daily targets by category and segment."""
    book = openpyxl.load_workbook(DATA / "Sales Target (US).xlsx", read_only=True)
    rows = list(book.worksheets[0].iter_rows(values_only=True, min_row=2))
    book.close()
    return [(row[0], row[2], f"{row[1]:%Y-%m-%d}", row[3]) for row in rows]


def test_every_truth_is_asked_or_left_out_for_a_reason(desk: Desk) -> None:
    accounted(desk, ASKED, LEFT_OUT)


def test_sales_and_profit(desk: Desk) -> None:
    sales = desk.one("revenue", *ALL)["value"]
    profit = desk.one("gross_margin", *ALL)["value"]
    assert sales == pytest.approx(desk.truth["sales_total"], abs=CENT)
    assert profit == pytest.approx(desk.truth["profit_total"], abs=CENT)


@pytest.mark.parametrize(("key", "by"), CUTS, ids=[key for key, _ in CUTS])
def test_sales_by_slice(desk: Desk, files: Files, key: str, by: list[str]) -> None:
    found = plain(desk.table("revenue", *ALL, by=by))
    exact = files.sums(BY_MANAGER) if "person" in by else None
    same_as_truth(found, desk.truth[key], exact=exact)


def test_margin_by_category(desk: Desk, files: Files) -> None:
    found = desk.table("gross_margin_rate", *ALL, by=["line"])
    exact = files.shares(
        f"SELECT Category, sum({PROFIT}), sum({SALES}) FROM lines GROUP BY 1"
    )
    same_exactly(found, exact)
    same_as_truth(found, desk.truth["margin_by_category"], within=SIX_DIGITS)


def test_orders_and_basket(desk: Desk) -> None:
    row = desk.one("average_basket", *ALL)
    assert row["denominator"] == desk.truth["orders"]
    assert row["value"] == pytest.approx(desk.truth["mean_basket"], abs=CENT)
    found = desk.table("average_basket", *ALL, by=["year"])
    same_as_truth(found, desk.truth["mean_basket_by_year"])


def test_customers_new_and_back(desk: Desk, files: Files) -> None:
    found = desk.table("new_customers", *ALL, by=["year"])
    assert found == desk.truth["new_customers_by_year"]
    rate = desk.one("repeat_purchase_rate", *ALL)["value"]
    exact = files.shares(
        "SELECT 'all', count(*) FILTER (n > 1), count(*) FROM (SELECT "
        '"Customer ID", count(DISTINCT "Order ID") AS n FROM lines GROUP BY 1)'
    )
    assert rate == pytest.approx(exact["all"], abs=EXACT)
    assert rate == pytest.approx(desk.truth["repeat_rate"], abs=SIX_DIGITS)


def test_attainment_of_the_targets(
    desk: Desk, files: Files, targets: list[Target], tmp_path: Path
) -> None:
    by_slice: dict[str, float] = defaultdict(float)
    by_quarter: dict[str, float] = defaultdict(float)
    for category, segment, day, amount in targets:
        by_slice[f"{category} | {segment} | {day[:4]}"] += amount
        by_quarter[f"{day[:4]}Q{(int(day[5:7]) + 2) // 3}"] += amount
    quotas = [of_slice(name, amount) for name, amount in by_slice.items()]
    quotas += [of_quarter(name, amount) for name, amount in by_quarter.items()]
    found = standings(desk, quotas, tmp_path, on="2021-01-15")
    truth = {
        **desk.truth["attainment_by_category_segment_year"],
        **desk.truth["attainment_by_quarter"],
    }
    assert found.keys() == truth.keys()
    exact = files.sums(BY_SLICE) | files.sums(BY_QUARTER)
    for name, counts in truth.items():
        row = found[name]
        assert row["target"] == counts["target"], name
        same_cents(row["actual"], counts["actual"], exact[name], name)
        assert row["attainment"] == pytest.approx(
            counts["attainment"], abs=SIX_DIGITS
        ), name


def of_slice(name: str, amount: float) -> Quota:
    """Return the target of a category and a segment over a year."""
    category, segment, year = name.split(" | ")
    where = (f"line={category}", f"segment={segment}")
    bounds = (f"{year}-01-01", f"{int(year) + 1}-01-01")
    return Quota(name, "company", *bounds, amount, where)


def of_quarter(name: str, amount: float) -> Quota:
    """Return the target of the company over a quarter `2017Q1`."""
    year, quarter = int(name[:4]), int(name[-1])
    after = f"{year + 1}-01-01" if quarter == 4 else f"{year}-{3 * quarter + 1:02}-01"
    return Quota(name, "company", f"{year}-{3 * quarter - 2:02}-01", after, amount)


def test_the_sheet_of_commissions(tmp_path: Path) -> None:
    desk = prepared(
        tmp_path / "commission",
        "superstore_targets",
        mapping="superstore/commission.toml",
        files=["Sales Commission.csv"],
    )
    day = ("2002-01-01", "2002-01-02")
    found = desk.table("revenue", *day, by=["region"])
    same_as_truth(found, desk.truth["commission_sales_by_region"])
    people = desk.rows("revenue", *day, by=["person"])
    assert len(people) == desk.truth["commission_people"]
