"""A read-only look at a database: one transaction, one moment, rows piece by piece.

Names are quoted as each engine quotes them; values are bound. PostgreSQL and MySQL read
at one repeatable moment, SQLite opens the file read-only.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
import pymysql
import pymysql.cursors

from jalon.connectors.contract import KeyRefusedError, UnreachableError
from jalon.connectors.sql.credentials import Address

PIECE = 10_000
TIMEOUT = 15
Row = Sequence[Any]
_ANSWERS = range(1000, 2000)  # MySQL's errors of a server that did answer
_REFUSED = "{database} on {host} refuses this user or password."
_UNREACHABLE = "{database} on {host} does not answer: {why}"
_NO_FILE = "{database} is not a file that can be read."
_NO_TABLE = "{database} has no table or column as asked: {why}"


class Database:
    """An open look at a database."""

    def __init__(self, connection: Any, engine: str) -> None:  # noqa: ANN401 - a DB-API
        self._connection = connection
        self._quote = "`" if engine == "mysql" else '"'
        self._mark = "?" if engine == "sqlite" else "%s"
        self._engine = engine

    def version(self) -> str:
        """Return what the engine calls itself."""
        asks = {"sqlite": "SELECT 'SQLite ' || sqlite_version()"}
        return str(self._all(asks.get(self._engine, "SELECT version()"))[0][0])

    def count(self, table: str) -> int:
        """Return the rows of a table."""
        return int(self._all(f"SELECT count(*) FROM {self.named(table)}")[0][0])  # noqa: S608 - quoted

    def after(self, table: str, cursor: str, value: object) -> int:
        """Return how many rows have a cursor at or after a value."""
        query = (
            f"SELECT count(*) FROM {self.named(table)} "  # noqa: S608 - quoted
            f"WHERE {self.named(cursor)} >= {self._mark}"
        )
        return int(self._all(query, [value])[0][0])

    def most(self, table: str, cursor: str) -> object:
        """Return the greatest cursor of a table, None where it has none."""
        query = f"SELECT max({self.named(cursor)}) FROM {self.named(table)}"  # noqa: S608 - quoted
        return self._all(query)[0][0]

    def rows(
        self, table: str, *, cursor: str = "", since: object = None, only: str = ""
    ) -> Iterator[tuple[tuple[str, ...], Iterator[Row]]]:
        """Yield once the columns of a table and an iterator of its rows.

        Those whose cursor is at or after `since`; all the columns or `only` one.
        """
        shown = self.named(only) if only else "*"
        query, values = f"SELECT {shown} FROM {self.named(table)}", []  # noqa: S608 - quoted
        if since is not None:
            query += f" WHERE {self.named(cursor)} >= {self._mark}"
            values = [since]
        with contextlib.closing(self._streaming()) as found:
            found.execute(query, values)
            yield (
                tuple(str(one[0]) for one in found.description),
                _each(found),
            )

    def named(self, name: str) -> str:
        """Return a name quoted, with its schema if it has one."""
        quote = self._quote
        parts = (part.replace(quote, quote * 2) for part in name.split("."))
        return ".".join(f"{quote}{part}{quote}" for part in parts)

    def _all(self, query: str, values: Sequence[object] = ()) -> list[Row]:
        with contextlib.closing(self._connection.cursor()) as found:
            found.execute(query, values)
            return list(found.fetchall())

    def _streaming(self) -> Any:  # noqa: ANN401 - a DB-API cursor
        if self._engine == "postgresql":
            return self._connection.cursor(name="jalon")
        if self._engine == "mysql":
            return self._connection.cursor(pymysql.cursors.SSCursor)
        return self._connection.cursor()


@contextlib.contextmanager
def opened(where: Address, password: str) -> Iterator[Database]:
    """Open a database to read it, at one moment of it.

    Raises:
        KeyRefusedError: If the user or the password is refused, or a name unknown.
        UnreachableError: If it does not answer.
    """
    told: dict[str, Any] = {"database": where.database, "host": where.host}
    try:
        with contextlib.closing(_connected(where, password)) as connection:
            yield Database(connection, where.engine)
    except (psycopg.OperationalError, pymysql.OperationalError) as error:
        if _is_refusal(error):
            raise KeyRefusedError(_REFUSED, **told) from error
        if _is_of_a_name(error):
            raise KeyRefusedError(_NO_TABLE, why=_first_line(error), **told) from error
        raise UnreachableError(_UNREACHABLE, why=_first_line(error), **told) from error
    except sqlite3.OperationalError as error:
        if "no such" in str(error):
            raise KeyRefusedError(_NO_TABLE, why=_first_line(error), **told) from error
        raise UnreachableError(_UNREACHABLE, why=_first_line(error), **told) from error
    except (psycopg.Error, pymysql.Error, sqlite3.Error) as error:
        raise KeyRefusedError(_NO_TABLE, why=_first_line(error), **told) from error


def _connected(where: Address, password: str) -> Any:  # noqa: ANN401 - a DB-API
    if where.engine == "sqlite":
        path = Path(where.database)
        if not path.is_file():
            raise UnreachableError(_NO_FILE, database=where.database)
        return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    if where.engine == "mysql":
        return _mysql(where, password)
    connection = psycopg.connect(
        host=where.host,
        port=where.port,
        dbname=where.database,
        user=where.user or None,
        password=password or None,
        connect_timeout=TIMEOUT,
        options="-c TimeZone=UTC",
    )
    connection.read_only = True
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    return connection


def _mysql(where: Address, password: str) -> Any:  # noqa: ANN401 - a DB-API
    connection = pymysql.connect(
        host=where.host,
        port=where.port or 3306,
        database=where.database,
        user=where.user,
        password=password.encode(),  # as servers keep it; a text would go as Latin-1
        connect_timeout=TIMEOUT,
        charset="utf8mb4",
    )
    with connection.cursor() as cursor:
        cursor.execute("SET time_zone = '+00:00'")
        cursor.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
    return connection


def _is_refusal(error: Exception) -> bool:
    code = error.args[0] if error.args else ""
    said = str(error).casefold()
    refused = "authentication failed" in said or "no password supplied" in said
    return refused or code in {1044, 1045, 1698}


def _is_of_a_name(error: Exception) -> bool:
    """Tell an answer about what was asked from no answer at all."""
    code = error.args[0] if error.args else 0
    return isinstance(error, pymysql.MySQLError) and code in _ANSWERS


def _first_line(error: Exception) -> str:
    lines = str(error.args[-1] if error.args else error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _each(found: Any) -> Iterator[Row]:  # noqa: ANN401 - a DB-API cursor
    while piece := found.fetchmany(PIECE):
        yield from piece
