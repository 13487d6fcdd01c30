"""SQL of the import: constant templates filled with nodes, never with user text.

`sql("trim($value)", value=node)` returns a tree; texts and numbers given as values
become escaped literals. Everything is DuckDB's dialect.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, TypeAlias

import duckdb
import sqlglot
from sqlglot import exp

Node: TypeAlias = exp.Expression


@cache
def _template(text: str) -> Node:
    return sqlglot.parse_one(text, dialect="duckdb")


def sql(template: str, **values: Node | str | int) -> Node:
    """Return the tree of a template, each `$name` replaced by a node or a literal."""
    nodes = {name: _node(value) for name, value in values.items()}
    return exp.replace_placeholders(_template(template), **nodes)  # a copy, filled


def _node(value: Node | str | int) -> Node:
    if isinstance(value, str):
        return exp.Literal.string(value)
    return exp.Literal.number(value) if isinstance(value, int) else value.copy()


def column(name: str, table: str = "") -> Node:
    """Return a quoted column."""
    return exp.column(name, table=table or None, quoted=True)


def texts(values: Iterable[str]) -> Node:
    """Return a list of text literals."""
    return exp.Array(expressions=[exp.Literal.string(value) for value in values])


def named(node: Node, name: str) -> Node:
    """Return `node AS "name"`."""
    return exp.alias_(node, name, quoted=True, copy=False)


def all_of(conditions: Iterable[Node]) -> Node:
    """Return the conjunction of conditions; true when there is none."""
    found = list(conditions)
    return exp.and_(*found, dialect="duckdb") if found else exp.true()


def first_of(pairs: Iterable[tuple[Node, Node]], otherwise: Node) -> Node:
    """Return CASE: the value of the first condition that holds."""
    found = list(pairs)
    if not found:
        return otherwise
    case = exp.Case()
    for condition, value in found:
        case = case.when(condition, value, copy=False)
    return case.else_(otherwise, copy=False)


def run(
    connection: duckdb.DuckDBPyConnection,
    query: Node,
    values: list[object] | None = None,
) -> list[tuple[Any, ...]]:
    """Run a tree and return its rows."""
    text = str(query.sql("duckdb", copy=False))
    return list(connection.execute(text, values or []).fetchall())


def create(
    connection: duckdb.DuckDBPyConnection, name: str, query: Node, kind: str = "TABLE"
) -> None:
    """Create a table or a view out of a query."""
    target = exp.Create(
        this=exp.to_identifier(name, quoted=True), kind=kind, expression=query
    )
    connection.execute(target.sql("duckdb", copy=False))


def over(tree: Node, **tables: str) -> Node:
    """Return a tree whose tables of these names are read from others."""
    for found in tree.find_all(exp.Table):
        if found.name in tables:
            alias = found.alias or found.name
            found.set("this", exp.to_identifier(tables[found.name], quoted=True))
            found.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
    return tree
