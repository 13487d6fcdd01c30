"""Who works here: people, teams, and how teams stand in one another.

Read once per snapshot and kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from jalon.queries.snapshots import Snapshot, snapshot
from jalon.workspace.folder import Workspace


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person; `left_on` is the first day away."""

    person_id: str
    name: str
    email: str | None
    role: str | None
    manager_id: str | None
    team_id: str | None
    started_on: date | None
    left_on: date | None
    capacity: Decimal | None
    ramp_days: int | None = None  # until a newcomer works in full


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One team; a team without parent stands right under the company."""

    team_id: str
    name: str
    parent_id: str | None
    purpose: str | None


@dataclass(frozen=True, slots=True)
class MembershipRow:
    """Who was in which team, from `first` to `after` (excluded, None if still)."""

    person_id: str
    team_id: str
    first: date
    after: date | None


@dataclass(frozen=True)
class Organisation:
    """People and teams of a snapshot."""

    people: tuple[PersonRow, ...]
    teams: tuple[TeamRow, ...]
    memberships: tuple[MembershipRow, ...] = ()
    on: date = field(default=date.max)

    @cached_property
    def person(self) -> Mapping[str, PersonRow]:
        """Return people by key."""
        return {one.person_id: one for one in self.people}

    @cached_property
    def team(self) -> Mapping[str, TeamRow]:
        """Return teams by key."""
        return {one.team_id: one for one in self.teams}

    @cached_property
    def _children(self) -> Mapping[str | None, list[str]]:
        found: dict[str | None, list[str]] = {}
        for one in self.teams:
            found.setdefault(one.parent_id, []).append(one.team_id)
        return found

    @cached_property
    def stays(self) -> Mapping[str, list[MembershipRow]]:
        """Return the memberships of each person, oldest first."""
        found: dict[str, list[MembershipRow]] = {}
        for one in self.memberships:
            found.setdefault(one.person_id, []).append(one)
        return found

    @cached_property
    def _within(self) -> dict[str, frozenset[str]]:
        return {}

    def within(self, team_id: str) -> frozenset[str]:
        """Return a team and all the teams below it; worked out once for each team."""
        if team_id not in self._within:
            self._within[team_id] = self._below(team_id)
        return self._within[team_id]

    def _below(self, team_id: str) -> frozenset[str]:
        found = {team_id}
        waiting = [team_id]
        while waiting:
            below = set(self._children.get(waiting.pop(), ())) - found
            found |= below
            waiting.extend(below)
        return frozenset(found)

    def ancestors(self, team_id: str) -> tuple[str, ...]:
        """Return the teams above a team, nearest first."""
        found: list[str] = []
        here = self.team.get(team_id)
        while here and here.parent_id and here.parent_id not in found:
            found.append(here.parent_id)
            here = self.team.get(here.parent_id)
        return tuple(found)

    def team_of(self, person_id: str, day: date) -> str | None:
        """Return a person's team on a day: memberships, else the person's own."""
        held = [
            one
            for one in self.stays.get(person_id, ())
            if one.first <= day and (one.after is None or day < one.after)
        ]
        if held:
            return max(held, key=lambda one: (one.first, one.team_id)).team_id
        person = self.person.get(person_id)
        return person.team_id if person else None

    def members(self, team_id: str, day: date) -> tuple[PersonRow, ...]:
        """Return the people of a team and of the teams below it on a day."""
        teams = self.within(team_id)
        return tuple(
            one for one in self.people if self.team_of(one.person_id, day) in teams
        )

    def reports(self, person_id: str) -> tuple[PersonRow, ...]:
        """Return the people whose manager is that person."""
        return tuple(one for one in self.people if one.manager_id == person_id)


_PEOPLE = (
    'SELECT person_id, coalesce("name", person_id), email, "role", manager_id, '
    "team_id, started_on, left_on, capacity, attributes FROM people ORDER BY 2, 1"
)
_TEAMS = (
    'SELECT team_id, coalesce("name", team_id), parent_id, purpose '
    "FROM teams ORDER BY 2, 1"
)
_MEMBERSHIPS = (
    'SELECT person_id, team_id, "first", "after" FROM memberships ORDER BY 1, 3, 2'
)
_kept: dict[tuple[str, str], Organisation] = {}


def organisation(
    workspace: Workspace, *, on: date, snapshot_name: str | None = None
) -> Organisation:
    """Return the people and teams of a snapshot (the current one by default).

    Raises:
        NoDataError: If nothing was imported yet.
    """
    del on  # teams of the day are asked of the answer itself
    return organisation_of(snapshot(workspace, snapshot_name))


def people_of(workspace: Workspace, *, on: date) -> tuple[PersonRow, ...]:
    """Return the people present on a day."""
    return tuple(
        one
        for one in organisation(workspace, on=on).people
        if (one.started_on is None or one.started_on <= on)
        and (one.left_on is None or on < one.left_on)
    )


def organisation_of(found: Snapshot) -> Organisation:
    """Return the people and teams of an opened snapshot."""
    key = (found.folder, found.name)
    if key not in _kept:
        if len(_kept) > 20:  # noqa: PLR2004 - a handful of snapshots at a time
            _kept.clear()
        cursor = found.cursor()
        _kept[key] = Organisation(
            people=tuple(
                PersonRow(*(*row, _ramp(attributes)))
                for *row, attributes in cursor.execute(_PEOPLE).fetchall()
            ),
            teams=tuple(TeamRow(*row) for row in cursor.execute(_TEAMS).fetchall()),
            memberships=tuple(
                MembershipRow(*row) for row in cursor.execute(_MEMBERSHIPS).fetchall()
            ),
        )
    return _kept[key]


def _ramp(attributes: str | None) -> int | None:
    """Return the days of ramp told in a person's attributes."""
    told = json.loads(attributes).get("ramp_days") if attributes else None
    return int(told) if told is not None else None
