"""Keys to the API: made for an account, shown once, ending by themselves, taken back.

A token acts as its account: it never has more rights, and only those of its scopes. A
service is an account nobody logs in to, so that a machine outlives whoever set it up.
"""

from __future__ import annotations

import datetime
import re
import secrets
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from django.db import transaction

from jalon.domain.people import roles
from jalon.domain.people.permission import Act, may_give
from jalon.domain.refusals import Refusal
from jalon.records.accounts import User
from jalon.records.machines import Token
from jalon.usecases.acting import Actor, authorise, forbidden, note

PREFIX = "jalon_"
HINT = 4
MOST_DAYS = 366
MOST = 50  # of one account
LONGEST = 100
USED_EVERY = datetime.timedelta(minutes=5)
SERVICE = "service.invalid"  # a domain no mail goes to


class Scope(StrEnum):
    """What a token may be used for, within the rights of its account."""

    READ = "read"  # results: objectives, KPIs, forecasts, alerts, people
    ROWS = "rows"  # the facts behind a figure
    NOTES = "notes"  # check-ins
    WRITE = "write"  # objectives, targets, actions
    DATA = "data"  # files to import, sources and their runs


class UnableToMakeTokenError(Refusal):
    """A token cannot be made so: why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The token asked for: what it is called, what for, how long."""

    name: str
    scopes: Collection[str]
    days: int = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Who comes in with a token: an account, and the scopes of the token."""

    token: int
    user: User
    scopes: frozenset[str]
    expires_at: datetime.datetime


def make(wanted: Wanted, *, account: int, actor: Actor, at: datetime.datetime) -> str:
    """Write a token of an account and return it; it cannot be read again.

    Raises:
        ForbiddenError: If it is neither the actor's account nor one they may change.
        UnableToMakeTokenError: If it has no name, no scope, or lasts too long.
    """
    name, scopes = wanted.name.strip(), sorted(set(wanted.scopes))
    _check(name, scopes, wanted.days)
    secret = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        user = _account(account, actor)
        held = Token.objects.filter(user=user, revoked_at=None, expires_at__gt=at)
        if held.count() >= MOST:
            raise UnableToMakeTokenError(
                "This account has {most} tokens. Take one back first.", most=MOST
            )
        Token.objects.create(
            user=user,
            name=name,
            digest=digest(secret),
            hint=secret[-HINT:],
            scopes=scopes,
            made_by=actor.name,
            made_at=at,
            expires_at=at + datetime.timedelta(days=wanted.days),
        )
        note(actor, "make", "token", name, at=at, account=user.email, scopes=scopes)
    return secret


def make_service(
    wanted: Wanted, *, role: str, actor: Actor, at: datetime.datetime
) -> tuple[str, str]:
    """Make an account nobody logs in to, and its token; return both.

    Raises:
        ForbiddenError: If the actor may not change the settings, or give this role.
        UnableToMakeTokenError: If the token cannot be, or the role is none.
    """
    authorise(actor, Act.CHANGE_SETTINGS)
    if role not in set(roles.Role):
        raise UnableToMakeTokenError(
            "{value} is no role. Expected one of: {known}.",
            value=role,
            known=", ".join(roles.Role),
        )
    if not may_give(actor.viewer, roles.Role(role)):
        raise forbidden(Act.INVITE)
    _check(wanted.name.strip(), sorted(set(wanted.scopes)), wanted.days)
    email = f"{_slug(wanted.name)}@{SERVICE}"
    with transaction.atomic():
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_user(email, name=wanted.name.strip(), role=role)
            note(actor, "make", "account", email, at=at, after={"role": role})
        elif user.role != role:
            raise UnableToMakeTokenError(
                "The service {name} is there already as {role}. Choose another name.",
                name=wanted.name.strip(),
                role=user.role,
            )
        return email, make(wanted, account=user.pk, actor=actor, at=at)


def revoke(token: int, *, actor: Actor, at: datetime.datetime) -> None:
    """Take a token back: it opens nothing from now on.

    Raises:
        ForbiddenError: If it is neither the actor's nor of an account they may change.
        UnableToMakeTokenError: If there is none.
    """
    with transaction.atomic():
        found = Token.objects.select_for_update().filter(pk=token).first()
        if found is None:
            raise UnableToMakeTokenError("There is no such token.")
        _account(found.user_id, actor)
        if found.revoked_at is None:
            Token.objects.filter(pk=token).update(revoked_at=at)
            note(actor, "revoke", "token", found.name, at=at)


def account_of(email: str) -> int:
    """Return the account of an e-mail.

    Raises:
        UnableToMakeTokenError: If there is none.
    """
    found = User.objects.filter(email=email.strip().lower()).first()
    if found is None:
        raise UnableToMakeTokenError(
            "There is no account {email}. Expected one of jalon accounts: "
            "--account camille@exemple.fr, or a service: --service reader.",
            email=email or "–",
        )
    return int(found.pk)


def bearer(secret: str, *, at: datetime.datetime) -> Bearer | None:
    """Return who comes in with a token, None where it opens nothing.

    That it was used is remembered, every five minutes at most.
    """
    if not secret.startswith(PREFIX):
        return None
    found = (
        Token.objects.select_related("user")
        .filter(digest=digest(secret), revoked_at=None, expires_at__gt=at)
        .first()
    )
    if found is None or not found.user.is_active:
        return None
    if found.used_at is None or at - found.used_at > USED_EVERY:
        Token.objects.filter(pk=found.pk).update(used_at=at)
    return Bearer(
        token=found.pk,
        user=found.user,
        scopes=frozenset(found.scopes),
        expires_at=found.expires_at,
    )


def digest(secret: str) -> str:
    """Return what is kept of a token: it is long and random, one round is enough."""
    return sha256(secret.encode()).hexdigest()


def _check(name: str, scopes: Collection[str], days: int) -> None:
    if not name or len(name) > LONGEST:
        raise UnableToMakeTokenError(
            "A token needs a name to tell it by, e.g. {example}.", example="Power BI"
        )
    known = [one.value for one in Scope]
    if not scopes or not set(scopes) <= set(known):
        raise UnableToMakeTokenError(
            "Say what the token may be used for: one or several of {known}.",
            known=", ".join(known),
        )
    if not 1 <= days <= MOST_DAYS:
        raise UnableToMakeTokenError(
            "A token lasts from 1 to {most} days, e.g. {example}.",
            most=MOST_DAYS,
            example=90,
        )


def _account(user_id: int, actor: Actor) -> User:
    """Return an account that the actor is, or may change."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise UnableToMakeTokenError("There is no such account.")
    if user.email != actor.name:
        owner = f"person:{user.person_id}" if user.person_id else "company"
        authorise(actor, Act.INVITE, owner)
        if not may_give(actor.viewer, roles.Role(user.role)):
            raise forbidden(Act.INVITE)
    return user


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "service"
