"""Say which objectives and owners have changed state, once, when figures are kept.

Objectives are read from the probabilities kept with their evaluations, the funnel from
its watch, which is computed once a week and snapshot.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from jalon.domain.attainment.evaluation import Evaluation
from jalon.domain.drift.alerts import (
    BACK,
    DRIFT,
    OBJECTIVE,
    Said,
    carriers,
    of_objective,
    of_owner,
    often_enough,
)
from jalon.domain.objectives.objective import Objective
from jalon.domain.quantities import Unit
from jalon.queries import kpi_values, watched
from jalon.records import alert_rows, evaluation_rows, reading_rows
from jalon.records.alert_rows import Raised
from jalon.workspace.folder import Workspace

WEEK = 7


def raise_alerts(
    workspace: Workspace,
    objectives: Sequence[Objective],
    *,
    on: datetime.date,
    snapshot: str,
    whole: bool,
) -> None:
    """Keep an alert for each change of state on that day; asked again, nothing more.

    With `whole` the funnel is watched too; else only these objectives are looked at.
    """
    watch = _watch(workspace, on=on, snapshot=snapshot) if whole and snapshot else None
    said = alert_rows.last_words()
    raised = _of_objectives(
        workspace, objectives, said, watch or {}, on=on, snapshot=snapshot
    )
    if watch is not None:
        raised += _of_owners(watch, said, on=on, snapshot=snapshot)
    if raised:
        with transaction.atomic():
            alert_rows.keep(raised)


def _of_objectives(
    workspace: Workspace,
    objectives: Sequence[Objective],
    said: Mapping[str, Said],
    watch: Mapping[str, Any],
    *,
    on: datetime.date,
    snapshot: str,
) -> list[Raised]:
    running = {
        one.id: one for one in objectives if one.period.first <= on < one.period.after
    }
    readings = alert_rows.probabilities(list(running), until=on)
    changed = {
        key: found
        for key, one in running.items()
        if (
            found := of_objective(
                one, readings[key], said=said.get(f"{OBJECTIVE}{key}"), on=on
            )
        )
    }
    if not changed:
        return []
    evaluations = evaluation_rows.kept(running.values(), on=on, snapshot=snapshot)
    often = _often(workspace, running, evaluations, watch, on=on)
    carried = carriers(running, often)
    borne: dict[str, list[str]] = defaultdict(list)
    for below, above in carried.items():
        if below in changed:
            borne[above].append(below)
    return [
        Raised(
            alert=found,
            probability=Decimal(str(round(readings[key][-1][1], 4))),
            told={"carried": sorted(borne[key])} if borne[key] else {},
            snapshot=snapshot,
        )
        for key, found in changed.items()
        if key not in carried
    ]


def _of_owners(
    watch: Mapping[str, Any],
    said: Mapping[str, Said],
    *,
    on: datetime.date,
    snapshot: str,
) -> list[Raised]:
    left = {one.owner: one for one in watched.left(watch)}
    known = [
        about.removeprefix(DRIFT)
        for about, last in said.items()
        if about.startswith(DRIFT) and last.state != BACK
    ]
    raised = []
    for owner in dict.fromkeys([*left, *known]):
        found = left.get(owner)
        alert = of_owner(
            owner,
            left_on=found.since if found else None,
            said=said.get(f"{DRIFT}{owner}"),
            on=on,
        )
        if alert is None:
            continue
        told = {"drivers": list(found.drivers), "sure": found.sure} if found else {}
        raised.append(Raised(alert=alert, told=told, snapshot=snapshot))
    return raised


def _watch(
    workspace: Workspace, *, on: datetime.date, snapshot: str
) -> Mapping[str, Any]:
    key = watched.key_of(workspace, on, snapshot)
    kept = reading_rows.kept([key])
    if key in kept:
        return kept[key]
    found = watched.computed(workspace, on=on)
    reading_rows.keep([(key, found)])
    return found


def _often(
    workspace: Workspace,
    objectives: Mapping[str, Objective],
    evaluations: Mapping[str, Evaluation],
    watch: Mapping[str, Any],
    *,
    on: datetime.date,
) -> dict[str, bool]:
    """Return of each objective whether enough happens each week to tell.

    Things counted by their target, shares and means by what they divide by, money by
    the deals its owner closes.
    """
    catalogue = kpi_values.catalogue(workspace)
    closers = set(watch.get("often", ()))
    found = {}
    for key, one in objectives.items():
        evaluation = evaluations.get(key)
        if evaluation is None or one.kpi not in catalogue:
            continue
        length = (one.period.after - one.period.first).days / WEEK
        elapsed = ((on - one.period.first).days + 1) / WEEK
        if catalogue[one.kpi].unit is Unit.COUNT:
            found[key] = often_enough(evaluation.target or 0, length)
        elif evaluation.denominator is not None:
            found[key] = often_enough(evaluation.denominator, elapsed)
        else:
            found[key] = one.owner in closers
    return found
