"""Accounts: by invitation, with a role; changed, closed and opened by who may.

An invitation is a link with a token used once, within a week; only the token's digest
is kept. Nobody gives or takes a role above what their own role gives, and the last
director stays.
"""

from __future__ import annotations

import datetime
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import QuerySet

from jalon.domain.people import roles
from jalon.domain.people.permission import COMPANY, Act, Viewer, may_give
from jalon.domain.refusals import Refusal
from jalon.records.accounts import Invitation, User
from jalon.records.sessions import OpenSession
from jalon.usecases.acting import Actor, ForbiddenError, authorise, forbidden, note

DAYS_TO_ACCEPT = 7
SEEN_EVERY = datetime.timedelta(minutes=5)
LANGUAGES = ("fr", "en")
_NAMES = {
    roles.Role.DIRECTOR: "Director",
    roles.Role.MANAGER: "Manager",
    roles.Role.SALESPERSON: "Salesperson",
    roles.Role.REVOPS: "RevOps",
    roles.Role.READER: "Reader",
}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class UnableToInviteError(Refusal):
    """Somebody cannot be invited: why."""


class InvitationOverError(Refusal):
    """The link was used, withdrawn, or is too old."""

    def __init__(self) -> None:
        super().__init__(
            "This invitation is over: it was used, withdrawn, or is older than "
            "{days} days. Ask who invited you for a new one.",
            days=DAYS_TO_ACCEPT,
        )


class LastDirectorError(Refusal):
    """Without a director nobody could decide for the company."""

    def __init__(self) -> None:
        super().__init__(
            "This is the only director. Give the role to somebody else first."
        )


class NoAccountError(Refusal):
    """There is no such account."""

    def __init__(self, which: object) -> None:
        super().__init__(
            "There is no account {which}. Expected one of the list.", which=which
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """Who is invited: as what, as which person of the facts, in which language."""

    email: str
    role: str
    name: str = ""
    person_id: str = ""
    language: str = "fr"


def invite(invited: Invited, *, actor: Actor, at: datetime.datetime) -> str:
    """Write an invitation and return its token; an open one of that e-mail ends.

    Raises:
        ForbiddenError: If the actor may not invite this person, or give this role.
        UnableToInviteError: If the e-mail is none, or has an account.
    """
    email = invited.email.strip().lower()
    authorise(actor, Act.INVITE, _owner(invited.person_id))
    _may_give(actor, invited.role)
    if not _EMAIL.fullmatch(email):
        raise UnableToInviteError(
            "{value} is no e-mail. Expected e.g. camille@exemple.fr.", value=email
        )
    if User.objects.filter(email=email).exists():
        raise UnableToInviteError(
            "{email} has an account already. Open it in the list to change it.",
            email=email,
        )
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        _open().filter(email=email).update(withdrawn_at=at)
        Invitation.objects.create(
            digest=_digest(token),
            email=email,
            name=invited.name.strip(),
            role=invited.role,
            person_id=invited.person_id,
            language=_spoken(invited.language),
            by=actor.name,
            at=at,
            expires_at=at + datetime.timedelta(days=DAYS_TO_ACCEPT),
        )
        note(actor, "invite", "account", email, at=at, after={"role": invited.role})
    return token


def withdraw(email: str, *, actor: Actor, at: datetime.datetime) -> None:
    """End the open invitation of an e-mail.

    Raises:
        ForbiddenError: If the actor may not invite this person.
        NoAccountError: If there is none.
    """
    with transaction.atomic():
        found = _open().select_for_update().filter(email=email).first()
        if found is None:
            raise NoAccountError(email)
        authorise(actor, Act.INVITE, _owner(found.person_id))
        _may_give(actor, found.role)
        _open().filter(pk=found.pk).update(withdrawn_at=at)
        note(actor, "withdraw", "account", email, at=at)


def open_invitation(token: str, *, at: datetime.datetime) -> Invited:
    """Return whom a link invites.

    Raises:
        InvitationOverError: If it was used, withdrawn, or is too old.
    """
    return _told(_found(token, at))


def accept(
    token: str, *, name: str, password: str, language: str, at: datetime.datetime
) -> User:
    """Make the account of a link and return it; the link is used up.

    Raises:
        InvitationOverError: If it was used, withdrawn, or is too old.
        ValidationError: If the password is too easy (Django's validators).
    """
    with transaction.atomic():
        found = _found(token, at, lock=True)
        told = name.strip() or found.name or found.email
        validate_password(password, User(email=found.email, name=told))
        user = User.objects.create_user(
            found.email,
            password,
            name=told,
            role=found.role,
            person_id=found.person_id,
            language=_spoken(language),
        )
        Invitation.objects.filter(pk=found.pk).update(accepted_at=at)
        author = Actor(Viewer(roles.Role(found.role)), found.email)
        note(author, "accept", "account", found.email, at=at, after={"role": user.role})
    return user


def change_role(
    user_id: int,
    role: str,
    *,
    person_id: str,
    actor: Actor,
    at: datetime.datetime,
) -> None:
    """Give an account another role, or make it another person of the facts.

    Raises:
        ForbiddenError: If the actor may not change it, or not give this role.
        LastDirectorError: If nobody would direct any more.
    """
    with transaction.atomic():
        user = _to_change(user_id, actor)
        authorise(actor, Act.INVITE, _owner(person_id))
        _may_give(actor, role)
        if role != roles.Role.DIRECTOR:
            _not_the_last(user)
        before = {"role": user.role, "person": user.person_id}
        after = {"role": role, "person": person_id}
        if before != after:
            user.role, user.person_id = role, person_id
            user.save(update_fields=["role", "person_id"])
            note(
                actor, "role", "account", user.email, at=at, before=before, after=after
            )


def grant(
    user_id: int, acts: Collection[str], *, actor: Actor, at: datetime.datetime
) -> None:
    """Let an account do some acts over the whole company; a director's to give.

    Raises:
        ForbiddenError: If the actor is no director.
    """
    if not may_give(actor.viewer, roles.Role.DIRECTOR):
        raise forbidden(Act.INVITE)
    after = sorted(Act(act).value for act in acts)
    with transaction.atomic():
        user = _to_change(user_id, actor)
        before = sorted(user.grants)
        if before != after:
            user.grants = after
            user.save(update_fields=["grants"])
            note(
                actor, "grant", "account", user.email, at=at, before=before, after=after
            )


def deactivate(user_id: int, *, actor: Actor, at: datetime.datetime) -> None:
    """Close an account; its sessions end at once, what it wrote stays.

    Raises:
        ForbiddenError: If the actor may not change it.
        LastDirectorError: If nobody would direct any more.
    """
    _switch(user_id, active=False, actor=actor, at=at)


def reactivate(user_id: int, *, actor: Actor, at: datetime.datetime) -> None:
    """Open an account again.

    Raises:
        ForbiddenError: If the actor may not change it.
    """
    _switch(user_id, active=True, actor=actor, at=at)


def log_out_everywhere(user_id: int, *, actor: Actor, at: datetime.datetime) -> None:
    """End every session of an account, one's own or one that may be changed.

    Raises:
        ForbiddenError: If it is neither.
    """
    with transaction.atomic():
        user = own_or_changeable(user_id, actor)
        user.session_mark = secrets.token_hex(8)
        user.save(update_fields=["session_mark"])
        OpenSession.objects.filter(user=user).delete()
        note(actor, "log_out", "account", user.email, at=at)


def change_own(
    user_id: int, *, name: str, language: str, actor: Actor, at: datetime.datetime
) -> None:
    """Change one's own name and language."""
    with transaction.atomic():
        user = own_or_changeable(user_id, actor)
        before = {"name": user.name, "language": user.language}
        after = {"name": name.strip() or user.name, "language": _spoken(language)}
        if before != after:
            user.name, user.language = after["name"], after["language"]
            user.save(update_fields=["name", "language"])
            note(
                actor,
                "change",
                "account",
                user.email,
                at=at,
                before=before,
                after=after,
            )


def change_password(
    user_id: int, password: str, *, actor: Actor, at: datetime.datetime
) -> User:
    """Change one's own password and return the account; other sessions end.

    Raises:
        ForbiddenError: If it is somebody else's account.
        ValidationError: If the password is too easy (Django's validators).
    """
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        if user.email != actor.name:
            raise forbidden(Act.INVITE)
        validate_password(password, user)
        user.set_password(password)
        user.save(update_fields=["password"])
        OpenSession.objects.filter(user=user).delete()
        note(actor, "password", "account", user.email, at=at)
    return user


def seen(user_id: int, *, at: datetime.datetime) -> None:
    """Remember that somebody was here, every five minutes at most."""
    User.objects.filter(pk=user_id).update(seen_at=at)


def _switch(user_id: int, *, active: bool, actor: Actor, at: datetime.datetime) -> None:
    with transaction.atomic():
        user = _to_change(user_id, actor)
        if user.is_active == active:
            return
        if not active:
            _not_the_last(user)
            user.session_mark = secrets.token_hex(8)
            OpenSession.objects.filter(user=user).delete()
        user.is_active = active
        user.save(update_fields=["is_active", "session_mark"])
        verb = "open" if active else "close"
        note(actor, verb, "account", user.email, at=at)


def _to_change(user_id: int, actor: Actor) -> User:
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NoAccountError(user_id)
    authorise(actor, Act.INVITE, _owner(user.person_id))
    _may_give(actor, user.role)
    return user


def own_or_changeable(user_id: int, actor: Actor) -> User:
    """Return an account, locked: one's own, or one the actor may change.

    Raises:
        ForbiddenError: If it is neither.
    """
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is not None and user.email == actor.name:
        return user
    return _to_change(user_id, actor)


def _not_the_last(user: User) -> None:
    """Refuse to lose the last director.

    Raises:
        LastDirectorError: If there is no other active one.
    """
    director = roles.Role.DIRECTOR.value
    others = User.objects.filter(role=director, is_active=True).exclude(pk=user.pk)
    if user.role == director and user.is_active and not others.exists():
        raise LastDirectorError


def _may_give(actor: Actor, role: str) -> None:
    if role not in set(roles.Role):
        raise UnableToInviteError(
            "{value} is no role. Expected one of: {known}.",
            value=role,
            known=", ".join(roles.Role),
        )
    if not may_give(actor.viewer, roles.Role(role)):
        raise ForbiddenError(
            "You may not give or take the role {role}. Ask a director.",
            role=Refusal(_NAMES[roles.Role(role)]),
        )


def _owner(person_id: str) -> str:
    return f"person:{person_id}" if person_id else COMPANY


def _spoken(language: str) -> str:
    return language if language in LANGUAGES else LANGUAGES[0]


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _open() -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted_at=None, withdrawn_at=None)


def _found(token: str, at: datetime.datetime, *, lock: bool = False) -> Invitation:
    rows = _open().select_for_update() if lock else _open()
    found: Invitation | None = rows.filter(
        digest=_digest(token), expires_at__gt=at
    ).first()
    if found is None:
        raise InvitationOverError
    return found


def _told(found: Invitation) -> Invited:
    return Invited(
        email=found.email,
        role=found.role,
        name=found.name,
        person_id=found.person_id,
        language=found.language,
    )
