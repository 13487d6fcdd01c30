"""Erase somebody's personal data: a pseudonym everywhere, every figure as it was.

Their name, e-mails and key go from the records, the audit, each generation of the facts
and the mails kept as files; their points and notes are removed, their account closed
for ever. What is left to do by hand (files given once, the CRM itself) is told.
It can be asked again: what was done stays done.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from django.core.cache import cache
from django.db import transaction

from jalon.domain.people.erasing import Told, digest_of, pseudonym_of
from jalon.domain.people.permission import Act
from jalon.domain.people.roles import Role
from jalon.domain.refusals import Refusal
from jalon.records import erasing as records
from jalon.records import evaluation_rows, objective_rows
from jalon.records.accounts import User
from jalon.records.erasures import Erasure
from jalon.usecases.acting import Actor, authorise, note
from jalon.warehouse import erasing as facts
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace

KEPT_FILES = ("uploads", "inbox", "mappings", "reports")
_READ_MOST = 50_000_000


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done: pseudonym, rows reworded, generations, files left to look at."""

    pseudonym: str
    rows: int
    generations: int
    mails: int
    files: tuple[str, ...] = ()


def erase_person(
    workspace: Workspace, person_id: str, *, actor: Actor, at: datetime.datetime
) -> Erased:
    """Erase somebody and return what was done.

    Raises:
        ForbiddenError: If the actor may not.
        Refusal: If there is nobody of this key, or they are the last director.
    """
    authorise(actor, Act.ERASE)
    generations = Generations(workspace.warehouse, workspace.settings.keep_generations)
    register = facts.register(workspace.warehouse)
    told = _told(generations, person_id, register.secret)
    _refuse_unknown(told, actor)
    known = (told.key, *told.emails)
    digests = [digest_of(one.lower(), register.secret) for one in known if one]
    facts.registered(workspace.warehouse, register, told, digests)
    with transaction.atomic():
        records.remove_what_they_said(told)
        records.close_accounts(told)
        before = _definitions(f"person:{told.key}")
        rows = records.replace_everywhere(told)
        evaluation_rows.renamed(before, _definitions(f"person:{told.pseudonym}"))
        Erasure.objects.update_or_create(
            pseudonym=told.pseudonym,
            defaults={"digests": digests, "at": at, "by": actor.name},
        )
        note(actor, "erase", "person", told.pseudonym, at=at, rows=rows)
    cache.clear()
    rewritten = 0
    if generations.current():
        moment = at.replace(tzinfo=None)
        generations.publish(lambda connection: facts.erase(connection, told), at=moment)
        rewritten = len(generations.rewrite(lambda each: facts.erase(each, told))) + 1
    mails = _mails_removed(workspace.folder / "mails", told)
    return Erased(told.pseudonym, rows, rewritten, mails, _left(workspace, told))


def _definitions(owner: str) -> dict[str, str]:
    """Return what names the definition of each objective of an owner."""
    found = objective_rows.load().values()
    return {
        one.id: evaluation_rows.fingerprint(one) for one in found if one.owner == owner
    }


def _told(generations: Generations, person_id: str, secret: str) -> Told:
    readers = [generations.reader(name) for name in generations.names()]
    found = facts.traces(readers, person_id)
    for reader in readers:
        reader.close()
    users = list(User.objects.filter(person_id=person_id))
    names = {*found.names, *(user.name for user in users if " " in user.name)}
    return Told(
        key=person_id,
        pseudonym=pseudonym_of(person_id, secret),
        names=tuple(sorted(names - {person_id})),
        emails=tuple(sorted({*found.emails, *(user.email for user in users)})),
        key_is_plain=found.key_is_plain,
        has_namesake=found.has_namesake,
    )


def _refuse_unknown(told: Told, actor: Actor) -> None:
    users = User.objects.filter(person_id=told.key)
    if not told.names and not told.emails and not users.exists():
        raise Refusal(
            "There is nobody called {name}. Expected somebody of the list.",
            name=told.key,
        )
    if actor.name in told.emails:
        raise Refusal("Nobody erases themselves. Ask another director.")
    directors = User.objects.filter(role=Role.DIRECTOR.value, is_active=True)
    if (
        users.filter(pk__in=directors.values("pk")).exists()
        and not directors.exclude(person_id=told.key).exists()
    ):
        raise Refusal(
            "This is the only director. Give the role to somebody else first."
        )


def _mails_removed(folder: Path, told: Told) -> int:
    """Remove the mails kept as files that name them."""
    found = [path for path in _files(folder) if _names(path, told)]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _left(workspace: Workspace, told: Told) -> tuple[str, ...]:
    """Return the files of the workspace that still name them."""
    return tuple(
        str(path.relative_to(workspace.folder))
        for name in KEPT_FILES
        for path in _files(workspace.folder / name)
        if _names(path, told)
    )


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _names(path: Path, told: Told) -> bool:
    if path.stat().st_size > _READ_MOST:
        return True  # too large to be sure: somebody looks
    text = path.read_bytes().decode("utf-8", "replace").lower()
    return any(one.lower() in text for one in (*told.names, *told.emails))
