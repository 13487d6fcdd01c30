"""A Salesforce org with its stage history: the stage is declared right, not the flags."""

from __future__ import annotations

import pytest

from tests.truth.accounted import accounted
from tests.truth.desk import Desk, prepared, same_money, same_shares

pytestmark = pytest.mark.truth

ASKED = (
    "opportunities",
    "stages",
    "won_amount_total",
    "won_amount_by_close_quarter",
    "won_amount_by_owner",
    "win_rate",
    "win_rate_by_close_quarter",
    "mean_created_to_close_days_won",
    "owners",
)
LEFT_OUT = {
    "opps_reaching_stage": "counts history rows as they are; the catalogue reads "
    "stages as a funnel, where a skipped stage counts as entered",
    "mean_days_in_stage": "no KPI on the time spent in one stage yet",
    "mean_history_cycle_days_won": "the catalogue's cycle runs from creation",
}
ALL = ("2021-01-01", "2024-01-01")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("salesforce")
    return prepared(folder, "salesforce_stage_history", mapping="salesforce_history")


def test_every_truth_is_asked_or_left_out_for_a_reason(desk: Desk) -> None:
    accounted(desk, ASKED, LEFT_OUT)


def test_won_amount_in_all_by_quarter_and_owner(desk: Desk) -> None:
    total = desk.one("revenue", *ALL)["value"]
    quarters = desk.table("revenue", *ALL, by=["quarter"])
    owners = desk.table("revenue", *ALL, by=["person"])

    assert total == desk.truth["won_amount_total"]
    named = {key.replace("-Q", "Q"): value for key, value in quarters.items()}
    same_money(named, desk.truth["won_amount_by_close_quarter"])
    same_money(owners, desk.truth["won_amount_by_owner"])


def test_win_rate_in_all_and_by_quarter(desk: Desk) -> None:
    row = desk.one("win_rate", *ALL)
    counts = desk.truth["win_rate"]["all"]
    quarters = desk.table("win_rate", *ALL, by=["quarter"])

    assert (row["numerator"], row["denominator"]) == (counts["won"], counts["closed"])
    named = {key.replace("-Q", "Q"): value for key, value in quarters.items()}
    same_shares(named, desk.truth["win_rate_by_close_quarter"], "won", "closed")


def test_every_opportunity_owner_and_stage_is_there(desk: Desk) -> None:
    stages = desk.truth["stages"]
    won = desk.one("deals_won", *ALL)["value"]
    closed = desk.one("win_rate", *ALL)["denominator"]
    people = desk.table("win_rate", *ALL, by=["person"])

    assert won == stages["Closed Won"]
    assert closed == stages["Closed Won"] + stages["Closed Lost"]
    assert sum(stages.values()) == desk.truth["opportunities"]
    assert len(people) <= desk.truth["owners"]


def test_days_from_creation_to_closing(desk: Desk) -> None:
    found = desk.one("sales_cycle_days", *ALL)["value"]

    expected = desk.truth["mean_created_to_close_days_won"]
    assert found == pytest.approx(expected, abs=5e-5)
