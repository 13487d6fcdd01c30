"""Who is looking: their role, and what they lead in the organisation of a day."""

from __future__ import annotations

import datetime

from jalon.domain.people.permission import Viewer
from jalon.domain.people.roles import Role
from jalon.domain.people.teams import below
from jalon.queries.organisation import Organisation, organisation
from jalon.workspace.folder import Workspace


def viewer(
    workspace: Workspace, *, person_id: str, role: str, on: datetime.date
) -> Viewer:
    """Return the viewer; only a manager leads teams."""
    known = Role(role)
    if known is not Role.MANAGER or not person_id:
        return Viewer(known, person_id)
    found = organisation(workspace, on=on)
    teams = below(
        _teams_led(found, person_id),
        parents=[(team.team_id, team.parent_id) for team in found.teams],
    )
    members = {p.person_id for p in found.people if p.team_id in teams}
    reports = below(
        [person_id], parents=[(p.person_id, p.manager_id) for p in found.people]
    )
    return Viewer(known, person_id, teams, frozenset(members) | reports)


def first_name(workspace: Workspace, *, person_id: str, on: datetime.date) -> str:
    """Return the first name of a person of the facts, "" for nobody."""
    people = organisation(workspace, on=on).people
    names = [person.name or "" for person in people if person.person_id == person_id]
    return names[0].split(" ")[0] if names and person_id else ""


def _teams_led(found: Organisation, person_id: str) -> set[str]:
    """Return the teams of the reports, and one's own unless one's manager is in it."""
    people = {person.person_id: person for person in found.people}
    led = {p.team_id for p in found.people if p.manager_id == person_id and p.team_id}
    me = people.get(person_id)
    if me is not None and me.team_id:
        above = people.get(me.manager_id or "")
        if above is None or above.team_id != me.team_id:
            led.add(me.team_id)
        else:
            led.discard(me.team_id)
    return led
