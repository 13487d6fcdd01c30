"""Arithmetic read from text: `won / (won + lost)`, `amount - cost`, `closed_on - 7`.

Formulas combine components and are computed in Python; measures combine columns of a
row and are compiled to SQL, where `/` is refused: engines add and count.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.refusals import Refusal

FUNCTIONS = ("abs", "least", "greatest", "coalesce", "median", "restricted_mean")
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}


_NOT_ARITHMETIC = (
    'Formula "{formula}": not arithmetic. Expected names, numbers, + - * / and '
    "parentheses, e.g. won / (won + lost)."
)
_UNREADABLE = (
    'Formula "{formula}": cannot read {part}. Expected names, numbers, + - * / and '
    "parentheses, e.g. won / (won + lost)."
)


class FormulaError(Refusal, ValueError):
    """A formula cannot be read; `part` is what is not arithmetic, where known."""

    def __init__(self, text: str, part: str = "") -> None:
        sentence = _UNREADABLE if part else _NOT_ARITHMETIC
        super().__init__(sentence, formula=text, part=part)


@dataclass(frozen=True, slots=True)
class Number:
    """A literal number."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Name:
    """A component of a formula, or a column of a row (`product.list_price`)."""

    name: str


@dataclass(frozen=True, slots=True)
class Binary:
    """Two terms and their sign."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    """One of `FUNCTIONS` and its arguments."""

    function: str
    arguments: tuple[Node, ...]


Node = Number | Name | Binary | Call


def parsed(text: str) -> Node:
    """Return the tree of a formula.

    Raises:
        FormulaError: If the text holds anything but names, numbers and arithmetic.
    """
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError) as error:
        raise FormulaError(text) from error
    return _node(tree.body, text)


def names(node: Node) -> Iterator[str]:
    """Yield each name of the tree, in reading order, repeats included."""
    match node:
        case Name(name):
            yield name
        case Binary(_, left, right):
            yield from names(left)
            yield from names(right)
        case Call(_, arguments):
            for argument in arguments:
                yield from names(argument)
        case Number():
            return


def _node(tree: ast.expr, text: str) -> Node:
    match tree:
        case ast.Constant(value=int() | float() as value) if value is not True:
            return Number(Decimal(ast.unparse(tree)))
        case ast.Name(id=name):
            return Name(name)
        case ast.Attribute(value=ast.Name(id=table), attr=column):
            return Name(f"{table}.{column}")
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Binary("-", Number(Decimal(0)), _node(operand, text))
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
            return Binary(_OPERATORS[type(sign)], _node(left, text), _node(right, text))
        case ast.Call(func=ast.Name(id=name), args=arguments) if name in FUNCTIONS:
            return Call(name, tuple(_node(argument, text) for argument in arguments))
    raise FormulaError(text, ast.unparse(tree))
