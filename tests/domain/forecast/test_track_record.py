"""Calibration and scores on cases small enough to be counted on fingers."""

from __future__ import annotations

import numpy as np
import pytest

from jalon.domain.forecast.track_record import (
    Case,
    Group,
    calibration,
    chances,
    merged,
    scored,
)

TEN = np.arange(1.0, 11.0)  # 1 to 10


def _case(truth: float, *targets: float, up: bool = True) -> Case:
    return Case(truth, targets, TEN, run_rate=8.0, pipeline=None, up=up)


def test_a_chance_is_the_share_of_samples_that_reach_the_target() -> None:
    assert chances([_case(6.0, 8.0, 4.0)]) == [(0.3, False), (0.7, True)]


def test_a_figure_that_should_fall_is_reached_from_above() -> None:
    assert chances([_case(3.0, 4.0, up=False)]) == [(0.4, True)]


def test_chances_are_grouped_by_tenths_with_how_many_came_true() -> None:
    told = [(0.72, True), (0.78, True), (0.75, False), (0.05, False), (1.0, True)]
    assert calibration(told) == (
        Group(1, 0.05, 0.0),
        Group(3, pytest.approx(0.75), pytest.approx(2 / 3)),
        Group(1, 1.0, 1.0),
    )


def test_records_together_weigh_by_how_many_they_hold() -> None:
    both = merged([(Group(1, 0.7, 1.0),), (Group(3, 0.78, 0.0), Group(2, 0.1, 0.0))])
    assert both == (
        Group(2, 0.1, 0.0),
        Group(4, pytest.approx(0.76), pytest.approx(0.25)),
    )


def test_without_doubt_the_crps_is_the_absolute_error() -> None:
    """Off by 2 of a figure of 10: 0.2; the scale is the mean figure."""
    case = Case(10.0, (), TEN, run_rate=8.0, pipeline=None)
    score = scored("run_rate", [case], [np.array([8.0])])
    assert score.crps == pytest.approx(0.2)
    assert score.coverage is None


def test_brier_is_the_mean_square_of_the_error_of_chances() -> None:
    cases = [_case(6.0, 8.0, 4.0)]  # 0.3 said, not come; 0.7 said, come
    score = scored("jalon", cases, [TEN])
    assert score.brier == pytest.approx((0.3**2 + 0.3**2) / 2)
    assert score.coverage == 1.0


def test_no_case_no_score() -> None:
    assert scored("jalon", [], []).crps is None
