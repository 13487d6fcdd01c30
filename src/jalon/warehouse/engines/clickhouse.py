"""ClickHouse by chDB, inside this process: Parquet files are read where they lie."""

from __future__ import annotations

import importlib
import json
import threading
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlglot import exp

from jalon.domain.facts.tables import TABLES, Table
from jalon.warehouse.engines.carried import carried
from jalon.warehouse.engines.port import (
    EngineError,
    Facts,
    Row,
    Values,
    columns_of,
    lists_of,
    placed,
    refused,
    strict,
    used,
)
from jalon.warehouse.schema import columns

DIALECT = "clickhouse"
_ABSENT = (
    "The engine {engine} is not installed. Expected: "
    "pip install --require-hashes -r requirements/engines.txt"
)
_SETTINGS = "SETTINGS join_use_nulls = 1, session_timezone = 'UTC'"
_COLUMNS = {
    "VARCHAR": "String",
    "DATE": "Date32",
    "TIMESTAMP": "DateTime64(6)",
    "BIGINT": "Int64",
    "BOOLEAN": "Bool",
}
_TYPES = {"TEXT": "String", "DATE": "Date32", "BIGINT": "Int64"}
_SPOKEN = {bool: "Bool", int: "Int64", date: "Date32", Decimal: "Decimal(38, 10)"}
_PRODUCT = exp.DataType.build("DECIMAL(38,10)")  # money by a rate
_session: list[Any] = []  # chDB allows one session in a process
_lock = threading.Lock()


class ClickHouse:
    """The engine of this process; questions wait for one another."""

    name = "chdb"

    def __init__(self) -> None:
        """Know nothing yet: each generation becomes a database of views."""
        self._known: dict[str, str] = {}

    def version(self) -> str:
        """Return the version of the ClickHouse inside."""
        return str(self._rows("SELECT version()", {})[0][0])

    def run(self, facts: Facts, query: exp.Query, values: Values) -> list[Row]:
        """Return the rows of a query."""
        database = self._database(facts)
        there = placed(query, lambda table: exp.table_(table, db=database))
        names = [f"c{place}" for place in range(len(query.selects))]
        text = _adapted(strict(there), values).sql(dialect=DIALECT)
        bound = {name: _told(one) for name, one in used(query, values).items()}
        return self._rows(f"{text} {_SETTINGS}", bound) if names else []

    def run_columns(
        self, facts: Facts, query: exp.Query, values: Values, *, keys: int
    ) -> list[list[Any]]:
        """Return the columns of a query; those after the first `keys` as text."""
        return columns_of(self.run(facts, query, values), len(query.selects), keys)

    def _database(self, facts: Facts) -> str:
        folder = carried(facts).resolve()
        if str(folder) not in self._known:
            database = f"facts_{len(self._known)}"
            self._rows(f"CREATE DATABASE IF NOT EXISTS {database}", {})
            for table in TABLES.values():
                file = str(folder / f"{table.name}.parquet").replace("'", "''")
                read = f"file('{file}', Parquet, '{_structure(table)}')"
                view = f"CREATE OR REPLACE VIEW {database}.{table.name} AS "
                self._rows(f"{view}SELECT * FROM {read}", {})  # noqa: S608 - our own path
            self._known[str(folder)] = database
        return self._known[str(folder)]

    def _rows(self, text: str, bound: dict[str, str]) -> list[Row]:
        with _lock:
            if not _session:
                try:
                    made = importlib.import_module("chdb.session").Session
                except ImportError as error:
                    raise EngineError(_ABSENT, engine=self.name) from error
                _session.append(made())
            try:
                found = _session[0].query(text, "ArrowStream", params=bound).bytes()
            except RuntimeError as error:
                raise refused(self.name, error) from error
        if not found:
            return []
        arrow = importlib.import_module("pyarrow")
        read = arrow.ipc.open_stream(arrow.BufferReader(found)).read_all()
        cells = [[_read(one) for one in column.to_pylist()] for column in read.columns]
        return list(zip(*cells, strict=True))


def _structure(table: Table) -> str:
    """Return the columns: each may be unknown, even where none is in this file."""
    return ", ".join(
        f"`{name}` Nullable({_COLUMNS.get(kind, kind)})"
        for name, kind in columns(table).items()
    )


def _read(cell: object) -> object:
    """Return a cell as DuckDB gives it: text as text, moments without a zone."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None)
    return cell.decode() if isinstance(cell, bytes) else cell


def _told(value: object) -> str:
    if isinstance(value, list):
        return json.dumps(value, default=str)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _adapted(query: exp.Query, values: Values) -> exp.Query:
    """Return the query in the words that ClickHouse has."""
    _unnest(query)
    _bind(query, values)
    _aggregate(query)
    _cast(query)
    return query


def _unnest(query: exp.Query) -> None:
    """Unnest bound lists side by side: several arrayJoin would multiply rows."""
    for select, lists in lists_of(query):
        arrays = [_array(one.placeholder, _TYPES[one.kind]) for one in lists]
        zipped = exp.Anonymous(this="arrayZip", expressions=arrays)
        each = exp.Anonymous(this="arrayJoin", expressions=[zipped])
        rows = exp.select(exp.alias_(each, "row")).subquery("listed")
        cells = [
            exp.alias_(_part(place), one.column, quoted=True)
            for place, one in enumerate(lists, start=1)
        ]
        select.replace(exp.select(*cells).from_(rows))


def _bind(query: exp.Query, values: Values) -> None:
    """Say the type of each value, as ClickHouse wants."""
    for held in query.find_all(exp.Placeholder):
        if not isinstance(values[held.name], list):
            spoken = _SPOKEN.get(type(values[held.name]), "String")
            held.set("kind", exp.Var(this=spoken))


def _aggregate(query: exp.Query) -> None:
    """Ask for the exact median (its own is a sample), and for lists of text."""
    for middle in list(query.find_all(exp.Median)):
        half = exp.Literal.number("0.5")
        exact = exp.ParameterizedAgg(
            this="quantileExactInclusive", expressions=[half], params=[middle.this]
        )
        middle.replace(exact)
    for joined in query.find_all(exp.ArrayToString):
        for cell in joined.find_all(exp.ArrayAgg):
            cell.set("this", exp.cast(cell.this, exp.DataType.Type.TEXT))


def _cast(query: exp.Query) -> None:
    """Give dates their long range, products one scale; casts that fail are unknown."""
    for kind in query.find_all(exp.DataType):
        if kind.this == exp.DataType.Type.DATE:
            kind.set("this", exp.DataType.Type.DATE32)
    for found in query.find_all(exp.Coalesce):
        terms = [found.this, *found.expressions]
        if any(isinstance(one.unnest(), exp.Mul) for one in terms):
            alike = [exp.cast(one, _PRODUCT) for one in terms]
            found.set("this", alike[0])
            found.set("expressions", alike[1:])
    for found in list(query.find_all(exp.JSONExtractScalar)):
        key = found.expression.find(exp.JSONPathKey)
        name = exp.Literal.string(key.this if key else "")
        kind = exp.Literal.string("Nullable(String)")
        arguments = [found.this, name, kind]
        found.replace(exp.Anonymous(this="JSONExtract", expressions=arguments))
    for cast in list(query.find_all(exp.TryCast)):
        arguments = [cast.this, exp.Literal.number(6)]
        cast.replace(exp.Anonymous(this="toDecimal64OrNull", expressions=arguments))


def _part(place: int) -> exp.Expression:
    row = exp.column("row", table="listed")
    arguments = [row, exp.Literal.number(place)]
    return exp.Anonymous(this="tupleElement", expressions=arguments)


def _array(placeholder: str, kind: str) -> exp.Expression:
    """Return a bound JSON text as an array."""
    held = exp.Placeholder(this=placeholder, kind=exp.Var(this="String"))
    plain = "Int64" if kind == "Int64" else "String"
    told = exp.Literal.string(f"Array(Nullable({plain}))")
    array = exp.Anonymous(this="JSONExtract", expressions=[held, told])
    if plain == kind:
        return array
    wanted = exp.Literal.string(f"Array(Nullable({kind}))")
    return exp.Anonymous(this="CAST", expressions=[array, wanted])
