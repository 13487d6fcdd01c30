"""Olist: 8,000 real leads, and the 842 that became deals."""

from __future__ import annotations

import duckdb
import pytest

from tests.truth.accounted import accounted
from tests.truth.desk import EXACT, Desk, prepared, same_shares

pytestmark = pytest.mark.truth

ALL = ("2017-01-01", "2019-01-01")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("olist")
    return prepared(folder, "funnel_olist", mapping="olist")


ASKED = (
    "mql",
    "closed",
    "conversion",
    "conversion_by_origin",
    "conversion_by_cohort_month",
    "mql_by_month",
    "won_by_month",
    "mean_cycle_days",
    "median_cycle_days",
    "won_by_sr_quarter",
    "sr",
)
LEFT_OUT = {"sdr": "a lead has one owner, its SDR, known only once it is won"}


def test_every_truth_is_asked_or_left_out_for_a_reason(desk: Desk) -> None:
    accounted(desk, ASKED, LEFT_OUT)


def test_conversion_of_all_leads(desk: Desk) -> None:
    found = desk.one("lead_conversion_rate", *ALL)

    assert found["numerator"] == desk.truth["closed"]
    assert found["denominator"] == desk.truth["mql"]
    assert found["value"] == pytest.approx(desk.truth["conversion"], abs=EXACT)


def test_conversion_by_origin(desk: Desk) -> None:
    found = desk.table("lead_conversion_rate", *ALL, by=["channel"])
    expected = dict(desk.truth["conversion_by_origin"])
    expected["None"] = expected.pop("missing")

    same_shares(found, expected, "won", "closed")


def test_conversion_by_month_of_the_lead(desk: Desk) -> None:
    found = desk.table("lead_conversion_rate", *ALL, by=["month"])

    same_shares(found, desk.truth["conversion_by_cohort_month"], "won", "closed")


@pytest.mark.parametrize(
    ("kpi", "key"), [("leads", "mql_by_month"), ("deals_won", "won_by_month")]
)
def test_counts_by_month(desk: Desk, kpi: str, key: str) -> None:
    assert desk.table(kpi, *ALL, by=["month"]) == desk.truth[key]


def test_deals_won_by_salesperson_and_quarter(desk: Desk) -> None:
    found = desk.table("deals_won", *ALL, by=["person", "quarter"])
    named = {key.replace("-Q", "Q"): value for key, value in found.items()}

    assert named == desk.truth["won_by_sr_quarter"]
    assert len(desk.table("deals_won", *ALL, by=["person"])) == desk.truth["sr"]


def test_days_from_first_contact_to_deal(desk: Desk) -> None:
    """One deal was won before its first contact: suspect, left out of the mean only."""
    days = independent_days(desk)
    kept = [count for count in days if count >= 0]
    found = desk.one("sales_cycle_days", *ALL)

    truth = desk.truth["mean_cycle_days"]
    assert sum(days) / len(days) == pytest.approx(truth, abs=5e-5)
    assert found["value"] == pytest.approx(sum(kept) / len(kept), abs=EXACT)
    assert len(days) - len(kept) == 1
    assert found["median"] == desk.truth["median_cycle_days"]


def independent_days(desk: Desk) -> list[int]:
    """Return the days from first contact to deal, by SQL on the files themselves."""
    query = """
        SELECT CAST(won_date AS DATE) - CAST(first_contact_date AS DATE)
        FROM read_csv(?) JOIN read_csv(?) USING (mql_id)
    """
    files = ["olist_closed_deals_dataset", "olist_marketing_qualified_leads_dataset"]
    paths = [str(desk.data / f"{file}.csv") for file in files]
    return [days for (days,) in duckdb.connect().execute(query, paths).fetchall()]
