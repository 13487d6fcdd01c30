"""A SQL database as a source: each table from its cursor on, with an overlap.

The overlap is ten minutes for a moment, a day for a date: a transaction committed late
is read the next time. A cursor of whole numbers (an id) has none, and sees only new
rows. Without a cursor a table is read whole.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from jalon.connectors.contract import (
    Account,
    Checked,
    File,
    Finding,
    Flat,
    Level,
    Living,
    Payload,
    Piece,
    Reached,
    State,
)
from jalon.connectors.files.mapping import FileMapping
from jalon.connectors.landing import Cells
from jalon.connectors.sql.credentials import SETTINGS, Wanted, address, wanted
from jalon.connectors.sql.database import PIECE, Database, opened
from jalon.connectors.sql.mapping import keys, mapping

OVERLAP, DAYS = timedelta(minutes=10), timedelta(days=1)
_SEEN = "{table}: {count} rows."
_EMPTY = "{table}: no row. Does this user see them?"
_WHOLE = "{table} has no cursor: it is read whole each time."
_AHEAD = "{table}: {count} rows have a {cursor} in the future; they are read each time."


class SqlDatabase:
    """The source."""

    kind = "sql"
    title = "SQL database"
    settings = SETTINGS

    def check(self, account: Account, *, at: datetime) -> Checked:
        """Return how many rows each table has, and whether its cursor can be used."""
        mapping(account)
        findings: list[Finding] = []
        counts: dict[str, int] = {}
        with _open(account) as database:
            version = database.version()
            for one in wanted(account):
                count = counts[one.table] = database.count(one.table)
                findings += _told(database, one, count, at=at)
        return Checked(tuple(findings), version=version, counts=counts)

    def refresh(
        self, account: Account, state: State, *, at: datetime, room: Path
    ) -> Iterator[Piece]:
        """Yield the rows of each table from its cursor on."""
        del at
        mapped = bool(account.setting("mapping"))
        reached = dict(state)
        with _open(account) as database:
            for one in wanted(account):
                since = _since(state.get(one.table)) if one.cursor else None
                most = database.most(one.table, one.cursor) if one.cursor else None
                cells = Cells(one.table, room)
                with contextlib.closing(cells):
                    told = database.rows(one.table, cursor=one.cursor, since=since)
                    for columns, rows in told:
                        cells.add_rows(columns, rows)
                if cells.rows:
                    yield File(one.table, cells.written(), one.table, mapped=mapped)
                if most is not None:
                    reached[one.table] = _kept(most)
        yield Reached(reached)

    def living(self, account: Account, *, at: datetime) -> Iterator[Living]:
        """Yield the keys of the tables whose mapping tells which column is the key."""
        del at
        found = mapping(account)
        with _open(account) as database:
            for one in wanted(account):
                for into, key in keys(found, one.table):
                    for _, rows in database.rows(one.table, only=key):
                        yield from _pieces(into, (str(row[0]) for row in rows))

    def flat(self, stream: str, payload: Payload, account: Account) -> Flat | None:
        """Return a payload as it is; a database brings none."""
        del stream, account
        return payload

    def mapping(self, account: Account) -> FileMapping:
        """Return the mapping named at set-up."""
        return mapping(account)

    def links(self, account: Account) -> Mapping[str, str]:
        """Return nothing: a row has no page of its own."""
        del account
        return {}


SOURCE = SqlDatabase()


def _open(account: Account):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a context manager
    return opened(address(account), account.setting("password"))


def _told(
    database: Database, one: Wanted, count: int, *, at: datetime
) -> Iterator[Finding]:
    values = {"table": one.table, "count": count}
    if not count:
        yield Finding(Level.WARNING, _EMPTY, values)
    else:
        yield Finding(Level.FINE, _SEEN, values)
    if not one.cursor:
        yield Finding(Level.WARNING, _WHOLE, {"table": one.table})
        return
    if isinstance(database.most(one.table, one.cursor), datetime | date | str):
        tomorrow = (at.astimezone(UTC) + DAYS).replace(tzinfo=None)
        ahead = database.after(one.table, one.cursor, str(tomorrow))
        if ahead:
            told = {"table": one.table, "cursor": one.cursor, "count": ahead}
            yield Finding(Level.WARNING, _AHEAD, told)


def _kept(value: object) -> dict[str, str]:
    """Return a cursor as JSON keeps it, with its kind."""
    if isinstance(value, datetime):
        return {"kind": "moment", "at": value.isoformat()}
    if isinstance(value, date):
        return {"kind": "day", "at": value.isoformat()}
    if isinstance(value, int | Decimal):
        return {"kind": "number", "at": str(value)}
    return {"kind": "text", "at": str(value)}


def _since(kept: Mapping[str, str] | None) -> object:
    """Return where to read from: the cursor kept, less the overlap."""
    if kept is None:
        return None
    at = kept["at"]
    match kept["kind"]:
        case "moment":
            return datetime.fromisoformat(at) - OVERLAP
        case "day":
            return date.fromisoformat(at) - DAYS
        case "number":
            return Decimal(at) if "." in at else int(at)
    return _text_since(at)


def _text_since(at: str) -> str:
    """Return a moment written as text (SQLite) less the overlap, as it was written."""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return at
    if len(at) == len("2026-01-31"):
        return (moment - DAYS).date().isoformat()
    separator = "T" if "T" in at else " "
    return (moment - OVERLAP).isoformat(separator)


def _pieces(table: str, ids: Iterator[str]) -> Iterator[Living]:
    piece: list[str] = []
    for one in ids:
        piece.append(one)
        if len(piece) == PIECE:
            yield Living(table, piece)
            piece = []
    yield Living(table, piece)
