"""Averages, stocks and what is counted once, from past periods; by hand."""

from __future__ import annotations

import numpy as np
import pytest

from jalon.domain.forecast.windows import Parts, Window, landing_samples


def _past(begun: Parts, ended: Parts, count: int = 6) -> list[Window]:
    return [Window(begun, ended, 90.0 * rank) for rank in range(count)]


def test_an_average_is_that_of_all_its_parts_never_a_sum() -> None:
    """10 deals of 40 days so far; each past quarter added 10 of 60: half-way, 50."""
    past = _past(Parts(400, 10), Parts(1000, 20))
    found = landing_samples(Parts(400, 10), past, divided=True)
    assert found == pytest.approx(np.full(400, 50.0))


def test_a_smaller_one_gains_less() -> None:
    """Half the size of a past quarter gains half of what it gained, about."""
    past = _past(Parts(100), Parts(200))
    found = landing_samples(Parts(50), past, divided=False)
    assert found is not None
    # (50 + 50) / (100 + 50) of 100 more, both sizes pulled by a quarter of 200
    assert found.mean() == pytest.approx(50 + 100 * 100 / 150)


def test_a_growth_moves_by_points_whatever_its_size() -> None:
    past = _past(Parts(-0.02), Parts(0.01))
    found = landing_samples(Parts(0.1), past, divided=False, scaled=False)
    assert found == pytest.approx(np.full(400, 0.13))


def test_what_is_counted_once_never_falls() -> None:
    dice = np.random.default_rng(1)
    past = [
        Window(Parts(50), Parts(50 + float(more)), 90.0)
        for more in dice.integers(0, 4, 12)
    ]
    found = landing_samples(Parts(50), past, divided=False, growing=True)
    assert found is not None
    assert found.min() >= 50


def test_periods_that_ended_apart_give_a_wide_landing() -> None:
    past = [Window(Parts(100), Parts(100 + gain), 0.0) for gain in (0, 20, 40, 60)]
    found = landing_samples(Parts(100), past, divided=False)
    assert found is not None
    low, high = np.quantile(found, (0.1, 0.9))
    assert low < 105
    assert high > 155


def test_three_past_periods_are_not_enough() -> None:
    past = _past(Parts(1), Parts(2), count=3)
    assert landing_samples(Parts(1), past, divided=False) is None
