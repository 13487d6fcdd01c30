from __future__ import annotations

from datetime import date

import pytest

from jalon.domain.periods import Period
from jalon.domain.periods.comparison import compared, in_n_1, previous, up_to


def period(first: str, after: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(after))


@pytest.mark.parametrize(
    ("first", "after", "expected"),
    [
        pytest.param(
            "2017-07-01", "2017-10-01", ("2016-07-01", "2016-10-01"), id="a quarter"
        ),
        pytest.param(
            "2017-02-01", "2017-03-01", ("2016-02-01", "2016-03-01"),
            id="a February against a longer one, its 29th included",
        ),
        pytest.param(
            "2024-02-01", "2024-03-01", ("2023-02-01", "2023-03-01"),
            id="a leap February against a shorter one",
        ),
        pytest.param(
            "2026-02-01", "2026-02-15", ("2025-02-01", "2025-02-15"),
            id="fourteen days against the same fourteen",
        ),
        pytest.param(
            "2024-02-29", "2024-03-01", ("2023-02-28", "2023-03-01"),
            id="29 February alone maps to the 28th",
        ),
    ],
)  # fmt: skip
def test_n_1_is_the_same_days_a_year_before(
    first: str, after: str, expected: tuple[str, str]
) -> None:
    assert in_n_1(period(first, after)) == period(*expected)


@pytest.mark.parametrize(
    ("now", "whole", "expected"),
    [
        pytest.param(
            ("2017-04-01", "2017-07-01"), None, ("2017-01-01", "2017-04-01"),
            id="the quarter before, by rank and not by days",
        ),
        pytest.param(
            ("2017-06-05", "2017-06-12"), None, ("2017-05-29", "2017-06-05"),
            id="the week before",
        ),
        pytest.param(
            ("2017-04-01", "2017-04-11"), ("2017-04-01", "2017-07-01"),
            ("2017-01-01", "2017-01-11"), id="ten days against the first ten",
        ),
        pytest.param(
            ("2017-03-01", "2017-03-31"), ("2017-03-01", "2017-04-01"),
            ("2017-02-01", "2017-03-01"), id="no further than the end of February",
        ),
    ],
)  # fmt: skip
def test_previous_is_the_period_before(
    now: tuple[str, str], whole: tuple[str, str] | None, expected: tuple[str, str]
) -> None:
    found = previous(period(*now), whole=period(*whole) if whole else None)

    assert found == period(*expected)


def test_a_period_is_cut_at_the_end_of_the_day() -> None:
    quarter = period("2017-07-01", "2017-10-01")

    assert up_to(quarter, date(2017, 7, 1)) == period("2017-07-01", "2017-07-02")
    assert up_to(quarter, date(2017, 12, 31)) == quarter
    assert up_to(quarter, date(2017, 6, 30)) is None


def test_both_comparisons_are_asked_by_name() -> None:
    quarter = period("2017-07-01", "2017-10-01")

    assert compared(quarter, "N-1") == period("2016-07-01", "2016-10-01")
    assert compared(quarter, "previous") == period("2017-04-01", "2017-07-01")
