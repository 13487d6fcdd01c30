"""Nights when the hour changes, clocks put forward or back: each moment once."""

from __future__ import annotations

import datetime
import os
from collections import Counter
from pathlib import Path

import pytest

from jalon.jobs import beside
from jalon.records.sources import ConnectedSource, RunState, SourceRun
from jalon.usecases import runs
from jalon.usecases.acting import OPERATOR
from jalon.usecases.sources import schedule
from jalon.workspace.folder import Workspace
from tests.worlds.crm_in_sql import Crm

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not os.environ.get("JALON_FAULTS"), reason="slow: make test-faults"
    ),
]
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def crm(tmp_path: Path, workspace: Workspace) -> Crm:
    found = Crm(tmp_path / "crm")
    found.connected(workspace)
    return found


def utc(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


def run_there(at: datetime.datetime) -> None:
    """Do what waits as a worker would, without reading anything."""
    SourceRun.objects.filter(state=RunState.WAITING).update(
        state=RunState.DONE, ended_at=at
    )
    ConnectedSource.objects.update(read_at=at)


@pytest.mark.parametrize(
    ("first", "hours"),
    [("2026-10-24T22:00", 25), ("2026-03-28T23:00", 23)],
    ids=["the night of 25 hours", "the night of 23"],
)
@pytest.mark.parametrize("schedulers", [1, 3])
def test_each_hour_of_a_night_that_changes_runs_once(
    workspace: Workspace, crm: Crm, first: str, hours: int, schedulers: int
) -> None:
    """A Paris day, from midnight to midnight: 25 hours in October, 23 in March."""
    start = utc(first)
    SourceRun.objects.all().delete()
    schedule("crm", 60, actor=OPERATOR, at=start - MINUTE)
    ConnectedSource.objects.update(read_at=start - MINUTE)

    for minute in range(hours * 60):
        at = start + minute * MINUTE
        made = sum(runs.make_due(at=at) for _ in range(schedulers))
        assert made == (minute % 60 == 0), at
        run_there(at)

    moments = Counter(SourceRun.objects.values_list("due_at", flat=True))
    assert len(moments) == hours
    assert set(moments.values()) == {1}


def test_a_clock_put_back_runs_nothing_twice(workspace: Workspace, crm: Crm) -> None:
    start = utc("2026-03-02T09:00")
    SourceRun.objects.all().delete()
    schedule("crm", 60, actor=OPERATOR, at=start)
    ConnectedSource.objects.update(read_at=start - 60 * MINUTE)
    for hour in range(6):
        runs.make_due(at=start + hour * 60 * MINUTE)
        run_there(start + hour * 60 * MINUTE)

    back = sum(runs.make_due(at=start + n * MINUTE) for n in range(5 * 60 + 59))
    after = runs.make_due(at=start + 6 * 60 * MINUTE)

    assert (back, after) == (0, 1)


def test_a_clock_put_forward_runs_once_not_once_an_hour(
    workspace: Workspace, crm: Crm
) -> None:
    start = utc("2026-03-02T09:00")
    SourceRun.objects.all().delete()
    schedule("crm", 60, actor=OPERATOR, at=start)
    ConnectedSource.objects.update(read_at=start)

    jumped = start + datetime.timedelta(days=400)
    made = sum(runs.make_due(at=jumped + n * MINUTE) for n in range(30))

    assert made == 1


@pytest.mark.parametrize("day", ["2026-10-25", "2026-03-29"])
def test_no_mail_leaves_in_a_night_that_changes(day: str) -> None:
    """From 8:00 to 18:59 in Paris, whatever the hour is there in UTC: eleven hours."""
    midnight = utc(f"{day}T00:00") - datetime.timedelta(hours=3)
    moments = [midnight + n * MINUTE for n in range(27 * 60)]
    zone = "Europe/Paris"
    open_ = [at for at in moments if beside.by_day(at, zone)]

    first = {"2026-10-25": "07:00", "2026-03-29": "06:00"}[day]
    assert len(open_) == 11 * 60
    assert open_[0] == utc(f"{day}T{first}")
