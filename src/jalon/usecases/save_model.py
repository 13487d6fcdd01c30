"""Save, change and remove the company's own models, one TOML file each.

The file is written aside and put in place by one replacement; the audit line names the
model and keeps its former and new text.
"""

from __future__ import annotations

import datetime
import os
from pathlib import Path

from jalon.domain.objectives.faults import Fault
from jalon.domain.objectives.models import models
from jalon.domain.objectives.own_models import Draft, faults, key_of, text_of
from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.queries import kpi_values
from jalon.usecases.acting import Actor, authorise, note
from jalon.workspace.folder import Workspace


class UnableToSaveModelError(Refusal):
    """The model cannot be saved or removed; `faults` are those of its fields."""

    def __init__(
        self, sentence: str, /, *, faults: tuple[Fault, ...] = (), **parameters: object
    ) -> None:
        super().__init__(sentence, **parameters)
        self.faults = faults


def save_model(
    workspace: Workspace,
    draft: Draft,
    *,
    actor: Actor,
    at: datetime.datetime,
    key: str = "",
) -> str:
    """Write a model and return its key; a new one's key comes from its label.

    Raises:
        ForbiddenError: If the actor may not.
        UnableToSaveModelError: If a field is wrong, or the name is taken.
    """
    authorise(actor, Act.SAVE_MODEL)
    found = faults(draft, kpis=kpi_values.catalogue(workspace))
    if found:
        message = "This is no model of an objective yet: {fields}."
        fields = ", ".join(dict.fromkeys(fault.field for fault in found))
        raise UnableToSaveModelError(message, faults=tuple(found), fields=fields)
    name = key or key_of(draft.label)
    path = _path(workspace, name)
    if not key and (path.exists() or name in {model.key for model in models()}):
        message = (
            "There is a model called {label} already. Expected another name, "
            "e.g. {example}."
        )
        raise UnableToSaveModelError(
            message, label=draft.label, example=f"{draft.label} 2"
        )
    if key:
        _own(workspace, key)
    former = path.read_text("utf-8") if path.exists() else None
    text = text_of(draft)
    note(actor, "save", "model", name, at=at, before=former, after=text)
    _write(path, text)
    return name


def remove_model(
    workspace: Workspace, key: str, *, actor: Actor, at: datetime.datetime
) -> None:
    """Remove one of the company's own models; objectives made from it stay.

    Raises:
        ForbiddenError: If the actor may not.
        UnableToSaveModelError: If it is none of the company's own.
    """
    authorise(actor, Act.SAVE_MODEL)
    path = _own(workspace, key)
    note(actor, "remove", "model", key, at=at, before=path.read_text("utf-8"))
    path.unlink()


def _path(workspace: Workspace, key: str) -> Path:
    return workspace.models / f"{key}.toml"


def _own(workspace: Workspace, key: str) -> Path:
    """Return the file of an own model; the ten models are nobody's to change."""
    path = _path(workspace, key_of(key))
    if key_of(key) != key or not path.exists():
        message = (
            "{key} is none of the company's own models. "
            "Expected a key of jalon models that is its own."
        )
        raise UnableToSaveModelError(message, key=key)
    return path


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".toml.new")
    aside.write_text(text, "utf-8")
    os.replace(aside, path)  # noqa: PTH105 - the one atomic step
