"""A formula and its components in words, in French and English."""

from __future__ import annotations

from jalon.domain.kpis.algebra import Component, Kpi, Measure, Source, Timing
from jalon.domain.kpis.conditions import Condition
from jalon.domain.kpis.expression import Binary, Call, Name, Node, Number

LANGUAGES = ("fr", "en")
_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_RANK = {"+": 1, "-": 1, "*": 2, "/": 2}
_MEASURES = {
    "fr": {
        Measure.COUNT: "nombre de lignes",
        Measure.SUM: "somme de {of}",
        Measure.DISTINCT: "nombre de {of} différents",
        Measure.VALUES: "valeurs de {of}",
    },
    "en": {
        Measure.COUNT: "number of rows",
        Measure.SUM: "sum of {of}",
        Measure.DISTINCT: "number of different {of}",
        Measure.VALUES: "values of {of}",
    },
}
_WHEN = {
    "fr": {
        Timing.DATED: "{table}, {dates} dans la période",
        Timing.LIVE: "{table} en cours le {day}",
        Timing.COHORT: "{table}, suivis du début à la fin de la période",
        Timing.SPREAD: "{table}, répartis sur leurs jours",
    },
    "en": {
        Timing.DATED: "{table}, {dates} within the period",
        Timing.LIVE: "{table} live on {day}",
        Timing.COHORT: "{table}, followed from the start to the end of the period",
        Timing.SPREAD: "{table}, spread over their days",
    },
}
_DAYS = {
    "fr": {"end": "dernier jour", "start": "jour d’avant la période"},
    "en": {"end": "the last day", "start": "the eve of the period"},
}
_FIRST = {
    "fr": "la première fois de chaque {of}",
    "en": "the first of each {of}",
}
_GIVEN = {"fr": "donné : {name}", "en": "given: {name}"}
_EACH = {
    "fr": "ceux de {each} qui atteignent {at_least}",
    "en": "those of {each} that reach {at_least}",
}
_SHIFT = {
    "fr": {"N-1": "un an plus tôt", "previous": "la période d'avant"},
    "en": {"N-1": "a year earlier", "previous": "the period before"},
}
_WHOLE = {"fr": "sans filtre ni découpage", "en": "without filter nor cut"}


def formula_words(kpi: Kpi) -> dict[str, str]:
    """Return the KPI's formula as a sentence, by language."""
    text = formula_text(kpi.formula)
    return {language: f"{kpi.label[language]} = {text}" for language in LANGUAGES}


def formula_text(node: Node, rank: int = 0) -> str:
    """Return a formula with the signs people write: × and ÷."""
    match node:
        case Number(value):
            return str(value)
        case Name(name):
            return name
        case Call(function, arguments):
            return f"{function}({', '.join(formula_text(one) for one in arguments)})"
        case Binary(sign, left, right):
            own = _RANK[sign]
            text = (
                f"{formula_text(left, own)} {_SIGNS[sign]} "
                f"{formula_text(right, own + (sign in '-/'))}"
            )
            return f"({text})" if own < rank else text
    raise AssertionError(node)


def words(component: Component, language: str) -> str:
    """Return what a component counts, as one phrase."""
    source = component.source
    if source is None:
        return _GIVEN[language].format(name=component.given)
    of = "" if component.of is None else formula_text(component.of)
    parts = [
        f"{_MEASURES[language][component.measure].format(of=of)} : "
        if language == "fr"
        else f"{_MEASURES[language][component.measure].format(of=of)}: ",
        _when(source, language),
        *(f", {extra}" for extra in _narrowing(component, source, language)),
    ]
    return "".join(parts)


def _when(source: Source, language: str) -> str:
    return _WHEN[language][source.timing].format(
        table=source.each or source.table,
        dates=" – ".join(formula_text(one) for one in source.dates),
        day=_DAYS[language][source.at],
    )


def _narrowing(component: Component, source: Source, language: str) -> list[str]:
    found = [condition_words(one) for one in component.where]
    if source.first_of:
        found.append(_FIRST[language].format(of=source.first_of))
    if source.having is not None:
        having = source.having
        found.append(_EACH[language].format(each=having.each, at_least=having.at_least))
    if source.shift:
        found.append(_SHIFT[language][source.shift])
    if source.whole:
        found.append(_WHOLE[language])
    return found


def condition_words(condition: Condition) -> str:
    """Return a condition as people read it."""
    values = ", ".join(one.removeprefix("@") for one in condition.values) or "∅"
    sign = {"!=": "≠", "<=": "≤", ">=": "≥"}.get(condition.operator, condition.operator)
    return f"{condition.name} {sign} {values}"
