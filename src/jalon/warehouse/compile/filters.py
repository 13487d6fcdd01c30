"""A filter becomes a condition on rows; every value is bound.

`!=` keeps the rows where the value is unknown, so that a filter and its opposite share
the rows between them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation

from sqlglot import exp

from jalon.domain.facts.tables import ColumnType
from jalon.domain.kpis.conditions import Condition, ConditionError
from jalon.domain.kpis.expression import parsed
from jalon.warehouse.compile.bindings import Bindings, Value
from jalon.warehouse.compile.links import DIMENSIONS
from jalon.warehouse.compile.rows import Rows

_NOT_A_NUMBER = (
    'Filter "{filter}": {value} is not a number, e.g. segment=PME or amount<10000.'
)
_NOT_A_DATE = 'Filter "{filter}": {value} is not a date, e.g. closed_on>=2017-04-01.'
_NOT_A_FLAG = 'Filter "{filter}": {value} is neither yes nor no.'

_COMPARISONS = {"<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE}
_NUMBERS = {ColumnType.MONEY, ColumnType.NUMBER, ColumnType.COUNT}
_TRUE = {"true", "yes", "oui", "1", "vrai"}
_FALSE = {"false", "no", "non", "0", "faux"}


def compiled(condition: Condition, rows: Rows) -> exp.Expression:
    """Return the condition on rows.

    Raises:
        NotCarriedError: If the rows do not carry the name.
        ConditionError: If a value does not fit the column.
    """
    term, kind = _term(condition.name, rows)
    if condition.expression:
        other = rows.measure(parsed(condition.expression))
        return _compared(term, condition.operator, other)
    return on_term(condition, term, kind, rows.bindings)


def on_term(
    condition: Condition,
    term: exp.Expression,
    kind: ColumnType | None,
    bindings: Bindings,
) -> exp.Expression:
    """Return the condition on a term of known type."""
    if not condition.values:
        empty = exp.Is(this=term, expression=exp.Null())
        return empty if condition.operator == "=" else exp.not_(empty)
    values = [_typed(condition, value, kind) for value in condition.values]
    if condition.operator in _COMPARISONS:
        return _compared(term, condition.operator, _bound(values[0], bindings))
    if len(values) == 1:
        found: exp.Expression = exp.EQ(
            this=term, expression=_bound(values[0], bindings)
        )
    else:
        found = exp.In(this=term, expressions=[_bound(v, bindings) for v in values])
    if condition.operator == "=":
        return found
    unknown = exp.Is(this=term.copy(), expression=exp.Null())
    return exp.or_(exp.not_(found), unknown)


def in_ids(
    term: exp.Expression, ids: Iterable[str], bindings: Bindings
) -> exp.Expression:
    """Return whether a term is one of many keys."""
    return exp.In(this=term, query=bindings.one_of(sorted(ids)))


def _term(name: str, rows: Rows) -> tuple[exp.Expression, ColumnType | None]:
    if name in DIMENSIONS:
        return rows.dimension(name), ColumnType.TEXT
    kind = rows.type_of(name)
    if kind is not None:
        return rows.value(name), kind
    return rows.dimension(name), ColumnType.TEXT


def _compared(
    term: exp.Expression, operator: str, other: exp.Expression
) -> exp.Expression:
    if operator == "=":
        return exp.EQ(this=term, expression=other)
    if operator == "!=":
        return exp.NullSafeNEQ(this=term, expression=other)
    return _COMPARISONS[operator](this=term, expression=other)


def _bound(value: Value, bindings: Bindings) -> exp.Expression:
    return (
        bindings.bind_date(value) if isinstance(value, date) else bindings.bind(value)
    )


def _typed(condition: Condition, text: str, kind: ColumnType | None) -> Value:
    try:
        if kind in _NUMBERS:
            return Decimal(text.replace(",", ".").replace(" ", ""))
        if kind in {ColumnType.DATE, ColumnType.TIMESTAMP}:
            return date.fromisoformat(text)
    except (InvalidOperation, ValueError) as error:
        sentence = _NOT_A_NUMBER if kind in _NUMBERS else _NOT_A_DATE
        raise ConditionError(str(condition), sentence, value=text) from error
    if kind is ColumnType.FLAG:
        if text.casefold() not in _TRUE | _FALSE:
            raise ConditionError(str(condition), _NOT_A_FLAG, value=text)
        return text.casefold() in _TRUE
    return text
