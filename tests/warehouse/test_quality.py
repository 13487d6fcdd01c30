"""Suspects: what contradicts itself is listed, what is plausible is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from jalon.domain.facts.tables import TABLES
from jalon.warehouse.generations import Generations
from jalon.warehouse.quality import RULES, recompute
from jalon.warehouse.schema import create_tables


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        create_tables(opened)
        yield opened


def suspects(
    connection: duckdb.DuckDBPyConnection, table: str, **cells: object
) -> list[tuple[str, str]]:
    named = ", ".join(f'"{name}"' for name in cells)
    marks = ", ".join("?" for _ in cells)
    connection.execute(
        f"INSERT INTO {table} ({named}) VALUES ({marks})", list(cells.values())
    )
    recompute(connection)
    return connection.execute("SELECT code, detail FROM suspects ORDER BY 1").fetchall()


@pytest.mark.parametrize(
    ("table", "cells", "expected"),
    [
        pytest.param(
            "deals",
            {"deal_id": "d", "created_on": "2026-03-02", "closed_on": "2026-03-01"},
            [
                (
                    "closed_before_created",
                    "created_on=2026-03-02; closed_on=2026-03-01",
                )
            ],
            id="a deal closed the day before it was created",
        ),
        pytest.param(
            "order_lines",
            {"order_id": "o", "line_id": "1", "amount": 100},
            [("without_date", "order_id=o; line_id=1")],
            id="an order line without a date",
        ),
        pytest.param(
            "deals",
            {"deal_id": "d", "created_on": "2026-03-01", "closed_on": "2026-03-01"},
            [],
            id="a deal closed the day it was created",
        ),
        pytest.param(
            "deals",
            {
                "deal_id": "d",
                "outcome": "lost",
                "stage": "Closed Won",
                "closed_on": "2026-03-01",
            },
            [("outcome_against_stage", "outcome=lost; stage=Closed Won")],
            id="the flag says lost and the stage won",
        ),
        pytest.param(
            "deals",
            {
                "deal_id": "d",
                "outcome": "won",
                "stage": "Gagnée",
                "closed_on": "2026-03-01",
            },
            [],
            id="the flag and a French stage agree",
        ),
        pytest.param(
            "deals",
            {"deal_id": "d", "outcome": "open", "stage": "Wonderful prospect"},
            [],
            id="a word that only begins like won",
        ),
        pytest.param(
            "deals",
            {"deal_id": "d", "outcome": "won"},
            [("decided_without_close_date", "outcome=won; stage=")],
            id="won nobody knows when",
        ),
        pytest.param(
            "tickets",
            {
                "ticket_id": "t",
                "opened_at": "2026-03-02 10:00:00",
                "closed_at": "2026-03-02 09:59:59",
            },
            [
                (
                    "closed_before_opened",
                    "opened_at=2026-03-02 10:00:00; closed_at=2026-03-02 09:59:59",
                )
            ],
            id="a ticket closed a second before it was opened",
        ),
        pytest.param(
            "subscriptions",
            {"subscription_id": "s", "first": "2026-03-02", "after": "2026-03-02"},
            [("range_empty", "first=2026-03-02; after=2026-03-02")],
            id="a subscription of no day",
        ),
        pytest.param(
            "subscriptions",
            {"subscription_id": "s", "first": "2026-03-02"},
            [],
            id="a subscription that goes on",
        ),
        pytest.param(
            "answers",
            {"answer_id": "a", "score": 11, "scale": 10},
            [("score_outside_scale", "score=11.000000; scale=10.000000")],
            id="eleven out of ten",
        ),
        pytest.param(
            "deal_shares",
            {"deal_id": "d", "person_id": "p", "share": "1.1"},
            [("shares_exceed_whole", "person_id=p; share=1.100000")],
            id="more than the whole deal",
        ),
    ],
)
def test_a_contradiction_is_listed_and_nothing_else(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    cells: dict[str, object],
    expected: list[tuple[str, str]],
) -> None:
    assert suspects(connection, table, **cells) == expected


def test_a_key_of_two_columns_is_one_word(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    suspects(
        connection,
        "memberships",
        person_id="anna",
        team_id="north",
        first="2026-02-01",
        after="2026-01-01",
    )
    assert connection.execute("SELECT key FROM suspects").fetchall() == [
        ("anna/north/2026-02-01",)
    ]


def test_a_mended_row_leaves_the_list(connection: duckdb.DuckDBPyConnection) -> None:
    suspects(connection, "answers", answer_id="a", score=11, scale=10)
    connection.execute("UPDATE answers SET score = 10")
    assert recompute(connection) == {}


def test_only_the_tables_asked_for_are_listed_anew(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    suspects(connection, "answers", answer_id="a", score=11, scale=10)
    connection.execute("UPDATE answers SET score = 10")
    assert recompute(connection, ["deals"]) == {"answers.score_outside_scale": 1}


def test_a_publication_lists_the_suspects(tmp_path: Path) -> None:
    generations = Generations(tmp_path)

    def change(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute(
            "INSERT INTO answers (answer_id, score, scale) VALUES ('a', 11, 10)"
        )

    generations.publish(change)
    rows = generations.reader().execute("SELECT table_name, key, code FROM suspects")
    assert rows.fetchall() == [("answers", "a", "score_outside_scale")]


def test_rules_speak_of_columns_that_exist() -> None:
    for rule in RULES:
        names = {column.name for column in TABLES[rule.table].columns}
        assert set(rule.witnesses) <= names, rule
