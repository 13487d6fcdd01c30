"""Deals with transitions: won value, win rates, stage conversion, activities."""

from __future__ import annotations

import pytest

from tests.truth.accounted import accounted
from tests.truth.desk import Desk, prepared, same_money, same_shares

pytestmark = pytest.mark.truth

ASKED = (
    "deals",
    "won_value",
    "won_value_by_rep",
    "win_rate_by_rep",
    "mean_cycle_days_won",
    "transitions",
    "activities_by_rep_type",
)
LEFT_OUT = {
    "mean_days_in_stage": "no KPI on the time spent in one stage yet",
    "open_deals_without_activity_for_14_days_at_2024-09-16": "stalled deals are "
    "insight, not a KPI",
}
ALL = ("2023-01-01", "2025-01-01")
STEPS = [
    ("prospecting", "qualification"),
    ("qualification", "proposal"),
    ("proposal", "negotiation"),
    ("negotiation", "closed_won"),
]
KINDS = {
    "calls": ("call_inbound", "call_outbound"),
    "proposals": ("proposal_sent",),
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("transitions")
    return prepared(folder, "crm_deals_transitions", mapping="deals_transitions")


def test_every_truth_is_asked_or_left_out_for_a_reason(desk: Desk) -> None:
    accounted(desk, ASKED, LEFT_OUT)


def test_won_value_and_counts(desk: Desk) -> None:
    won = desk.truth["deals"]["won"]
    rate = desk.one("win_rate", *ALL)

    assert desk.one("revenue", *ALL)["value"] == desk.truth["won_value"]
    assert desk.one("deals_won", *ALL)["value"] == won
    assert (rate["numerator"], rate["denominator"]) == (
        won,
        won + desk.truth["deals"]["lost"],
    )


def test_won_value_and_win_rate_by_person(desk: Desk) -> None:
    found = desk.table("revenue", *ALL, by=["person"])
    same_money(found, desk.truth["won_value_by_rep"])
    rates = desk.table("win_rate", *ALL, by=["person"])
    same_shares(rates, desk.truth["win_rate_by_rep"], "won", "closed")


def test_cycle_of_won_deals(desk: Desk) -> None:
    found = desk.one("sales_cycle_days", *ALL)["value"]

    assert found == pytest.approx(desk.truth["mean_cycle_days_won"], abs=5e-5)


@pytest.mark.parametrize(("start", "end"), STEPS)
def test_deals_that_entered_the_next_stage(desk: Desk, start: str, end: str) -> None:
    found = desk.one(
        "stage_conversion_rate", *ALL, where=[f"from={start}", f"to={end}"]
    )

    assert found["numerator"] == desk.truth["transitions"][f"{start} | {end}"]


@pytest.mark.parametrize("kpi", KINDS)
def test_activities_by_person(desk: Desk, kpi: str) -> None:
    for kind in KINDS[kpi]:
        found = desk.table(kpi, *ALL, by=["person"], where=[f"activity_type={kind}"])
        expected = {
            name.removesuffix(f" | {kind}"): count
            for name, count in desk.truth["activities_by_rep_type"].items()
            if name.endswith(f" | {kind}")
        }
        assert found == expected, kind
