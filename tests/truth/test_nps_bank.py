"""NPS of a bank's 5,000 answers by market, month and quarter."""

from __future__ import annotations

from typing import Any

import pytest

from tests.truth.accounted import accounted
from tests.truth.desk import EXACT, Desk, prepared

pytestmark = pytest.mark.truth

ASKED = ("all", "by_quarter", "by_market", "by_month", "by_market_quarter")
LEFT_OUT: dict[str, str] = {}
YEAR = ("2021-01-01", "2022-01-01")
CUTS = [
    ("by_quarter", ["quarter"]),
    ("by_market", ["region"]),
    ("by_month", ["month"]),
    ("by_market_quarter", ["region", "quarter"]),
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("bank")
    return prepared(folder, "nps_bank", mapping="nps_bank")


def score(counts: dict[str, Any]) -> float:
    """Return 100 × (promoters − detractors) ÷ answers."""
    return 100 * (counts["promoters"] - counts["detractors"]) / counts["n"]


def test_every_truth_is_asked_or_left_out_for_a_reason(desk: Desk) -> None:
    accounted(desk, ASKED, LEFT_OUT)


def test_nps_of_the_year(desk: Desk) -> None:
    found = desk.one("nps", *YEAR)

    assert found["value"] == pytest.approx(score(desk.truth["all"]), abs=EXACT)
    assert found["denominator"] == desk.truth["all"]["n"]


@pytest.mark.parametrize(("key", "by"), CUTS, ids=[key for key, _ in CUTS])
def test_nps_by_slice(desk: Desk, key: str, by: list[str]) -> None:
    found = {
        name.replace("-Q", "Q"): value
        for name, value in desk.table("nps", *YEAR, by=by).items()
    }

    assert found.keys() == desk.truth[key].keys()
    for name, counts in desk.truth[key].items():
        assert found[name] == pytest.approx(score(counts), abs=EXACT), name
