"""Rows made late are the rows asked for: in order, whole, and made once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from jalon.domain.kpis.question import Question
from jalon.domain.periods import Period
from jalon.queries.answer_rows import AnswerRows
from jalon.queries.kpi_values import value
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace
from tests.worlds.small import ON

YEAR = Period(date(2025, 1, 1), date(2026, 1, 1))
BY = ("month", "person")


def rows_of(company: Workspace, kpi: str) -> AnswerRows:
    rows = value(company, Question(kpi, YEAR, by=BY), on=ON).rows
    assert isinstance(rows, AnswerRows)
    return rows


@pytest.mark.parametrize("kpi", ["deals_won", "win_rate", "sales_cycle_days"])
def test_columns_and_rows_say_the_same(
    kpi: str, small_company: Callable[[str], Workspace]
) -> None:
    rows = rows_of(small_company(""), kpi)
    for name in BY:
        assert rows.columns[name] == [row.labels[name] for row in rows]
    assert all(len(column) == len(rows) for column in rows.columns.values())


def test_rows_come_in_the_order_of_their_labels_and_are_made_once(
    small_company: Callable[[str], Workspace],
) -> None:
    rows = rows_of(small_company(""), "deals_won")
    places = [(row.labels["month"], row.labels["person"] or "") for row in rows]
    assert len(places) > 1
    assert places == sorted(places)
    assert rows[0] is next(iter(rows))
    assert rows[:2] == tuple(rows)[:2]


def test_the_median_of_shared_deals_weighs_them_by_share(
    small_company: Callable[[str], Workspace],
) -> None:
    company = small_company("")
    answer = value(company, Question("sales_cycle_days", YEAR, by=("person",)), on=ON)
    generations = Generations(company.warehouse)
    with duckdb.connect(
        str(generations.path(str(generations.current()))), read_only=True
    ) as connection:
        held = connection.execute(
            "SELECT coalesce(s.person_id, d.owner_id), d.closed_on - d.created_on, "
            "coalesce(s.share, 1) FROM deals d LEFT JOIN deal_shares s USING (deal_id) "
            "WHERE d.outcome = 'won' AND d.closed_on >= d.created_on "
            "AND d.closed_on >= '2025-01-01' AND d.closed_on < '2026-01-01' "
            "AND d.closed_on <= ?",
            [ON],
        ).fetchall()
    people = {person for person, _, _ in held}
    assert len(people) > 1
    for row in answer.rows:
        person = row.keys["person_id"]
        mine = sorted((days, share) for who, days, share in held if who == person)
        assert row.beside["median"] == _middle(mine)


def _middle(weighed: list[tuple[int, Decimal]]) -> Decimal:
    """Return the value (or the mean of two) that halves the weights."""
    total = sum(share for _, share in weighed)
    days = sorted({day for day, _ in weighed})
    halves = [
        day
        for day in days
        if 2 * sum(share for one, share in weighed if one <= day) >= total
        and 2 * sum(share for one, share in weighed if one >= day) >= total
    ]
    return Decimal(halves[0] + halves[-1]) / 2
