"""Landings from a company's own facts, stored with the evaluations."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.worlds import ardoise
from tests.worlds.ardoise import ON, jalon


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Return the objectives of the sample company as the command line tells them."""
    folder = ardoise.folder(tmp_path_factory)
    told = jalon("objectives", "status", "--json", "--workspace", folder, "--on", ON)
    return {one["id"]: one for one in json.loads(told)}


def test_a_running_revenue_objective_has_a_landing(
    lines: dict[str, dict[str, Any]],
) -> None:
    """Never below what is signed already, and in order."""
    year = lines["ca-2026"]
    landing = year["landing"]
    assert year["actual"] <= landing["p10"] <= landing["p50"] <= landing["p90"]


def test_the_probability_agrees_with_the_landing(
    lines: dict[str, dict[str, Any]],
) -> None:
    """A target below the tenth percentile is all but sure, above the ninetieth not."""
    known = [one for one in lines.values() if one["probability"] is not None]
    assert len(known) >= 30
    for one in known:
        landing, target = one["landing"], one["target"]
        if one["direction"] == "down":  # a cycle: better below
            continue
        if target <= landing["p10"]:
            assert one["probability"] >= 0.89
        if target > landing["p90"]:
            assert one["probability"] <= 0.11


def test_averages_stocks_and_what_counts_once_have_a_landing(
    lines: dict[str, dict[str, Any]],
) -> None:
    day = ON.isoformat()
    running = [one for one in lines.values() if one["first"] <= day < one["after"]]
    kpis = {"sales_cycle_days", "prospects_contacted", "retention_rate", "nrr"}
    some = [one for one in running if one["kpi"] in kpis]
    assert len(some) >= 3
    for one in some:
        landing = one["landing"]
        assert landing["p10"] <= landing["p50"] <= landing["p90"]
        assert 0 <= one["probability"] <= 1
        if one["kpi"] == "prospects_contacted":
            assert landing["p10"] >= one["actual"]


def test_counts_land_on_whole_numbers(lines: dict[str, dict[str, Any]]) -> None:
    """Nobody signs half a lead; a percentile may lie between two whole ones."""
    leads = [one for one in lines.values() if one["kpi"] == "qualified_leads"]
    landed = [one["landing"]["p50"] for one in leads if one["probability"] is not None]
    assert landed
    assert all((2 * value) % 1 == 0 for value in landed)


def test_what_cannot_be_forecast_says_so(lines: dict[str, dict[str, Any]]) -> None:
    """What has not begun or has too little past: no number, and a reason."""
    without = [one for one in lines.values() if one["probability"] is None]
    assert without
    assert all(one["landing"]["reason"] for one in without if not one["landing"]["p50"])
