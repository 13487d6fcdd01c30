"""Who acts, whether they may, and the line it leaves: the start and end of every write.

A use case takes `actor: Actor` (keyword-only, no default), asks `authorise` before it
writes, and calls `note` inside the transaction of what it writes:

    def rename_team(team: str, name: str, *, actor: Actor, at: datetime) -> None:
        authorise(actor, Act.MANAGE_PEOPLE, f"team:{team}")
        with transaction.atomic():
            former = …
            note(actor, "rename", "team", team, at=at, before=former, after=name)

Doors make the actor: the pages by `jalon.web.access.actor(request)`, the command line
by `OPERATOR`, the clock by `SYSTEM`. Both may do everything and are named in the audit.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied

from jalon.domain.objectives.states import Actor as Party
from jalon.domain.people.permission import (
    COMPANY,
    Act,
    Subject,
    Viewer,
    may,
    roles_for,
)
from jalon.domain.people.roles import Role
from jalon.domain.refusals import Refusal
from jalon.records.audit import AuditLine


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: what they may (`viewer`) and the name the audit keeps (an e-mail)."""

    viewer: Viewer
    name: str


_ALL = Viewer(Role.DIRECTOR, grants=frozenset(Act))
OPERATOR = Actor(_ALL, "operator")  # whoever holds the machine: the command line
SYSTEM = Actor(_ALL, "system")  # the passing of time, the sample company


class ForbiddenError(Refusal, PermissionDenied):
    """The table does not let this actor do that; a page answers it with 403."""


DEEDS = {
    Act.SEE_RESULT: "see this result",
    Act.SEE_COURSE: "see where the company stands",
    Act.SEE_ROWS: "see the rows behind this figure",
    Act.SEE_NOTES: "see these notes",
    Act.COACH: "read this coaching page",
    Act.SEE_PAY: "see this pay",
    Act.WRITE_PAY_PLAN: "write pay plans",
    Act.SETTLE_PAY: "settle this pay",
    Act.PROPOSE: "propose objectives here",
    Act.DECIDE: "decide on objectives here",
    Act.CALL: "say what this figure will be",
    Act.ACT: "change the actions of this objective",
    Act.CHECK_IN: "take this point",
    Act.RECOGNISE: "say this word",
    Act.THANK: "thank somebody here",
    Act.SEE_ANSWERS: "see these answers of customers",
    Act.SURVEY: "make and send surveys",
    Act.SEE_ALERTS: "see these alerts",
    Act.SEE_DATA: "see the data",
    Act.IMPORT_DATA: "import data",
    Act.CONNECT: "connect sources",
    Act.WRITE_LEXICON: "change the classes of objections",
    Act.DEFINE_KPI: "define KPIs",
    Act.SAVE_MODEL: "save models of objectives",
    Act.MANAGE_PEOPLE: "change these people and teams",
    Act.INVITE: "change this account",
    Act.SEE_JOURNAL: "read the journal",
    Act.CHANGE_SETTINGS: "change the settings",
    Act.ERASE: "erase somebody's name",
}
_ROLES = {
    Role.DIRECTOR: "a director",
    Role.MANAGER: "the manager of the team",
    Role.SALESPERSON: "the person themselves",
    Role.REVOPS: "RevOps",
    Role.READER: "a reader",
}


def authorise(
    actor: Actor, act: Act, owner: str = COMPANY, *, published: bool = True
) -> None:
    """Do nothing where the actor may do this with what `owner` owns.

    `owner` is "company", "team:<id>" or "person:<id>".

    Raises:
        ForbiddenError: If the table does not let them; it says whom to ask.
    """
    if not may(actor.viewer, act, subject=Subject(owner, published=published)):
        raise forbidden(act)


def forbidden(act: Act) -> ForbiddenError:
    """Return the refusal of an act, with whom to ask."""
    able = [Refusal(_ROLES[role]) for role in roles_for(act)]
    named = {f"role{rank}": role for rank, role in enumerate(able)}
    return ForbiddenError(
        "You may not {deed}. Ask somebody who may: {roles}.",
        deed=Refusal(DEEDS[act]),
        roles=Refusal(", ".join(f"{{{name}}}" for name in named), **named),
    )


def parties(actor: Actor, owner: str) -> tuple[Party, ...]:
    """Return what the actor is to an objective: its owner, its manager, its director.

    Who leads a team answers for its objectives as their owner; the director for the
    company's. `SYSTEM` is only the passing of time.
    """
    if actor is SYSTEM:
        return (Party.SYSTEM,)
    viewer, (kind, _, key) = actor.viewer, owner.partition(":")
    owned = {
        "person": key == viewer.person_id != "",
        "team": key in viewer.teams,
        COMPANY: viewer.role is Role.DIRECTOR,
    }
    found = [Party.OWNER] if owned.get(kind) else []
    if may(viewer, Act.DECIDE, subject=Subject(owner)):
        director = viewer.role is Role.DIRECTOR
        found.append(Party.DIRECTOR if director else Party.MANAGER)
    return tuple(found)


def note(  # noqa: PLR0913 - who, when, what, before and after all belong to a line
    actor: Actor,
    verb: str,
    noun: str,
    key: str,
    *,
    at: datetime.datetime,
    before: object = None,
    after: object = None,
    **details: object,
) -> None:
    """Write one line of the audit; belongs in the transaction of the change."""
    AuditLine.objects.create(
        **_values(actor, verb, noun, key, at, before, after, details)
    )


def note_each(
    actor: Actor,
    verb: str,
    noun: str,
    changes: Mapping[str, tuple[object, object]],
    *,
    at: datetime.datetime,
) -> None:
    """Write one line for each key with its (before, after), in one statement."""
    AuditLine.objects.bulk_create(
        AuditLine(**_values(actor, verb, noun, key, at, before, after, {}))
        for key, (before, after) in changes.items()
    )


def changed(former: object, new: object) -> tuple[dict[str, object], dict[str, object]]:
    """Return the fields of two records that differ: as they were, as they are."""
    old = _fields(former) if former is not None else {}
    now = _fields(new)
    names = [name for name, value in now.items() if old.get(name) != value]
    return (
        {name: old[name] for name in names if name in old},
        {name: now[name] for name in names},
    )


def _fields(record: object) -> dict[str, object]:
    assert is_dataclass(record)  # noqa: S101 - a caller's fault
    return {one.name: getattr(record, one.name) for one in fields(record)}


def _values(  # noqa: PLR0913, PLR0917 - the fields of a line
    actor: Actor,
    verb: str,
    noun: str,
    key: str,
    at: datetime.datetime,
    before: object,
    after: object,
    details: Mapping[str, object],
) -> dict[str, object]:
    told = {"before": before, "after": after, **details}
    kept = {name: plain(value) for name, value in told.items() if value is not None}
    return {
        "at": at,
        "by": actor.name,
        "verb": verb,
        "noun": noun,
        "key": key,
        "details": kept,
    }


def noon(on: datetime.date) -> datetime.datetime:
    """Return a moment of that day, for what the clock does on it."""
    return datetime.datetime.combine(on, datetime.time(12), tzinfo=datetime.UTC)


def plain(value: object) -> object:
    """Return a value as JSON keeps it: days in ISO, decimals as exact text."""
    return json.loads(json.dumps(value, default=_told))


def _told(value: object) -> object:
    if is_dataclass(value):
        return _fields(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(map(str, value))
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
