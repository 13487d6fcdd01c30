"""Whether the database is still what it was: a mark that every write changes.

SQLite tells each connection when another one committed (`PRAGMA data_version`) and
counts what it changed itself; PostgreSQL names the transactions it sees
(`pg_current_snapshot`). Reading a mark costs some microseconds, reading a thousand
objectives some milliseconds. Nobody has to tell that something was written.
"""

from __future__ import annotations

import datetime
import itertools
import threading
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections

T = TypeVar("T")
MOST = 64
SETTLED = 1.0  # seconds: a file written since may be written again within its time
_numbers = itertools.count()
_here = threading.local()


def mark() -> Hashable | None:
    """Return the mark of the database as committed; None within a transaction.

    Two equal marks mean that nothing was written between them.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.in_atomic_block:
        return None
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            (version,) = cursor.execute("PRAGMA data_version").fetchone()
        opened = connection.connection
        return ("sqlite", _number(opened), version, opened.total_changes)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT CAST(pg_current_snapshot() AS text)")
            (seen,) = cursor.fetchone()
        name = connection.settings_dict["HOST"], connection.settings_dict["NAME"]
        return ("postgresql", *name, seen)
    return None


def shared_mark(*, at: datetime.datetime) -> Hashable | None:
    """Return a mark that every process of the server reads alike, None where in doubt.

    SQLite's own counter means something to one connection only: here it is the size
    and the time of its file and of its journal, believed once they have settled.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return mark()
    name = str(connection.settings_dict["NAME"])
    try:
        file, journal = Path(name).stat(), Path(f"{name}-wal").stat()
    except OSError:
        return None
    if not at.timestamp() - max(file.st_mtime, journal.st_mtime) >= SETTLED:
        return None
    told = ((one.st_ino, one.st_size, one.st_mtime_ns) for one in (file, journal))
    return ("sqlite", *told)


def _number(opened: Any) -> int:  # noqa: ANN401 - the connection of SQLite's library
    """Return a number of this connection: what it counts means nothing elsewhere."""
    if getattr(_here, "opened", None) is not opened:
        _here.opened, _here.number = opened, next(_numbers)
    return int(_here.number)


class Unmoved(Generic[T]):
    """What was worked out of the database, for as long as nothing is written to it."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._kept: dict[Hashable, T] = {}

    def found(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` gives, worked out once for a key and a mark."""
        now = mark()
        if now is None:
            return make()
        try:
            return self._kept[now, key]
        except KeyError:
            made = make()
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[now, key] = made
        return made
