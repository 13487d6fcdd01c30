"""SQLite in the workspace by default; PostgreSQL when `DATABASE_URL` says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from jalon.config.database import BadDatabaseUrlError, database


def test_without_an_address_the_file_of_the_workspace_is_used() -> None:
    found = database("", file=Path("there/jalon.sqlite3"))

    assert found["ENGINE"] == "django.db.backends.sqlite3"
    assert found["NAME"] == "there/jalon.sqlite3"
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"  # type: ignore[index]


def test_an_address_of_postgresql_is_read_with_its_escapes() -> None:
    found = database(
        "postgresql://ja%40lon:p%2Fw@db:5433/sales?sslmode=require", file=Path("x")
    )

    assert (found["USER"], found["PASSWORD"]) == ("ja@lon", "p/w")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db", "5433", "sales")
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_a_socket_may_stand_in_the_address() -> None:
    found = database("postgresql://u:@/base?host=/run/pg", file=Path("x"))

    assert found["HOST"] == "/run/pg"


def test_another_database_is_refused_with_an_example() -> None:
    with pytest.raises(BadDatabaseUrlError, match="postgresql://"):
        database("mysql://x/y", file=Path("x"))
