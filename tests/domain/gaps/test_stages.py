"""Funnels by hand: conversions, durations, stuck deals, groups that do better."""

from __future__ import annotations

import numpy as np
import pytest

from jalon.domain.gaps.shares import (
    Share,
    apart_by_chance,
    better_by_chance,
    discoveries,
    shrunk,
)
from jalon.domain.gaps.stages import NEVER, Lives, closings, cohorts, funnel, stuck
from jalon.domain.gaps.survival import kaplan_meier


def test_kaplan_and_meier_s_own_example_is_met() -> None:
    """Deaths at 0.8, 3.1, 5.4, 9.2 of eight, losses between (JASA 1958, section 2)."""
    lasted = np.array([8, 10, 27, 31, 54, 70, 92, 121])
    over = np.array([True, False, False, True, True, False, True, False])
    found = kaplan_meier(lasted, over)
    assert found.days == (0, 8, 31, 54, 92)
    assert found.still == pytest.approx((1, 7 / 8, 7 / 10, 21 / 40, 21 / 80))
    assert found.when(0.5) == 92
    assert found.at(60) == pytest.approx(21 / 40)


def test_the_interval_of_a_curve_is_the_published_one() -> None:
    """Remission under 6-MP, weeks (Freireich 1963): S(13) = .690, error .1068.

    On log(-log), as tabulated for it: .432 to .849; median 23, from 13 on.
    """
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    going = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    over = np.array([True] * len(ended) + [False] * len(going))
    found = kaplan_meier(np.array(ended + going), over)
    at = found.days.index(13)
    assert found.still[at] == pytest.approx(0.690, abs=5e-4)
    assert found.low[at] == pytest.approx(0.432, abs=5e-4)
    assert found.high[at] == pytest.approx(0.849, abs=5e-4)
    assert found.when(0.5) == 23
    assert found.median_interval == (13, None)


def test_where_nobody_is_left_the_upper_end_stays() -> None:
    found = kaplan_meier(np.array([1, 2]), np.ones(2, bool))
    assert found.still == (1.0, 0.5, 0.0)
    assert (found.low[-1], found.high[-1]) == (0.0, found.high[1])


def test_what_is_not_over_lengthens_the_median() -> None:
    lasted = np.array([10, 10, 40, 40])
    assert kaplan_meier(lasted, np.array([True, True, False, False])).when(0.4) is None
    assert kaplan_meier(lasted, np.ones(4, bool)).when(0.4) == 40


def test_the_interval_of_wilson() -> None:
    """8 of 10: 0.490 to 0.943 (Newcombe 1998's formula, by hand)."""
    low, high = Share(8, 10).interval or (0, 0)
    assert (low, high) == (
        pytest.approx(0.4902, abs=1e-4),
        pytest.approx(0.9433, abs=1e-4),
    )
    assert Share(0, 0).interval is None


def test_fisher_s_tea_taster() -> None:
    """All four cups right of eight: one chance in seventy."""
    assert better_by_chance(Share(4, 4), Share(0, 4)) == pytest.approx(1 / 70)
    assert better_by_chance(Share(3, 4), Share(1, 4)) == pytest.approx(17 / 70)


def test_a_difference_either_way_counts_both_ends() -> None:
    """3 of 4 against 1 of 4: twice 17/70; the same seen from the other side."""
    one, other = Share(3, 4), Share(1, 4)
    assert apart_by_chance(one, other) == pytest.approx(34 / 70)
    assert apart_by_chance(other, one) == pytest.approx(34 / 70)
    assert apart_by_chance(Share(2, 4), Share(2, 4)) == 1


def test_benjamini_and_hochberg_s_own_example() -> None:
    """Their fifteen p-values at 5 %: the first four stand (JRSS B 1995, section 4)."""
    chances = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    chances += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert discoveries(chances, share=0.05) == [True] * 4 + [False] * 11


def test_a_small_count_is_drawn_to_the_whole() -> None:
    assert shrunk(Share(0, 2), 0.4, weight=20) == pytest.approx(8 / 22)
    assert shrunk(Share(400, 1000), 0.4, weight=20) == pytest.approx(0.4)


LIVES = Lives(
    stages=("first", "second", "won"),
    created=np.array([0, 0, 10, 20, 50]),
    entered=np.array(
        [
            [0, 10, 30],
            [0, 20, NEVER],
            [10, NEVER, NEVER],
            [20, 25, 25],
            [50, NEVER, NEVER],
        ]
    ),
    lost=np.array([NEVER, 60, 15, NEVER, NEVER]),
)


def test_a_stage_counts_who_moved_who_left_who_is_there() -> None:
    first, second = funnel(LIVES, since=0, asof=100)
    assert (first.entered, first.moved.won, first.moved.tried, first.still) == (
        5,
        3,
        4,
        1,
    )
    assert (second.entered, second.moved.won, second.moved.tried) == (3, 2, 3)


def test_what_comes_later_is_not_known_yet() -> None:
    (first, _second) = funnel(LIVES, since=0, asof=20)
    assert (first.moved.won, first.moved.tried, first.still) == (1, 2, 1)


def test_closings_are_those_of_the_window() -> None:
    assert closings(LIVES, since=20, asof=100) == Share(2, 3)


def test_a_cohort_too_young_for_an_age_has_no_share_of_it() -> None:
    one, two = cohorts(LIVES, (0, 50), asof=100)
    assert (one.opened, one.won[0]) == (4, 0.5)
    assert one.intervals[0] == pytest.approx(
        (0.150, 0.850), abs=0.001
    )  # Wilson, 2 of 4
    assert two.won == two.intervals == (None,) * 5


def test_a_deal_that_stays_longer_than_three_in_four_is_stuck() -> None:
    quick = np.arange(0, 40)
    lives = Lives(
        stages=("first", "won"),
        created=np.append(quick, 50),
        entered=np.column_stack([np.append(quick, 50), np.append(quick + 7, NEVER)]),
        lost=np.full(41, NEVER),
    )
    stages = funnel(lives, since=0, asof=100)
    assert stuck(lives, stages, asof=100) == [(40, 0, 49, 7)]
    assert stuck(lives, stages, asof=57) == []
