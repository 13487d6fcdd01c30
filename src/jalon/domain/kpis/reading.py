"""One KPI file, read and checked: the TOML of `algebra` becomes a `Kpi`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jalon.domain.facts.tables import TABLES
from jalon.domain.kpis.algebra import (
    BASES,
    STAGE_ENTRIES,
    Cohort,
    Component,
    Having,
    Kind,
    Kpi,
    Measure,
    Source,
    Timing,
)
from jalon.domain.kpis.conditions import ConditionError, condition
from jalon.domain.kpis.expression import FormulaError, Node, parsed
from jalon.domain.quantities import Unit
from jalon.domain.refusals import Refusal

LANGUAGES = ("fr", "en")
_KPI_KEYS = {
    "kind", "unit", "better", "label", "question", "excluded", "reference", "formula",
    "minimum", "margin", "parameters", "beside", "example", "components", "basis",
    "caution", "key",
}  # fmt: skip
_COMPONENT_KEYS = {
    "from", "each", "dated", "where", "count", "sum", "distinct", "values", "ended",
    "live", "at", "every", "spread", "first_of", "idle_months", "having", "cohort",
    "same_as", "shift", "stages", "whole_of", "given", "forward", "or",
}  # fmt: skip
_MEASURES = ("count", "sum", "distinct", "values")
Table = Mapping[str, Any]


class KpiFileError(Refusal, ValueError):
    """A KPI file cannot be used: which file, what was found, what was expected."""

    def __init__(self, key: str, why: Refusal | str, /, **parameters: object) -> None:
        reason = why if isinstance(why, Refusal) else Refusal(why, **parameters)
        super().__init__("KPI file {file}.toml: {why}", file=key, why=reason)


def kpi_of(key: str, found: Table, *, own: bool = False) -> Kpi:
    """Return the KPI of a file already parsed as TOML.

    Raises:
        KpiFileError: If something is missing, unknown or contradictory.
    """
    try:
        return _kpi(key, found, own=own)
    except (FormulaError, ConditionError) as error:
        raise KpiFileError(key, error) from error


def _kpi(key: str, found: Table, *, own: bool) -> Kpi:
    _only(key, f"{key}.toml", found, _KPI_KEYS)
    formula = str(_needed(key, found, "formula", 'formula = "won / (won + lost)"'))
    shared = _components(key, found.get("components", {}), {})
    basis = found.get("basis", {})
    _only(key, "[basis]", basis, set(BASES))
    return Kpi(
        key=key,
        kind=Kind(_one_of(key, found, "kind", [kind.value for kind in Kind])),
        unit=Unit(_one_of(key, found, "unit", [unit.value for unit in Unit])),
        better=_one_of(key, found, "better", ["up", "down"]),
        label=_texts(key, found, "label"),
        question=_texts(key, found, "question"),
        formula=parsed(formula),
        formula_text=formula,
        reference=str(_needed(key, found, "reference", 'reference = "Company rule"')),
        components=shared,
        by_basis={name: _components(key, each, shared) for name, each in basis.items()},
        beside={name: parsed(text) for name, text in found.get("beside", {}).items()},
        parameters={k: str(v) for k, v in found.get("parameters", {}).items()},
        excluded=found.get("excluded", {}),
        caution=found.get("caution", {}),
        example=found.get("example", {}),
        minimum=int(found.get("minimum", 0)),
        margin=bool(found.get("margin", False)),
        own=own,
    )


def _components(
    key: str, found: Table, known: Mapping[str, Component]
) -> dict[str, Component]:
    """Read components in order: `same_as` and `whole_of` look at those above."""
    read: dict[str, Component] = {}
    for name, table in found.items():
        if not isinstance(table, Mapping):
            message = "component {name}: expected a table [...{name}]"
            raise KpiFileError(key, message, name=name)
        _only(key, f"[components.{name}]", table, _COMPONENT_KEYS)
        read[name] = _component(key, name, table, {**known, **read})
    return read


def _component(
    key: str, name: str, found: Table, known: Mapping[str, Component]
) -> Component:
    if "given" in found:
        return Component(name, given=str(found["given"]))
    for relation in ("same_as", "whole_of"):
        if relation in found:
            return _related(key, name, found, known, relation)
    measures = [measure for measure in _MEASURES if measure in found]
    if not measures and "having" in found:
        measures = ["count"]
    if len(measures) != 1:
        expected = "count = true, sum, distinct or values"
        message = "component {name}: expected one of {expected}."
        raise KpiFileError(key, message, name=name, expected=expected)
    measure = Measure(measures[0])
    return Component(
        name=name,
        measure=measure,
        of=None if measure is Measure.COUNT else parsed(str(found[measure])),
        source=_source(key, name, found),
        where=tuple(condition(text) for text in found.get("where", ())),
        ended=str(found.get("ended", "")),
        others=tuple(
            (
                _source(key, name, other),
                tuple(condition(text) for text in other.get("where", ())),
            )
            for other in found.get("or", ())
        ),
    )


def _related(
    key: str, name: str, found: Table, known: Mapping[str, Component], relation: str
) -> Component:
    model = known.get(str(found[relation]))
    if model is None or model.source is None:
        message = "component {name}: {relation} = {value} is not above it."
        value = repr(found[relation])
        raise KpiFileError(key, message, name=name, relation=relation, value=value)
    source = model.source
    values = {slot: getattr(source, slot) for slot in Source.__slots__}
    if relation == "whole_of":
        values["whole"] = True
    if "shift" in found:
        values["shift"] = _one_of(key, found, "shift", ["N-1", "previous"])
    if "at" in found:
        values["at"] = _one_of(key, found, "at", ["start", "end"])
    more = tuple(condition(text) for text in found.get("where", ()))
    return Component(
        name=name,
        measure=model.measure,
        of=model.of,
        source=Source(**values),
        where=model.where + more,
        ended=model.ended,
        others=model.others,
    )


def _source(key: str, name: str, found: Table) -> Source:
    table = str(found.get("from", ""))
    if table not in {*TABLES, STAGE_ENTRIES}:
        tables = ", ".join((*TABLES, STAGE_ENTRIES))
        message = "component {name}: from = {table} is no table. Expected: {tables}."
        raise KpiFileError(key, message, name=name, table=repr(table), tables=tables)
    timing, dates = _dates(key, name, found)
    cohort = found.get("cohort")
    return Source(
        table=table,
        timing=timing,
        dates=dates,
        each=str(found.get("each", "")),
        at=_one_of(key, {"at": "end", **found}, "at", ["start", "end"]),
        every=str(found.get("every", "")),
        first_of=str(found.get("first_of", "")),
        idle_months=int(found.get("idle_months", 0)),
        cohort=Cohort(str(cohort["by"]), parsed(str(cohort["value"])))
        if cohort
        else None,
        having=_having(key, name, found["having"]) if "having" in found else None,
        forward=bool(found.get("forward", False)),
        shift=str(found.get("shift", "")),
        stages=tuple(str(stage) for stage in found.get("stages", ())),
    )


def _dates(key: str, name: str, found: Table) -> tuple[Timing, tuple[Node, ...]]:
    if "dated" in found:
        return Timing.DATED, (parsed(str(found["dated"])),)
    timing = Timing.COHORT if "cohort" in found else Timing.LIVE
    if "spread" in found:
        timing = Timing.SPREAD
    pair = found.get("spread" if timing is Timing.SPREAD else "live")
    if not isinstance(pair, list) or len(pair) != 2:  # noqa: PLR2004 - first and after
        expected = 'dated = "…", live = ["first", "after"] or spread = [...]'
        message = "component {name}: expected {expected}."
        raise KpiFileError(key, message, name=name, expected=expected)
    return timing, tuple(parsed(str(text)) for text in pair)


def _having(key: str, name: str, found: Table) -> Having:
    measures = [measure for measure in ("sum", "distinct", "count") if measure in found]
    if "each" not in found or "at_least" not in found or len(measures) != 1:
        example = '{ each = "account_id", distinct = "order_id", at_least = 2 }'
        message = "component {name}: expected having = {example}."
        raise KpiFileError(key, message, name=name, example=example)
    measure = Measure(measures[0])
    text = "1" if measure is Measure.COUNT else str(found[measure])
    return Having(
        each=str(found["each"]),
        measure=measure,
        of=parsed(text),
        at_least=int(found["at_least"]),
        per=str(found.get("per", "")),
    )


def _only(key: str, where: str, found: Table, allowed: set[str]) -> None:
    unknown = sorted(set(found) - allowed)
    if unknown:
        names = ", ".join(sorted(allowed))
        message = "{words}: unknown in {where}. Expected among: {names}."
        words = ", ".join(unknown)
        raise KpiFileError(key, message, where=where, words=words, names=names)


def _needed(key: str, found: Table, name: str, example: str) -> object:
    if name not in found:
        raise KpiFileError(
            key, "{name} is missing, e.g. {example}.", name=name, example=example
        )
    return found[name]


def _one_of(key: str, found: Table, name: str, allowed: list[str]) -> str:
    value = str(_needed(key, found, name, f'{name} = "{allowed[0]}"'))
    if value not in allowed:
        expected = ", ".join(allowed)
        message = "{name} = {value}. Expected one of: {expected}."
        raise KpiFileError(
            key, message, name=name, value=repr(value), expected=expected
        )
    return value


def _texts(key: str, found: Table, name: str) -> dict[str, str]:
    texts = found.get(name, {})
    if not isinstance(texts, Mapping) or not set(LANGUAGES) <= set(texts):
        raise KpiFileError(key, "{name}.fr and {name}.en are needed.", name=name)
    return {language: str(texts[language]) for language in LANGUAGES}
