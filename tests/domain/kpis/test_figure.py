from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.domain.kpis.expression import FormulaError, parsed
from jalon.domain.kpis.figure import (
    Counted,
    NoValueError,
    figure,
    median,
    restricted_mean,
    score_margin,
)


def number(text: str) -> Decimal:
    return Decimal(text)


def once(*values: int) -> list[Counted]:
    return [Counted(Decimal(value), Decimal(1)) for value in values]


def test_thirty_won_and_seventy_lost_are_thirty_percent() -> None:
    found = figure(
        parsed("won / (won + lost)"), {"won": number("30"), "lost": number("70")}
    )

    assert (found.value, found.numerator, found.denominator) == (
        number("0.3"),
        number("30"),
        number("100"),
    )


def test_nothing_to_divide_by_gives_no_value_and_says_why() -> None:
    found = figure(
        parsed("won / (won + lost)"), {"won": number("0"), "lost": number("0")}
    )

    assert (found.value, found.reason) == (None, "no_denominator")


def test_under_the_minimum_even_the_numerator_is_kept_silent() -> None:
    inputs = {"sum": number("16"), "answers": number("4")}
    found = figure(parsed("sum / answers"), inputs, minimum=5)

    assert (found.value, found.numerator, found.reason) == (None, None, "too_few")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param((3,), "3", id="one"),
        pytest.param((9, 1, 4), "4", id="the middle of three"),
        pytest.param((1, 2, 10, 20), "6", id="the mean of the two middle ones"),
        pytest.param((5, 5, 5, 90), "5", id="repeated"),
    ],
)
def test_median(values: tuple[int, ...], expected: str) -> None:
    assert median(once(*values)) == number(expected)


@given(st.lists(st.integers(-50, 50), min_size=1))
def test_half_of_the_values_are_on_each_side_of_the_median(values: list[int]) -> None:
    middle = median(once(*values))

    assert sum(value < middle for value in values) * 2 <= len(values)
    assert sum(value > middle for value in values) * 2 <= len(values)


def test_no_value_has_no_median() -> None:
    with pytest.raises(NoValueError):
        median([])


def test_a_mean_duration_counts_running_ones_as_far_as_they_were_seen() -> None:
    # Three ended after 2, 4 and 6; one is still running at 4.
    # Survival: 1 until 2, 3/4 until 4, 1/2 until 6: 2 + 1.5 + 1 = 4.5.
    values = [*once(2, 4, 6), Counted(number("4"), number("1"), ended=False)]

    assert restricted_mean(values) == number("4.5")


def test_when_all_ended_it_is_the_plain_mean() -> None:
    assert abs(restricted_mean(once(1, 2, 9)) - number("4")) < number("1e-20")


def test_the_margin_of_a_score_follows_the_variance_of_its_three_tickets() -> None:
    # p = 0.5, d = 0.2, n = 100: variance 10000 (0.7 - 0.09) / 100 = 61; 1.96 √61.
    found = score_margin(number("50"), number("20"), number("100"))

    assert found.quantize(number("0.0001")) == number("15.3081")


@pytest.mark.parametrize(
    "text",
    ["won /", "won ** 2", "__import__('os')", "won if lost else 1", "a.b.c", "'x'"],
)
def test_a_formula_is_only_arithmetic(text: str) -> None:
    with pytest.raises(FormulaError, match="Expected names, numbers"):
        parsed(text)
