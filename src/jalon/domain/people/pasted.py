"""A list of people as somebody types or pastes it: one a line, in any usual order.

    Nom; e-mail; équipe; rôle; depuis; manager
    Marie Dupont; marie@exemple.fr; Grands comptes; commerciale; 01/03/2024

Cells are parted by `;`, a tab, `|`, else commas. A first line of headings gives the
order; without one a cell is known by its shape (an e-mail, a date, a role), the first
other is the name and the next the team. Empty lines and those beginning with # are
passed over. Reading returns what was understood and what was not: a bad line never
hides the good ones.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from jalon.domain.people.names import folded
from jalon.domain.people.roles import Role
from jalon.domain.people.roster import (
    Changes,
    Membership,
    Person,
    Roster,
    Team,
    applied,
    moved,
    together,
)
from jalon.domain.refusals import Refusal

_SEPARATORS = (";", "\t", "|", ",")
_HEADINGS = {
    "name": ("nom", "name", "prenom nom", "nom complet", "full name", "personne"),
    "email": ("e-mail", "email", "mail", "courriel", "adresse"),
    "team": ("equipe", "team", "agence", "service"),
    "role": ("role", "fonction", "poste", "title", "titre", "job"),
    "since": ("depuis", "since", "entree", "date d'entree", "start", "arrivee", "du"),
    "manager": ("manager", "responsable", "n+1", "superieur"),
}
_ROLES = {
    Role.DIRECTOR: ("directeur", "directrice", "director", "direction", "dg", "ceo"),
    Role.MANAGER: ("manager", "responsable", "chef", "cheffe", "team lead", "head"),
    Role.REVOPS: ("revops", "sales ops", "operations", "admin", "adv"),
    Role.SALESPERSON: (
        *("commercial", "commerciale", "vendeur", "vendeuse", "sales", "salesperson"),
        *("sdr", "bdr", "ae", "kam", "csm", "account executive", "account manager"),
        *(
            "technico-commercial",
            "charge",
            "chargee",
            "ingenieur",
            "attache",
            "prospector",
        ),
    ),
    Role.READER: ("lecteur", "lectrice", "reader", "finance", "rh", "hr"),
}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DATES = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>\d{4})"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line understood; `line` is its number as a person counts, from 1."""

    line: int
    name: str
    email: str = ""
    team: str = ""
    role: str = ""
    since: datetime.date | None = None
    manager: str = ""


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was understood, and one sentence for each line that was not."""

    entries: tuple[Entry, ...] = ()
    faults: tuple[Refusal, ...] = ()


def read_people(text: str) -> Pasted:
    """Return the people of a pasted list."""
    lines = [
        (number, line)
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not lines:
        return Pasted()
    separator = _separator([line for _, line in lines])
    rows = [
        (number, [cell.strip().strip('"') for cell in line.split(separator)])
        for number, line in lines
    ]
    headings = _headings(rows[0][1])
    entries: list[Entry] = []
    faults: list[Refusal] = []
    for number, cells in rows[1:] if headings else rows:
        named = _by_heading(headings, cells) if headings else _by_shape(cells)
        found = _entry(number, named)
        if isinstance(found, Refusal):
            faults.append(found)
        else:
            entries.append(found)
    return Pasted(tuple(entries), tuple(faults))


def role_of(words: str) -> Role | None:
    """Return the role a job's title tells, None where it tells none."""
    found = folded(words)
    for role, known in _ROLES.items():
        if any(re.search(rf"\b{re.escape(word)}\b", found) for word in known):
            return role
    return None


def day_of(text: str) -> datetime.date | None:
    """Return the day written 2024-03-01 or 01/03/2024, None for anything else."""
    for pattern in _DATES:
        if found := pattern.fullmatch(text.strip()):
            try:
                return datetime.date(*(int(found[part]) for part in "ymd"))
            except ValueError:
                return None
    return None


def planned(roster: Roster, entries: Sequence[Entry], *, on: datetime.date) -> Changes:
    """Return what the entries change: newcomers, new teams, moves, fuller rows.

    Somebody known by e-mail or name is the same person: what the entry says is added to
    what is known, and another team is a move from `since` (else from `on`).
    """
    parts: list[Changes] = []
    now = roster
    for entry in entries:
        for step in (_teams, _person, _stay):
            part = step(now, entry, on)
            parts.append(part)
            now = applied(now, part)
    for entry in entries:
        part = _manager(now, entry)
        parts.append(part)
        now = applied(now, part)
    return together(parts)


def _separator(lines: Sequence[str]) -> str:
    return next((one for one in _SEPARATORS if any(one in line for line in lines)), ";")


def _headings(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the field of each cell of a line of headings; empty if it is none."""
    known = {word: name for name, words in _HEADINGS.items() for word in words}
    found = tuple(known.get(folded(cell), "") for cell in cells)
    return found if "name" in found and found.count("") < len(found) - 1 else ()


def _by_heading(headings: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return {
        name: cell for name, cell in zip(headings, cells, strict=False) if name and cell
    }


def _by_shape(cells: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for cell in filter(None, cells):
        free = [name for name in ("name", "team", "manager") if name not in found]
        if _EMAIL.fullmatch(cell):
            found.setdefault("email", cell)
        elif day_of(cell) or re.fullmatch(r"[\d/.\-]+", cell):
            found.setdefault("since", cell)
        elif "name" in found and "role" not in found and role_of(cell):
            found["role"] = cell
        elif free:
            found[free[0]] = cell
    return found


def _entry(number: int, named: Mapping[str, str]) -> Entry | Refusal:
    name, email, since = (named.get(part, "") for part in ("name", "email", "since"))
    day = day_of(since) if since else None
    if not name:
        return Refusal(
            "Line {line}: no name. Expected e.g. {example}.",
            line=number,
            example="Marie Dupont; marie@exemple.fr; Grands comptes",
        )
    if email and not _EMAIL.fullmatch(email):
        return Refusal(
            "Line {line}: {value} is no e-mail. Expected e.g. marie@exemple.fr.",
            line=number,
            value=email,
        )
    if since and day is None:
        return Refusal(
            "Line {line}: {value} is no day. Expected e.g. 01/03/2024.",
            line=number,
            value=since,
        )
    more = {part: named.get(part, "") for part in ("team", "role", "manager")}
    return Entry(number, name, email.lower(), since=day, **more)


def _teams(roster: Roster, entry: Entry, on: datetime.date) -> Changes:
    del on
    if not entry.team or roster.team_named(entry.team):
        return Changes()
    return Changes(teams=(Team(team_id=entry.team, name=entry.team),))


def _person(roster: Roster, entry: Entry, on: datetime.date) -> Changes:
    del on
    former = roster.person_named(entry.name, entry.email)
    team = roster.team_named(entry.team) if entry.team else None
    if former is None:
        made = Person(
            person_id=_free_key(roster, entry.name),
            name=entry.name,
            email=entry.email or None,
            role=entry.role or None,
            team_id=team.team_id if team else None,
            started_on=entry.since,
        )
        return Changes(people=(made,))
    told = Person(
        person_id=former.person_id,
        name=entry.name,
        email=entry.email or former.email,
        role=entry.role or former.role,
        manager_id=former.manager_id,
        team_id=former.team_id or (team.team_id if team else None),
        started_on=former.started_on or entry.since,
        left_on=former.left_on,
        capacity=former.capacity,
        ramp_days=former.ramp_days,
    )
    return Changes(people=() if told == former else (told,))


def _stay(roster: Roster, entry: Entry, on: datetime.date) -> Changes:
    person = roster.person_named(entry.name, entry.email)
    team = roster.team_named(entry.team) if entry.team else None
    if person is None or team is None:
        return Changes()
    since = entry.since or on
    if roster.team_of(person.person_id, since) != team.team_id:
        return moved(roster, person.person_id, team.team_id, since=since)
    if entry.since and not roster.stays(person.person_id):
        stay = Membership(person.person_id, team.team_id, entry.since, person.left_on)
        return Changes(memberships=(stay,))
    return Changes()


def _manager(roster: Roster, entry: Entry) -> Changes:
    """Return who the manager is; one that nobody described is made, as imports do."""
    person = roster.person_named(entry.name, entry.email)
    if person is None or not entry.manager:
        return Changes()
    above = roster.person_named(entry.manager)
    made = Person(person_id=_free_key(roster, entry.manager), name=entry.manager)
    found = above or made
    if found.person_id in {person.person_id, person.manager_id}:
        return Changes()
    told = replace(person, manager_id=found.person_id)
    return Changes(people=(told,) if above else (made, told))


def _free_key(roster: Roster, name: str) -> str:
    """Return the name as a key, as an import does; numbered where it is taken."""
    keys = [name, *(f"{name} {rank}" for rank in range(2, len(roster.people) + 3))]
    return next(key for key in keys if key not in roster.people)
