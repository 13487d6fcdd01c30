"""Telco: customers lost in one month, by contract, and the monthly value lost."""

from __future__ import annotations

import pytest

from tests.truth.accounted import accounted
from tests.truth.desk import CENT, Desk, prepared

pytestmark = pytest.mark.truth

ASKED = (
    "rows",
    "churn_rate",
    "churn_rate_by_contract",
    "mrr",
    "mrr_lost",
    "gross_revenue_churn",
    "arpu",
)
LEFT_OUT = {"mean_tenure": "given in months without dates: no duration to measure"}
JANUARY = ("2020-01-01", "2020-02-01")
EVE = ("2019-12-31", "2020-01-01")
SIX_DIGITS = 5e-7


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("telco")
    return prepared(folder, "churn_telco_ibm", mapping="telco")


def test_every_truth_is_asked_or_left_out_for_a_reason(desk: Desk) -> None:
    accounted(desk, ASKED, LEFT_OUT)


def test_churn_rate_of_all_customers(desk: Desk) -> None:
    found = desk.one("churn_rate", *JANUARY)

    assert found["value"] == pytest.approx(desk.truth["churn_rate"], abs=SIX_DIGITS)
    assert found["denominator"] == desk.truth["rows"]


def test_churn_rate_by_contract(desk: Desk) -> None:
    found = desk.table("churn_rate", *JANUARY, by=["segment"])

    expected = desk.truth["churn_rate_by_contract"]
    assert found == pytest.approx(expected, abs=SIX_DIGITS)


def test_monthly_value_before_and_lost(desk: Desk) -> None:
    before = desk.one("mrr", *EVE)["value"]
    lost = desk.one("mrr_churn", *JANUARY)["value"]
    kept = desk.one("grr", *JANUARY)["value"]

    assert before == pytest.approx(desk.truth["mrr"], abs=CENT)
    assert abs(lost) == pytest.approx(desk.truth["mrr_lost"], abs=CENT)
    churned = desk.truth["gross_revenue_churn"]
    assert 1 - kept == pytest.approx(churned, abs=SIX_DIGITS)


def test_value_per_customer_from_its_two_parts(desk: Desk) -> None:
    value = desk.one("mrr", *EVE)["value"]
    customers = desk.one("active_customers", *EVE)["value"]

    assert value / customers == pytest.approx(desk.truth["arpu"], abs=CENT)
