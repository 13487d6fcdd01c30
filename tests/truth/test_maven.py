"""Maven: 8,800 opportunities by person, manager, office, product, sector and time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.truth.accounted import accounted
from tests.truth.desk import CENT, EXACT, SHARED, Desk, prepared, same_shares
from tests.truth.independent import SIX_DIGITS, Files, plain, same_as_truth
from tests.truth.quotas import Quota, standings

pytestmark = pytest.mark.truth

ASKED = (
    "won_revenue_total",
    "won_revenue_by_quarter",
    "won_revenue_by_month",
    "won_revenue_by_manager_quarter",
    "won_revenue_by_region_quarter",
    "won_revenue_by_agent",
    "won_revenue_by_agent_quarter",
    "won_revenue_by_product",
    "won_revenue_by_sector",
    "win_rate",
    "win_rate_by_quarter",
    "win_rate_by_manager",
    "win_rate_by_agent",
    "win_rate_by_product",
    "mean_cycle_days_won",
    "median_cycle_days_won",
    "mean_cycle_days_won_by_quarter",
    "mean_deal_size_won",
    "mean_deal_size_won_by_quarter",
    "new_customers_by_quarter",
    "open_pipeline_list_value",
    "open_pipeline_list_value_by_manager",
    "collective_attainment_2017Q4_quota_100000",
    "deals",
    "open_deals_by_stage",
    "mean_cycle_days_closed",
)
LEFT_OUT = {
    "discount_vs_list_won": "no KPI on discounts",
    "runrate_backtest_wape_by_manager": "a forecast, not a KPI",
}
ALL = ("2017-01-01", "2018-01-01")
LAST_QUARTER = ("2017-10-01", "2018-01-01")
FILES = ("accounts.csv", "products.csv", "sales_pipeline.csv", "sales_teams.csv")
REVENUE = [
    ("won_revenue_by_quarter", ["quarter"]),
    ("won_revenue_by_month", ["month"]),
    ("won_revenue_by_manager_quarter", ["manager", "quarter"]),
    ("won_revenue_by_region_quarter", ["team", "quarter"]),
    ("won_revenue_by_agent", ["person"]),
    ("won_revenue_by_agent_quarter", ["person", "quarter"]),
    ("won_revenue_by_product", ["product"]),
    ("won_revenue_by_sector", ["sector"]),
]
WIN_RATES = [
    ("win_rate_by_quarter", ["quarter"]),
    ("win_rate_by_manager", ["manager"]),
    ("win_rate_by_agent", ["person"]),
    ("win_rate_by_product", ["product"]),
]
CYCLE = "date_diff('day', engage_date::DATE, close_date::DATE)"
OWN_KPIS = {
    "open_deals": """
kind = "sum"
unit = "count"
better = "up"
label = { fr = "Affaires ouvertes", en = "Open deals" }
question = { fr = "Combien d'affaires ouvertes ?", en = "How many deals are open?" }
reference = "This company's own"
formula = "number"
[components.number]
from = "deals"
live = ["created_on", "closed_on"]
where = ["outcome=open"]
count = true
""",
    "closed_cycle_days": """
kind = "mean"
unit = "day"
better = "down"
label = { fr = "Cycle des affaires closes", en = "Cycle of closed deals" }
question = { fr = "Combien de jours, gagnées ou perdues ?", en = "How many days, won or lost?" }
reference = "This company's own"
formula = "days / number"
[components.days]
from = "deals"
dated = "closed_on"
sum = "closed_on - created_on"
[components.number]
from = "deals"
dated = "closed_on"
count = true
""",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("maven")
    found = prepared(folder, "crm_maven", mapping="maven", files=FILES)
    (folder / "kpis").mkdir(exist_ok=True)
    for key, text in OWN_KPIS.items():
        (folder / "kpis" / f"{key}.toml").write_text(text, "utf-8")
    return found


@pytest.fixture(scope="module")
def files(desk: Desk) -> Files:
    return Files(deals=SHARED / "crm_maven" / "sales_pipeline.csv")


def test_every_truth_is_asked_or_left_out_for_a_reason(desk: Desk) -> None:
    accounted(desk, ASKED, LEFT_OUT)


def test_won_revenue(desk: Desk) -> None:
    row = desk.one("revenue", *ALL)
    assert row["value"] == desk.truth["won_revenue_total"]
    assert row["currency"] == "USD"


@pytest.mark.parametrize(("key", "by"), REVENUE, ids=[key for key, _ in REVENUE])
def test_won_revenue_by_slice(desk: Desk, key: str, by: list[str]) -> None:
    found = {
        name: value
        for name, value in plain(desk.table("revenue", *ALL, by=by)).items()
        if value
    }
    same_as_truth(found, desk.truth[key])


def test_win_rate(desk: Desk) -> None:
    row, counts = desk.one("win_rate", *ALL), desk.truth["win_rate"]["all"]
    assert (row["numerator"], row["denominator"]) == (counts["won"], counts["closed"])
    assert row["value"] == pytest.approx(counts["won"] / counts["closed"], abs=EXACT)


@pytest.mark.parametrize(("key", "by"), WIN_RATES, ids=[key for key, _ in WIN_RATES])
def test_win_rate_by_slice(desk: Desk, key: str, by: list[str]) -> None:
    rows = desk.rows("win_rate", *ALL, by=by)
    rates = plain({row[by[0]]: row["value"] for row in rows})
    counts = plain({row[by[0]]: (row["numerator"], row["denominator"]) for row in rows})
    same_shares(rates, desk.truth[key], "won", "closed")
    for name, truth in desk.truth[key].items():
        assert counts[name] == (truth["won"], truth["closed"]), name


def test_deals_by_state(desk: Desk) -> None:
    truth = desk.truth["deals"]
    rate = desk.one("win_rate", *ALL)
    assert desk.one("deals_won", *ALL)["value"] == truth["Won"]
    assert rate["denominator"] - rate["numerator"] == truth["Lost"]
    found = desk.table("open_deals", *ALL, by=["stage"])
    assert found == desk.truth["open_deals_by_stage"]
    assert found == {stage: truth[stage] for stage in ("Engaging", "Prospecting")}


def test_cycle_of_won_deals(desk: Desk, files: Files) -> None:
    row = desk.one("sales_cycle_days", *ALL)
    exact = files.shares(
        f"SELECT 'all', sum({CYCLE}), count(*) FROM deals WHERE deal_stage = 'Won'"
    )
    assert row["value"] == pytest.approx(exact["all"], abs=EXACT)
    assert row["value"] == pytest.approx(desk.truth["mean_cycle_days_won"], abs=5e-5)
    assert row["median"] == desk.truth["median_cycle_days_won"]


def test_cycle_of_won_deals_by_quarter(desk: Desk, files: Files) -> None:
    found = plain(desk.table("sales_cycle_days", *ALL, by=["quarter"]))
    same_as_truth(found, desk.truth["mean_cycle_days_won_by_quarter"], within=5.1e-5)
    exact = files.shares(
        "SELECT strftime(close_date::DATE, '%Y') || 'Q' || quarter(close_date::DATE), "
        f"sum({CYCLE}), count(*) FROM deals WHERE deal_stage = 'Won' GROUP BY 1"
    )
    for quarter, days in exact.items():
        assert found[quarter] == pytest.approx(days, abs=EXACT), quarter


def test_cycle_of_all_closed_deals_by_a_kpi_of_ones_own(desk: Desk) -> None:
    found = desk.one("closed_cycle_days", *ALL)["value"]
    assert found == pytest.approx(desk.truth["mean_cycle_days_closed"], abs=5e-5)


def test_mean_deal_size(desk: Desk) -> None:
    found = plain(desk.table("average_basket", *ALL, by=["quarter"]))
    whole = desk.one("average_basket", *ALL)["value"]
    assert whole == pytest.approx(desk.truth["mean_deal_size_won"], abs=CENT)
    same_as_truth(found, desk.truth["mean_deal_size_won_by_quarter"])


def test_new_customers(desk: Desk) -> None:
    found = plain(desk.table("new_customers", *ALL, by=["quarter"]))
    seen = {quarter: value for quarter, value in found.items() if value}
    assert seen == desk.truth["new_customers_by_quarter"]


def test_open_pipeline_at_list_price(desk: Desk) -> None:
    whole = desk.one("open_pipeline", *ALL)["value"]
    assert whole == desk.truth["open_pipeline_list_value"]
    found = desk.table("open_pipeline", *ALL, by=["manager"])
    same_as_truth(found, desk.truth["open_pipeline_list_value_by_manager"])


def test_share_of_salespeople_at_quota(desk: Desk, tmp_path: Path) -> None:
    truth: dict[str, Any] = desk.truth["collective_attainment_2017Q4_quota_100000"]
    teams = Files(teams=SHARED / "crm_maven" / "sales_teams.csv")
    agents = teams.connection.execute("SELECT sales_agent FROM teams").fetchall()
    quotas = [
        Quota(name, f"person:{name}", *LAST_QUARTER, 100000) for (name,) in agents
    ]
    found = standings(desk, quotas, tmp_path, on="2018-01-15")
    reached = sum(row["attainment"] >= 1 for row in found.values())
    active = set(desk.truth["win_rate_by_agent"])
    assert reached == truth["agents_at_or_above"]
    assert reached / len(found) == pytest.approx(truth["of_35"], abs=SIX_DIGITS)
    assert reached / len(active) == pytest.approx(truth["of_30_active"], abs=SIX_DIGITS)
