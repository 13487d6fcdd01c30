"""Who the company's own log-in sends: their account, found, joined or made.

An identity known is its account. Else a verified e-mail joins the account, or the open
invitation, of that e-mail; else an account is made where the settings let newcomers in.
Where groups give roles, they give them at each log-in.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction

from jalon.domain.people.permission import Viewer
from jalon.domain.people.roles import Role
from jalon.domain.people.sign_on import SignOn, role_of_groups
from jalon.domain.refusals import Refusal
from jalon.records.accounts import Invitation, User
from jalon.records.sessions import Identity
from jalon.usecases.acting import SYSTEM, Actor, note
from jalon.warehouse.generations import Generations
from jalon.warehouse.typed import held
from jalon.workspace.folder import Workspace


class NotLetInError(Refusal):
    """The provider knows them, this company has no place for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What the provider says of somebody."""

    subject: str
    email: str = ""
    email_verified: bool = False
    name: str = ""
    groups: tuple[str, ...] = ()


def signed_on(
    workspace: Workspace, claims: Claims, setting: SignOn, *, at: datetime.datetime
) -> User:
    """Return the account of whoever the provider sends.

    Raises:
        NotLetInError: If there is none for them, it is closed, or no group has a role.
    """
    role = role_of_groups(claims.groups, setting.roles)
    if setting.roles and role is None:
        raise NotLetInError(
            "None of your groups gives a role here. Ask whoever keeps the groups of "
            "{company}.",
            company=workspace.settings.company,
        )
    with transaction.atomic():
        user = _known(claims, setting) or _joined(
            workspace, claims, setting, role=role, at=at
        )
        if not user.is_active:
            raise NotLetInError("This account is closed. Ask who invited you.")
        _give(user, role, at)
    return user


def _known(claims: Claims, setting: SignOn) -> User | None:
    found = (
        Identity.objects.select_related("user")
        .filter(issuer=setting.issuer, subject=claims.subject)
        .first()
    )
    return found.user if found else None


def _joined(
    workspace: Workspace,
    claims: Claims,
    setting: SignOn,
    *,
    role: Role | None,
    at: datetime.datetime,
) -> User:
    email = claims.email.strip().lower()
    if not email or not (claims.email_verified or setting.trust_email):
        raise NotLetInError(
            "{name} does not say that your e-mail is verified. Ask whoever keeps it.",
            name=setting.name,
        )
    user = (
        User.objects.select_for_update().filter(email=email).first()
        or _invited(claims, email, at)
        or _newcomer(workspace, claims, setting, role=role, email=email, at=at)
    )
    Identity.objects.create(
        user=user, issuer=setting.issuer, subject=claims.subject, at=at
    )
    note(_themselves(user), "sign_on", "account", email, at=at, by=setting.name)
    return user


def _invited(claims: Claims, email: str, at: datetime.datetime) -> User | None:
    found = (
        Invitation.objects.select_for_update()
        .filter(email=email, accepted_at=None, withdrawn_at=None, expires_at__gt=at)
        .first()
    )
    if found is None:
        return None
    Invitation.objects.filter(pk=found.pk).update(accepted_at=at)
    return User.objects.create_user(
        email,
        None,
        name=claims.name or found.name or email,
        role=found.role,
        person_id=found.person_id,
        language=found.language,
    )


def _newcomer(
    workspace: Workspace,
    claims: Claims,
    setting: SignOn,
    *,
    role: Role | None,
    email: str,
    at: datetime.datetime,
) -> User:
    if not setting.newcomers or role is None:
        raise NotLetInError(
            "{email} has no account here yet. Ask for an invitation.", email=email
        )
    generations = Generations(workspace.warehouse, workspace.settings.keep_generations)
    people = held(generations).people.values()
    same = [one.person_id for one in people if (one.email or "").lower() == email]
    taken = User.objects.filter(person_id__in=same).exists()
    user = User.objects.create_user(
        email,
        None,
        name=claims.name or email,
        role=role.value,
        person_id=same[0] if len(same) == 1 and not taken else "",
        language=workspace.settings.language,
    )
    note(SYSTEM, "create", "account", email, at=at, after={"role": role.value})
    return user


def _give(user: User, role: Role | None, at: datetime.datetime) -> None:
    """Give the role of the groups; the last director keeps theirs."""
    if role is None or user.role == role.value:
        return
    others = User.objects.filter(role=Role.DIRECTOR.value, is_active=True)
    if user.role == Role.DIRECTOR.value and not others.exclude(pk=user.pk).exists():
        return
    before, user.role = user.role, role.value
    user.save(update_fields=["role"])
    note(
        SYSTEM,
        "role",
        "account",
        user.email,
        at=at,
        before={"role": before},
        after={"role": role.value},
    )


def _themselves(user: User) -> Actor:
    return Actor(Viewer(Role(user.role), user.person_id), user.email)
