"""The columns of a followed entity: its value at the start, at the end, rows before."""

from __future__ import annotations

from sqlglot import exp

from jalon.domain.facts.tables import ColumnType
from jalon.domain.kpis.conditions import Condition
from jalon.domain.kpis.expression import Binary, Call, Name, Node, Number, parsed
from jalon.warehouse.compile import filters
from jalon.warehouse.compile.bindings import Bindings
from jalon.warehouse.compile.names import column

FOLLOWED = "w"
_SIGNS = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}
_FUNCTIONS = {"least": exp.Least, "greatest": exp.Greatest, "coalesce": exp.Coalesce}


def side_value(node: Node) -> exp.Expression:
    """Return the expression of a measure over followed entities."""
    match node:
        case Number(value):
            return exp.Literal.number(str(value))
        case Name(name):
            return column(FOLLOWED, name)
        case Call(function, arguments):
            terms = [side_value(argument) for argument in arguments]
            return _FUNCTIONS[function](this=terms[0], expressions=terms[1:])
        case Binary(sign, left, right):
            one, other = side_value(left), side_value(right)
            return exp.Paren(this=_SIGNS[sign](this=one, expression=other))
    raise AssertionError(node)


def side_test(condition: Condition, bindings: Bindings) -> exp.Expression:
    """Return a condition on followed entities."""
    term = column(FOLLOWED, condition.name)
    if condition.expression:
        other = side_value(parsed(condition.expression))
        signs = {"=": exp.EQ, "!=": exp.NEQ, "<": exp.LT, "<=": exp.LTE}
        signs |= {">": exp.GT, ">=": exp.GTE}
        return signs[condition.operator](this=term, expression=other)
    return filters.on_term(condition, term, ColumnType.NUMBER, bindings)
