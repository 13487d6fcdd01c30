"""The story of the sample company, as the watch would have told it week by week."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from jalon.domain.drift.series import Family, Series, cut
from jalon.domain.periods import Period
from jalon.queries import drift
from jalon.queries.drift import WEEKS, warned, weekly
from jalon.workspace.folder import Workspace, opened
from tests.worlds import ardoise as demo
from tests.worlds.ardoise import ON

STORY = ON - timedelta(days=56)
THREE_WEEKS = timedelta(days=21)
WEEK = timedelta(days=7)
Read = Callable[..., list[Series]]


@pytest.fixture(scope="module")
def ardoise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = demo.folder(tmp_path_factory)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("JALON_WORKSPACE", str(folder))
        patched.setattr(drift, "_doubts", lambda _on: ())
        yield opened(folder)


@pytest.fixture
def past(ardoise: Workspace) -> Read:
    """Return how the weeks up to the story are read: once, then cut as asked for."""
    first = STORY - timedelta(days=STORY.weekday()) - (WEEKS + 60) * WEEK
    whole = weekly(ardoise, Period(first, STORY + timedelta(days=1)), on=STORY)

    def read(workspace: Workspace, period: Period, **_: Any) -> list[Series]:
        assert workspace is ardoise
        weeks = slice(
            (period.first - first).days // 7, (period.after - first).days // 7
        )
        return [one for one in (cut(each, weeks) for each in whole) if _came(one)]

    return read


def _came(series: Series) -> bool:
    counted = series.total if series.family is Family.COUNT else series.number
    return bool(counted.any())


def test_the_drift_is_found_within_three_weeks_of_its_start(
    ardoise: Workspace,
) -> None:
    found = warned(ardoise, on=STORY + THREE_WEEKS)
    company = found.drifts[0]
    assert company.owner == "company"
    assert found.opening(company.since) == date(2026, 9, 28)
    assert company.drivers[0].driver == "cycle"
    assert company.drivers[0].alarm
    assert company.sure >= 0.9
    assert "win_rate" in [one.driver for one in company.drivers]


def test_weeks_of_the_watch_begin_on_the_company_s_day(ardoise: Workspace) -> None:
    company = replace(ardoise, settings=replace(ardoise.settings, week_start="sunday"))
    found = warned(company, on=STORY + THREE_WEEKS)
    assert found.first.strftime("%A") == "Sunday"
    assert found.last.strftime("%A") == "Saturday"
    drift = found.drifts[0]
    assert drift.owner == "company"
    assert abs(found.opening(drift.since) - date(2026, 9, 28)) <= timedelta(days=8)


def test_its_drivers_are_the_decision_cycle_and_the_win_rate(
    ardoise: Workspace,
) -> None:
    found = warned(ardoise, on=ON)
    told = {one.owner: [each.driver for each in one.drivers] for one in found.drifts}
    assert told["company"][:2] == ["cycle", "win_rate"]
    assert told["team:pme"][:2] == ["cycle", "win_rate"]


def test_the_past_cut_from_one_reading_is_the_past_read(
    ardoise: Workspace, past: Read
) -> None:
    """What the year before is told from is what each of its Sundays would have read."""
    after = STORY - 30 * WEEK + timedelta(days=1)
    period = Period(after - WEEKS * WEEK, after)

    read = weekly(ardoise, period, on=after - timedelta(days=1))

    key = {(one.owner, one.driver): one for one in past(ardoise, period)}
    assert len(key) == len(read) > 50
    for one in read:
        same = key[one.owner, one.driver]
        assert one.total.tolist() == same.total.tolist()
        assert one.number.tolist() == same.number.tolist()


def test_there_is_no_alert_in_the_year_before(
    ardoise: Workspace, past: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drift, "weekly", past)
    weeks = [STORY - rank * WEEK for rank in range(52)]  # 52 Sundays
    raised = [
        (on, one.owner, one.drivers[0].driver)
        for on in weeks
        for one in warned(ardoise, on=on, quarters=1500).drifts
    ]
    assert raised == []
