"""People and teams by hand: typed, moved, away, gone; dated, nothing ever taken away.

What is typed becomes facts like any import: a source ("typed"), a generation, a book
line. Whoever may do it is asked of each person and team touched.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from jalon.domain.people import roster
from jalon.domain.people.pasted import Entry, Pasted, planned, read_people
from jalon.domain.people.permission import COMPANY, Act
from jalon.domain.people.roster import Changes, Person, Roster, Team
from jalon.domain.refusals import Refusal
from jalon.usecases.acting import Actor, authorise, changed, note, note_each
from jalon.usecases.meanwhile import must_stand
from jalon.warehouse.generations import Generations
from jalon.warehouse.typed import Entered, entered, held
from jalon.workspace.folder import Workspace


@dataclass(frozen=True, slots=True)
class PeopleReport:
    """What was entered: the generation ("" where nothing was new) and the names."""

    generation: str
    people_added: tuple[str, ...] = ()
    people_changed: tuple[str, ...] = ()
    teams_added: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a pasted list would do, and what in it was not understood."""

    pasted: Pasted
    report: PeopleReport


def preview_people(workspace: Workspace, text: str, *, on: datetime.date) -> Preview:
    """Return what accepting the list would do; writes nothing.

    Raises:
        Refusal: If a line cannot be (somebody already there, a loop of teams).
    """
    pasted = read_people(text)
    now = held(_generations(workspace))
    return Preview(pasted, _report(now, planned(now, pasted.entries, on=on), ""))


def add_people(
    workspace: Workspace,
    entries: Sequence[Entry],
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
) -> PeopleReport:
    """Write people and the teams they name; somebody known is completed or moved."""
    done = _entered(
        workspace,
        lambda now: planned(now, entries, on=on),
        actor=actor,
        at=at,
        verb="add",
    )
    return _report(done.before, done.changes, done.generation)


def add_team(
    workspace: Workspace,
    name: str,
    *,
    parent: str = "",
    purpose: str = "",
    actor: Actor,
    at: datetime.datetime,
) -> PeopleReport:
    """Write a team; one of the same name is the same team.

    Raises:
        Refusal: If it has no name, or its parent is unknown.
    """

    def plan(now: Roster) -> Changes:
        above = now.known_team(parent).team_id if parent else None
        former = now.team_named(name)
        key = former.team_id if former else name.strip()
        told = Team(
            team_id=key, name=name.strip(), parent_id=above, purpose=purpose or None
        )
        return roster.team_set(now, told)

    done = _entered(workspace, plan, actor=actor, at=at, verb="add")
    return _report(done.before, done.changes, done.generation)


def change_team(  # noqa: PLR0913 - what a team is
    workspace: Workspace,
    team_id: str,
    *,
    name: str,
    parent: str = "",
    purpose: str = "",
    actor: Actor,
    at: datetime.datetime,
) -> PeopleReport:
    """Write a team's name, its parent ("" for the company) and purpose."""

    def plan(now: Roster) -> Changes:
        above = now.known_team(parent).team_id if parent else None
        told = replace(
            now.known_team(team_id),
            name=name.strip(),
            parent_id=above,
            purpose=purpose or None,
        )
        return roster.team_set(now, told)

    done = _entered(workspace, plan, actor=actor, at=at, verb="change")
    return _report(done.before, done.changes, done.generation)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonTold:
    """What a form says of somebody; their team and their leaving have verbs."""

    name: str
    email: str = ""
    role: str = ""
    manager_id: str = ""
    started_on: datetime.date | None = None
    capacity: Decimal | None = None
    ramp_days: int | None = None


def change_person(
    workspace: Workspace,
    person_id: str,
    told: PersonTold,
    *,
    actor: Actor,
    at: datetime.datetime,
    seen: str | None = None,
) -> PeopleReport:
    """Write who somebody is: name, e-mail, job, manager, start, capacity, ramp.

    `seen` is the `mark` of `person_shown`, as the form showed them.

    Raises:
        Refusal: If a value cannot be, or they would be above their own manager.
        WrittenMeanwhileError: If somebody wrote otherwise since it was read.
    """
    _checked(told)

    def plan(now: Roster) -> Changes:
        must_stand(
            seen,
            person_shown(now.known(person_id)),
            person_shown(told),
            noun="person",
            key=person_id,
            zone=workspace.settings.timezone,
        )
        if told.manager_id:
            now.known(told.manager_id)
        return roster.changed(
            now,
            replace(
                now.known(person_id),
                name=told.name.strip(),
                email=told.email.strip().lower() or None,
                role=told.role.strip() or None,
                manager_id=told.manager_id or None,
                started_on=told.started_on,
                capacity=told.capacity,
                ramp_days=told.ramp_days,
            ),
        )

    done = _entered(workspace, plan, actor=actor, at=at, verb="change")
    return _report(done.before, done.changes, done.generation)


def person_shown(one: Person | PersonTold) -> dict[str, object]:
    """Return what a form shows of somebody: what its mark is made of."""
    return {
        "name": one.name.strip(),
        "email": (one.email or "").strip().lower(),
        "role": (one.role or "").strip(),
        "manager_id": one.manager_id or "",
        "started_on": one.started_on,
        "capacity": one.capacity,
        "ramp_days": one.ramp_days,
    }


def move_person(
    workspace: Workspace,
    person_id: str,
    team_id: str,
    *,
    since: datetime.date,
    actor: Actor,
    at: datetime.datetime,
) -> PeopleReport:
    """Put somebody in a team from a day on; their past stays with the former team."""
    authorise(actor, Act.MANAGE_PEOPLE, f"team:{team_id}")
    done = _entered(
        workspace,
        lambda now: roster.moved(now, person_id, team_id, since=since),
        actor=actor,
        at=at,
        verb="move",
    )
    return _report(done.before, done.changes, done.generation)


def record_leaving(
    workspace: Workspace,
    person_id: str,
    *,
    left_on: datetime.date,
    actor: Actor,
    at: datetime.datetime,
) -> PeopleReport:
    """Record that somebody leaves; `left_on` is their first day away."""
    done = _entered(
        workspace,
        lambda now: roster.left(now, person_id, left_on=left_on),
        actor=actor,
        at=at,
        verb="leave",
    )
    return _report(done.before, done.changes, done.generation)


def set_absence(  # noqa: PLR0913 - who, from when, until when, why
    workspace: Workspace,
    person_id: str,
    *,
    first: datetime.date,
    after: datetime.date,
    kind: str = "",
    actor: Actor,
    at: datetime.datetime,
) -> PeopleReport:
    """Record that somebody is away from `first`, back on `after`."""
    done = _entered(
        workspace,
        lambda now: roster.absent(now, person_id, first=first, after=after, kind=kind),
        actor=actor,
        at=at,
        verb="absence",
    )
    return _report(done.before, done.changes, done.generation)


def withdraw_absence(
    workspace: Workspace,
    person_id: str,
    *,
    first: datetime.date,
    actor: Actor,
    at: datetime.datetime,
) -> PeopleReport:
    """Leave no day of the absence that began on `first`; the audit keeps it."""
    done = _entered(
        workspace,
        lambda now: roster.present_after_all(now, person_id, first=first),
        actor=actor,
        at=at,
        verb="absence",
    )
    return _report(done.before, done.changes, done.generation)


def _entered(
    workspace: Workspace,
    plan: Callable[[Roster], Changes],
    *,
    actor: Actor,
    at: datetime.datetime,
    verb: str,
) -> Entered:
    """Publish a plan that the actor may do to everything it touches; tell the audit."""

    def allowed(now: Roster) -> Changes:
        changes = plan(now)
        for owner in sorted(_touched(now, changes)):
            authorise(actor, Act.MANAGE_PEOPLE, owner)
        return changes

    done = entered(_generations(workspace), allowed, at=at.replace(tzinfo=None))
    if done.generation:
        _tell(actor, verb, done, at)
    return done


def _touched(now: Roster, changes: Changes) -> set[str]:
    """Return the owners to be asked about; who is new is asked of their team."""
    found = set()
    for person in changes.people:
        known = person.person_id in now.people
        theirs = f"team:{person.team_id}" if person.team_id in now.teams else COMPANY
        found.add(f"person:{person.person_id}" if known else theirs)
    for team in changes.teams:
        above = f"team:{team.parent_id}" if team.parent_id in now.teams else COMPANY
        found.add(f"team:{team.team_id}" if team.team_id in now.teams else above)
    stays = [stay.person_id for stay in changes.memberships]
    stays += [absence.person_id for absence in changes.absences]
    found |= {f"person:{key}" for key in stays if key in now.people}
    return found


def _tell(actor: Actor, verb: str, done: Entered, at: datetime.datetime) -> None:
    """Write a line for each person and team touched."""
    now, changes = done.before, done.changes
    people = {
        one.person_id: changed(now.people.get(one.person_id), one)
        for one in changes.people
    }
    note_each(actor, verb, "person", people, at=at)
    teams = {
        one.team_id: changed(now.teams.get(one.team_id), one) for one in changes.teams
    }
    note_each(actor, verb, "team", teams, at=at)
    former = {(m.person_id, m.team_id, m.first): m for m in now.memberships}
    for stay in changes.memberships:
        before = former.get((stay.person_id, stay.team_id, stay.first))
        note(
            actor,
            "stay",
            "person",
            stay.person_id,
            at=at,
            before=_span(before),
            after=_span(stay),
            team=stay.team_id,
        )
    away = {(one.person_id, one.first): one for one in now.absences}
    for absence in changes.absences:
        was = away.get((absence.person_id, absence.first))
        note(
            actor,
            "absence",
            "person",
            absence.person_id,
            at=at,
            before=_span(was),
            after=_span(absence),
        )


def _span(
    one: roster.Membership | roster.Absence | None,
) -> dict[str, datetime.date | None] | None:
    return {"first": one.first, "after": one.after} if one else None


def _report(now: Roster, changes: Changes, generation: str) -> PeopleReport:
    people = [(one, one.person_id in now.people) for one in changes.people]
    named = {one.person_id: one.name for one in changes.people}
    stayed = dict.fromkeys(
        one.person_id
        for one in changes.memberships
        if one.person_id in now.people and one.after is None
    )
    return PeopleReport(
        generation,
        tuple(_name(one) for one, known in people if not known),
        tuple(_name(one) for one, known in people if known),
        tuple(one.name for one in changes.teams if one.team_id not in now.teams),
        tuple(named.get(key) or now.people[key].name for key in stayed),
    )


def _name(person: Person) -> str:
    return person.name or person.person_id


def _checked(told: PersonTold) -> None:
    """Refuse what nobody can be.

    Raises:
        Refusal: If the name is missing, or capacity or ramp is out of range.
    """
    if not told.name.strip():
        raise Refusal("A person needs a name, e.g. {example}.", example="Marie Dupont")
    if told.capacity is not None and not 0 <= told.capacity <= 1:
        raise Refusal(
            "{value} is no share of full time. Expected 0 to 1, e.g. 0.8.",
            value=told.capacity,
        )
    if told.ramp_days is not None and not 0 <= told.ramp_days <= _RAMP_MOST:
        raise Refusal(
            "{value} is no number of days of ramp. Expected 0 to 730, e.g. 90.",
            value=told.ramp_days,
        )


_RAMP_MOST = 730


def _generations(workspace: Workspace) -> Generations:
    return Generations(workspace.warehouse, workspace.settings.keep_generations)
