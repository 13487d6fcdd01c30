"""Define, change and remove the company's own KPIs: `kpis/*.toml` of the workspace.

A file is written whole and put in place at once, together with its line in the audit,
which keeps each version's text. A KPI in use is never removed.
"""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from pathlib import Path

from django.db import transaction

from jalon.domain.kpis.algebra import Kpi
from jalon.domain.kpis.catalogue import Catalogue, delivered
from jalon.domain.kpis.checking import faults, users_of
from jalon.domain.kpis.question import AnswerRow, Question
from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.queries import kpi_values
from jalon.records import objective_rows
from jalon.usecases.acting import Actor, authorise, note
from jalon.workspace.folder import Workspace

NOUN = "kpi"
NAMED_MOST = 5


class UnableToDefineError(Refusal, ValueError):
    """A KPI cannot be written or removed: every reason, one line each."""

    def __init__(self, found: tuple[Refusal, ...]) -> None:
        first, *_others = found
        super().__init__(first.sentence, **first.parameters)
        self.faults = found


@dataclass(frozen=True, slots=True)
class Draft:
    """A KPI being written; `former` is the digest of the text it was made from."""

    key: str
    text: str
    former: str = ""


def digest(text: str) -> str:
    """Return sixteen letters that change with the text."""
    return blake2b(text.encode(), digest_size=8).hexdigest() if text else ""


def own_text(workspace: Workspace, key: str) -> str:
    """Return the text of an own KPI's file, "" where there is none."""
    path = _path(workspace, key)
    return path.read_text("utf-8", "replace") if path.is_file() else ""


def faults_of(workspace: Workspace, draft: Draft) -> tuple[Refusal, ...]:
    """Return what keeps the draft from being written, none where nothing does."""
    found = faults(draft.key, draft.text, _others(workspace, draft.key))
    if draft.key in delivered():
        taken = (
            '"{key}" is a KPI that comes with Jalon. Choose another key, e.g. {new}.'
        )
        found += (Refusal(taken, key=draft.key, new=f"{draft.key}_interne"),)
    if digest(own_text(workspace, draft.key)) != draft.former:
        moved = (
            '"{key}" was changed by somebody else meanwhile. Open it again to start '
            "from their version."
            if draft.former
            else 'An own KPI is called "{key}" already. Change that one, or choose '
            "another key."
        )
        found += (Refusal(moved, key=draft.key),)
    return found


def tried(workspace: Workspace, draft: Draft, *, on: date) -> AnswerRow:
    """Return what the draft is worth on today's data; writes nothing.

    Raises:
        UnableToDefineError: If the draft has faults.
        Refusal: If the data cannot answer it.
    """
    if found := faults(draft.key, draft.text, _others(workspace, draft.key)):
        raise UnableToDefineError(found)
    known = _others(workspace, draft.key).with_own({draft.key: draft.text})
    period = kpi_values.running_period(workspace, on=on)
    question = Question(draft.key, period)
    (row,) = kpi_values.value(workspace, question, on=on, known=known).rows
    return row


def define_kpi(
    workspace: Workspace, draft: Draft, *, actor: Actor, at: datetime.datetime
) -> Kpi:
    """Write an own KPI, new or changed, and return it.

    Raises:
        ForbiddenError: If the actor may not.
        UnableToDefineError: If it has faults, or changed meanwhile.
    """
    authorise(actor, Act.DEFINE_KPI)
    if found := faults_of(workspace, draft):
        raise UnableToDefineError(found)
    former = own_text(workspace, draft.key)
    if former != draft.text:
        with transaction.atomic():
            note(
                actor,
                "change" if former else "define",
                NOUN,
                draft.key,
                at=at,
                before=former or None,
                after=draft.text,
            )
            _write(_path(workspace, draft.key), draft.text)
    return kpi_values.catalogue(workspace)[draft.key]


def remove_kpi(
    workspace: Workspace, key: str, *, actor: Actor, at: datetime.datetime
) -> None:
    """Remove an own KPI that nothing uses.

    Raises:
        ForbiddenError: If the actor may not.
        UnableToDefineError: If objectives or other KPIs use it, or there is none.
    """
    authorise(actor, Act.DEFINE_KPI)
    text = own_text(workspace, key)
    if not text:
        missing = 'No own KPI is called "{key}".'
        raise UnableToDefineError((Refusal(missing, key=key),))
    if found := _uses(workspace, key):
        raise UnableToDefineError(found)
    with transaction.atomic():
        note(actor, "remove", NOUN, key, at=at, before=text)
        _path(workspace, key).unlink()


def _uses(workspace: Workspace, key: str) -> tuple[Refusal, ...]:
    found: list[Refusal] = []
    if objectives := objective_rows.ids_on(key):
        message = (
            '"{key}" cannot be removed: {count} objectives are measured by it '
            "({names}). Give them another KPI or abandon them first."
        )
        names = ", ".join(objectives[:NAMED_MOST])
        found.append(Refusal(message, key=key, count=len(objectives), names=names))
    if users := users_of(key, kpi_values.catalogue(workspace)):
        message = '"{key}" cannot be removed: the formula of {names} uses it.'
        names = ", ".join(kpi.key for kpi in users[:NAMED_MOST])
        found.append(Refusal(message, key=key, names=names))
    return tuple(found)


def _others(workspace: Workspace, key: str) -> Catalogue:
    """Return the catalogue without the own KPI of that key."""
    texts = {
        file.stem: file.read_text("utf-8", "replace")
        for file in sorted(workspace.kpis.glob("*.toml"))
        if file.stem != key
    }
    return delivered().with_own(texts)


def _path(workspace: Workspace, key: str) -> Path:
    safe = "".join(letter for letter in key if letter.isalnum() or letter == "_")
    return workspace.kpis / f"{safe}.toml"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}.part")
    aside.write_text(text, "utf-8")
    with aside.open("rb") as file:
        os.fsync(file.fileno())
    aside.replace(path)
