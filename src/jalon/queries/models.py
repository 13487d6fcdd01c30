"""The models a company can start from: the ten, then its own (`models/*.toml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jalon.domain.kpis.catalogue import Catalogue
from jalon.domain.objectives.models import Model, models
from jalon.domain.objectives.own_models import ModelFileError, read_own
from jalon.domain.refusals import Refusal
from jalon.queries import kpi_values
from jalon.workspace.folder import Workspace


@dataclass(frozen=True, slots=True)
class Own:
    """The company's own models, and what is wrong with the files that are none."""

    models: tuple[Model, ...] = ()
    broken: tuple[ModelFileError, ...] = ()


_own: dict[str, tuple[tuple[tuple[str, int], ...], Own]] = {}


class UnknownModelError(Refusal, LookupError):
    """No model has this key."""


def models_of(workspace: Workspace) -> tuple[Model, ...]:
    """Return the ten models and the company's own, in their order.

    A file that is no model is left out; `own_models` says which and why.
    """
    return (*models(), *own_models(workspace).models)


def own_models(workspace: Workspace) -> Own:
    """Return the company's own models and the files that cannot be read."""
    files = sorted(workspace.models.glob("*.toml"))
    stamp = tuple((file.name, file.stat().st_mtime_ns) for file in files)
    kept = _own.get(str(workspace.models))
    if kept is None or kept[0] != stamp:
        texts = {file.stem: file.read_text("utf-8", "replace") for file in files}
        kept = (stamp, _read(texts, kpi_values.catalogue(workspace)))
        _own[str(workspace.models)] = kept
    return kept[1]


def _read(texts: Mapping[str, str], kpis: Catalogue) -> Own:
    good, broken = {}, []
    for key, text in texts.items():
        try:
            read_own({key: text}, kpis=kpis)
            good[key] = text
        except ModelFileError as error:
            broken.append(error)
    return Own(read_own(good, kpis=kpis), tuple(broken))


def model_named(workspace: Workspace, wanted: str) -> Model:
    """Return the model of that key or number.

    Raises:
        UnknownModelError: If there is none.
        ModelFileError: If the company's file of that key is no model.
    """
    for error in own_models(workspace).broken:
        if error.parameters["key"] == wanted:
            raise error
    known = models_of(workspace)
    for model in known:
        if wanted in {model.key, str(model.number)}:
            return model
    message = "No model is called {key}. Expected one of: {known}."
    keys = ", ".join(model.key for model in known)
    raise UnknownModelError(message, key=wanted, known=keys)
