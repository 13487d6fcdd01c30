"""What libraries raise when the machine refuses, told in one sentence; a person's fault is not."""

from __future__ import annotations

import errno
import sqlite3
from http import HTTPStatus

import duckdb
import psycopg
import pytest
from django.db.utils import OperationalError
from django.test import RequestFactory

from jalon.web.errors.views import broken
from jalon.workspace.machine import AWAY, DAMAGED, FULL, READ_ONLY, UNREADABLE, refused

GONE = "connection failed: connection to server on socket failed: No such file"
WHOLE = "IO Error: Could not write file: No space left on device"
SUMS = "computed checksum 12 does not match stored checksum 13 in block at location 4"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), FULL),
        (OSError(errno.EROFS, "Read-only file system", "x.csv"), READ_ONLY),
        (sqlite3.OperationalError("database or disk is full"), FULL),
        (OperationalError("disk I/O error"), UNREADABLE),
        (OperationalError("attempt to write a readonly database"), READ_ONLY),
        (sqlite3.DatabaseError("database disk image is malformed"), DAMAGED),
        (duckdb.IOException(WHOLE), FULL),
        (duckdb.IOException(SUMS), DAMAGED),
        (psycopg.OperationalError(GONE), AWAY),
        (OperationalError(GONE), AWAY),
    ],
    ids=lambda one: str(one)[:30],
)
def test_what_the_machine_refuses_has_its_sentence(error: Exception, told: str) -> None:
    found = refused(error)
    assert found is not None
    assert found.sentence == told


def test_it_is_found_below_what_it_caused() -> None:
    error = ValueError("the answer could not be kept")
    error.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    found = refused(error)
    assert found is not None
    assert found.sentence == FULL


@pytest.mark.parametrize(
    "error",
    [
        ValueError("no space left in this sentence"),
        FileNotFoundError(errno.ENOENT, "No such file", "deals.csv"),
        OperationalError("no such table: objectives"),
        None,
    ],
    ids=str,
)
def test_what_is_no_fault_of_the_machine_is_left_to_be_told_otherwise(
    error: Exception | None,
) -> None:
    assert refused(error) is None


def _gone() -> None:
    raise OperationalError(GONE)


def test_a_page_says_so_without_asking_the_database() -> None:
    """No fixture opens the database here: a query would fail the test."""
    asked = RequestFactory().get("/")
    try:
        _gone()
    except OperationalError:
        answer = broken(asked)
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert answer["Retry-After"] == "10"
    assert "jalon doctor" in answer.content.decode()
