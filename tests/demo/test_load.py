"""The sample in the warehouse, and copies of its sales force for benches."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from jalon.demo.load import load_rows
from jalon.demo.rows import Rows
from jalon.domain.facts.tables import TABLES
from jalon.warehouse.generations import Generations

ON = date(2026, 11, 22)
SINGLE = ("products", "spend", "markets", "rates")


@pytest.fixture(scope="module")
def threefold(
    rows: Rows, tmp_path_factory: pytest.TempPathFactory
) -> duckdb.DuckDBPyConnection:
    warehouse = Generations(tmp_path_factory.mktemp("threefold") / "warehouse")
    name = load_rows(warehouse, rows, on=ON, scale=3)
    return duckdb.connect(str(warehouse.path(name)), read_only=True)


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.cursor().execute(query).fetchall()[0][0])


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_row_is_in_the_warehouse(
    name: str, rows: Rows, generation: duckdb.DuckDBPyConnection
) -> None:
    assert _count(generation, f'SELECT count(*) FROM "{name}"') == len(rows[name])


def test_names_and_comments_keep_their_accents_and_commas(
    rows: Rows, generation: duckdb.DuckDBPyConnection
) -> None:
    found = generation.cursor().execute("SELECT answer_id, comment FROM answers")
    said = dict(found.fetchall())
    assert said == {row["answer_id"]: row["comment"] for row in rows["answers"]}


@pytest.mark.parametrize("name", ["deals", "accounts", "activities", "leads"])
def test_a_scale_multiplies_the_sales_force(
    name: str, rows: Rows, threefold: duckdb.DuckDBPyConnection
) -> None:
    assert _count(threefold, f"SELECT count(*) FROM {name}") == 3 * len(rows[name])


def test_the_director_and_the_direction_stay_single(
    threefold: duckdb.DuckDBPyConnection,
) -> None:
    assert _count(threefold, "SELECT count(*) FROM people") == 3 * 30 + 1
    assert _count(threefold, "SELECT count(*) FROM teams") == 3 * 4 + 1
    assert (
        _count(threefold, "SELECT count(*) FROM people WHERE manager_id IS NULL") == 1
    )


@pytest.mark.parametrize("name", SINGLE)
def test_what_surrounds_sales_stays_single(
    name: str, rows: Rows, threefold: duckdb.DuckDBPyConnection
) -> None:
    assert _count(threefold, f"SELECT count(*) FROM {name}") == len(rows[name])


def test_deals_of_a_copy_belong_to_people_of_that_copy(
    threefold: duckdb.DuckDBPyConnection,
) -> None:
    strangers = """SELECT count(*) FROM deals LEFT JOIN people ON owner_id = person_id
        WHERE split_part(deal_id, '~', 2) <> split_part(person_id, '~', 2)
           OR person_id IS NULL"""
    assert _count(threefold, strangers) == 0


def test_the_import_is_written_in_the_books(
    rows: Rows, generation: duckdb.DuckDBPyConnection
) -> None:
    total = sum(len(found) for found in rows.values())
    read, accepted = (
        generation.cursor()
        .execute("SELECT rows_read, accepted FROM imports")
        .fetchall()[0]
    )
    assert (read, accepted) == (total, total)


def test_the_same_rows_make_the_same_tables(
    rows: Rows, generation: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    warehouse = Generations(tmp_path / "warehouse")
    name = load_rows(warehouse, rows, on=ON)
    again = duckdb.connect(str(warehouse.path(name)), read_only=True)
    query = "SELECT table_name, row_count, checksum FROM generation ORDER BY ALL"
    assert (
        again.execute(query).fetchall() == generation.cursor().execute(query).fetchall()
    )
