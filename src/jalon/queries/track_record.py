"""The track record of forecasts: past quarters forecast again, and landings kept.

Forecasting past quarters again takes seconds: it is done once a quarter by the worker,
or by `jalon forecast backtest --keep`, and kept by KPI and level. Beside it, the
chances that were stored with evaluations of objectives closed since then.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from jalon.domain.forecast.track_record import (
    Case,
    Group,
    Score,
    calibration,
    chances,
    merged,
)
from jalon.domain.periods.calendar import Grain, containing
from jalon.domain.refusals import Refusal
from jalon.queries import kpi_values
from jalon.queries.actions import RUNNING
from jalon.queries.backtest import JALON, PIPELINE, RUN_RATE, cases_of, scores
from jalon.queries.landings import method_of
from jalon.records import evaluation_rows, objective_rows, reading_rows
from jalon.workspace.folder import Workspace

ABOUT, DEFINITION = "track_record:", "1"
LEVELS = ("company", "team", "person")
ALWAYS = ("revenue", "deals_won", "win_rate")
QUARTERS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the forecasts of a KPI were worth at a level; figures as `Score` says."""

    kpi: str
    label: Mapping[str, str]
    level: str
    computed_on: datetime.date
    jalon: Score | None
    run_rate: Score | None
    pipeline: Score | None
    groups: tuple[Group, ...]

    @property
    def gain(self) -> float | None:
        """Return by what share the error is below that of linear pacing."""
        ours, theirs = self.jalon, self.run_rate
        if ours is None or theirs is None or not theirs.crps or ours.crps is None:
            return None
        return 1 - ours.crps / theirs.crps

    @property
    def gain_on_pipeline(self) -> float | None:
        """Return by what share the error is below that of the weighted pipeline."""
        ours, theirs = self.jalon, self.pipeline
        if ours is None or theirs is None or not theirs.crps or ours.crps is None:
            return None
        return 1 - ours.crps / theirs.crps


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRecord:
    """The records asked for, their groups together, and what was said for real."""

    records: tuple[Record, ...]
    groups: tuple[Group, ...]
    said: tuple[Group, ...]  # of the chances stored with objectives since closed
    kpis: tuple[tuple[str, Mapping[str, str]], ...]


def track_record(
    workspace: Workspace, *, kpi: str = "", level: str = ""
) -> TrackRecord:
    """Return what was kept, of one KPI or level where named."""
    catalogue = kpi_values.catalogue(workspace)
    kept = [
        _record(key, answer, catalogue[key.about.split(":")[1]].label)
        for key, answer in reading_rows.latest(ABOUT).items()
        if key.about.split(":")[1] in catalogue
    ]
    everything = sorted(
        kept, key=lambda one: (one.label["fr"], LEVELS.index(one.level))
    )
    records = tuple(
        one
        for one in everything
        if (not kpi or one.kpi == kpi) and (not level or one.level == level)
    )
    told = evaluation_rows.said_and_came(kpi=kpi, level=level)
    return TrackRecord(
        records=records,
        groups=merged([one.groups for one in records]),
        said=calibration(told),
        kpis=tuple({one.kpi: (one.kpi, one.label) for one in everything}.values()),
    )


def lacking(workspace: Workspace, *, on: datetime.date) -> tuple[tuple[str, str], ...]:
    """Return the KPIs and levels whose record of the running quarter is not kept."""
    month = workspace.settings.fiscal_first_month
    quarter = containing(on, Grain.QUARTER, first_month=month)
    kept = {
        key.about
        for key in reading_rows.latest(ABOUT)
        if quarter.first <= key.on < quarter.after
    }
    return tuple(
        (kpi, level)
        for kpi in _kpis(workspace)
        for level in LEVELS
        if f"{ABOUT}{kpi}:{level}" not in kept
    )


def computed(
    workspace: Workspace, kpi: str, level: str, *, on: datetime.date
) -> dict[str, Any]:
    """Return the record of a KPI at a level as it is kept."""
    try:
        cases = cases_of(workspace, kpi, by=level, cutoffs=QUARTERS, on=on)
    except Refusal:
        cases = []
    return answer_of(cases)


def answer_of(cases: Sequence[Case]) -> dict[str, Any]:
    """Return the record of some cases as it is kept."""
    return {
        "scores": [asdict(one) for one in scores(cases)] if cases else [],
        "groups": [asdict(one) for one in calibration(chances(cases))],
    }


def key_of(kpi: str, level: str, on: datetime.date) -> reading_rows.Key:
    """Return the key under which a record is kept."""
    return reading_rows.Key(f"{ABOUT}{kpi}:{level}", on, "", DEFINITION)


def _kpis(workspace: Workspace) -> list[str]:
    """Return the KPIs that running objectives follow, and the usual ones."""
    catalogue = kpi_values.catalogue(workspace)
    followed = {
        one.kpi for one in objective_rows.load().values() if one.state in RUNNING
    }
    return [
        key
        for key in sorted(followed | set(ALWAYS))
        if key in catalogue and method_of(catalogue[key])
    ]


def _record(
    key: reading_rows.Key, answer: Mapping[str, Any], label: Mapping[str, str]
) -> Record:
    _about, kpi, level = key.about.split(":")
    told = {one["name"]: Score(**one) for one in answer["scores"]}
    return Record(
        kpi=kpi,
        label=label,
        level=level,
        computed_on=key.on,
        jalon=told.get(JALON),
        run_rate=told.get(RUN_RATE),
        pipeline=told.get(PIPELINE),
        groups=tuple(Group(**one) for one in answer["groups"]),
    )
