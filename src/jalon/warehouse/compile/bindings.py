"""Values travel beside the SQL, never inside it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlglot import exp

Value = str | int | bool | Decimal | date | list[object]


class Bindings:
    """The values of one query, by placeholder name.

    A value has one placeholder, however often it is bound: the engine then sees that
    two expressions are the same, and works them out once.
    """

    def __init__(self) -> None:
        self.values: dict[str, object] = {}
        self._names: dict[tuple[type, object], str] = {}

    def bind(self, value: Value) -> exp.Expression:
        """Return a placeholder for the value."""
        name = f"p{len(self.values)}"
        if not isinstance(value, list):
            name = self._names.setdefault((type(value), value), name)
        self.values[name] = value
        return exp.Placeholder(this=name)

    def bind_date(self, value: date) -> exp.Expression:
        """Return a placeholder known to be a date."""
        return exp.cast(self.bind(value), exp.DataType.Type.DATE)

    def one_of(self, values: list[str]) -> exp.Expression:
        """Return a subquery of the values: `x IN (…)` whatever their number."""
        texts = exp.cast(
            self.bind(list(values)), exp.DataType.build("TEXT[]", dialect="duckdb")
        )
        listed = exp.select(exp.Explode(this=texts), copy=False)
        return exp.Subquery(this=listed)
