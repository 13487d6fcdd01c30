"""The SQL source on a real MariaDB, started for this file: `make test-engines`."""

from __future__ import annotations

import contextlib
import datetime
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pymysql
import pytest

from jalon.connectors.contract import (
    Account,
    File,
    KeyRefusedError,
    Level,
    Living,
    Reached,
)
from jalon.connectors.sql.credentials import address as where
from jalon.connectors.sql.database import opened
from jalon.connectors.sql.source import SOURCE

pytestmark = [
    pytest.mark.skipif(
        "JALON_ENGINES" not in os.environ, reason="make test-engines starts MariaDB"
    ),
    pytest.mark.skipif(
        shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        is None,
        reason="no mariadbd here: apt-get install mariadb-server",
    ),
]
AT = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)
SECRET = "lecture d'été"
ROWS = [
    ("D1", "Ébéniste « Oslo » 🪑\nligne 2", "10.50", 1, "2026-02-01 10:00:00"),
    ("D2", None, "0.00", 0, "2026-02-01 12:00:00"),
    ("D3", "", "-3.25", None, "2026-02-02 00:00:00"),
]
MAPPING = """
[[table]]
into = "deals"
file = "deals"
[table.columns]
deal_id = "id"
name = "name"
"""


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    """The port of a server whose `reader` may only read the base `crm`."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    with (
        socket.socket() as free,
        tempfile.TemporaryDirectory(prefix="jalon-mariadb-") as room,
    ):
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        data, door = Path(room) / "data", Path(room) / "door"
        own = ["--no-defaults", f"--datadir={data}"]
        own += ["--user=root"] if os.geteuid() == 0 else []
        subprocess.run(
            [
                str(shutil.which("mariadb-install-db", path=path)),
                *own,
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
            ],
            check=True,
            capture_output=True,
        )
        process = subprocess.Popen(
            [
                str(shutil.which("mariadbd", path=path)),
                *own,
                f"--port={port}",
                "--bind-address=127.0.0.1",
                f"--socket={door}",
                "--default-time-zone=+05:00",
            ],
            stderr=subprocess.DEVNULL,
        )
        try:
            base = _answering(door)
            base.cursor().execute("CREATE DATABASE crm CHARACTER SET utf8mb4")
            base.cursor().execute(f'CREATE USER reader IDENTIFIED BY "{SECRET}"')
            base.cursor().execute("GRANT SELECT ON crm.* TO reader")
            base.close()
            yield port
        finally:
            process.terminate()
            process.wait()


def _answering(door: Path) -> pymysql.Connection[Any]:
    for _ in range(600):  # the driver leaves its socket open where no file is yet
        with contextlib.suppress(pymysql.OperationalError, FileNotFoundError):
            door.stat()
            return pymysql.connect(
                unix_socket=str(door), user="root", charset="utf8mb4"
            )
        time.sleep(0.05)
    raise AssertionError("mariadbd does not answer")


@pytest.fixture
def base(server: int) -> Iterator[pymysql.cursors.Cursor]:
    """The base as its owner writes it, at noon in a zone five hours ahead."""
    with (
        pymysql.connect(
            host="127.0.0.1",
            port=server,
            user="root",
            database="crm",
            charset="utf8mb4",
            autocommit=True,
        ) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SET time_zone = '+00:00'")
        cursor.execute("DROP TABLE IF EXISTS deals, `order`")
        cursor.execute(
            "CREATE TABLE deals (id varchar(20) PRIMARY KEY, name text, "
            "amount decimal(12, 2), won tinyint(1), changed timestamp) "
            "CHARACTER SET utf8mb4"
        )
        cursor.executemany("INSERT INTO deals VALUES (%s, %s, %s, %s, %s)", ROWS)
        yield cursor


def account(port: int, tables: str = "deals:changed", **more: str) -> Account:
    url = f"mariadb://reader@127.0.0.1:{port}/crm"
    settings = {"url": url, "tables": tables, "password": SECRET}
    return Account("base", settings | more)


def read(found: Account, state: Any, room: Path) -> tuple[list[Any], Any]:
    room.mkdir()
    rows: list[Any] = []
    reached: Any = None
    for piece in SOURCE.refresh(found, state, at=AT, room=room):
        match piece:
            case File():
                rows = duckdb.execute(
                    "SELECT * FROM read_parquet(?) ORDER BY 1", [str(piece.path)]
                ).fetchall()
            case Reached():
                reached = piece.state
    return rows, reached


def test_it_is_read_whole_then_from_its_cursor_on(
    base: pymysql.cursors.Cursor, server: int, tmp_path: Path
) -> None:
    whole, reached = read(account(server), {}, tmp_path / "whole")
    base.execute("UPDATE deals SET amount = 7, changed = '2026-02-03' WHERE id = 'D1'")
    part, after = read(account(server), reached, tmp_path / "part")

    won = {1: "1", 0: "0", None: None}
    assert whole == [(*row[:3], won[row[3]], row[4]) for row in ROWS]
    assert reached["deals"] == {"kind": "moment", "at": "2026-02-02T00:00:00"}
    assert [(row[0], row[2]) for row in part] == [("D1", "7.00"), ("D3", "-3.25")]
    assert after["deals"]["at"] == "2026-02-03T00:00:00"


def test_a_check_tells_what_is_seen(base: pymysql.cursors.Cursor, server: int) -> None:
    base.execute("INSERT INTO deals VALUES ('D4', 'x', 1, 1, '2031-01-01')")

    checked = SOURCE.check(account(server), at=AT)

    assert "MariaDB" in checked.version
    assert checked.counts == {"deals": 4}
    assert [one.level for one in checked.findings] == [Level.FINE, Level.WARNING]


def test_all_tables_are_read_at_one_moment(
    base: pymysql.cursors.Cursor, server: int
) -> None:
    base.execute("CREATE TABLE `order` (`select` int)")
    with opened(where(account(server)), SECRET) as look:
        before = look.count("deals")
        base.execute("INSERT INTO deals VALUES ('D5', 'late', 1, 1, '2026-02-04')")
        base.execute("INSERT INTO `order` VALUES (1)")

        assert (before, look.count("deals"), look.count("order")) == (3, 3, 0)


def test_nothing_can_be_written_even_by_who_may(
    base: pymysql.cursors.Cursor, server: int
) -> None:
    owner = account(server, url=f"mysql://root@127.0.0.1:{server}/crm", password="")
    with (
        pytest.raises(KeyRefusedError, match="READ ONLY"),
        opened(where(owner), "") as look,
    ):
        look._all("DELETE FROM deals")
    base.execute("SELECT count(*) FROM deals")
    assert base.fetchone() == (3,)


def test_a_name_with_quotes_is_a_name(
    base: pymysql.cursors.Cursor, server: int, tmp_path: Path
) -> None:
    asked = account(server, "deals`; DROP TABLE deals; --")
    with pytest.raises(KeyRefusedError, match="as asked"):
        read(asked, {}, tmp_path / "no")
    base.execute("SELECT count(*) FROM deals")
    assert base.fetchone() == (3,)


def test_a_wrong_password_and_a_base_out_of_reach_are_refused(server: int) -> None:
    for wrong in (
        account(server, password="no"),
        account(server, url=f"mysql://reader@127.0.0.1:{server}/payroll"),
    ):
        with pytest.raises(KeyRefusedError, match="refuses"):
            SOURCE.check(wrong, at=AT)


@pytest.mark.usefixtures("base")
def test_what_is_there_is_told_for_the_sweep(server: int, tmp_path: Path) -> None:
    mapping = tmp_path / "crm.toml"
    mapping.write_text(MAPPING, "utf-8")

    pieces = list(SOURCE.living(account(server, mapping=str(mapping)), at=AT))

    assert pieces == [Living("deals", ["D1", "D2", "D3"])]
