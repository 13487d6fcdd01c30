"""The names of those who may own an objective: the company, its teams, its people."""

from __future__ import annotations

import datetime

from jalon.queries.organisation import organisation
from jalon.queries.snapshots import NoDataError
from jalon.workspace.folder import Workspace


def owner_names(workspace: Workspace, *, on: datetime.date) -> dict[str, str]:
    """Return name by owner ("team:…", "person:…"); empty before the first import."""
    try:
        found = organisation(workspace, on=on)
    except NoDataError:
        return {}
    people = {f"person:{one.person_id}": one.name for one in found.people}
    return people | {f"team:{team.team_id}": team.name for team in found.teams}
