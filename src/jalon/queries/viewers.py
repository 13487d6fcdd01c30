"""Who is looking: their role, and what they lead in the organisation of a day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from jalon.domain.people.permission import Act, Viewer
from jalon.domain.people.roles import Role
from jalon.domain.people.teams import below
from jalon.queries.organisation import Organisation, organisation
from jalon.queries.snapshots import NoDataError
from jalon.workspace.folder import Workspace


def viewer(
    workspace: Workspace,
    *,
    person_id: str,
    role: str,
    on: datetime.date,
    grants: Iterable[str] = (),
) -> Viewer:
    """Return the viewer; only a manager leads teams, those of the day."""
    known = Role(role)
    given = frozenset(Act(act) for act in grants)
    found = _organisation(workspace, on) if known is Role.MANAGER else None
    if found is None or not person_id:
        return Viewer(known, person_id, grants=given)
    teams = below(
        _teams_led(found, person_id, on),
        parents=[(team.team_id, team.parent_id) for team in found.teams],
    )
    members = {
        p.person_id for p in found.people if found.team_of(p.person_id, on) in teams
    }
    reports = below(
        [person_id], parents=[(p.person_id, p.manager_id) for p in found.people]
    )
    return Viewer(known, person_id, teams, frozenset(members) | reports, given)


def first_name(workspace: Workspace, *, person_id: str, on: datetime.date) -> str:
    """Return the first name of a person of the facts, "" for nobody."""
    found = _organisation(workspace, on)
    person = found.person.get(person_id) if found else None
    return person.name.split(" ")[0] if person else ""


def _organisation(workspace: Workspace, on: datetime.date) -> Organisation | None:
    """Return who works here, None before the first import."""
    try:
        return organisation(workspace, on=on)
    except NoDataError:
        return None


def _teams_led(found: Organisation, person_id: str, on: datetime.date) -> set[str]:
    """Return the teams of the reports, and one's own unless one's manager is in it."""
    team = {p.person_id: found.team_of(p.person_id, on) for p in found.people}
    led = {
        held
        for p in found.people
        if p.manager_id == person_id and (held := team[p.person_id])
    }
    mine = team.get(person_id)
    if mine:
        above = found.person[person_id].manager_id or ""
        if team.get(above) == mine:
            led.discard(mine)
        else:
            led.add(mine)
    return led
