"""Northwind: 830 orders of nine people, in files whose addresses break their lines."""

from __future__ import annotations

import pytest

from tests.truth.accounted import accounted
from tests.truth.desk import CENT, Desk, prepared
from tests.truth.independent import Files, plain, same_as_truth

pytestmark = pytest.mark.truth

ASKED = (
    "orders",
    "revenue",
    "revenue_by_quarter",
    "revenue_by_employee",
    "revenue_by_employee_quarter",
    "mean_basket",
    "customers",
    "new_customers_by_quarter",
)
LEFT_OUT: dict[str, str] = {}
ALL = ("1996-01-01", "1999-01-01")
NAMES = (
    "orders.csv",
    "order-details.csv",
    "employees.csv",
    "customers.csv",
    "products.csv",
    "categories.csv",
)
CUTS = [
    ("revenue_by_quarter", ["quarter"]),
    ("revenue_by_employee", ["person"]),
    ("revenue_by_employee_quarter", ["person", "quarter"]),
]


BY_EMPLOYEE = """
SELECT lastName, year(day::TIMESTAMP) || 'Q' || quarter(day::TIMESTAMP),
       sum(unitPrice::DECIMAL(9, 2) * quantity::INT * (1 - discount::DECIMAL(4, 2)))
FROM details JOIN orders USING (orderID) JOIN employees USING (employeeID)
GROUP BY ALL
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("northwind")
    return prepared(folder, "orders_northwind", mapping="northwind", files=NAMES)


@pytest.fixture(scope="module")
def files(desk: Desk) -> Files:
    """Read the orders as two columns: their addresses hold commas nobody quoted."""
    files = Files(
        details=desk.data / "order-details.csv", employees=desk.data / "employees.csv"
    )
    orders = (desk.data / "orders.csv").read_text("utf-8").splitlines()[1:]
    cells = [line.split(",")[:4] for line in orders]
    files.connection.execute(
        "CREATE TABLE orders (orderID TEXT, customer TEXT, employeeID TEXT, day TEXT)"
    )
    files.connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?)", cells)
    return files


def test_every_truth_is_asked_or_left_out_for_a_reason(desk: Desk) -> None:
    accounted(desk, ASKED, LEFT_OUT)


def test_revenue(desk: Desk) -> None:
    found = desk.one("revenue", *ALL)["value"]
    assert found == pytest.approx(desk.truth["revenue"], abs=CENT)


@pytest.mark.parametrize(("key", "by"), CUTS, ids=[key for key, _ in CUTS])
def test_revenue_by_slice(desk: Desk, files: Files, key: str, by: list[str]) -> None:
    found = plain(desk.table("revenue", *ALL, by=by))
    seen = {name: value for name, value in found.items() if value}
    exact = files.sums(BY_EMPLOYEE) if len(by) == 2 else None
    same_as_truth(seen, desk.truth[key], exact=exact)


def test_orders_and_basket(desk: Desk) -> None:
    row = desk.one("average_basket", *ALL)
    assert row["denominator"] == desk.truth["orders"]
    assert row["value"] == pytest.approx(desk.truth["mean_basket"], abs=CENT)


def test_customers(desk: Desk) -> None:
    found = plain(desk.table("new_customers", *ALL, by=["quarter"]))
    seen = {quarter: value for quarter, value in found.items() if value}
    assert seen == desk.truth["new_customers_by_quarter"]
    assert desk.one("new_customers", *ALL)["value"] == desk.truth["customers"]


def test_no_line_of_an_order_is_lost(desk: Desk) -> None:
    details = (desk.data / "order-details.csv").read_text("utf-8").splitlines()
    found = desk.one("units_sold", *ALL)["value"]
    assert found == sum(int(line.split(",")[3]) for line in details[1:])
