"""Before and after, with the intervals of published examples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.domain.reviews.learnings import Change, Verdict, rates, weekly, wilson


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10;
        # he gives p1 - p2, so the second group comes first here
        pytest.param((48, 80), (56, 70), 0.0524, 0.3339, id="56/70 less 48/80"),
        pytest.param((3, 10), (9, 10), 0.1705, 0.8090, id="9/10 less 3/10"),
        pytest.param((0, 10), (0, 20), -0.2775, 0.1611, id="0/20 less 0/10"),
        pytest.param((0, 10), (10, 10), 0.6075, 1.0, id="10/10 less 0/10"),
    ],
)
def test_a_change_of_rate_has_newcombes_interval(
    first: tuple[float, float], second: tuple[float, float], low: float, high: float
) -> None:
    found = rates(first, second)

    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.0002)


def test_wilson_of_one_in_ten() -> None:
    assert wilson(1, 10) == pytest.approx((0.0179, 0.4042), abs=0.0002)


def test_under_five_deals_no_interval_is_told() -> None:
    found = rates((1, 4), (3, 40))

    assert found is not None
    assert (found.low, found.high) == (None, None)
    assert found.verdict(better="up") is Verdict.TOO_FEW


def test_a_side_without_a_deal_has_no_change() -> None:
    assert rates((0, 0), (3, 40)) is None
    assert weekly([], [3.0]) is None


def test_weeks_are_compared_by_welch() -> None:
    # by hand: means 12 and 22, variances 4 and 16, five weeks each:
    # errors 0.8 + 3.2 = 4; freedom 16 / (0.64/4 + 10.24/4) = 5.88, so t of 5 = 2.571
    found = weekly([10, 11, 12, 13, 14.0], [17, 20, 22, 24, 27.0])

    assert found is not None
    assert found.difference == pytest.approx(10)
    spread = 2.571 * (2.5 / 5 + 14.5 / 5) ** 0.5
    assert found.low == pytest.approx(10 - spread)


@pytest.mark.parametrize(
    ("low", "high", "better", "verdict"),
    [
        pytest.param(0.01, 0.11, "up", Verdict.BETTER, id="up and sure"),
        pytest.param(-0.01, 0.11, "up", Verdict.UNCLEAR, id="zero is inside"),
        pytest.param(0.01, 0.11, "down", Verdict.WORSE, id="a cycle that lengthens"),
    ],
)
def test_what_may_be_said_of_a_change(
    low: float, high: float, better: str, verdict: Verdict
) -> None:
    change = Change(0.2, 0.26, low, high, (100, 100))

    assert change.verdict(better=better) is verdict


@given(
    st.tuples(st.integers(0, 60), st.integers(60, 90)),
    st.tuples(st.integers(0, 60), st.integers(60, 90)),
)
def test_the_interval_holds_what_was_seen_and_turns_with_the_sides(
    before: tuple[int, int], after: tuple[int, int]
) -> None:
    found, turned = rates(before, after), rates(after, before)

    assert found is not None
    assert turned is not None
    assert found.low is not None
    assert found.high is not None
    assert -1 <= found.low <= found.difference <= found.high <= 1
    assert turned.low == pytest.approx(-found.high)
