"""People and teams through time, and what a decision about them changes.

Ranges are `first` (in) to `after` (out). Nothing is ever taken away: a move closes one
membership and opens the next, a leaver keeps everything until `left_on`, and what was
written by mistake becomes a range without a day. Each function returns only the rows
that are new or different.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from jalon.domain.people.names import folded
from jalon.domain.refusals import Refusal

BEGINNING = datetime.date(1900, 1, 1)  # "always so far", where no day was ever told
RAMP_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody; `left_on` is the first day away, `capacity` a share of full time."""

    person_id: str
    name: str = ""
    email: str | None = None
    role: str | None = None
    manager_id: str | None = None
    team_id: str | None = None
    started_on: datetime.date | None = None
    left_on: datetime.date | None = None
    capacity: Decimal | None = None
    ramp_days: int | None = None  # until a newcomer works in full; 90 by default


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A team, and the team it belongs to; none: right under the company."""

    team_id: str
    name: str = ""
    parent_id: str | None = None
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """Who was in which team, from when to when."""

    person_id: str
    team_id: str
    first: datetime.date
    after: datetime.date | None = None

    def holds(self, day: datetime.date) -> bool:
        """Return whether the day is inside."""
        return self.first <= day and (self.after is None or day < self.after)


@dataclass(frozen=True, slots=True)
class Absence:
    """Days away; `after` is the first day back."""

    person_id: str
    first: datetime.date
    after: datetime.date | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """The rows that are new or different."""

    people: tuple[Person, ...] = ()
    teams: tuple[Team, ...] = ()
    memberships: tuple[Membership, ...] = ()
    absences: tuple[Absence, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.people or self.teams or self.memberships or self.absences)


@dataclass(frozen=True)
class Roster:
    """Everybody, every team, every membership and absence."""

    people: Mapping[str, Person] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)
    memberships: tuple[Membership, ...] = ()
    absences: tuple[Absence, ...] = ()

    def stays(self, person_id: str) -> tuple[Membership, ...]:
        """Return somebody's memberships that have a day, oldest first."""
        return self._stays.get(person_id, ())

    def away(self, person_id: str) -> tuple[Absence, ...]:
        """Return somebody's absences that have a day, oldest first."""
        return self._away.get(person_id, ())

    @cached_property
    def _stays(self) -> Mapping[str, tuple[Membership, ...]]:
        found: dict[str, list[Membership]] = {}
        for one in sorted(self.memberships, key=lambda one: (one.first, one.team_id)):
            if one.after != one.first:
                found.setdefault(one.person_id, []).append(one)
        return {key: tuple(stays) for key, stays in found.items()}

    @cached_property
    def _away(self) -> Mapping[str, tuple[Absence, ...]]:
        found: dict[str, list[Absence]] = {}
        for one in sorted(self.absences, key=lambda one: one.first):
            if one.after != one.first:
                found.setdefault(one.person_id, []).append(one)
        return {key: tuple(absences) for key, absences in found.items()}

    def team_of(self, person_id: str, day: datetime.date) -> str | None:
        """Return somebody's team on a day: memberships, else the person's own."""
        held = [one for one in self.stays(person_id) if one.holds(day)]
        if held:
            return held[-1].team_id
        person = self.people.get(person_id)
        return person.team_id if person else None

    def known(self, person_id: str) -> Person:
        """Return the person.

        Raises:
            Refusal: If there is nobody of that key.
        """
        if person_id not in self.people:
            raise Refusal(
                "There is nobody called {name}. Expected somebody of the list.",
                name=person_id,
            )
        return self.people[person_id]

    def known_team(self, team_id: str) -> Team:
        """Return the team.

        Raises:
            Refusal: If there is no team of that key.
        """
        if team_id not in self.teams:
            raise Refusal(
                "There is no team called {name}. Expected a team of the list.",
                name=team_id,
            )
        return self.teams[team_id]

    def person_named(self, name: str, email: str = "") -> Person | None:
        """Return who has this e-mail, else the only one of this name or key.

        Somebody whose e-mail is another one is somebody else.
        """
        everybody = self.people.values()
        mailed = [
            one for one in everybody if email and folded(one.email or "") == email
        ]
        able = [one for one in everybody if not email or not one.email]
        keyed = [one for one in able if one.person_id == name]
        same = [one for one in able if folded(one.name) == folded(name)]
        found = mailed or keyed or (same if len(same) == 1 else [])
        return found[0] if found else None

    def team_named(self, name: str) -> Team | None:
        """Return the team of this key or name, whatever its case or accents."""
        if name in self.teams:
            return self.teams[name]
        found = folded(name)
        same = [
            one
            for one in self.teams.values()
            if found in {folded(one.name), folded(one.team_id)}
        ]
        return same[0] if same else None


def moved(
    roster: Roster, person_id: str, team_id: str, *, since: datetime.date
) -> Changes:
    """Return what puts somebody in a team from a day on; what was before stays.

    A membership that begins later keeps its days: the new one ends where it begins.

    Raises:
        Refusal: If nobody or no team is called so, or they are there already.
    """
    person, team = roster.known(person_id), roster.known_team(team_id)
    if roster.team_of(person_id, since) == team_id:
        raise Refusal(
            "{person} is already in {team} on {day}. Expected another team or day.",
            person=person.name,
            team=team.name,
            day=since,
        )
    stays = roster.stays(person_id)
    rows: dict[tuple[str, datetime.date], Membership] = {}
    if not stays and person.team_id:
        before = Membership(person_id, person.team_id, BEGINNING, since)
        rows[before.team_id, before.first] = before
    for one in stays:
        if one.holds(since):
            rows[one.team_id, one.first] = replace(one, after=since)
    later = [one.first for one in stays if one.first > since]
    end = min(later) if later else person.left_on
    rows[team_id, since] = Membership(person_id, team_id, since, end)
    return Changes(memberships=tuple(rows.values()))


def left(roster: Roster, person_id: str, *, left_on: datetime.date) -> Changes:
    """Return what makes somebody leave; `left_on` is their first day away.

    Raises:
        Refusal: If nobody is called so, or that day is before they began.
    """
    person = roster.known(person_id)
    if person.started_on and left_on <= person.started_on:
        raise Refusal(
            "{person} began on {first}. Expected a later day to leave, not {day}.",
            person=person.name,
            first=person.started_on,
            day=left_on,
        )
    closed = [
        replace(one, after=max(one.first, left_on))
        for one in roster.stays(person_id)
        if one.after is None or one.after > left_on
    ]
    return Changes((replace(person, left_on=left_on),), (), tuple(closed))


def absent(
    roster: Roster,
    person_id: str,
    *,
    first: datetime.date,
    after: datetime.date,
    kind: str = "",
) -> Changes:
    """Return an absence from `first` until the day back, `after`.

    Raises:
        Refusal: If nobody is called so, or there is no day between.
    """
    person = roster.known(person_id)
    if after <= first:
        raise Refusal(
            "The day back must follow the first day away. Expected e.g. from "
            "{first} until {after}.",
            first=first,
            after=first + datetime.timedelta(days=1),
        )
    return Changes(absences=(Absence(person.person_id, first, after, kind or None),))


def present_after_all(
    roster: Roster, person_id: str, *, first: datetime.date
) -> Changes:
    """Return the absence that began on a day, without any day left.

    Raises:
        Refusal: If there is none.
    """
    for one in roster.absences:
        if (one.person_id, one.first) == (person_id, first):
            return Changes(absences=(replace(one, after=first),))
    raise Refusal(
        "{person} has no absence from {first}. Expected one of the list.",
        person=roster.known(person_id).name,
        first=first,
    )


def changed(roster: Roster, person: Person) -> Changes:
    """Return a person as they are now told; their team changes by `moved` only.

    Raises:
        Refusal: If nobody is called so, or they would be their own manager.
    """
    former = roster.known(person.person_id)
    told = replace(person, team_id=former.team_id, left_on=former.left_on)
    above, seen = told.manager_id, {told.person_id}
    while above:
        if above in seen:
            raise Refusal(
                "{person} would be above their own manager. Expected somebody "
                "who does not report to them.",
                person=told.name,
            )
        seen.add(above)
        above = roster.people[above].manager_id if above in roster.people else None
    return Changes(people=() if told == former else (told,))


def team_set(roster: Roster, team: Team) -> Changes:
    """Return a team, new or told otherwise.

    Raises:
        Refusal: If it has no name, or would stand below itself.
    """
    if not team.name.strip():
        raise Refusal("A team needs a name, e.g. {example}.", example="Grands comptes")
    above, seen = team.parent_id, {team.team_id}
    while above:
        if above in seen:
            raise Refusal(
                "{team} would stand below itself. Expected another parent.",
                team=team.name,
            )
        seen.add(above)
        above = roster.teams[above].parent_id if above in roster.teams else None
    return Changes(teams=() if roster.teams.get(team.team_id) == team else (team,))


def together(parts: Iterable[Changes]) -> Changes:
    """Return several changes as one; the last row of a key wins."""
    people: dict[str, Person] = {}
    teams: dict[str, Team] = {}
    memberships: dict[tuple[str, str, datetime.date], Membership] = {}
    absences: dict[tuple[str, datetime.date], Absence] = {}
    for part in parts:
        people |= {one.person_id: one for one in part.people}
        teams |= {one.team_id: one for one in part.teams}
        memberships |= {(m.person_id, m.team_id, m.first): m for m in part.memberships}
        absences |= {(one.person_id, one.first): one for one in part.absences}
    return Changes(
        tuple(people.values()),
        tuple(teams.values()),
        tuple(memberships.values()),
        tuple(absences.values()),
    )


def applied(roster: Roster, changes: Changes) -> Roster:
    """Return the roster with the changes in it."""
    kept = {(m.person_id, m.team_id, m.first): m for m in roster.memberships}
    kept |= {(m.person_id, m.team_id, m.first): m for m in changes.memberships}
    away = {(one.person_id, one.first): one for one in roster.absences}
    away |= {(one.person_id, one.first): one for one in changes.absences}
    return Roster(
        {**roster.people, **{one.person_id: one for one in changes.people}},
        {**roster.teams, **{one.team_id: one for one in changes.teams}},
        tuple(kept.values()),
        tuple(away.values()),
    )
