"""DuckDB: the default engine, one read-only cursor per query."""

from __future__ import annotations

from typing import Any

import duckdb
from sqlglot import exp

DIALECT = "duckdb"
Row = tuple[Any, ...]


def run(
    cursor: duckdb.DuckDBPyConnection,
    query: exp.Expression,
    values: dict[str, object],
) -> list[Row]:
    """Return the rows of a query; `values` are bound to its placeholders by name."""
    text = query.sql(dialect=DIALECT)
    used = {node.name for node in query.find_all(exp.Placeholder)}
    bound = {name: value for name, value in values.items() if name in used}
    rows: list[Row] = cursor.execute(text, bound).fetchall()
    return rows
