"""Connect a source, check it, say what its stages are, when it is read; disconnect it.

Secrets are sealed before they are stored and are in no line of the audit.
"""

from __future__ import annotations

import datetime
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from django.db import transaction

from jalon.connectors.contract import (
    STAGE_ROLES,
    Account,
    Checked,
    Choices,
    Source,
)
from jalon.connectors.shelf import source_of
from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.records.sources import ConnectedSource
from jalon.usecases.acting import Actor, authorise, note
from jalon.usecases.refresh import account_of, place_of
from jalon.workspace import worker
from jalon.workspace.folder import Workspace
from jalon.workspace.vault import sealed, unsealed

LEAST_MINUTES, MOST_MINUTES = 5, 7 * 24 * 60
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


class UnableToConnectError(Refusal):
    """What was given does not make a source: why, and what does."""


class UnknownSourceError(Refusal):
    """No source has that name."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a person gives to connect a source; settings hold the secrets too."""

    kind: str
    name: str
    settings: Mapping[str, str] = field(repr=False)


def named(name: str) -> ConnectedSource:
    """Return the source of a name.

    Raises:
        UnknownSourceError: If there is none; it names those there are.
    """
    found = ConnectedSource.objects.filter(name=name).first()
    if found is None:
        names = ConnectedSource.objects.order_by("name").values_list("name", flat=True)
        raise UnknownSourceError(
            "There is no source {name}. Expected one of: {names}.",
            name=name,
            names=", ".join(names) or "–",
        )
    return found


def connect(
    workspace: Workspace, given: Given, *, actor: Actor, at: datetime.datetime
) -> Checked:
    """Check a source with what was given, and keep it if it can be used.

    Giving one of a name that is there changes its settings; a secret left empty stays.

    Raises:
        ForbiddenError: If the actor may not connect sources.
        UnableToConnectError: If a setting is missing, or the name cannot be one.
        SourceError: If the source does not answer; nothing is kept.
    """
    authorise(actor, Act.CONNECT)
    source = source_of(given.kind)
    if not _NAME.fullmatch(given.name):
        raise UnableToConnectError(
            "{name} is no name for a source. Expected small letters, digits and "
            "hyphens, e.g. crm.",
            name=given.name or "–",
        )
    former = ConnectedSource.objects.filter(name=given.name).first()
    plain, hidden = _sorted_out(workspace, source, given, former)
    checked = source.check(_account(workspace, given.name, plain | hidden), at=at)
    if checked.usable:
        _keep(workspace, given, plain, hidden, checked, actor=actor, at=at)
    return checked


def check(
    workspace: Workspace, name: str, *, actor: Actor, at: datetime.datetime
) -> Checked:
    """Ask a source again what its key sees, and keep the answer.

    Raises:
        ForbiddenError: If the actor may not connect sources.
        SourceError: If the source does not answer.
    """
    authorise(actor, Act.CONNECT)
    record = named(name)
    source, account = source_of(record.kind), account_of(workspace, record)
    checked = source.check(account, at=at)
    record.checked, record.checked_at = document(checked, source, account), at
    with transaction.atomic():
        record.save(update_fields=["checked", "checked_at"])
        note(actor, "check", "source", name, at=at, after=checked.usable)
    return checked


def choose(
    name: str,
    *,
    stages: Mapping[str, str],
    fields: Mapping[str, str],
    actor: Actor,
    at: datetime.datetime,
) -> None:
    """Say what each stage is and which field fills what; the next run reads it all.

    Raises:
        ForbiddenError: If the actor may not connect sources.
        UnableToConnectError: If a stage is given a role that does not exist.
    """
    authorise(actor, Act.CONNECT)
    unknown = sorted({role for role in stages.values() if role not in STAGE_ROLES})
    if unknown:
        raise UnableToConnectError(
            "{role} is no role of a stage. Expected one of: {roles}.",
            role=unknown[0],
            roles=", ".join(STAGE_ROLES),
        )
    with transaction.atomic():
        record = ConnectedSource.objects.select_for_update().get(name=named(name).name)
        before = {"stages": record.stages, "fields": record.fields}
        after = {"stages": dict(stages), "fields": dict(fields)}
        if before == after:
            return
        record.stages, record.fields = after["stages"], after["fields"]
        record.state = {}  # a row is translated as it is read: all are read again
        record.save(update_fields=["stages", "fields", "state"])
        note(actor, "map", "source", name, at=at, before=before, after=after)


def schedule(name: str, every: int, *, actor: Actor, at: datetime.datetime) -> None:
    """Read a source every so many minutes; 0 only by hand.

    Raises:
        ForbiddenError: If the actor may not connect sources.
        UnableToConnectError: If the pace is out of bounds.
    """
    authorise(actor, Act.CONNECT)
    if every and not LEAST_MINUTES <= every <= MOST_MINUTES:
        raise UnableToConnectError(
            "Every {every} minutes cannot be. Expected from {least} to {most} minutes, "
            "or 0 for by hand.",
            every=every,
            least=LEAST_MINUTES,
            most=MOST_MINUTES,
        )
    with transaction.atomic():
        record = ConnectedSource.objects.select_for_update().get(name=named(name).name)
        before, record.every = record.every, every
        record.save(update_fields=["every"])
        note(actor, "schedule", "source", name, at=at, before=before, after=every)


def open_hook(name: str, *, actor: Actor, at: datetime.datetime) -> str:
    """Return a new secret word: whoever posts to its address asks for a refresh.

    Raises:
        ForbiddenError: If the actor may not connect sources.
    """
    authorise(actor, Act.CONNECT)
    word = secrets.token_urlsafe(32)
    with transaction.atomic():
        record = ConnectedSource.objects.select_for_update().get(name=named(name).name)
        record.hook = word
        record.save(update_fields=["hook"])
        note(actor, "open_hook", "source", name, at=at)
    return word


def disconnect(
    workspace: Workspace, name: str, *, actor: Actor, at: datetime.datetime
) -> None:
    """Forget a source, its secrets and its runs; the facts it brought stay.

    Raises:
        ForbiddenError: If the actor may not connect sources.
        UnableToConnectError: If it is being read now.
    """
    authorise(actor, Act.CONNECT)
    record = named(name)
    place = place_of(workspace, name)
    if worker.is_held(place):
        raise UnableToConnectError(
            "{name} is being read. Wait for its end, then try again.", name=name
        )
    with transaction.atomic():
        record.delete()
        note(actor, "disconnect", "source", name, at=at, before=record.kind)
    shutil.rmtree(place, ignore_errors=True)


def document(checked: Checked, source: Source, account: Account) -> dict[str, object]:
    """Return what a check found as it is kept, and as JSON says it."""
    return {
        "usable": checked.usable,
        "version": checked.version,
        "timezone": checked.timezone,
        "currency": checked.currency,
        "counts": dict(checked.counts),
        "findings": [
            {
                "level": one.level.value,
                "sentence": one.sentence,
                "parameters": {
                    name: value if isinstance(value, int) else str(value)
                    for name, value in one.parameters.items()
                },
            }
            for one in checked.findings
        ],
        "stages": [asdict(one) for one in checked.stages],
        "fields": [asdict(one) for one in checked.fields],
        "links": dict(source.links(account)),
    }


def _account(workspace: Workspace, name: str, settings: Mapping[str, str]) -> Account:
    return Account(
        name=name,
        settings=settings,
        choices=Choices(),
        timezone=workspace.settings.timezone,
        currency=workspace.settings.currency,
    )


def _sorted_out(
    workspace: Workspace, source: Source, given: Given, former: ConnectedSource | None
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the plain settings and the secret ones, complete."""
    known = {one.name: one for one in source.settings}
    for name in given.settings:
        if name not in known:
            raise UnableToConnectError(
                "{title} has no setting {name}. Expected: {names}.",
                title=source.title,
                name=name,
                names=", ".join(known),
            )
    kept: dict[str, str] = {}
    if former is not None and former.kind == given.kind:
        kept = unsealed(workspace, former.secrets)
    plain, hidden = {}, {}
    for name, one in known.items():
        value = given.settings.get(name, "").strip()
        if one.secret:
            hidden[name] = value or kept.get(name, "")
        else:
            plain[name] = value
        if one.required and not (plain | hidden)[name]:
            raise UnableToConnectError(
                "{title} needs {name}. Expected e.g. {example}.",
                title=source.title,
                name=name,
                example=f"{name}={one.example or '…'}",
            )
    return plain, hidden


def _keep(  # noqa: PLR0913 - what is kept, and the line of the audit
    workspace: Workspace,
    given: Given,
    plain: dict[str, str],
    hidden: dict[str, str],
    checked: Checked,
    *,
    actor: Actor,
    at: datetime.datetime,
) -> None:
    source = source_of(given.kind)
    account = _account(workspace, given.name, plain)
    values = {
        "kind": given.kind,
        "settings": plain,
        "secrets": sealed(workspace, hidden) if any(hidden.values()) else "",
        "checked": document(checked, source, account),
        "checked_at": at,
    }
    with transaction.atomic():
        record = ConnectedSource.objects.filter(name=given.name).first()
        if record is None:
            stages = {one.key: one.suggested for one in checked.stages if one.suggested}
            record = ConnectedSource(
                name=given.name, made_at=at, made_by=actor.name, stages=stages
            )
        elif record.kind != given.kind or record.settings != plain:
            record.state = {}
        for name, value in values.items():
            setattr(record, name, value)
        record.save()
        note(
            actor,
            "connect",
            "source",
            given.name,
            at=at,
            after={"kind": given.kind, "settings": plain},
        )
