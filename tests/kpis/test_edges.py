"""Edges that bite: leap days, ISO weeks, currencies without a rate, bases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from jalon.domain.kpis.question import Answer, Question
from jalon.domain.periods import Period
from jalon.queries.kpi_values import UnableToAnswerError, value
from jalon.workspace.folder import Workspace
from tests.worlds.loaded import workspace

Row = dict[str, object]
ON = date(2026, 12, 31)


def _won(day: date, amount: int, currency: str | None = "EUR", key: str = "") -> Row:
    return {
        "deal_id": key or f"d-{day}",
        "account_id": "acme",
        "closed_on": day,
        "amount": Decimal(amount),
        "currency": currency,
        "outcome": "won",
    }


def _asked(
    folder: Path, question: Question, *, settings: str = "", **rows: list[Row]
) -> Answer:
    return value(workspace(folder, rows, settings=settings), question, on=ON)


def test_the_n_1_of_29_february_is_28_february(tmp_path: Path) -> None:
    leap = Period(date(2024, 2, 29), date(2024, 3, 1))
    deals = [
        _won(date(2024, 2, 29), 150),
        _won(date(2023, 2, 28), 100),
        _won(date(2023, 3, 1), 900),
    ]
    (row,) = _asked(tmp_path, Question("revenue_growth", leap), deals=deals).rows
    assert row.value == Decimal("0.5")


def test_growth_from_a_loss_is_measured_on_its_size(tmp_path: Path) -> None:
    """From −100 to +50 is +150 %, not −150 %."""
    year = Period(date(2025, 1, 1), date(2026, 1, 1))
    deals = [_won(date(2025, 5, 5), 50), _won(date(2024, 5, 5), -100)]
    (row,) = _asked(tmp_path, Question("revenue_growth", year), deals=deals).rows
    assert row.value == Decimal("1.5")


def test_30_december_may_be_in_the_first_week_of_the_next_year(tmp_path: Path) -> None:
    winter = Period(date(2024, 12, 1), date(2025, 2, 1))
    deals = [
        _won(date(2024, 12, 30), 10),
        _won(date(2025, 1, 5), 20),
        _won(date(2025, 1, 6), 40),
    ]
    rows = _asked(tmp_path, Question("revenue", winter, by=("week",)), deals=deals).rows
    assert {row.labels["week"]: row.value for row in rows} == {
        "2025-W01": 30,
        "2025-W02": 40,
    }


def test_the_first_day_is_in_and_the_day_after_is_out(tmp_path: Path) -> None:
    june = Period(date(2025, 6, 1), date(2025, 7, 1))
    deals = [
        _won(day, amount)
        for day, amount in (
            (date(2025, 5, 31), 1),
            (date(2025, 6, 1), 2),
            (date(2025, 6, 30), 4),
            (date(2025, 7, 1), 8),
        )
    ]
    (row,) = _asked(tmp_path, Question("revenue", june), deals=deals).rows
    assert row.value == 6


def test_money_without_a_rate_gives_no_value_rather_than_a_wrong_one(
    tmp_path: Path,
) -> None:
    year = Period(date(2025, 1, 1), date(2026, 1, 1))
    deals = [_won(date(2025, 5, 5), 50), _won(date(2025, 6, 6), 70, "CHF")]
    (row,) = _asked(tmp_path, Question("revenue", year), deals=deals).rows
    assert (row.value, row.reason) == (None, "missing_rate")


def test_a_rate_known_only_later_does_not_serve_earlier(tmp_path: Path) -> None:
    year = Period(date(2025, 1, 1), date(2026, 1, 1))
    deals = [_won(date(2025, 5, 5), 50), _won(date(2025, 6, 6), 70, "CHF")]
    rates: list[Row] = [
        {"currency": "CHF", "on": date(2025, 7, 1), "rate": Decimal("1.05")}
    ]
    (row,) = _asked(tmp_path, Question("revenue", year), deals=deals, rates=rates).rows
    assert (row.value, row.reason) == (None, "missing_rate")


def test_a_file_in_one_foreign_currency_is_answered_in_it(tmp_path: Path) -> None:
    year = Period(date(2025, 1, 1), date(2026, 1, 1))
    (row,) = _asked(
        tmp_path, Question("revenue", year), deals=[_won(date(2025, 5, 5), 50, "USD")]
    ).rows
    assert (row.value, row.currency) == (50, "USD")


def test_a_row_that_says_no_currency_is_in_the_company_s(tmp_path: Path) -> None:
    year = Period(date(2025, 1, 1), date(2026, 1, 1))
    (row,) = _asked(
        tmp_path,
        Question("revenue", year),
        settings='currency = "CHF"',
        deals=[_won(date(2025, 5, 5), 50, None)],
    ).rows
    assert (row.value, row.currency) == (50, "CHF")


def test_without_deals_revenue_comes_from_orders_and_says_so(tmp_path: Path) -> None:
    year = Period(date(2025, 1, 1), date(2026, 1, 1))
    line: Row = {
        "order_id": "o1",
        "line_id": "1",
        "account_id": "acme",
        "on": date(2025, 3, 3),
        "amount": Decimal("12.34"),
        "currency": "EUR",
    }
    answer = _asked(tmp_path, Question("revenue", year), order_lines=[line])
    assert (answer.basis, answer.rows[0].value) == ("orders", Decimal("12.34"))


def test_the_setting_decides_where_both_bases_have_rows(tmp_path: Path) -> None:
    year = Period(date(2025, 1, 1), date(2026, 1, 1))
    line: Row = {
        "order_id": "o1",
        "line_id": "1",
        "on": date(2025, 3, 3),
        "amount": Decimal(5),
    }
    answer = _asked(
        tmp_path,
        Question("revenue", year),
        settings='revenue_basis = "orders"',
        order_lines=[line],
        deals=[_won(date(2025, 5, 5), 50)],
    )
    assert (answer.basis, answer.rows[0].value) == ("orders", 5)


def test_a_person_without_name_and_a_deal_without_owner_stay_apart(
    tmp_path: Path,
) -> None:
    """A key that fits nobody is shown as it is; no key at all is nobody."""
    year = Period(date(2025, 1, 1), date(2026, 1, 1))
    deals = [
        _won(date(2025, 5, 5), 50, key="owned") | {"owner_id": "ghost"},
        _won(date(2025, 5, 6), 70, key="orphan"),
    ]
    rows = _asked(tmp_path, Question("revenue", year, by=("person",)), deals=deals).rows
    assert {row.keys["person_id"]: row.value for row in rows} == {"ghost": 50, None: 70}


def test_a_thousand_cents_add_up_to_the_cent(tmp_path: Path) -> None:
    """A float would have drifted: 1,000 × 0.01 is exactly 10."""
    year = Period(date(2025, 1, 1), date(2026, 1, 1))
    deals = [
        _won(date(2025, 1, 1), 0, key=f"d{n}") | {"amount": Decimal("0.01")}
        for n in range(1000)
    ]
    (row,) = _asked(tmp_path, Question("revenue", year), deals=deals).rows
    assert row.value == Decimal(10)


def test_a_cut_that_facts_do_not_carry_is_refused_with_those_they_do(
    small_company: Callable[..., Workspace],
) -> None:
    quarter = Period(date(2025, 1, 1), date(2025, 4, 1))
    with pytest.raises(UnableToAnswerError) as refusal:
        value(small_company(), Question("cac", quarter, by=("person",)), on=ON)
    expected = str(refusal.value).partition("Expected one of: ")[2]
    assert expected.startswith("company, segment, channel, day, week")
