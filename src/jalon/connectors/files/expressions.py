"""The small language of mapping files: computed columns and conditions on rows.

A computed column adds, subtracts, multiplies and divides source columns and numbers, or
joins texts with `||` and chooses among them with CASE, IN and lower; nothing else is
understood. `"quoted name"` for a name with spaces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from jalon.connectors.files.refusal import ImportRefusedError
from jalon.connectors.files.sql import Node, sql

_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Paren, exp.Neg)
_CHOICE = (exp.Case, exp.If, exp.In, exp.EQ, exp.NEQ, exp.And, exp.Or, exp.Not)
_TEXT = (exp.DPipe, exp.Paren, exp.Lower, exp.Boolean, exp.Null, exp.Is, *_CHOICE)
_WIDEST = 38


@dataclass(frozen=True, slots=True)
class Computed:
    """A parsed expression: its tree, the columns it uses, whether it joins texts."""

    written: str
    tree: Node
    operands: tuple[str, ...]
    joins_texts: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """`column operator value`, the value being a list for `=` and `!=`."""

    written: str
    column: str
    operator: str
    values: tuple[str, ...]


def computed(written: str) -> Computed:
    """Return a computed column as a tree.

    Raises:
        ImportRefusedError: If it holds anything but what this language has.
    """
    try:
        tree = sqlglot.parse_one(written, dialect="duckdb")
    except SqlglotError as error:
        refusal = ImportRefusedError("bad_expression", written=written)
        raise refusal from error
    joins_texts = tree.find(exp.DPipe, exp.Case) is not None
    for node in tree.walk():
        if not _understood(node, joins_texts=joins_texts):
            raise ImportRefusedError("bad_expression", written=written)
    operands = dict.fromkeys(operand(one) for one in tree.find_all(exp.Column))
    return Computed(written, tree, tuple(operands), joins_texts)


def _understood(node: Node, *, joins_texts: bool) -> bool:
    if isinstance(node, exp.Identifier):
        return True
    if isinstance(node, exp.Column):
        return all(
            part in {"this", "table"} for part, used in node.args.items() if used
        )
    if isinstance(node, exp.Literal):
        return joins_texts or not node.is_string
    return isinstance(node, _TEXT if joins_texts else _ARITHMETIC)


def operand(node: Node) -> str:
    """Return the name of a column of an expression: `price` or `orders.price`."""
    table = node.text("table")
    return f"{table}.{node.name}" if table else node.name


def joined_text(parsed: Computed, texts: Mapping[str, Node]) -> Node:
    """Return the SQL of texts joined; an empty one counts as no characters."""

    def put(node: Node) -> Node:
        if isinstance(node, exp.Column):
            return sql("coalesce($v, '')", v=texts[operand(node)])
        return node

    return sql("nullif(trim($v), '')", v=parsed.tree.copy().transform(put))


@dataclass(frozen=True, slots=True)
class Exact:
    """An exact number of SQL: its tree and how many digits it may have."""

    node: Node
    digits: int
    scale: int


def arithmetic(parsed: Computed, numbers: Callable[[str], Exact]) -> Node:
    """Return the SQL of an arithmetic expression, in decimals without rounding.

    Only a division, or more digits than SQL has, is rounded (to ten decimals).
    """
    return _exact(parsed.tree, numbers).node


def _exact(node: Node, numbers: Callable[[str], Exact]) -> Exact:
    if isinstance(node, exp.Column):
        return numbers(operand(node))
    if isinstance(node, exp.Literal):
        whole, _, decimals = node.name.partition(".")
        digits, scale = max(len(whole), 1), len(decimals)
        return Exact(_cast(node, digits, scale), digits, scale)
    if isinstance(node, exp.Paren):
        inner = _exact(node.this, numbers)
        return Exact(exp.paren(inner.node), inner.digits, inner.scale)
    if isinstance(node, exp.Neg):
        inner = _exact(node.this, numbers)
        return Exact(exp.Neg(this=inner.node), inner.digits, inner.scale)
    left, right = _exact(node.this, numbers), _exact(node.expression, numbers)
    return _combined(node, left, right)


def _combined(node: Node, left: Exact, right: Exact) -> Exact:
    if isinstance(node, exp.Mul):
        left, right = _narrowed(left, right)
        tree = exp.Mul(this=left.node, expression=right.node)
        return Exact(tree, left.digits + right.digits, left.scale + right.scale)
    if isinstance(node, exp.Div):
        tree = sql(
            "CAST(CAST($a AS DOUBLE) / nullif(CAST($b AS DOUBLE), 0) "
            "AS DECIMAL(28, 10))",
            a=left.node,
            b=right.node,
        )
        return Exact(tree, 18, 10)
    kind = exp.Add if isinstance(node, exp.Add) else exp.Sub
    scale = max(left.scale, right.scale)
    digits = min(max(left.digits, right.digits) + 1, _WIDEST - scale)
    tree = kind(this=left.node, expression=right.node)
    return Exact(exp.paren(tree), digits, scale)


def _narrowed(left: Exact, right: Exact) -> tuple[Exact, Exact]:
    """Return factors whose product fits: the one with more decimals gives some up."""
    while left.digits + right.digits + left.scale + right.scale > _WIDEST:
        wide, other = (left, right) if _width(left) >= _width(right) else (right, left)
        room = max(_WIDEST - _width(other), 12)
        scale = min(wide.scale, 10, max(room - wide.digits, 2))
        digits = min(wide.digits, room - scale)
        if (digits, scale) == (wide.digits, wide.scale):
            break
        narrow = Exact(_cast(wide.node, digits, scale), digits, scale)
        left, right = (narrow, right) if wide is left else (left, narrow)
    return left, right


def _width(number: Exact) -> int:
    return number.digits + number.scale


def _cast(node: Node, digits: int, scale: int) -> Node:
    kind = exp.DataType.build(f"DECIMAL({digits + scale}, {scale})", dialect="duckdb")
    return exp.Cast(this=node.copy(), to=kind)


_CONDITION = re.compile(r"(.+?)\s*(!=|<>|<=|>=|==|=|<|>)\s*(.*)", re.DOTALL)


def condition(written: str) -> Condition:
    """Return a condition of `where`: `status=Paid|Sent`, `amount > 0`, `owner != `.

    Raises:
        ImportRefusedError: If it is not a column, an operator and a value.
    """
    found = _CONDITION.fullmatch(written.strip())
    if not found:
        raise ImportRefusedError("bad_condition", written=written)
    operator = {"==": "=", "<>": "!="}.get(found[2], found[2])
    several = operator in {"=", "!="}
    values = found[3].split("|") if several else [found[3]]
    name = found[1].strip().strip('"')
    tidy = tuple(value.strip().strip("\"'") for value in values)
    return Condition(written, name, operator, tidy)
