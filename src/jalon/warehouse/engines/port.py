"""What an engine must do: run a compiled query on the facts of one generation.

Engines add and count, so each gives the same figures; `jalon.toml` chooses one. The
generation stays a DuckDB file whatever the engine: another engine is handed its facts
once (`carried`), and forgets them with the generation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import duckdb
from sqlglot import exp

from jalon.domain.facts.tables import TABLES
from jalon.domain.refusals import Refusal
from jalon.warehouse.generations import Generations

Row = tuple[Any, ...]
Values = Mapping[str, object]


class EngineError(Refusal):
    """The engine that was chosen is unknown, not installed, or does not answer."""


def refused(engine: str, error: Exception) -> EngineError:
    """Return the sentence for a question that an engine could not answer."""
    why = " ".join(str(error).split())[:300]
    return EngineError("{engine} could not answer: {why}", engine=engine, why=why)


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts a query reads: one generation of a warehouse."""

    generations: Generations
    name: str

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a read-only cursor of one's own on the file of the generation."""
        return self.generations.reader(self.name)


class Engine(Protocol):
    """One engine, ready to answer."""

    @property
    def name(self) -> str:
        """Return its name, as `jalon.toml` spells it."""
        ...

    def version(self) -> str:
        """Return its version, asked of the engine itself.

        Raises:
            EngineError: If it does not answer.
        """
        ...

    def run(self, facts: Facts, query: exp.Query, values: Values) -> list[Row]:
        """Return the rows of a query; `values` are bound to its placeholders by name.

        Raises:
            EngineError: If it does not answer.
        """
        ...

    def run_columns(
        self, facts: Facts, query: exp.Query, values: Values, *, keys: int
    ) -> list[list[Any]]:
        """Return the columns of a query; those after the first `keys` come as text.

        Raises:
            EngineError: If it does not answer.
        """
        ...


def columns_of(rows: Sequence[Row], width: int, keys: int) -> list[list[Any]]:
    """Return rows as columns, for an engine that only gives rows."""
    columns: list[list[Any]] = [list(column) for column in zip(*rows, strict=True)]
    return [
        column
        if place < keys
        else [None if one is None else str(one) for one in column]
        for place, column in enumerate(columns or [[]] * width)
    ]


def placed(query: exp.Query, name: Callable[[str], exp.Table]) -> exp.Query:
    """Return a copy of the query that reads each canonical table where `name` says."""
    query = query.copy()
    for table in list(query.find_all(exp.Table)):
        if table.name in TABLES and not table.db:
            alias = table.args.get("alias")
            there = name(table.name)
            there.set(
                "alias", alias or exp.TableAlias(this=exp.to_identifier(table.name))
            )
            table.replace(there)
    return query


def used(query: exp.Query, values: Values) -> dict[str, object]:
    """Return the values whose placeholder the query holds: the others are unknown."""
    names = {node.name for node in query.find_all(exp.Placeholder)}
    return {name: value for name, value in values.items() if name in names}


@dataclass(frozen=True, slots=True)
class List:
    """A bound list that a relation unnests: its column, its placeholder, its type."""

    column: str
    placeholder: str
    kind: str


def lists_of(query: exp.Query) -> list[tuple[exp.Select, tuple[List, ...]]]:
    """Return the relations made of bound lists alone, each with its lists.

    Such a relation (`compile.frames`, `Bindings.one_of`) is one row for each rank of
    its lists, which engines unnest each in its own way.
    """
    found = []
    for select in list(query.find_all(exp.Select)):
        lists = [_list_of(one) for one in select.expressions]
        if lists and all(lists) and not select.args.get("from_"):
            found.append((select, tuple(one for one in lists if one)))
    return found


def _list_of(cell: exp.Expression) -> List | None:
    exploded = cell.find(exp.Explode)
    held = exploded.find(exp.Placeholder) if exploded else None
    if exploded is None or held is None:
        return None
    to = exploded.this.to if isinstance(exploded.this, exp.Cast) else None
    kind = to.expressions[0].sql("duckdb") if to else "TEXT"
    return List(cell.alias or "one", held.name, "TEXT" if kind == "VARCHAR" else kind)


def strict(query: exp.Query) -> exp.Query:
    """Return the query where least and greatest are unknown if one term is.

    sqlglot writes them so for DuckDB; the other engines would leave the unknown out.
    """
    for kind in (exp.Least, exp.Greatest):
        for found in list(query.find_all(kind)):
            terms = [found.this, *found.expressions]
            lacks = [exp.Is(this=one.copy(), expression=exp.Null()) for one in terms]
            known = exp.Case().when(exp.or_(*lacks), exp.Null()).else_(found.copy())
            found.replace(known)
    return query
