"""The models a company can start from: the ten, then its own (`models/*.toml`)."""

from __future__ import annotations

from jalon.domain.objectives.models import Model, models
from jalon.domain.objectives.own_models import read_own
from jalon.domain.refusals import Refusal
from jalon.queries import kpi_values
from jalon.workspace.folder import Workspace

_own: dict[str, tuple[tuple[tuple[str, int], ...], tuple[Model, ...]]] = {}


class UnknownModelError(Refusal, LookupError):
    """No model has this key."""


def models_of(workspace: Workspace) -> tuple[Model, ...]:
    """Return the ten models and the company's own, in their order.

    Raises:
        ModelFileError: If one of the company's files is no model.
    """
    return (*models(), *own_models(workspace))


def own_models(workspace: Workspace) -> tuple[Model, ...]:
    """Return the company's own models.

    Raises:
        ModelFileError: If one of the company's files is no model.
    """
    files = sorted(workspace.models.glob("*.toml"))
    stamp = tuple((file.name, file.stat().st_mtime_ns) for file in files)
    kept = _own.get(str(workspace.models))
    if kept is None or kept[0] != stamp:
        texts = {file.stem: file.read_text("utf-8", "replace") for file in files}
        kept = (stamp, read_own(texts, kpis=kpi_values.catalogue(workspace)))
        _own[str(workspace.models)] = kept
    return kept[1]


def model_named(workspace: Workspace, wanted: str) -> Model:
    """Return the model of that key or number.

    Raises:
        UnknownModelError: If there is none.
        ModelFileError: If one of the company's files is no model.
    """
    known = models_of(workspace)
    for model in known:
        if wanted in {model.key, str(model.number)}:
            return model
    message = "No model is called {key}. Expected one of: {known}."
    keys = ", ".join(model.key for model in known)
    raise UnknownModelError(message, key=wanted, known=keys)
