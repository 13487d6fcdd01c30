"""The two paths of an objective's chart, counted once a snapshot, a day and a target.

A page may be opened as often as one likes: the facts are read for the first only.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

from jalon.domain.kpis.question import Ask
from jalon.domain.objectives.objective import Objective
from jalon.queries import kpi_values
from jalon.queries.evaluations import current_snapshot, expected_path
from jalon.records import objective_rows
from jalon.workspace.folder import Workspace

Actual = tuple[tuple[datetime.date, Decimal | None], ...]
Expected = tuple[tuple[datetime.date, Decimal], ...]
KEPT = 500
_kept: dict[tuple[str, str, datetime.date, str], tuple[Actual, Expected]] = {}


def paths(
    workspace: Workspace, objective: Objective, *, on: datetime.date
) -> tuple[Actual, Expected]:
    """Return what was done and what was expected, at the end of each week."""
    key = _key(workspace, objective, on)
    if key not in _kept:
        while len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[key] = (
            _actual(workspace, objective, on=on) if key[1] else (),
            expected_path(workspace, objective, on=on),
        )
    return _kept[key]


def are_kept(workspace: Workspace, wanted: str, *, on: datetime.date) -> bool:
    """Return whether the paths are there without reading facts."""
    found = objective_rows.load([wanted])
    return wanted in found and _key(workspace, found[wanted], on) in _kept


def _key(
    workspace: Workspace, objective: Objective, on: datetime.date
) -> tuple[str, str, datetime.date, str]:
    kpi = kpi_values.catalogue(workspace).get(objective.kpi)
    told = f"{objective!r} {kpi!r}"
    return str(workspace), current_snapshot(workspace), on, told


def _actual(workspace: Workspace, objective: Objective, *, on: datetime.date) -> Actual:
    begun = on >= objective.period.first
    if not begun or objective.kpi not in kpi_values.catalogue(workspace):
        return ()
    ask = Ask(objective.id, objective.owner, objective.period, objective.where)
    return tuple(
        kpi_values.path(
            workspace,
            objective.kpi,
            ask,
            on=on,
            snapshot=objective.closed_snapshot or None,
        )
    )
