"""The ten model objectives, as data: one TOML file each, texts in French and English.

`target` is in the KPI's unit (a share as a fraction); `change` is what one writes of a
baseline ("+12 %", "+6 pt"); `guard` is a second KPI that must hold meanwhile.
`adapted` has two sentences a language, with a baseline and without, whose {where},
{change}, {baseline}, {target} and {end} are filled from the company's own data. A
company's own models are read by `own_models`; theirs have no such sentences.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

Texts = Mapping[str, str]  # by language
Lists = Mapping[str, tuple[str, ...]]  # by language


@dataclass(frozen=True, slots=True)
class Guard:
    """A second KPI and the value it must keep."""

    kpi: str
    target: Decimal


@dataclass(frozen=True, slots=True)
class Model:
    """One model objective: what it says, measures, asks and suggests.

    The three axes of the summary table are `nature`, `horizon` and `stages` (of the
    customer cycle: prospecting, closing, retention, collective).
    """

    key: str
    number: int
    label: Texts
    statement: Texts
    kpi: str
    kpis: tuple[str, ...]
    where: tuple[str, ...]
    direction: str
    baseline: str
    target: Decimal | None
    change: str
    period: str
    per: str
    horizon: str
    nature: str
    stages: tuple[str, ...]
    breakdowns: tuple[str, ...]
    roles: tuple[str, ...]
    cadence: str
    actions: Lists
    levers: Lists
    questions: Lists
    guard: Guard | None = field(default=None)
    adapted: Lists = field(default_factory=dict)
    own: bool = False


@cache
def models() -> tuple[Model, ...]:
    """Return the ten models, in their order."""
    found = [
        model_of(
            entry.name.removesuffix(".toml"), tomllib.loads(entry.read_text("utf-8"))
        )
        for entry in files(__name__).iterdir()
        if entry.name.endswith(".toml")
    ]
    return tuple(sorted(found, key=lambda model: model.number))


def model_of(key: str, said: Mapping[str, Any], *, own: bool = False) -> Model:
    """Return the model a file says, its key being the file's name."""
    guard = said.get("guard")
    return Model(
        key=key,
        number=said["number"],
        label=said["label"],
        statement=said["statement"],
        kpi=said["kpi"],
        kpis=tuple(said["kpis"]),
        where=tuple(said["where"]),
        direction=said["direction"],
        baseline=said["baseline"],
        target=Decimal(str(said["target"])) if "target" in said else None,
        change=said.get("change", ""),
        period=said["period"],
        per=said.get("per", ""),
        horizon=said["horizon"],
        nature=said["nature"],
        stages=tuple(said["stages"]),
        breakdowns=tuple(said["breakdowns"]),
        roles=tuple(said["roles"]),
        cadence=said["cadence"],
        actions=_lists(said["actions"]),
        levers=_lists(said["levers"]),
        questions=_lists(said["questions"]),
        guard=Guard(guard["kpi"], Decimal(guard["target"])) if guard else None,
        adapted=_lists(said.get("adapted", {})),
        own=own,
    )


def _lists(said: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {language: tuple(texts) for language, texts in said.items()}
