"""A company's own models: what a file or a form may say, its faults, and its text.

The file is the one of the ten models (`models/*.toml`). `key` is the file's name; texts
given once are the same in both languages.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jalon.domain.kpis.conditions import ConditionError, condition
from jalon.domain.objectives.change import (
    AmbiguousChangeError,
    UnreadableChangeError,
    read_change,
)
from jalon.domain.objectives.faults import Fault
from jalon.domain.objectives.models import Model, model_of
from jalon.domain.objectives.objective import Measured, is_rate
from jalon.domain.refusals import Refusal

PERIODS = ("month", "quarter", "half", "year")
HORIZONS = {"month": "short", "quarter": "short", "half": "medium", "year": "medium"}
STAGES = ("prospecting", "closing", "retention", "collective")
NATURES = ("quantitative", "qualitative")
CADENCES = ("weekly", "monthly", "quarterly")
BASELINES = ("", "N-1", "previous")
TEXTS = ("label", "statement")
LISTS = ("actions", "levers", "questions")
LANGUAGES = ("fr", "en")
KEY = re.compile(r"[^a-z0-9]+")
FIRST_OWN = 11


class ModelFileError(Refusal):
    """A file of the company's models is no model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a form says of a model; one language, lists one text a line."""

    label: str
    statement: str
    kpi: str
    direction: str
    target: str = ""
    change: str = ""
    baseline: str = ""
    period: str = "quarter"
    where: tuple[str, ...] = ()
    nature: str = "quantitative"
    stages: tuple[str, ...] = ("closing",)
    kpis: tuple[str, ...] = ()
    breakdowns: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    cadence: str = "weekly"
    actions: tuple[str, ...] = ()
    levers: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    per: str = ""


def key_of(label: str) -> str:
    """Return the key of a label: plain letters joined by underscores."""
    apart = unicodedata.normalize("NFKD", label.casefold())
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return KEY.sub("_", plain).strip("_")[:60]


def faults(draft: Draft, *, kpis: Mapping[str, Measured]) -> list[Fault]:
    """Return everything wrong with a draft, nothing when it is a model."""
    found = [
        Fault(name, "fault.missing", example=example)
        for name, example in (("label", "Ouvrir l'Espagne"), ("statement", "…"))
        if not getattr(draft, name).strip()
    ]
    if draft.label.strip() and not key_of(draft.label):
        found.append(Fault("label", "fault.missing", draft.label, "Ouvrir l'Espagne"))
    if draft.kpi not in kpis:
        code = "fault.kpi" if draft.kpi else "fault.missing"
        found.append(Fault("kpi", code, draft.kpi, "revenue"))
    else:
        found += _target_faults(draft, kpis[draft.kpi])
    found += _choice_faults(draft)
    return found + _where_faults(draft)


def text_of(draft: Draft) -> str:
    """Return the file of a draft without faults."""
    kpis = list(dict.fromkeys((draft.kpi, *draft.kpis)))
    said: list[tuple[str, object]] = [
        ("kpi", draft.kpi),
        ("kpis", kpis),
        ("where", list(draft.where)),
        ("direction", draft.direction),
        ("baseline", draft.baseline),
        *([("target", draft.target)] if draft.target else []),
        *([("change", draft.change)] if draft.change else []),
        *([("per", draft.per)] if draft.per else []),
        ("period", draft.period),
        ("horizon", HORIZONS[draft.period]),
        ("nature", draft.nature),
        ("stages", list(draft.stages)),
        ("breakdowns", list(draft.breakdowns)),
        ("roles", list(draft.roles)),
        ("cadence", draft.cadence),
    ]
    for language in LANGUAGES:
        said += [(f"{name}.{language}", getattr(draft, name)) for name in TEXTS]
        said += [(f"{name}.{language}", list(getattr(draft, name))) for name in LISTS]
    return "".join(f"{name} = {_toml(value)}\n" for name, value in said)


def read_own(
    texts: Mapping[str, str], *, kpis: Mapping[str, Measured]
) -> tuple[Model, ...]:
    """Return the models of the company's files (key → text), numbered after the ten.

    Raises:
        ModelFileError: If one of the files is no model.
    """
    return tuple(
        _own(key, text, number=number, kpis=kpis)
        for number, (key, text) in enumerate(sorted(texts.items()), start=FIRST_OWN)
    )


def draft_of(model: Model, *, lang: str) -> Draft:
    """Return the draft that would give this model, to edit it or start another.

    A step from a figure of the model's own ("from 22 % to 28 %") becomes the same step
    from the period before.
    """
    own = model.baseline in BASELINES
    target = "" if model.target is None else f"{model.target:f}"
    return Draft(
        label=model.label[lang],
        statement=model.statement[lang],
        kpi=model.kpi,
        direction=model.direction,
        target=target if own or not model.change else "",
        change=model.change,
        baseline=model.baseline if own else "previous" if model.change else "",
        period=model.period,
        where=model.where,
        nature=model.nature,
        stages=model.stages,
        kpis=model.kpis,
        breakdowns=model.breakdowns,
        roles=model.roles,
        cadence=model.cadence,
        actions=model.actions[lang],
        levers=model.levers[lang],
        questions=model.questions[lang],
        per=model.per,
    )


def _own(key: str, text: str, *, number: int, kpis: Mapping[str, Measured]) -> Model:
    try:
        said = tomllib.loads(text, parse_float=Decimal)
        model = model_of(key, {**_defaults(said), **said, "number": number}, own=True)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ArithmeticError) as error:
        message = (
            "models/{key}.toml is no model of an objective: {why}. "
            "Expected the fields of jalon models revenue_growth --json."
        )
        raise ModelFileError(message, key=key, why=str(error)) from error
    found = faults(draft_of(model, lang="fr"), kpis=kpis)
    if found:
        message = (
            "models/{key}.toml is no model of an objective: {field} = {found}. "
            "Expected e.g. {example}."
        )
        first = found[0]
        raise ModelFileError(
            message,
            key=key,
            field=first.field,
            found=first.found or '""',
            example=first.example,
        )
    return model


def _defaults(said: Mapping[str, Any]) -> dict[str, object]:
    empty: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    period = said.get("period", "quarter")
    return {
        "kpis": [said["kpi"]],
        "where": [],
        "baseline": "",
        "period": period,
        "horizon": HORIZONS.get(period, "short"),
        "nature": "quantitative",
        "stages": ["closing"],
        "breakdowns": [],
        "roles": [],
        "cadence": "weekly",
        **dict.fromkeys(LISTS, empty),
    }


def _target_faults(draft: Draft, kpi: Measured) -> list[Fault]:
    found = []
    if not draft.target and not draft.change:
        found.append(Fault("target", "fault.target_missing", example="15"))
    if draft.target and not re.fullmatch(r"-?\d+(\.\d+)?", draft.target):
        found.append(Fault("target", "fault.number", draft.target, "15"))
    if draft.change:
        found += _change_faults(draft, kpi)
    return found


def _change_faults(draft: Draft, kpi: Measured) -> list[Fault]:
    try:
        read_change(draft.change, rate=is_rate(kpi))
    except AmbiguousChangeError as error:
        points = f"{error.amount:+f} pt"
        relative = f"x{(1 + error.amount / 100).normalize():f}"
        details = {"points": points, "relative": relative}
        fault = Fault("change", "fault.percent_of_rate", draft.change, points, details)
        return [fault]
    except UnreadableChangeError:
        return [Fault("change", "fault.change", draft.change, '"+15 %", "+6 pt"')]
    if not draft.baseline:
        code = "fault.change_without_baseline"
        return [Fault("baseline", code, draft.change, '"N-1"')]
    return []


def _choice_faults(draft: Draft) -> list[Fault]:
    choices: tuple[tuple[str, Iterable[str], Sequence[str]], ...] = (
        ("direction", [draft.direction], ("up", "down")),
        ("period", [draft.period], PERIODS),
        ("nature", [draft.nature], NATURES),
        ("cadence", [draft.cadence], CADENCES),
        ("baseline", [draft.baseline], BASELINES),
        ("stages", draft.stages, STAGES),
    )
    return [
        Fault(name, "fault.choice", written, ", ".join(known))
        for name, values, known in choices
        for written in values
        if written not in known
    ]


def _where_faults(draft: Draft) -> list[Fault]:
    found = []
    for written in draft.where:
        try:
            condition(written)
        except ConditionError:
            found.append(Fault("where", "fault.filter", written, "segment=PME"))
    return found


def _toml(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    escaped = "".join(_escaped(sign) for sign in str(value))
    return f'"{escaped}"'


def _escaped(sign: str) -> str:
    if sign in '"\\':
        return f"\\{sign}"
    return f"\\u{ord(sign):04X}" if ord(sign) < ord(" ") or sign == "\x7f" else sign
