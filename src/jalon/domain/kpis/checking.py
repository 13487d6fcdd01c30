"""Every fault of a KPI file at once, one line each, for whoever writes one.

`kpi_of` stops at the first fault. Here each part of the file is tried alone on a sound
base, so that one bad part hides no other.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from jalon.domain.kpis.algebra import Kpi
from jalon.domain.kpis.catalogue import Catalogue, read_kpi
from jalon.domain.kpis.expression import names
from jalon.domain.kpis.flattening import flattened
from jalon.domain.kpis.reading import KpiFileError, kpi_of
from jalon.domain.refusals import Refusal

KEY = re.compile(r"[a-z][a-z0-9_]{1,59}")
_TEXT = {"fr": "…", "en": "…"}
_BASE: dict[str, Any] = {
    "kind": "sum",
    "unit": "count",
    "better": "up",
    "label": _TEXT,
    "question": _TEXT,
    "reference": "…",
    "formula": "1",
}


class KpiKeyError(Refusal, ValueError):
    """The key of a KPI cannot be used as one."""


def faults(key: str, text: str, known: Catalogue) -> tuple[Refusal, ...]:
    """Return what is wrong with a KPI file, none where it can join the catalogue."""
    found: list[Refusal] = list(_of_key(key))
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        try:
            read_kpi(key, text, own=True)
        except KpiFileError as error:
            found.append(error)
        return tuple(found)
    found += _of_parts(key, read)
    if not found:
        found += _together(key, text, known)
    return tuple(found)


def _of_key(key: str) -> Iterator[Refusal]:
    if not KEY.fullmatch(key):
        yield KpiKeyError(
            'The key "{key}" cannot be used. Expected small letters, digits and _, '
            "beginning with a letter, e.g. {example}.",
            key=key,
            example="visites_salon",
        )


def _of_parts(key: str, read: Mapping[str, Any]) -> Iterator[Refusal]:
    parts: list[dict[str, Any]] = [
        {name: value} for name, value in read.items() if name != "components"
    ]
    for part in parts:
        yield from _fault(key, _BASE | part)
    for name in _BASE:
        if name not in read:
            yield from _fault(key, {k: v for k, v in _BASE.items() if k != name})
    components = read.get("components", {})
    sound: dict[str, Any] = {}
    for name, component in components.items() if _is_table(components) else ():
        tried = sound | {name: component}
        told = list(_fault(key, {**_BASE, "components": tried}))
        yield from told
        if not told:
            sound = tried


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping)


def _fault(key: str, tried: Mapping[str, Any]) -> Iterator[Refusal]:
    try:
        kpi_of(key, tried, own=True)
    except KpiFileError as error:
        yield error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        yield KpiFileError(key, "a part has not the shape expected: {why}.", why=error)


def _together(key: str, text: str, known: Catalogue) -> Iterator[Refusal]:
    """Yield the fault of a formula that names nothing, or itself in a circle."""
    try:
        joined = known.with_own({key: text})
    except KpiFileError as error:
        yield error
        return
    try:
        for kpi in joined.values():
            if kpi.own:
                flattened(kpi, joined, basis="deals")
    except RecursionError:
        message = "the formula names itself, or a KPI made of it."
        yield KpiFileError(key, message)


def users_of(key: str, known: Catalogue) -> tuple[Kpi, ...]:
    """Return the KPIs whose formula names a KPI."""
    return tuple(kpi for kpi in known.values() if kpi.key != key and key in _named(kpi))


def _named(kpi: Kpi) -> set[str]:
    formulas = (kpi.formula, *kpi.beside.values())
    return {name for formula in formulas for name in names(formula)}
