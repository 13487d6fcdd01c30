"""The first run: the company's settings, its first account, and how far one got.

The first account is the director's, and only while nobody has one.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, replace

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
)
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as noop

from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.queries.first_run import STEPS
from jalon.queries.settled import settled
from jalon.records.accounts import Role, User
from jalon.records.uploads import FirstRun
from jalon.usecases.acting import OPERATOR, Actor, authorise, note
from jalon.usecases.create_workspace import BadSettingsError, issues, write_settings
from jalon.usecases.meanwhile import must_stand
from jalon.warehouse.generations import locked
from jalon.workspace.folder import Settings, Workspace, opened

SHORTEST_PASSWORD = 10
FILE, LOCK, WAIT = "jalon.toml", "SETTINGS.lock", 5.0
ONLY = 1  # the key of the only first run
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_TAKEN = noop("This workspace has its director already. Log in, or ask them.")
_NO_EMAIL = noop("{value} is no e-mail. Expected e.g. camille@exemple.fr.")
_NO_NAME = noop("Your name is missing. Expected e.g. Camille Roux.")
_RENAMED = noop(
    "The currency stays {currency}: {objectives} objectives in money and {plans} pay "
    "plans are kept in it, and an amount is never renamed. Expected: another workspace "
    "for what is counted in {wanted}, e.g. jalon init FOLDER --currency {wanted}."
)
_SHORT = noop("This password is too short. Expected at least {least} characters.")
_COMMON = noop("This password is among those tried first. Choose another one.")


class UnableToStartError(Refusal):
    """The first account cannot be made: why."""


@dataclass(frozen=True, slots=True)
class FirstAccount:
    """Who the director is, and how they will log in."""

    name: str
    email: str
    password: str


def faults(account: FirstAccount) -> dict[str, Refusal]:
    """Return what cannot be used of an account, by field."""
    found: dict[str, Refusal] = {}
    if not account.name.strip():
        found["name"] = Refusal(_NO_NAME)
    if not _EMAIL.fullmatch(account.email.strip()):
        found["email"] = Refusal(_NO_EMAIL, value=account.email or "«»")
    try:
        MinimumLengthValidator(SHORTEST_PASSWORD).validate(account.password)
    except ValidationError:
        found["password"] = Refusal(_SHORT, least=SHORTEST_PASSWORD)
        return found
    try:
        CommonPasswordValidator().validate(account.password)
    except ValidationError:
        found["password"] = Refusal(_COMMON)
    return found


def start(
    workspace: Workspace,
    settings: Settings,
    account: FirstAccount,
    *,
    at: datetime.datetime,
) -> str:
    """Write the settings and make the first account; return its e-mail.

    Raises:
        BadSettingsError: If a setting cannot be used.
        UnableToStartError: If somebody has an account already, or this one cannot be.
    """
    wrong = issues(settings)
    if wrong:
        raise BadSettingsError(wrong)
    for fault in faults(account).values():
        raise UnableToStartError(fault.sentence, **fault.parameters)
    try:
        email = _first_account(settings, account, at=at)
    except IntegrityError as error:
        raise UnableToStartError(_TAKEN) from error
    _write(workspace, settings)
    return email


def _first_account(
    settings: Settings, account: FirstAccount, *, at: datetime.datetime
) -> str:
    """Make the first account; of two at once, the row of the first run lets one in."""
    with transaction.atomic():
        if User.objects.exists():
            raise UnableToStartError(_TAKEN)
        FirstRun.objects.all().delete()
        FirstRun.objects.create(pk=ONLY, step=STEPS[1], started_at=at)
        user = User.objects.create_user(
            account.email,
            account.password,
            name=account.name.strip(),
            role=Role.DIRECTOR,
            language=settings.language,
        )
        note(OPERATOR, "start", "workspace", settings.company, at=at, after=user.email)
    return user.email


def change_settings(
    workspace: Workspace,
    settings: Settings,
    *,
    actor: Actor,
    at: datetime.datetime,
    seen: str | None = None,
) -> None:
    """Write the company's settings anew.

    `seen` is the `mark` of the settings their author began from.

    Raises:
        ForbiddenError: If the actor may not change settings.
        BadSettingsError: If a setting cannot be used, or amounts are kept in the
            former currency.
        WrittenMeanwhileError: If somebody wrote others since they were read.
    """
    authorise(actor, Act.CHANGE_SETTINGS)
    wrong = issues(settings)
    if wrong:
        raise BadSettingsError(wrong)
    with locked(workspace.warehouse / LOCK, WAIT):
        before = opened(workspace.folder).settings
        must_stand(
            seen,
            before,
            settings,
            noun="settings",
            key=FILE,
            zone=before.timezone,
        )
        if settings == before:
            return
        if settings.currency != before.currency:
            _refuse_currency(workspace, settings.currency)
        _write(workspace, settings)
        note(actor, "set", "settings", FILE, at=at, before=before, after=settings)


def _refuse_currency(workspace: Workspace, wanted: str) -> None:
    found = settled(workspace)
    if found.holds_currency:
        raise BadSettingsError(
            (
                Refusal(
                    _RENAMED,
                    name="currency",
                    currency=workspace.settings.currency,
                    wanted=wanted,
                    objectives=found.in_money,
                    plans=found.plans,
                ),
            )
        )


def go_to(step: str, *, actor: Actor, at: datetime.datetime) -> None:
    """Remember the step to take up again; "" ends the first run.

    Raises:
        ForbiddenError: If the actor may not change settings.
    """
    authorise(actor, Act.CHANGE_SETTINGS)
    ended = None if step else at
    found = FirstRun.objects.order_by("-pk").first()
    if found is None:
        FirstRun.objects.create(pk=ONLY, step=step, started_at=at, ended_at=ended)
    else:
        FirstRun.objects.filter(pk=found.pk).update(step=step, ended_at=ended)


def _write(workspace: Workspace, settings: Settings) -> None:
    workspace.folder.mkdir(parents=True, exist_ok=True)
    for place in (workspace.warehouse, workspace.inbox, workspace.mappings):
        place.mkdir(exist_ok=True)
    write_settings(workspace.folder / "jalon.toml", replace(settings))
