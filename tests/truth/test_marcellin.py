"""Marcellin: orders recognised only when completed and paid, beside a sales pipeline."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.truth.accounted import accounted
from tests.truth.desk import CENT, EXACT, SHARED, Desk, prepared, same_shares
from tests.truth.independent import SIX_DIGITS, Files, plain, same_as_truth

pytestmark = pytest.mark.truth

ASKED = (
    "orders",
    "gross_all_orders",
    "completed",
    "recognised",
    "recognised_by_quarter",
    "recognised_by_rep_id",
    "recognised_sme_by_quarter",
    "recognised_by_country",
    "recognised_by_size",
    "mean_basket",
    "win_rate",
    "win_rate_by_quarter",
    "won_expected_by_quarter",
    "mean_cycle_days_won",
    "open_pipeline",
    "new_customers_by_quarter",
    "repeat_rate",
)
LEFT_OUT = {
    "return_rate": "no KPI on returned orders",
    "weighted_pipeline": "a forecast by probabilities, not a KPI",
}
ALL = ("2023-01-01", "2026-01-01")
COMPLETED = ["order_status=Completed"]
RECOGNISED = [*COMPLETED, "payment_status=Paid"]
NAMES = (
    "order_items.csv",
    "orders.csv",
    "opportunities.csv",
    "customers.csv",
    "sales_reps.csv",
    "products.csv",
)
CUTS = [
    ("recognised_by_quarter", ["quarter"], RECOGNISED),
    ("recognised_sme_by_quarter", ["quarter"], [*RECOGNISED, "size=Small|Medium"]),
    ("recognised_by_country", ["country"], RECOGNISED),
    ("recognised_by_size", ["size"], RECOGNISED),
]
PAID = "order_status = 'Completed' AND payment_status = 'Paid'"


RECOGNISED_CUSTOMERS = """
kind = "distinct"
unit = "count"
better = "up"
label = { fr = "Nouveaux clients livrés et payés", en = "New customers, recognised" }
question = { fr = "Combien ?", en = "How many bought and paid for the first time?" }
reference = "This company's own"
formula = "customers"
[components.customers]
from = "order_lines"
dated = "on"
where = ["attributes.order_status=Completed", "attributes.payment_status=Paid"]
first_of = "account_id"
distinct = "account_id"
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("marcellin")
    found = prepared(folder, "crm_orders_marcellin", mapping="marcellin", files=NAMES)
    (folder / "kpis").mkdir(exist_ok=True)
    kpi = folder / "kpis" / "recognised_customers.toml"
    kpi.write_text(RECOGNISED_CUSTOMERS, "utf-8")
    return found


@pytest.fixture(scope="module")
def files(desk: Desk) -> Files:
    data = SHARED / "crm_orders_marcellin"
    return Files(orders=data / "orders.csv", deals=data / "opportunities.csv")


def test_every_truth_is_asked_or_left_out_for_a_reason(desk: Desk) -> None:
    accounted(desk, ASKED, LEFT_OUT)


@pytest.mark.parametrize(
    ("key", "where"),
    [("gross_all_orders", []), ("completed", COMPLETED), ("recognised", RECOGNISED)],
)
def test_orders_by_their_state(desk: Desk, key: str, where: list[str]) -> None:
    found = desk.one("revenue", *ALL, where=where, basis="orders")["value"]
    assert found == pytest.approx(desk.truth[key], abs=CENT)


@pytest.mark.parametrize(("key", "by", "where"), CUTS, ids=[cut[0] for cut in CUTS])
def test_recognised_by_slice(
    desk: Desk, key: str, by: list[str], where: list[str]
) -> None:
    found = desk.table("revenue", *ALL, by=by, where=where, basis="orders")
    same_as_truth(plain(found), desk.truth[key])


def test_recognised_by_person_though_two_have_one_name(desk: Desk) -> None:
    rows = desk.rows("revenue", *ALL, by=["person"], where=RECOGNISED, basis="orders")
    found = {row["person_id"]: row["value"] for row in rows}
    same_as_truth(found, desk.truth["recognised_by_rep_id"])
    names = [row["person"] for row in rows]
    assert names.count("Sofia Simon") == 2


def test_without_a_mapping_lines_are_joined_to_their_orders(tmp_path: Path) -> None:
    alone = prepared(tmp_path, "crm_orders_marcellin", mapping=None, files=NAMES)
    found = alone.one("revenue", *ALL, where=RECOGNISED, basis="orders")["value"]
    rate = alone.one("win_rate", *ALL)["value"]
    counts = alone.truth["win_rate"]["all"]
    assert found == pytest.approx(alone.truth["recognised"], abs=CENT)
    assert rate == pytest.approx(counts["won"] / counts["closed"], abs=EXACT)


def test_orders_and_basket(desk: Desk) -> None:
    everything = desk.one("average_basket", *ALL, basis="orders")
    row = desk.one("average_basket", *ALL, where=RECOGNISED, basis="orders")
    assert everything["denominator"] == desk.truth["orders"]
    assert row["value"] == pytest.approx(desk.truth["mean_basket"], abs=CENT)


def test_win_rate(desk: Desk) -> None:
    row, counts = desk.one("win_rate", *ALL), desk.truth["win_rate"]["all"]
    assert (row["numerator"], row["denominator"]) == (counts["won"], counts["closed"])
    assert row["value"] == pytest.approx(counts["won"] / counts["closed"], abs=EXACT)
    found = plain(desk.table("win_rate", *ALL, by=["quarter"]))
    same_shares(found, desk.truth["win_rate_by_quarter"], "won", "closed")


def test_won_deals_by_quarter(desk: Desk) -> None:
    found = desk.table("revenue", *ALL, by=["quarter"], basis="deals")
    same_as_truth(plain(found), desk.truth["won_expected_by_quarter"])


def test_cycle_of_won_deals(desk: Desk, files: Files) -> None:
    found = desk.one("sales_cycle_days", *ALL)["value"]
    exact = files.shares(
        "SELECT 'all', sum(date_diff('day', created_date::DATE, close_date::DATE)), "
        "count(*) FROM deals WHERE stage = 'Closed Won'"
    )
    assert found == pytest.approx(exact["all"], abs=EXACT)
    assert found == pytest.approx(desk.truth["mean_cycle_days_won"], abs=5e-5)


def test_open_pipeline(desk: Desk) -> None:
    found = desk.one("open_pipeline", *ALL)["value"]
    assert found == pytest.approx(desk.truth["open_pipeline"], abs=CENT)


def test_customers_new_and_back(desk: Desk, files: Files) -> None:
    found = desk.table("recognised_customers", *ALL, by=["quarter"])
    assert plain(found) == desk.truth["new_customers_by_quarter"]
    rate = desk.one("repeat_purchase_rate", *ALL, where=RECOGNISED, basis="orders")
    exact = files.shares(
        "SELECT 'all', count(*) FILTER (n > 1), count(*) FROM (SELECT customer_id, "
        f"count(*) AS n FROM orders WHERE {PAID} GROUP BY 1)"
    )
    assert rate["value"] == pytest.approx(exact["all"], abs=EXACT)
    assert rate["value"] == pytest.approx(desk.truth["repeat_rate"], abs=SIX_DIGITS)
