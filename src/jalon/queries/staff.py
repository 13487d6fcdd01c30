"""The people and teams of a day, as their page shows them; somebody, whole.

What of somebody is shown follows the table: stays and start are everybody's to read,
absences and ramp only those of whoever may change the person, and the person's own.
"""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.people.permission import COMPANY, Act, Subject, Viewer, may
from jalon.domain.people.roster import (
    BEGINNING,
    RAMP_DAYS,
    Absence,
    Membership,
    Person,
    Roster,
    Team,
)
from jalon.warehouse.generations import Generations
from jalon.warehouse.typed import held
from jalon.workspace.folder import Workspace

SHOWN = 200  # people of one page: more are found by searching


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """Somebody on a day."""

    person_id: str
    name: str
    email: str = ""
    role: str = ""
    manager: str = ""
    team_id: str = ""
    started_on: datetime.date | None = None
    left_on: datetime.date | None = None
    capacity: Decimal | None = None
    gone: bool = False
    to_come: bool = False
    away_until: datetime.date | None = None
    ramps_until: datetime.date | None = None
    arrived_on: datetime.date | None = None  # in this team, from another


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamLine:
    """A team with its people of the day, and how deep it stands in the tree."""

    team_id: str
    name: str
    purpose: str = ""
    depth: int = 0
    people: tuple[PersonLine, ...] = ()  # as many as a page shows
    count: int = 0
    may_change: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Every team in the order of the tree, then who is in none."""

    teams: tuple[TeamLine, ...] = ()
    without: tuple[PersonLine, ...] = ()
    gone: tuple[PersonLine, ...] = ()
    count: int = 0
    shown: int = 0
    may_add: bool = False

    @property
    def is_empty(self) -> bool:
        """Return whether nobody and no team is known."""
        return not (self.teams or self.without or self.gone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A stay in a team; `first` is None where no day was ever told."""

    team_id: str
    team: str
    first: datetime.date | None
    after: datetime.date | None
    is_now: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """Somebody, whole."""

    person: Person
    line: PersonLine
    team: str
    manager: str
    stays: tuple[Stay, ...]
    absences: tuple[Absence, ...]
    may_change: bool
    sees_absences: bool


def staff(
    workspace: Workspace, *, viewer: Viewer, on: datetime.date, search: str = ""
) -> Staff:
    """Return everybody in their team of the day, those who left apart."""
    roster = held(_generations(workspace))
    lines = [_line(roster, one, viewer, on) for one in roster.people.values()]
    found = [one for one in lines if _fits(one, roster, search)]
    found.sort(key=lambda one: (one.name.casefold(), one.person_id))
    everybody = [one for one in found if not one.gone]
    counts = Counter(one.team_id for one in everybody)
    here = everybody[:SHOWN]
    by_team: dict[str, list[PersonLine]] = {}
    for one in here:
        by_team.setdefault(one.team_id, []).append(one)
    teams = tuple(
        TeamLine(
            team_id=team.team_id,
            name=team.name,
            purpose=team.purpose or "",
            depth=depth,
            people=tuple(by_team.get(team.team_id, ())),
            count=counts[team.team_id],
            may_change=_may(viewer, f"team:{team.team_id}"),
        )
        for team, depth in _tree(roster)
    )
    return Staff(
        teams=tuple(one for one in teams if one.count or not search),
        without=tuple(one for one in here if one.team_id not in roster.teams),
        gone=tuple(one for one in found if one.gone)[:SHOWN],
        count=sum(1 for one in lines if not one.gone),
        shown=len(here),
        may_add=_may(viewer, COMPANY) or bool(viewer.teams),
    )


def person(
    workspace: Workspace, person_id: str, *, viewer: Viewer, on: datetime.date
) -> PersonPage | None:
    """Return somebody with their stays, and their absences where the viewer may."""
    roster = held(_generations(workspace))
    known = roster.people.get(person_id)
    if known is None:
        return None
    able = _may(viewer, f"person:{person_id}")
    sees = able or viewer.person_id == person_id
    return PersonPage(
        person=known,
        line=_line(roster, known, viewer, on),
        team=_team_name(roster, roster.team_of(person_id, on)),
        manager=_person_name(roster, known.manager_id),
        stays=_stays(roster, known, on),
        absences=tuple(reversed(roster.away(person_id))) if sees else (),
        may_change=able,
        sees_absences=sees,
    )


def choices(
    workspace: Workspace, *, viewer: Viewer
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the teams the viewer may put people in, and everybody, by name."""
    roster = held(_generations(workspace))
    teams = [
        (team.team_id, "\u2003" * depth + team.name)
        for team, depth in _tree(roster)
        if _may(viewer, f"team:{team.team_id}")
    ]
    people = sorted(
        ((one.person_id, one.name) for one in roster.people.values()),
        key=lambda pair: (pair[1].casefold(), pair[0]),
    )
    return teams, people


def team(workspace: Workspace, team_id: str) -> Team | None:
    """Return a team, None where there is none."""
    return held(_generations(workspace)).teams.get(team_id)


def _may(viewer: Viewer, owner: str) -> bool:
    return may(viewer, Act.MANAGE_PEOPLE, subject=Subject(owner))


def _fits(line: PersonLine, roster: Roster, search: str) -> bool:
    words = (line.name, line.email, line.role, _team_name(roster, line.team_id))
    return search.casefold() in " ".join(words).casefold()


def _line(roster: Roster, one: Person, viewer: Viewer, on: datetime.date) -> PersonLine:
    stays = roster.stays(one.person_id)
    here = [stay for stay in stays if stay.holds(on)]
    moved = here[-1].first if here and len(stays) > 1 else None
    ramp = RAMP_DAYS if one.ramp_days is None else one.ramp_days
    settled = one.started_on + datetime.timedelta(ramp) if one.started_on else None
    able = _may(viewer, f"person:{one.person_id}") or viewer.person_id == one.person_id
    away = [
        absence.after
        for absence in roster.away(one.person_id)
        if absence.after and absence.first <= on < absence.after
    ]
    return PersonLine(
        person_id=one.person_id,
        name=one.name,
        email=one.email or "",
        role=one.role or "",
        manager=_person_name(roster, one.manager_id),
        team_id=roster.team_of(one.person_id, on) or "",
        started_on=one.started_on,
        left_on=one.left_on,
        capacity=one.capacity,
        gone=one.left_on is not None and one.left_on <= on,
        to_come=one.started_on is not None and one.started_on > on,
        away_until=max(away) if away and able else None,
        ramps_until=settled if able and settled and settled > on else None,
        arrived_on=moved,
    )


def _tree(roster: Roster) -> list[tuple[Team, int]]:
    """Return the teams, each under its parent, with its depth; none is lost."""
    children: dict[str, list[Team]] = {}
    for one in sorted(roster.teams.values(), key=lambda one: one.name.casefold()):
        above = one.parent_id if one.parent_id in roster.teams else None
        children.setdefault(above or "", []).append(one)
    found: list[tuple[Team, int]] = []
    seen: set[str] = set()

    def walk(key: str, depth: int) -> None:
        for one in children.get(key, ()):
            if one.team_id not in seen:
                seen.add(one.team_id)
                found.append((one, min(depth, 3)))
                walk(one.team_id, depth + 1)

    walk("", 0)
    found.extend((one, 0) for key, one in roster.teams.items() if key not in seen)
    return found


def _stays(roster: Roster, one: Person, on: datetime.date) -> tuple[Stay, ...]:
    stays = list(roster.stays(one.person_id))
    if not stays and one.team_id:
        stays = [Membership(one.person_id, one.team_id, BEGINNING, one.left_on)]
    return tuple(
        Stay(
            team_id=stay.team_id,
            team=_team_name(roster, stay.team_id),
            first=one.started_on if stay.first == BEGINNING else stay.first,
            after=stay.after,
            is_now=stay.holds(on),
        )
        for stay in reversed(stays)
    )


def _team_name(roster: Roster, team_id: str | None) -> str:
    found = roster.teams.get(team_id or "")
    return found.name if found else team_id or ""


def _person_name(roster: Roster, person_id: str | None) -> str:
    found = roster.people.get(person_id or "")
    return found.name if found else person_id or ""


def _generations(workspace: Workspace) -> Generations:
    return Generations(workspace.warehouse, workspace.settings.keep_generations)
