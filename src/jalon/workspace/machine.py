"""What the machine refuses: a full disk, one that cannot be written, a database away.

Libraries say it in many ways; a person reads one sentence, and what to do. Whatever was
not finished was not kept: rows are written in transactions, snapshots published whole.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from typing import Final

from jalon.domain.refusals import Refusal


class MachineError(Refusal):
    """The machine refused; nothing that was not finished was kept."""


FULL: Final = (
    "The disk is full: what was not finished was not kept. Make room, then try again; "
    "jalon doctor says how much is needed."
)
READ_ONLY: Final = (
    "The disk of the workspace cannot be written: what was not finished was not kept. "
    "Make it writable, then try again."
)
AWAY: Final = (
    "The database does not answer: what was not finished was not kept. Start it, or "
    "wait a moment, then try again; jalon doctor looks at it."
)
DAMAGED: Final = (
    "A file of the workspace is damaged. Look at it with jalon doctor, then bring the "
    "last backup back with jalon restore FILE."
)
UNREADABLE: Final = (
    "The disk of the workspace answers with an error: it is full, away or broken. What "
    "was not finished was not kept. Look at it, then try again."
)
_NUMBERS: Final = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,
    errno.EROFS: READ_ONLY,
    errno.EIO: UNREADABLE,
}
_WORDS: Final = (  # as SQLite, DuckDB and PostgreSQL write them
    ("no space left", FULL),
    ("disk is full", FULL),
    ("out of disk", FULL),
    ("could not extend file", FULL),
    ("file too large", FULL),
    ("read-only file system", READ_ONLY),
    ("readonly database", READ_ONLY),
    ("image is malformed", DAMAGED),
    ("is not a database", DAMAGED),
    ("not a valid duckdb", DAMAGED),
    ("computed checksum", DAMAGED),
    ("invalid page in block", DAMAGED),
    ("disk i/o error", UNREADABLE),
    ("unable to open database file", UNREADABLE),
    ("connection failed", AWAY),
    ("connection refused", AWAY),
    ("connection to server", AWAY),
    ("server closed the connection", AWAY),
    ("terminating connection", AWAY),
    ("the connection is lost", AWAY),
    ("the connection is closed", AWAY),
)
_ROOMS: Final = ("django.db", "sqlite3", "_duckdb", "duckdb", "psycopg")


def refused(error: BaseException | None) -> MachineError | None:
    """Return what the machine refused, of what was raised or of what caused it."""
    found = next((told for one in _chain(error) if (told := _told(one))), "")
    return MachineError(found) if found else None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _told(error: BaseException) -> str:
    if isinstance(error, OSError) and error.errno in _NUMBERS:
        return _NUMBERS[error.errno]
    if not type(error).__module__.startswith(_ROOMS):
        return ""
    words = str(error).lower()
    return next((told for word, told in _WORDS if word in words), "")
