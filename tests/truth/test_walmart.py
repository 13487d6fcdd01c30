"""Walmart: 45 stores, 143 weeks, 6.7 billion dollars to the cent."""

from __future__ import annotations

import pytest

from tests.truth.accounted import accounted
from tests.truth.desk import CENT, Desk, prepared

pytestmark = pytest.mark.truth

ASKED = ("rows", "stores", "weeks", "total", "by_year", "top_store")
LEFT_OUT = {
    "wape_seasonal_naive": "a forecast's error, not a KPI",
    "wape_naive": "a forecast's error, not a KPI",
    "wape_total_level_seasonal_naive": "a forecast's error, not a KPI",
    "first_test_week": "a forecast's cut-off, not a KPI",
}
ALL = ("2010-01-01", "2013-01-01")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("walmart")
    return prepared(folder, "ts_walmart_weekly", mapping="walmart")


def test_every_truth_is_asked_or_left_out_for_a_reason(desk: Desk) -> None:
    accounted(desk, ASKED, LEFT_OUT)


def test_sales_by_year_and_in_all(desk: Desk) -> None:
    found = desk.table("revenue", *ALL, by=["year"])

    assert found == pytest.approx(desk.truth["by_year"], abs=CENT)
    total = desk.one("revenue", *ALL)["value"]
    assert total == pytest.approx(desk.truth["total"], abs=CENT)


def test_the_store_that_sells_most(desk: Desk) -> None:
    (store, sales), *_ = desk.truth["top_store"].items()
    found = desk.table("revenue", *ALL, by=["account"])

    assert max(found, key=lambda name: found[name]) == store
    assert found[store] == pytest.approx(sales, abs=CENT)


def test_every_store_and_week_is_there(desk: Desk) -> None:
    assert len(desk.table("revenue", *ALL, by=["account"])) == desk.truth["stores"]
    assert len(desk.table("revenue", *ALL, by=["week"])) == desk.truth["weeks"]
    lines = desk.one("average_basket", *ALL)["denominator"]
    assert lines == desk.truth["rows"]
