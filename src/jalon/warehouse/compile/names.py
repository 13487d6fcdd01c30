"""Names in SQL: always quoted, since `on` and `first` are words of SQL."""

from __future__ import annotations

from sqlglot import exp

MAIN = "t"
FRAME = "s"


def column(table: str, name: str) -> exp.Column:
    """Return a quoted column (`on` and `first` are words of SQL)."""
    return exp.column(name, table=table, quoted=True)


def table_named(name: str, alias: str) -> exp.Expression:
    """Return a table under an alias."""
    return exp.alias_(exp.to_table(name), alias, table=True)


def wide(number: exp.Expression) -> exp.Expression:
    """Return a factor so wide that no product with money overflows 64 bits."""
    return exp.cast(number, exp.DataType.build("DECIMAL(38,6)"))
