"""PostgreSQL: the facts of a generation are a schema of its own, copied in at once.

The schema appears with its rows in one transaction, so that no reader meets half of
it; the schemas of generations that are gone are dropped by the next copy.
"""

from __future__ import annotations

import atexit
import hashlib
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlglot import exp

from jalon.domain.facts.tables import TABLES
from jalon.warehouse.engines.port import (
    EngineError,
    Facts,
    Row,
    Values,
    columns_of,
    placed,
    refused,
    strict,
    used,
)
from jalon.warehouse.schema import columns

DIALECT = "postgres"
_TYPES = {"VARCHAR": 'TEXT COLLATE "C"', "attributes": "JSON"}
_SILENT = (
    "PostgreSQL does not answer: {why}. Start it, or write "
    'engine = "duckdb" in jalon.toml.'
)
_CHUNK = 1 << 20


class PostgreSQL:
    """The engine at an address; libpq's own environment fills what it leaves out."""

    name = "postgresql"

    def __init__(self, address: str) -> None:
        """Keep the address; connections are opened when asked for, one a thread."""
        self._address = "" if address == self.name else address
        self._own = threading.local()
        self._carried: set[str] = set()

    def version(self) -> str:
        """Return the version of the server."""
        with self._connected() as connection:
            found = connection.execute("SHOW server_version").fetchone()
        return str(found[0]) if found else ""

    def run(self, facts: Facts, query: exp.Query, values: Values) -> list[Row]:
        """Return the rows of a query."""
        schema = self._schema(facts)
        there = placed(query, lambda table: exp.table_(table, db=schema, quoted=True))
        text = _adapted(strict(there)).sql(dialect=DIALECT)
        with self._connected() as connection:
            rows: list[Row] = connection.execute(
                text.encode(), used(query, values)
            ).fetchall()
        return rows

    def run_columns(
        self, facts: Facts, query: exp.Query, values: Values, *, keys: int
    ) -> list[list[Any]]:
        """Return the columns of a query; those after the first `keys` as text."""
        return columns_of(self.run(facts, query, values), len(query.selects), keys)

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Row]]:
        """Lend the connection of this thread; one that broke is not lent again."""
        found: psycopg.Connection[Row] | None = getattr(self._own, "found", None)
        try:
            if found is None or found.closed:
                found = psycopg.connect(self._address, autocommit=True)
                self._own.found = found
                atexit.register(found.close)
            yield found
        except psycopg.OperationalError as error:
            self._own.found = None
            if found is not None:
                found.close()
            raise EngineError(_SILENT, why=" ".join(str(error).split())) from error
        except psycopg.Error as error:
            raise refused(self.name, error) from error

    def _schema(self, facts: Facts) -> str:
        schema = schema_of(facts)
        prefix = schema.removesuffix(facts.name)
        if schema not in self._carried:
            with self._connected() as connection, connection.transaction():
                lock = int(hashlib.sha256(prefix.encode()).hexdigest()[:15], 16)
                connection.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
                if not _exists(connection, schema):
                    _copy(connection, schema, facts)
                    _forget(connection, prefix, facts)
            self._carried.add(schema)
        return schema


def schema_of(facts: Facts) -> str:
    """Return the schema of a generation; each workspace has names of its own."""
    folder = str(facts.generations.folder.resolve())
    return f"jalon_{hashlib.sha256(folder.encode()).hexdigest()[:8]}_{facts.name}"


def _adapted(query: exp.Query) -> exp.Query:
    """Return the query without what PostgreSQL lacks: a cast that may fail."""
    for cast in list(query.find_all(exp.TryCast)):
        kind = exp.Literal.string("numeric")
        sound = exp.Anonymous(
            this="pg_input_is_valid", expressions=[cast.this.copy(), kind]
        )
        cast.replace(exp.Case().when(sound, exp.cast(cast.this.copy(), cast.to)))
    return query


def _exists(connection: psycopg.Connection[Row], schema: str) -> bool:
    query = "SELECT 1 FROM pg_namespace WHERE nspname = %s"
    return connection.execute(query, [schema]).fetchone() is not None


def _copy(connection: psycopg.Connection[Row], schema: str, facts: Facts) -> None:
    """Make the schema of a generation, with every row of its tables."""
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    with tempfile.TemporaryDirectory() as folder, facts.cursor() as cursor:
        for table in TABLES.values():
            there = sql.Identifier(schema, table.name)
            listed = sql.SQL(", ").join(
                sql.SQL("{} {}").format(
                    sql.Identifier(name),
                    sql.SQL(_TYPES.get(name) or _TYPES.get(kind) or kind),
                )
                for name, kind in columns(table).items()
            )
            make = sql.SQL("CREATE TABLE {} ({})").format(there, listed)
            connection.execute(make)
            file = Path(folder) / f"{table.name}.csv"
            names = [f'"{name}"' for name in columns(table)]
            rows = cursor.table(f'"{table.name}"').select(*names)
            rows.write_csv(str(file), header=False, na_rep="\\N")
            into = sql.SQL("COPY {} FROM STDIN (FORMAT csv, NULL '\\N')").format(there)
            with connection.cursor().copy(into) as copy, file.open("rb") as given:
                while chunk := given.read(_CHUNK):
                    copy.write(chunk)
            file.unlink()
            connection.execute(sql.SQL("ANALYZE {}").format(there))


def _forget(connection: psycopg.Connection[Row], prefix: str, facts: Facts) -> None:
    """Drop the schemas of generations that are gone."""
    query = "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s)"
    kept = {prefix + name for name in facts.generations.names()}
    for (schema,) in connection.execute(query, [prefix]).fetchall():
        if schema not in kept:
            drop = sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema))
            connection.execute(drop)
