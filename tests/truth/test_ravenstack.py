"""Ravenstack: MRR, its movements, retention and CSAT at each month end."""

from __future__ import annotations

from datetime import date

import pytest

from tests.truth.accounted import accounted
from tests.truth.desk import CENT, EXACT, Desk, prepared

pytestmark = pytest.mark.truth

ASKED = (
    "monthly",
    "annual_nrr_2024",
    "annual_grr_2024",
    "annual_logo_retention_2024",
    "mrr_by_plan_2024-12-31",
    "csat_share",
)
LEFT_OUT = {
    "subscription_churn_count": "counts ended subscriptions, the catalogue counts "
    "customers",
    "churned_mrr_by_end_month": "by subscription, the catalogue follows accounts",
    "churn_events_by_reason": "events of another file, contradicted by subscriptions",
    "trial_subscriptions": "a trial pays nothing and is filtered by the mapping",
    "mean_satisfaction": "a mean of scores; the catalogue has the share satisfied",
    "mean_resolution_hours": "no KPI on the speed of support",
    "escalation_rate": "no KPI on escalation of tickets",
}
MOVEMENTS = {
    "expansion": "mrr_expansion",
    "contraction": "mrr_contraction",
    "churn": "mrr_churn",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("ravenstack")
    return prepared(folder, "saas_ravenstack", mapping="ravenstack")


def months(desk: Desk) -> list[tuple[str, str, str]]:
    """Return (month, first, after) for each month of the truth."""
    found = []
    for month in desk.truth["monthly"]:
        year, number = (int(part) for part in month.split("-"))
        after = date(year + number // 12, number % 12 + 1, 1)
        found.append((month, f"{month}-01", str(after)))
    return found


def test_every_truth_is_asked_or_left_out_for_a_reason(desk: Desk) -> None:
    accounted(desk, ASKED, LEFT_OUT)


@pytest.mark.parametrize(("truth", "kpi"), [("mrr", "mrr"), *MOVEMENTS.items()])
def test_mrr_and_movements_by_month(desk: Desk, truth: str, kpi: str) -> None:
    for month, first, after in months(desk):
        expected = abs(desk.truth["monthly"][month][truth])
        found = desk.one(kpi, first, after)["value"] or 0
        assert abs(found) == pytest.approx(expected, abs=CENT), month


def test_new_and_returning_value_by_month(desk: Desk) -> None:
    """The truth looks at month ends only: who came and left within a month is unknown
    to it, and returning to the catalogue. What both bring is the same.
    """
    for month, first, after in months(desk):
        counts = desk.truth["monthly"][month]
        new = desk.one("mrr_new", first, after)["value"] or 0
        back = desk.one("mrr_reactivation", first, after)["value"] or 0
        expected = counts["new"] + counts["reactivation"]
        assert new + back == pytest.approx(expected, abs=CENT), month


def test_active_accounts_by_month(desk: Desk) -> None:
    for month, first, after in months(desk):
        expected = desk.truth["monthly"][month]["active_accounts"]
        assert desk.one("active_customers", first, after)["value"] == expected, month


@pytest.mark.parametrize(
    ("kpi", "lost"), [("nrr", ("contraction", "churn")), ("grr", ())]
)
def test_revenue_retention_by_month(desk: Desk, kpi: str, lost: tuple[str]) -> None:
    before = 0
    for month, first, after in months(desk):
        counts = desk.truth["monthly"][month]
        row = desk.one(kpi, first, after)
        if not before:
            assert row["value"] is None
            assert row["reason"]
        else:
            kept = before - abs(counts["contraction"]) - abs(counts["churn"])
            kept += counts["expansion"] if kpi == "nrr" else 0
            assert row["value"] == pytest.approx(kept / before, abs=EXACT), month
        before = counts["mrr"]


def test_customers_lost_by_month(desk: Desk) -> None:
    before = 0
    for month, first, after in months(desk):
        counts = desk.truth["monthly"][month]
        if before:
            expected = counts["logo_churn"] / before
            found = desk.one("churn_rate", first, after)["value"]
            assert found == pytest.approx(expected, abs=EXACT), month
        before = counts["active_accounts"]


@pytest.mark.parametrize(
    ("kpi", "key"),
    [
        ("nrr", "annual_nrr_2024"),
        ("grr", "annual_grr_2024"),
        ("retention_rate", "annual_logo_retention_2024"),
    ],
)
def test_the_year_2024(desk: Desk, kpi: str, key: str) -> None:
    found = desk.one(kpi, "2024-01-01", "2025-01-01")["value"]

    assert found == pytest.approx(desk.truth[key], abs=5e-7)


def test_mrr_by_plan(desk: Desk) -> None:
    found = desk.table("mrr", "2024-12-31", "2025-01-01", by=["product"])

    assert found == pytest.approx(desk.truth["mrr_by_plan_2024-12-31"], abs=CENT)


def test_csat_is_the_share_of_fours_and_fives(desk: Desk) -> None:
    found = desk.one("csat", "2022-01-01", "2026-01-01")

    assert found["value"] == pytest.approx(desk.truth["csat_share"], abs=5e-7)
    assert found["denominator"] == 2000 - 825
