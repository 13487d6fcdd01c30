"""Merging by key: exact counts, and the laws a merge keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jalon.domain.facts.tables import TABLES, ColumnType
from jalon.warehouse.load import MergeCount, merge
from jalon.warehouse.schema import create_tables


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        create_tables(opened)
        yield opened


@dataclass(frozen=True)
class Spent:
    """One row of `spend`: a key of three columns, two of which may be unknown."""

    first: str
    channel: str | None
    segment: str | None
    amount: Decimal | None

    @property
    def key(self) -> tuple[str, str | None, str | None]:
        return self.first, self.channel, self.segment


def merged(
    connection: duckdb.DuckDBPyConnection, rows: list[Spent], import_id: str = "i1"
) -> MergeCount:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE staged AS SELECT first, channel, segment, amount "
        "FROM spend LIMIT 0"
    )
    for row in rows:
        connection.execute(
            "INSERT INTO staged VALUES (?, ?, ?, ?)",
            [row.first, row.channel, row.segment, row.amount],
        )
    return merge(connection, table="spend", staged="staged", import_id=import_id)


def held(connection: duckdb.DuckDBPyConnection) -> list[Spent]:
    rows = connection.execute(
        "SELECT CAST(first AS VARCHAR), channel, segment, amount FROM spend"
    ).fetchall()
    return [Spent(*row) for row in rows]


JANUARY, FEBRUARY = "2026-01-01", "2026-02-01"


def test_new_rows_are_inserted(connection: duckdb.DuckDBPyConnection) -> None:
    rows = [
        Spent(JANUARY, "web", "SME", Decimal("10.0000")),
        Spent(JANUARY, "fair", "SME", Decimal("20.0000")),
    ]
    assert merged(connection, rows) == MergeCount(inserted=2)
    assert held(connection) == rows


def test_a_corrected_row_replaces_the_former_one(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    merged(connection, [Spent(JANUARY, "web", "SME", Decimal(10))])
    count = merged(
        connection,
        [
            Spent(JANUARY, "web", "SME", Decimal(11)),
            Spent(FEBRUARY, "web", "SME", Decimal(1)),
        ],
    )
    assert count == MergeCount(inserted=1, replaced=1)
    assert {row.key: row.amount for row in held(connection)} == {
        (JANUARY, "web", "SME"): Decimal(11),
        (FEBRUARY, "web", "SME"): Decimal(1),
    }


def test_a_key_with_an_unknown_part_is_still_one_key(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    merged(connection, [Spent(JANUARY, "web", None, Decimal(10))])
    count = merged(connection, [Spent(JANUARY, "web", None, Decimal(12))])
    assert count == MergeCount(replaced=1)
    assert held(connection) == [Spent(JANUARY, "web", None, Decimal("12.0000"))]


def test_unknown_becoming_known_is_a_change_and_unknown_twice_is_not(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    merged(connection, [Spent(JANUARY, "web", "SME", None)])
    same = merged(connection, [Spent(JANUARY, "web", "SME", None)])
    assert same == MergeCount(unchanged=1)
    known = merged(connection, [Spent(JANUARY, "web", "SME", Decimal(0))])
    assert known == MergeCount(replaced=1)


def test_the_last_of_several_rows_with_one_key_wins(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    rows = [Spent(JANUARY, "web", "SME", Decimal(amount)) for amount in (1, 3, 2)]
    assert merged(connection, rows) == MergeCount(inserted=1, superseded=2)
    assert held(connection) == [Spent(JANUARY, "web", "SME", Decimal("2.0000"))]


def test_the_same_facts_from_another_file_change_nothing(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    for name in ("january.csv", "january (1).csv"):
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE staged AS "
            "SELECT 'north' AS team_id, 'North' AS name, ? AS source",
            [name],
        )
        count = merge(connection, table="teams", staged="staged", import_id=name)
    assert count == MergeCount(unchanged=1)
    sources = connection.execute("SELECT source FROM teams").fetchall()
    assert sources == [("january.csv",)]


def test_a_changed_attribute_is_a_change(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    for colour, expected in (
        ("red", MergeCount(inserted=1)),
        ("blue", MergeCount(replaced=1)),
    ):
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE staged AS SELECT 'north' AS team_id, "
            "json_object('colour', ?) AS attributes",
            [colour],
        )
        count = merge(connection, table="teams", staged="staged", import_id="i")
        assert count == expected


def test_a_parquet_file_is_staged_by_its_path(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "l'équipe.parquet"
    connection.sql("SELECT 'north' AS team_id, 'North' AS name").write_parquet(
        str(path)
    )
    count = merge(connection, table="teams", staged=str(path), import_id="i1")
    assert count == MergeCount(inserted=1)


def test_counts_are_kept_under_their_import(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    rows = [Spent(JANUARY, "web", "SME", Decimal(amount)) for amount in (1, 2)]
    merged(connection, rows, "monday")
    merged(connection, rows, "tuesday")
    assert connection.execute("FROM merges").fetchall() == [
        ("monday", "spend", 1, 0, 0, 1),
        ("tuesday", "spend", 0, 0, 1, 1),
    ]


def test_a_table_of_a_former_version_takes_rows_by_name(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute("ALTER TABLE spend DROP COLUMN currency")
    create_tables(connection)
    rows = [Spent(JANUARY, "web", "SME", Decimal("1.0000"))]
    merged(connection, rows)
    assert held(connection) == rows


spent = st.builds(
    Spent,
    first=st.sampled_from([JANUARY, FEBRUARY]),
    channel=st.sampled_from(["web", "fair", None]),
    segment=st.sampled_from(["SME", None]),
    amount=st.sampled_from([None, Decimal("0.0000"), Decimal("7.2500")]),
)
stagings = st.lists(st.lists(spent, max_size=12), max_size=4)


def last_by_key(rows: list[Spent]) -> dict[tuple[str, str | None, str | None], Spent]:
    return {row.key: row for row in rows}


def in_order(rows: list[Spent]) -> list[str]:
    return sorted(repr(row) for row in rows)


@settings(max_examples=40, deadline=None)
@given(stagings=stagings)
def test_merging_is_keeping_the_last_row_of_each_key(
    stagings: list[list[Spent]],
) -> None:
    with duckdb.connect() as connection:
        create_tables(connection)
        for staging in stagings:
            before = last_by_key(held(connection))
            count = merged(connection, staging)
            after = last_by_key(staging)
            assert count.staged == len(staging)
            assert count.superseded == len(staging) - len(after)
            assert count.inserted == len(after.keys() - before.keys())
            assert count.unchanged == len(after.items() & before.items())
        everything = [row for staging in stagings for row in staging]
        assert in_order(held(connection)) == in_order(
            list(last_by_key(everything).values())
        )


@settings(max_examples=15, deadline=None)
@given(rows=st.lists(spent, max_size=12))
def test_merging_twice_is_merging_once(rows: list[Spent]) -> None:
    with duckdb.connect() as connection:
        create_tables(connection)
        merged(connection, rows)
        once = held(connection)
        count = merged(connection, rows)
        assert count.changed == 0
        assert held(connection) == once


@settings(max_examples=15, deadline=None)
@given(
    rows=st.lists(spent, max_size=10, unique_by=lambda row: repr(row.key)),
    seed=st.randoms(use_true_random=False),
)
def test_the_order_of_rows_with_different_keys_does_not_matter(
    rows: list[Spent], seed: object
) -> None:
    shuffled = list(rows)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    results = []
    for order in (rows, shuffled):
        with duckdb.connect() as connection:
            create_tables(connection)
            merged(connection, order)
            results.append(in_order(held(connection)))
    assert results[0] == results[1]


_CELLS = {
    ColumnType.TEXT: "'x'",
    ColumnType.DATE: "DATE '2026-01-05'",
    ColumnType.TIMESTAMP: "TIMESTAMP '2026-01-05 10:00:00'",
    ColumnType.FLAG: "true",
    ColumnType.JSON: "'{}'",
}


def test_rows_known_already_are_met_whatever_the_columns_are_called(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    for name, table in TABLES.items():
        cells = ", ".join(
            f'{_CELLS.get(one.type, "1")} AS "{one.name}"' for one in table.columns
        )
        connection.execute(f"CREATE OR REPLACE TEMP TABLE staged AS SELECT {cells}")

        first = merge(connection, table=name, staged="staged", import_id="i1")
        again = merge(connection, table=name, staged="staged", import_id="i2")

        told = (name, first, again)
        assert told == (name, MergeCount(inserted=1), MergeCount(unchanged=1))
