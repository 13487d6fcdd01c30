"""The MRR playbook: monthly value and its movements, read on the first of each month."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.truth.accounted import accounted
from tests.truth.desk import CENT, Desk, prepared

pytestmark = pytest.mark.truth

ASKED = ("mrr_by_month", "change_by_category_month", "count_by_category", "customers")
LEFT_OUT: dict[str, str] = {}
MOVEMENTS = {
    "new": "mrr_new",
    "upgrade": "mrr_expansion",
    "downgrade": "mrr_contraction",
    "churn": "mrr_churn",
    "reactivation": "mrr_reactivation",
}
LOSSES = ("downgrade", "churn")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("playbook")
    return prepared(
        folder,
        "saas_mrr_playbook",
        mapping="mrr_playbook",
        files=["subscription_periods.csv"],
    )


def months() -> list[date]:
    return [date(2017 + n // 12, n % 12 + 1, 1) for n in range(8, 38)]


def test_every_truth_is_asked_or_left_out_for_a_reason(desk: Desk) -> None:
    accounted(desk, ASKED, LEFT_OUT)


def test_mrr_on_the_first_of_each_month(desk: Desk) -> None:
    for first in months():
        row = desk.one("mrr", str(first), str(first + timedelta(days=1)))
        expected = desk.truth["mrr_by_month"].get(f"{first:%Y-%m}", 0)
        assert row["value"] == pytest.approx(expected, abs=CENT), first


@pytest.mark.parametrize("category", MOVEMENTS)
def test_movements_between_two_firsts_of_month(desk: Desk, category: str) -> None:
    sign = -1 if category in LOSSES else 1
    for before, first in zip(months(), months()[1:], strict=False):
        after = first + timedelta(days=1)
        row = desk.one(MOVEMENTS[category], str(before + timedelta(days=1)), str(after))
        changes = desk.truth["change_by_category_month"]
        expected = changes.get(f"{first:%Y-%m} | {category}", 0)
        assert sign * (row["value"] or 0) == pytest.approx(expected, abs=CENT), first


def test_all_customers_once_subscribed(desk: Desk) -> None:
    cut = {"by": ["account", "month"]}
    found = desk.rows("mrr", "2017-01-01", "2021-01-01", **cut)

    assert len({row["account"] for row in found}) == desk.truth["customers"]
