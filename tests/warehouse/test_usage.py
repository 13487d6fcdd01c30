"""Who keeps the CRM up to date, counted by hand from a few events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import duckdb
import pytest

from jalon.warehouse.schema import create_tables
from jalon.warehouse.usage import count_events

AT = datetime.fromisoformat("2026-03-20T09:00")
SINCE = datetime.fromisoformat("2026-03-19T09:00")


@pytest.fixture
def base() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as found:
        create_tables(found)
        found.execute(
            "INSERT INTO deals (deal_id, owner_id, created_on, outcome) VALUES "
            "('d1', 'bob', DATE '2026-03-02', 'open'), "
            "('d2', 'bob', DATE '2026-03-02', 'open'), "
            "('d3', 'zoe', DATE '2025-01-10', 'open')"
        )
        yield found


def moved(base: duckdb.DuckDBPyConnection, *moves: tuple[str, str, str, str]) -> None:
    base.executemany(
        'INSERT INTO stage_changes (deal_id, "at", owner_id, origin) '
        "VALUES (?, CAST(? AS TIMESTAMP), ?, ?)",
        [list(one) for one in moves],
    )


def used(base: duckdb.DuckDBPyConnection) -> set[tuple[str, str, int]]:
    rows = base.execute(
        'SELECT person_id, CAST("on" AS TEXT), updates FROM crm_usage'
    ).fetchall()
    return {(row[0], row[1], int(row[2])) for row in rows}


def counted(base: duckdb.DuckDBPyConnection, since: datetime | None = None) -> None:
    count_events(base, source="crm", at=AT, since=since)


def test_a_deal_counts_once_a_day_however_often_it_moves(
    base: duckdb.DuckDBPyConnection,
) -> None:
    """Bob creates two deals on the 2nd and moves one twice: two updates, not four."""
    moved(
        base,
        ("d1", "2026-03-02 09:00", "bob", "observed"),
        ("d1", "2026-03-02 17:00", "bob", "observed"),
        ("d1", "2026-03-05 10:00", "zoe", "observed"),
    )

    counted(base)

    assert used(base) == {
        ("bob", "2026-03-02", 2),
        ("zoe", "2026-03-05", 1),
        ("zoe", "2025-01-10", 1),
    }


def test_activities_are_updates_of_who_recorded_them(
    base: duckdb.DuckDBPyConnection,
) -> None:
    base.execute(
        "INSERT INTO activities (activity_id, kind, person_id, done_at) VALUES "
        "('a1', 'call', 'bob', TIMESTAMP '2026-03-03 10:00'), "
        "('a2', 'call', 'bob', TIMESTAMP '2026-03-03 11:00'), "
        "('a3', 'call', NULL, TIMESTAMP '2026-03-03 11:00'), "
        "('a4', 'call', 'bob', TIMESTAMP '2026-12-31 11:00')"
    )

    counted(base)

    assert ("bob", "2026-03-03", 2) in used(base)
    assert not [row for row in used(base) if row[1] == "2026-12-31"], "it is to come"


def test_what_a_deal_was_before_we_looked_is_no_update(
    base: duckdb.DuckDBPyConnection,
) -> None:
    moved(
        base,
        ("d3", "2026-03-18 08:00", "zoe", "inferred"),
        ("d3", "2026-03-19 08:00", "zoe", "inferred"),
    )

    counted(base)

    assert ("zoe", "2026-03-19", 1) in used(base)
    assert not [row for row in used(base) if row[1] == "2026-03-18"]


def test_counting_again_changes_nothing_and_only_late_days_move(
    base: duckdb.DuckDBPyConnection,
) -> None:
    counted(base)
    before = used(base)
    counted(base, SINCE)
    assert used(base) == before
    moved(base, ("d1", "2026-03-19 10:00", "bob", "observed"))

    counted(base, SINCE)

    assert used(base) == before | {("bob", "2026-03-19", 1)}


def test_a_log_of_use_is_left_as_it_is(base: duckdb.DuckDBPyConnection) -> None:
    base.execute(
        'INSERT INTO crm_usage (person_id, "on", logins, updates, source) '
        "VALUES ('bob', DATE '2026-03-02', 4, 9, 'usage.csv')"
    )

    counted(base)

    assert ("bob", "2026-03-02", 9) in used(base)
