"""A rate shared out: the weighted mean is the target, and each way asks as it says."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.domain.cascade.rates import (
    AMOUNT,
    SCORE,
    SHARE,
    effort,
    headroom,
    points,
)
from jalon.domain.cascade.rising import Floats

RATES = np.array([0.18, 0.22, 0.27])
VOLUMES = np.array([100.0, 120.0, 80.0])
NONE, ALL = np.zeros(3), np.ones(3)


def _mean(rates: Floats, volumes: Floats) -> float:
    return float(sum(r * v for r, v in zip(rates, volumes, strict=True)) / sum(volumes))


def test_headroom_closes_the_same_share_of_each_ones_way() -> None:
    found = headroom(0.28, RATES, VOLUMES, np.full(3, 0.4), NONE, ALL)

    assert found.rates == pytest.approx([0.253333, 0.28, 0.313333], abs=1e-6)
    assert found.shift == pytest.approx(1 / 3)


def test_effort_asks_the_same_odds_ratio_of_all() -> None:
    found = effort(0.28, RATES, VOLUMES, NONE, ALL, SHARE)
    ratios = [
        after / (1 - after) / (before / (1 - before))
        for before, after in zip(RATES, found.rates, strict=True)
    ]

    assert ratios == pytest.approx([math.exp(found.shift)] * 3)
    assert _mean(found.rates, VOLUMES) == pytest.approx(0.28, abs=1e-12)


def test_points_are_the_same_for_all() -> None:
    found = points(0.28, RATES, VOLUMES, NONE, ALL)
    assert found.rates == pytest.approx([0.24, 0.28, 0.33])  # present mean: 22 %


def test_points_stop_at_the_end_of_the_scale_and_others_make_up_for_it() -> None:
    found = points(0.9, np.array([0.5, 0.95]), np.array([1.0, 1.0]), NONE[:2], ALL[:2])
    assert found.rates == pytest.approx([0.8, 1.0])


def test_effort_never_asks_for_all_deals() -> None:
    found = effort(0.97, RATES, VOLUMES, NONE, ALL, SHARE)
    assert (found.rates < 1).all()


def test_a_mean_of_amounts_asks_the_same_percentage() -> None:
    """Baskets of 1,000 and 3,000 over 10 and 10 deals: 2,000 to 2,200 is +10 %."""
    found = effort(
        2200.0,
        np.array([1000.0, 3000.0]),
        np.array([10.0, 10.0]),
        NONE[:2],
        np.full(2, np.inf),
        AMOUNT,
    )
    assert found.rates == pytest.approx([1100.0, 3300.0])


def test_days_go_down_by_the_same_percentage() -> None:
    found = effort(
        35.0, np.array([40.0, 50.0]), np.ones(2), NONE[:2], np.full(2, np.inf), AMOUNT
    )
    assert found.rates == pytest.approx([40 * 35 / 45, 50 * 35 / 45])


def test_headroom_leads_down_too() -> None:
    """45 days to 35, the best at 25: half of each one's way."""
    found = headroom(
        35.0,
        np.array([40.0, 50.0]),
        np.ones(2),
        np.full(2, 25.0),
        NONE[:2],
        np.full(2, np.inf),
    )
    assert found.rates == pytest.approx([32.5, 37.5])
    assert found.shift == pytest.approx(0.5)


def test_a_score_stays_between_its_ends() -> None:
    found = effort(
        50.0,
        np.array([-20.0, 90.0]),
        np.ones(2),
        np.full(2, -100.0),
        np.full(2, 100.0),
        SCORE,
    )
    assert _mean(found.rates, np.ones(2)) == pytest.approx(50.0)
    assert (abs(found.rates) < 100).all()


def test_everybody_at_their_best_may_not_be_enough() -> None:
    found = headroom(0.5, RATES, VOLUMES, np.full(3, 0.4), NONE, ALL)
    assert found.rates == pytest.approx([0.4, 0.4, 0.4])
    assert found.reached == pytest.approx(0.4)


SHARES = st.floats(0.02, 0.98)


@given(
    target=SHARES,
    group=st.lists(st.tuples(SHARES, st.floats(1, 1e4)), min_size=1, max_size=20),
)
def test_the_weighted_mean_is_the_target(
    target: float, group: list[tuple[float, float]]
) -> None:
    rates, volumes = np.array([r for r, _ in group]), np.array([v for _, v in group])
    size = len(group)

    found = effort(target, rates, volumes, np.zeros(size), np.ones(size), SHARE)

    assert _mean(found.rates, volumes) == pytest.approx(target, abs=1e-9)
    order = np.argsort(rates)
    assert (np.diff(found.rates[order]) >= -1e-12).all()
