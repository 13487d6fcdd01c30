"""Accounts and open invitations, as the list shows them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from jalon.domain.people.permission import (
    COMPANY,
    Act,
    Subject,
    Viewer,
    may,
    may_give,
)
from jalon.domain.people.roles import Role
from jalon.queries.owners import owner_names
from jalon.records.accounts import Invitation, User
from jalon.workspace.folder import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """One account; `person` is the name in the facts, "" for nobody there."""

    id: int
    name: str
    email: str
    role: str
    language: str
    is_active: bool
    person_id: str = ""
    person: str = ""
    grants: tuple[str, ...] = ()
    seen_at: datetime.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationLine:
    """One invitation nobody answered yet."""

    email: str
    name: str
    role: str
    by: str
    at: datetime.datetime
    expires_at: datetime.datetime
    is_over: bool
    person_id: str = ""


@dataclass(frozen=True, slots=True)
class Accounts:
    """What a viewer may change: accounts, invitations, people without an account."""

    lines: tuple[AccountLine, ...] = ()
    invitations: tuple[InvitationLine, ...] = ()
    people: tuple[tuple[str, str], ...] = ()
    roles: tuple[str, ...] = field(default_factory=tuple)


def account_name(email: str) -> str:
    """Return the name on the account of that address; "" where nobody has it."""
    return User.objects.filter(email=email).values_list("name", flat=True).first() or ""


def accounts(
    workspace: Workspace, *, viewer: Viewer, on: datetime.date, at: datetime.datetime
) -> Accounts:
    """Return the accounts the viewer may change, by name, in three queries."""
    names = owner_names(workspace, on=on)
    users = [_line(user, names) for user in User.objects.order_by("name", "email")]
    open_ones = Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
    taken = {line.person_id for line in users}
    people = {
        owner.partition(":")[2]: name
        for owner, name in names.items()
        if owner.startswith("person:") and _may(viewer, owner.partition(":")[2])
    }
    return Accounts(
        tuple(line for line in users if may_change(viewer, line)),
        tuple(
            _invitation(one, at)
            for one in open_ones.order_by("email")
            if _may(viewer, one.person_id) and may_give(viewer, Role(one.role))
        ),
        tuple(
            sorted(
                ((key, name) for key, name in people.items() if key not in taken),
                key=lambda pair: (pair[1].casefold(), pair[0]),
            )
        ),
        tuple(role.value for role in Role if may_give(viewer, role)),
    )


def account(
    workspace: Workspace, user_id: int, *, on: datetime.date
) -> AccountLine | None:
    """Return one account, None where there is none."""
    user = User.objects.filter(pk=user_id).first()
    return _line(user, owner_names(workspace, on=on)) if user else None


def active_account_of(email: str) -> AccountLine | None:
    """Return the active account of an e-mail, however it is written."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    return _line(user, {}) if user else None


def active_of_person(person_id: str) -> tuple[str, str] | None:
    """Return the e-mail and role of a person's active account, None without one."""
    rows = User.objects.filter(person_id=person_id, is_active=True)
    return rows.values_list("email", "role").first() if person_id else None


def may_change(viewer: Viewer, line: AccountLine) -> bool:
    """Return whether the viewer may change this account."""
    return _may(viewer, line.person_id) and may_give(viewer, Role(line.role))


def _may(viewer: Viewer, person_id: str) -> bool:
    owner = f"person:{person_id}" if person_id else COMPANY
    return may(viewer, Act.INVITE, subject=Subject(owner))


def _line(user: User, names: dict[str, str]) -> AccountLine:
    return AccountLine(
        id=user.pk,
        name=user.name or user.email,
        email=user.email,
        role=user.role,
        language=user.language,
        is_active=user.is_active,
        person_id=user.person_id,
        person=names.get(f"person:{user.person_id}", ""),
        grants=tuple(user.grants),
        seen_at=user.seen_at or user.last_login,
    )


def _invitation(one: Invitation, at: datetime.datetime) -> InvitationLine:
    return InvitationLine(
        email=one.email,
        name=one.name,
        role=one.role,
        by=one.by,
        at=one.at,
        expires_at=one.expires_at,
        is_over=one.expires_at <= at,
        person_id=one.person_id,
    )
