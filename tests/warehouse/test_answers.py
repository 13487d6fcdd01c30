"""What the engine must not lose between the rows and the answer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from jalon.domain.kpis.question import AnswerRow, Question
from jalon.domain.periods import Period
from jalon.queries.kpi_values import value
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace, opened

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
ON = date(2026, 12, 31)


def company(folder: Path, currency: str, *statements: str) -> Workspace:
    (folder / "jalon.toml").write_text(f'currency = "{currency}"\n', "utf-8")
    workspace = opened(folder)

    def change(connection: duckdb.DuckDBPyConnection) -> None:
        for statement in statements:
            connection.execute(statement)

    Generations(workspace.warehouse).publish(change)
    return workspace


def won(deal: str, amount: int, currency: str, days: int = 10) -> str:
    return (
        "INSERT INTO deals (deal_id, owner_id, amount, currency, created_on, closed_on,"
        f" outcome) VALUES ('{deal}', 'anna', {amount}, '{currency}',"
        f" DATE '2026-03-01', DATE '2026-03-01' + {days}, 'won')"
    )


def by_person(workspace: Workspace, kpi: str) -> dict[str | None, AnswerRow]:
    answer = value(workspace, Question(kpi, YEAR, by=("person",)), on=ON)
    return {row.keys["person_id"]: row for row in answer.rows}


def test_hundreds_of_millions_are_converted_without_overflow(tmp_path: Path) -> None:
    workspace = company(
        tmp_path,
        "COP",
        won("home", 900_000_000, "COP"),
        won("abroad", 1_000_000, "USD"),
        "INSERT INTO rates (currency, \"on\", rate) VALUES ('USD', '2026-01-01', 4100)",
    )
    (row,) = value(workspace, Question("revenue", YEAR), on=ON).rows
    assert row.value == Decimal(900_000_000 + 4_100_000_000)


def test_a_large_deal_is_shared_without_overflow(tmp_path: Path) -> None:
    workspace = company(
        tmp_path,
        "COP",
        won("shared", 90_000_000_000, "COP"),
        "INSERT INTO deal_shares (deal_id, person_id, share)"
        " VALUES ('shared', 'bob', 0.25)",
    )
    rows = by_person(workspace, "revenue")
    assert rows["bob"].value == Decimal(22_500_000_000)
    assert rows["anna"].value == Decimal(67_500_000_000)


@pytest.mark.parametrize(
    ("days", "middle"),
    [
        pytest.param([10, 30, 50], "30", id="an odd number: the one in the middle"),
        pytest.param([10, 20, 50, 90], "35", id="an even number: between the two"),
        pytest.param([10, 20, 20, 90], "20", id="the same on both sides"),
        pytest.param([7], "7", id="one alone"),
    ],
)
def test_the_median_cycle_is_the_middle_one(
    tmp_path: Path, days: list[int], middle: str
) -> None:
    deals = [won(f"d{place}", 1, "EUR", length) for place, length in enumerate(days)]
    rows = by_person(company(tmp_path, "EUR", *deals), "sales_cycle_days")
    assert rows["anna"].beside["median"] == Decimal(middle)


def test_a_deal_held_by_half_weighs_half_in_the_median(tmp_path: Path) -> None:
    workspace = company(
        tmp_path,
        "EUR",
        won("short", 1, "EUR", 10),
        won("middling", 1, "EUR", 20),
        won("long", 1, "EUR", 90),
        "INSERT INTO deal_shares (deal_id, person_id, share)"
        " VALUES ('short', 'bob', 0.75), ('middling', 'bob', 0.75)",
    )
    rows = by_person(workspace, "sales_cycle_days")
    # Anna holds 0.25 of ten days, 0.25 of twenty, and ninety days whole.
    assert rows["anna"].beside["median"] == Decimal(90)
    assert rows["bob"].beside["median"] == Decimal(15)
