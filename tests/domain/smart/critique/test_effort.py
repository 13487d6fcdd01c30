"""What a gap takes in plain drivers, each figure worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jalon.domain.smart.critique.effort import efforts

YEAR = {
    "average_basket": Decimal(5_000),
    "win_rate": Decimal("0.25"),
    "qualification_rate": Decimal("0.4"),
    "gross_margin_rate": Decimal("0.5"),
    "active_customers": Decimal(200),
    "calls": Decimal(6_000),
    "meetings": Decimal(600),
    "proposals": Decimal(300),
    "units_sold": Decimal(900),
    "deals_won": Decimal(300),
}


@pytest.mark.parametrize(
    ("kpi", "gap", "wanted"),
    [
        # 60,000 at 5,000 a deal: 12 deals, of 48 opportunities, of 120 leads
        ("revenue", 60_000, {"deals_won": 12, "qualified_leads": 48, "leads": 120}),
        ("arr", 60_000, {"deals_won": 12, "qualified_leads": 48, "leads": 120}),
        # a margin of half the revenue takes twice the deals
        ("gross_margin", 30_000, {"deals_won": 12, "qualified_leads": 48, "leads": 120}),
        ("new_customers", 6, {"qualified_leads": 24, "leads": 60}),
        ("active_customers", 6, {"new_customers": 6, "qualified_leads": 24, "leads": 60}),
        # three units a deal
        ("units_sold", 36, {"deals_won": 12, "qualified_leads": 48, "leads": 120}),
        ("pipeline_value", 100_000, {"qualified_leads": 20, "leads": 50}),
        ("qualified_leads", 20, {"leads": 50}),
        # ten calls a meeting, two meetings a proposal
        ("meetings", 8, {"calls": 80}),
        ("proposals", 8, {"meetings": 16}),
        # two points of 200 customers
        ("churn_rate", "0.02", {"active_customers": 4}),
        ("retention_rate", "0.02", {"active_customers": 4}),
        ("nps", 5, {}),
    ],
)  # fmt: skip
def test_a_gap_is_told_in_drivers(
    kpi: str, gap: str | int, wanted: dict[str, int]
) -> None:
    found = efforts(kpi, Decimal(gap), YEAR.get)
    assert {one.kpi: one.more for one in found} == pytest.approx(wanted)


def test_a_rate_that_no_data_give_ends_the_chain() -> None:
    known = {"average_basket": Decimal(5_000)}
    found = efforts("revenue", Decimal(10_000), known.get)
    assert [(one.kpi, one.more) for one in found] == [("deals_won", 2.0)]
    assert efforts("revenue", Decimal(10_000), {}.get) == ()
    assert efforts("meetings", Decimal(3), {}.get) == ()
