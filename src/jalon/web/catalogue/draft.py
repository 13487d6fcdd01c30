"""The form of an own KPI and its TOML: one written from the other, both ways.

The form says most KPIs; a file that says more (cohorts, stages, parameters…) is edited
as the file it is.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

TEXTS = ("label_fr", "label_en", "question_fr", "question_en")
MORE_TEXTS = ("excluded_fr", "excluded_en", "caution_fr", "caution_en")
PLAIN = ("kind", "unit", "better", "formula", "reference")
MEASURES = ("count", "sum", "distinct")
_COMPONENT = {"from", "dated", "where", *MEASURES}
_ENTRIES = {*PLAIN, "label", "question", "excluded", "caution", "components"}
COMPONENTS_MOST = 6


@dataclass(frozen=True, slots=True)
class Part:
    """One component in the form; `source` is `table.column`: what, dated by what."""

    name: str = ""
    source: str = ""
    measure: str = "count"
    of: str = ""
    where: str = ""

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was typed."""
        return not (self.name or self.source or self.of or self.where)


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed: the texts by field name, the components."""

    texts: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()

    def padded(self, more: int = 0) -> Form:
        """Return the form with an empty component or two to fill in."""
        kept = tuple(part for part in self.parts if not part.is_empty)
        wanted = min(COMPONENTS_MOST, max(2, len(self.parts) + more, len(kept)))
        return Form(self.texts, kept + (Part(),) * (wanted - len(kept)))


def posted(given: QueryDict) -> Form:
    """Return the form as it was sent; English falls back on French."""
    texts = {
        name: given.get(name, "").strip() for name in (*TEXTS, *MORE_TEXTS, *PLAIN)
    }
    for name in ("label", "question", "excluded", "caution"):
        texts[f"{name}_en"] = texts[f"{name}_en"] or texts[f"{name}_fr"]
    names = ("name", "source", "measure", "of", "where")
    columns = [given.getlist(f"part_{name}") for name in names]
    rows = zip(*columns, strict=False)
    parts = tuple(Part(*(text.strip() for text in row)) for row in rows)
    return Form(texts, parts[:COMPONENTS_MOST])


def toml_of(form: Form) -> str:
    """Return the KPI file of a form."""
    return "\n".join(_lines(form)) + "\n"


def _lines(form: Form) -> Iterator[str]:
    for name in PLAIN:
        if text := form.texts.get(name, ""):
            yield f"{name} = {_quoted(text)}"
    for name in (*TEXTS, *MORE_TEXTS):
        if text := form.texts.get(name, ""):
            table, _, language = name.rpartition("_")
            yield f"{table}.{language} = {_quoted(text)}"
    for part in form.parts:
        if not part.is_empty:
            yield ""
            yield from _component_lines(part)


def _component_lines(part: Part) -> Iterator[str]:
    table, _, column = part.source.partition(".")
    yield f"[components.{_key(part.name)}]"
    yield f"from = {_quoted(table)}"
    yield f"dated = {_quoted(column)}"
    where = [line.strip() for line in part.where.splitlines() if line.strip()]
    if where:
        yield f"where = [{', '.join(_quoted(text) for text in where)}]"
    if part.measure == "count" or part.measure not in MEASURES:
        yield "count = true"
    else:
        yield f"{part.measure} = {_quoted(part.of)}"


def _key(name: str) -> str:
    plain = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if plain and name else _quoted(name)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def form_of(text: str) -> Form | None:
    """Return the form that says a file, None where it says more than the form can."""
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    components = read.get("components", {})
    if set(read) - _ENTRIES or not all(map(_simple, components.values())):
        return None
    texts = {name: str(read.get(name, "")) for name in PLAIN}
    for name in (*TEXTS, *MORE_TEXTS):
        table, _, language = name.rpartition("_")
        told = read.get(table, {})
        texts[name] = str(told.get(language, "")) if isinstance(told, dict) else ""
    return Form(texts, tuple(_part(name, one) for name, one in components.items()))


def _simple(component: Any) -> bool:  # noqa: ANN401 - whatever a file holds
    return (
        isinstance(component, dict)
        and set(component) <= _COMPONENT
        and len(set(component) & set(MEASURES)) == 1
    )


def _part(name: str, told: Mapping[str, Any]) -> Part:
    measure = next(one for one in MEASURES if one in told)
    return Part(
        name=name,
        source=f"{told.get('from', '')}.{told.get('dated', '')}",
        measure=measure,
        of="" if measure == "count" else str(told[measure]),
        where="\n".join(str(text) for text in told.get("where", ())),
    )
