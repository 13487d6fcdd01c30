"""Alerts as a reader may see them: the list of all, and how many wait for a look."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from jalon.domain.drift.alerts import Change
from jalon.domain.objectives.objective import Objective
from jalon.domain.people.permission import Act, Subject, Viewer, may, within
from jalon.queries import kpi_values
from jalon.queries.actions import RUNNING
from jalon.queries.owners import owner_names
from jalon.records import alert_rows, objective_rows
from jalon.records.accounts import User
from jalon.records.alert_rows import ACTION, NOTED, SEEN, Deed
from jalon.workspace.folder import Workspace

WAITING, ALL = "waiting", "all"
MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which alerts: waiting or all, worsening or recovering, of whom, since when."""

    show: str = WAITING
    change: str = ""
    owner: str = ""
    since: datetime.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverMoved:
    """A driver off its path: what was expected, what is seen, how sure."""

    key: str
    was: float
    now: float
    sure: float
    alarm: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLine:
    """One alert with names instead of keys, and what the reader may do about it."""

    id: int
    owner: str
    owner_name: str
    objective: str
    statement: str
    lang: str
    kpi_label: Mapping[str, str]
    state: str
    former: str
    worsening: bool
    since: datetime.date
    fired_on: datetime.date
    probability: float | None
    sure: float | None
    drivers: tuple[DriverMoved, ...]
    carried: tuple[str, ...]  # names of the people it is watched for
    latest: bool
    seen: tuple[Deed, ...]
    noted: tuple[Deed, ...]
    actions: tuple[Deed, ...]
    homes: tuple[tuple[str, str], ...] = ()  # objectives that can hold an action

    @property
    def is_drift(self) -> bool:
        """Return whether it is about the funnel rather than an objective."""
        return not self.objective

    @property
    def handled(self) -> bool:
        """Return whether somebody took note of it or planned something."""
        return bool(self.noted or self.actions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """The alerts asked for, and the owners to choose from."""

    lines: tuple[AlertLine, ...]
    owners: tuple[tuple[str, str], ...]
    waiting: int


def alerts(
    workspace: Workspace, wanted: Wanted, *, viewer: Viewer, on: datetime.date
) -> Alerts:
    """Return the alerts the viewer may see, newest first."""
    owners = within(viewer, Act.SEE_ALERTS)
    kept = alert_rows.some(
        owners,
        change=wanted.change,
        owner=wanted.owner,
        since=wanted.since,
        waiting=wanted.show == WAITING,
        most=MOST,
    )
    lines = told(workspace, kept, on=on)
    homes = _homes(viewer, kept)
    names = owner_names(workspace, on=on)
    return Alerts(
        lines=tuple(replace(one, homes=homes.get(one.id, ())) for one in lines),
        owners=tuple(
            sorted(
                ((one, names.get(one, "")) for one in alert_rows.owners_of(owners)),
                key=lambda one: (one[0] != "company", one[1]),
            )
        ),
        waiting=sum(not one.handled and one.worsening and one.latest for one in lines),
    )


def of_objective(
    workspace: Workspace, objective: str, *, viewer: Viewer, on: datetime.date
) -> tuple[AlertLine, ...]:
    """Return the alerts of one objective that the viewer may see."""
    owners = within(viewer, Act.SEE_ALERTS)
    return told(workspace, alert_rows.some(owners, objective=objective), on=on)


def unseen(viewer: Viewer, *, by: str) -> int:
    """Return how many last words the viewer has not seen: the badge of the menu."""
    owners = within(viewer, Act.SEE_ALERTS)
    return 0 if owners is not None and not owners else alert_rows.unseen(owners, by=by)


def told(
    workspace: Workspace,
    kept: Collection[alert_rows.Kept],
    *,
    on: datetime.date,
) -> tuple[AlertLine, ...]:
    """Return kept alerts with names instead of keys."""
    if not kept:
        return ()
    names = owner_names(workspace, on=on)
    catalogue = kpi_values.catalogue(workspace)
    below = {key for one in kept for key in one.told.get("carried", ())}
    carried = objective_rows.load(sorted(below)) if below else {}
    who = _authors({deed.by for one in kept for deed in one.deeds})
    return tuple(
        AlertLine(
            id=one.id,
            owner=one.owner,
            owner_name=names.get(one.owner, ""),
            objective=one.objective,
            statement=one.statement or one.objective,
            lang=one.lang,
            kpi_label=catalogue[one.kpi].label if one.kpi in catalogue else {},
            state=one.state,
            former=one.former,
            worsening=one.change == Change.WORSENING.value,
            since=one.since,
            fired_on=one.fired_on,
            probability=None if one.probability is None else float(one.probability),
            sure=one.told.get("sure"),
            drivers=tuple(_driver(each) for each in one.told.get("drivers", ())),
            carried=tuple(
                dict.fromkeys(
                    names.get(carried[key].owner, key)
                    for key in one.told.get("carried", ())
                    if key in carried
                )
            ),
            latest=one.latest,
            seen=_deeds(one, SEEN, who),
            noted=_deeds(one, NOTED, who),
            actions=_deeds(one, ACTION, who),
        )
        for one in kept
    )


def _homes(
    viewer: Viewer, kept: Collection[alert_rows.Kept]
) -> dict[int, tuple[tuple[str, str], ...]]:
    """Return by alert the objectives whose plan the viewer may change, its own alone.

    Of the funnel's, those of the same owner.
    """
    if not kept:
        return {}
    theirs = objective_rows.ids_of({one.owner for one in kept})
    own: dict[str, tuple[tuple[str, str], ...]] = {}
    held: dict[str, tuple[tuple[str, str], ...]] = {}
    for one in objective_rows.load(theirs).values():
        if one.state in RUNNING and _may_act(viewer, one):
            own[one.id] = ((one.id, one.statement or one.id),)
            held[one.owner] = (*held.get(one.owner, ()), *own[one.id])
    return {
        alert.id: own.get(alert.objective, ())
        if alert.objective
        else held.get(alert.owner, ())
        for alert in kept
    }


def _may_act(viewer: Viewer, objective: Objective) -> bool:
    return may(viewer, Act.ACT, subject=Subject(objective.owner))


def _driver(told: Mapping[str, Any]) -> DriverMoved:
    return DriverMoved(
        key=told["key"],
        was=told["was"],
        now=told["now"],
        sure=told["sure"],
        alarm=told["alarm"],
    )


def _deeds(one: alert_rows.Kept, kind: str, who: Mapping[str, str]) -> tuple[Deed, ...]:
    return tuple(
        replace(deed, by=who.get(deed.by, deed.by))
        for deed in one.deeds
        if deed.kind == kind
    )


def _authors(emails: Collection[str]) -> dict[str, str]:
    if not emails:
        return {}
    rows = User.objects.filter(email__in=list(emails)).values_list("email", "name")
    return {email: name or email for email, name in rows}
