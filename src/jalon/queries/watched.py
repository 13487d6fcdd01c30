"""The watch of the funnel, kept once a week and snapshot, for whoever reads it.

Reading weeks and simulating thresholds takes seconds: it is done when evaluations are
kept. A company with too few complete weeks is not watched, and costs one question.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jalon.domain.drift.cusum import QUARTER
from jalon.domain.drift.series import FEWEST, LAG
from jalon.domain.drift.watch import Drift
from jalon.domain.kpis.question import Question
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import week_of
from jalon.domain.refusals import Refusal
from jalon.queries import kpi_values
from jalon.queries.drift import ONE_DAY, ONE_WEEK, WEEKS, Warned, warned
from jalon.records import reading_rows
from jalon.workspace.folder import Workspace

ABOUT, DEFINITION = "watch:funnel", "1"
LEAST_WEEKS = FEWEST + LAG + QUARTER


@dataclass(frozen=True, slots=True)
class Left:
    """An owner off the path: since when, how sure, and its drivers as they are told."""

    owner: str
    since: datetime.date
    sure: float
    drivers: tuple[Mapping[str, Any], ...]


def key_of(workspace: Workspace, on: datetime.date, snapshot: str) -> reading_rows.Key:
    """Return the key of the watch of the last complete week."""
    return reading_rows.Key(ABOUT, _last_day(workspace, on), snapshot, DEFINITION)


def computed(workspace: Workspace, *, on: datetime.date) -> dict[str, Any]:
    """Return the watch of the day as it is kept."""
    if not _long_enough(workspace, on):
        return {"left": [], "often": []}
    found = warned(workspace, on=on)
    return {
        "left": [_told(one, found) for one in found.drifts],
        "often": sorted(found.often),
    }


def left(answer: Mapping[str, Any]) -> tuple[Left, ...]:
    """Return who is off the path, from a kept watch."""
    return tuple(
        Left(
            owner=one["owner"],
            since=datetime.date.fromisoformat(one["since"]),
            sure=one["sure"],
            drivers=tuple(one["drivers"]),
        )
        for one in answer.get("left", ())
    )


def _told(one: Drift, found: Warned) -> dict[str, Any]:
    return {
        "owner": one.owner,
        "since": found.opening(one.since).isoformat(),
        "sure": round(one.sure, 4),
        "drivers": [
            {
                "key": each.driver,
                "was": each.was,
                "now": each.now,
                "sure": round(each.sure, 4),
                "alarm": each.alarm,
                "since": found.opening(each.since).isoformat(),
            }
            for each in one.drivers
        ],
    }


def _long_enough(workspace: Workspace, on: datetime.date) -> bool:
    after = _last_day(workspace, on) + ONE_DAY
    period = Period(after - WEEKS * ONE_WEEK, after)
    for kpi in ("win_rate", "leads"):
        try:
            answer = kpi_values.value(
                workspace, Question(kpi, period, ("week",)), on=on
            )
        except Refusal:
            continue
        weeks = [str(row.labels["week"]) for row in answer.rows if row.labels["week"]]
        if len(weeks) >= LEAST_WEEKS:
            return True
    return False


def _last_day(workspace: Workspace, on: datetime.date) -> datetime.date:
    """Return the last day of the last week that is complete on that day."""
    running = week_of(on + ONE_DAY, workspace.settings.first_weekday)
    return running.first - ONE_DAY
