"""NPS of a bank's 5,000 answers by market, month and quarter."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.truth.accounted import accounted
from tests.truth.desk import EXACT, HERE, Desk, prepared, run

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


@pytest.fixture(scope="module")
def surveyed(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what `jalon surveys show` tells of answers `jalon surveys import` read."""
    folder = tmp_path_factory.mktemp("surveys")
    mapping = folder / "mapping.toml"
    by_region = (HERE / "nps_bank" / "mapping.toml").read_text("utf-8")
    mapping.write_text(by_region.replace("region =", "segment ="), "utf-8")
    code, _out, err = run("init", str(folder / "bank"))
    assert code == 0, err
    place = ("--workspace", str(folder / "bank"), "--json")
    file = str(desk.data / "NPStimeseries.csv")
    code, out, err = run("surveys", "import", file, "--mapping", str(mapping), *place)
    assert code in (0, 1), err
    code, out, err = run(
        *("surveys", "show", "--first", YEAR[0], "--after", YEAR[1], *place),
        *("--on", "2022-02-01"),
    )
    assert code == 0, err
    return dict(json.loads(out))


def told(counts: dict[str, Any]) -> dict[str, Any]:
    """Return an NPS with its margin, from the counts of truth and the variance."""
    up, down = (counts[one] / counts["n"] for one in ("promoters", "detractors"))
    variance = 100**2 * (up + down - (up - down) ** 2) / counts["n"]
    wanted = {name: counts[name] for name in ("promoters", "passives", "detractors")}
    return wanted | {
        "n": counts["n"],
        "nps": pytest.approx(score(counts), abs=EXACT),
        "margin": pytest.approx(1.96 * variance**0.5, abs=EXACT),
    }


def test_a_survey_imported_by_its_own_command_says_the_nps_and_its_interval(
    desk: Desk, surveyed: dict[str, Any]
) -> None:
    assert surveyed["nps"] == told(desk.truth["all"])


def test_a_survey_is_said_by_segment(desk: Desk, surveyed: dict[str, Any]) -> None:
    assert surveyed["by_segment"] == {
        name: told(counts) for name, counts in desk.truth["by_market"].items()
    }
