"""The story of the sample company, as the watch would have told it week by week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from jalon.demo.load import load_rows
from jalon.demo.sample import sample
from jalon.queries.drift import warned
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace, opened

ON = date(2026, 11, 22)  # a Sunday
STORY = ON - timedelta(days=56)
THREE_WEEKS = timedelta(days=21)
WEEK = timedelta(days=7)


@pytest.fixture(scope="module")
def ardoise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder: Path = tmp_path_factory.mktemp("drift") / "company"
    folder.mkdir()
    (folder / "jalon.toml").write_text('revenue_basis = "deals"\n', "utf-8")
    workspace = opened(folder)
    warehouse = Generations(workspace.warehouse, 2)
    load_rows(warehouse, sample(ON), on=ON)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("JALON_WORKSPACE", str(folder))
        patched.setattr("jalon.queries.drift._doubts", lambda _on: ())
        yield workspace


def test_the_drift_is_found_within_three_weeks_of_its_start(
    ardoise: Workspace,
) -> None:
    found = warned(ardoise, on=STORY + THREE_WEEKS)
    company = found.drifts[0]
    assert company.owner == "company"
    assert found.monday(company.since) == date(2026, 9, 28)
    assert company.drivers[0].driver == "cycle"
    assert company.drivers[0].alarm
    assert company.sure >= 0.9
    assert "win_rate" in [one.driver for one in company.drivers]


def test_its_drivers_are_the_decision_cycle_and_the_win_rate(
    ardoise: Workspace,
) -> None:
    found = warned(ardoise, on=ON)
    told = {one.owner: [each.driver for each in one.drivers] for one in found.drifts}
    assert told["company"][:2] == ["cycle", "win_rate"]
    assert told["team:pme"][:2] == ["cycle", "win_rate"]


def test_there_is_no_alert_in_the_year_before(ardoise: Workspace) -> None:
    weeks = [STORY - rank * WEEK for rank in range(52)]  # 52 Sundays
    raised = [
        (on, one.owner, one.drivers[0].driver)
        for on in weeks
        for one in warned(ardoise, on=on, quarters=1500).drifts
    ]
    assert raised == []
