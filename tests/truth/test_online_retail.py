"""Online Retail: half a million lines, of which cancelled ones are negative."""

from __future__ import annotations

import pytest

from tests.truth.accounted import accounted
from tests.truth.desk import CENT, EXACT, SHARED, Desk, prepared
from tests.truth.independent import SIX_DIGITS, Files, same_as_truth

pytestmark = pytest.mark.truth

ASKED = (
    "gross_sales",
    "gross_sales_by_month",
    "cancelled_value",
    "net_sales_raw_sum",
    "invoices_with_customer",
    "mean_basket",
    "customers",
    "repeat_rate",
    "new_customers_by_month",
    "gross_sales_france_by_month",
)
LEFT_OUT = {
    "median_basket": "the catalogue has the mean basket, not its median",
    "repeat_90d": "the repeat purchase rate of the catalogue has no delay",
}
ALL = ("2010-12-01", "2012-01-01")
NAME = "online_retail.csv.gz"
GROSS = ["amount>0"]
KNOWN = [*GROSS, "account!="]
BAD_DEBT = "B"  # two lines that correct a bad debt: negative, and no cancellation


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("online_retail")
    return prepared(
        folder, "orders_online_retail", mapping="online_retail", files=[NAME]
    )


@pytest.fixture(scope="module")
def files(desk: Desk) -> Files:
    return Files(lines=SHARED / "orders_online_retail" / NAME)


def test_every_truth_is_asked_or_left_out_for_a_reason(desk: Desk) -> None:
    accounted(desk, ASKED, LEFT_OUT)


@pytest.mark.parametrize(
    ("key", "where"),
    [
        ("net_sales_raw_sum", []),
        ("gross_sales", GROSS),
        ("cancelled_value", ["amount<0", f"product!={BAD_DEBT}"]),
    ],
)
def test_sales(desk: Desk, key: str, where: list[str]) -> None:
    found = desk.one("revenue", *ALL, where=where)["value"]
    assert found == pytest.approx(desk.truth[key], abs=CENT)


@pytest.mark.parametrize(
    ("key", "where"),
    [
        ("gross_sales_by_month", GROSS),
        ("gross_sales_france_by_month", [*GROSS, "country=France"]),
    ],
)
def test_sales_by_month(desk: Desk, key: str, where: list[str]) -> None:
    found = desk.table("revenue", *ALL, by=["month"], where=where)
    same_as_truth(found, desk.truth[key])


def test_invoices_and_basket(desk: Desk) -> None:
    row = desk.one("average_basket", *ALL, where=KNOWN)
    assert row["denominator"] == desk.truth["invoices_with_customer"]
    assert row["value"] == pytest.approx(desk.truth["mean_basket"], abs=CENT)


def test_customers_new_and_back(desk: Desk, files: Files) -> None:
    found = desk.table("new_customers", *ALL, by=["month"], where=KNOWN)
    rate = desk.one("repeat_purchase_rate", *ALL, where=KNOWN)
    exact = files.shares(
        "SELECT 'all', count(*) FILTER (n > 1), count(*) FROM (SELECT CustomerID, "
        "count(DISTINCT InvoiceNo) AS n FROM lines WHERE Quantity::DOUBLE > 0 "
        "AND UnitPrice::DOUBLE > 0 AND coalesce(CustomerID, '') <> '' GROUP BY 1)"
    )
    assert found == desk.truth["new_customers_by_month"]
    assert rate["denominator"] == desk.truth["customers"]
    assert rate["value"] == pytest.approx(exact["all"], abs=EXACT)
    assert rate["value"] == pytest.approx(desk.truth["repeat_rate"], abs=SIX_DIGITS)
