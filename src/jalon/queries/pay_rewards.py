"""Recognitions that runs propose, for whoever settles the pay of those they are for."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.incentives.plan import On
from jalon.domain.incentives.settling import RunState
from jalon.domain.people.permission import Viewer
from jalon.queries.pay_statements import settles
from jalon.records import pay_rows
from jalon.records.pay import PayReward


@dataclass(frozen=True, slots=True)
class Reward:
    """A recognition proposed: for whom, why, the attention it takes, and if given."""

    id: int
    person: str
    name: str
    period: str
    label: str
    measure: str
    reached: Decimal
    share: bool
    minutes: int
    within: bool
    given_by: str
    given_at: datetime.datetime | None


def of_run(run: int, *, viewer: Viewer) -> tuple[Reward, ...]:
    """Return what a run proposes, for those whose pay the viewer settles."""
    rows = PayReward.objects.filter(run_id=run).order_by("id")
    return tuple(_seen(rows.select_related("run__version"), viewer))


def to_give(*, viewer: Viewer) -> tuple[Reward, ...]:
    """Return the recognitions of published runs that wait for the viewer."""
    rows = PayReward.objects.filter(
        run__state=RunState.PUBLISHED.value, within=True, given_at=None
    ).order_by("-run__first", "id")
    found = _seen(rows.select_related("run__version"), viewer)
    return tuple(one for one in found if one.person != viewer.person_id)


def _seen(rows: Iterable[PayReward], viewer: Viewer) -> Iterable[Reward]:
    for row in rows:
        if not settles(viewer, row.person_id):
            continue
        rules = pay_rows.written(row.run.version.text).rewards.rules
        on = next((one.on for one in rules if one.key == row.key), On.ATTAINMENT)
        yield Reward(
            id=row.pk,
            person=row.person_id,
            name=row.name,
            period=row.run.name,
            label=row.label,
            measure=row.measure,
            reached=pay_rows.short(row.reached) or Decimal(0),
            share=on is On.ATTAINMENT,
            minutes=row.minutes,
            within=row.within,
            given_by=row.given_by,
            given_at=row.given_at,
        )
