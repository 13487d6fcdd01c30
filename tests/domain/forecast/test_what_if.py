"""A supposition moves the landing the right way, and never what is won already."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from jalon.domain.forecast.what_if import Basis, Deal, Supposed, supposed

DRAWS = 200
COIN = np.tile([0.0, 1.0], DRAWS // 2)
DEAL = Deal("d1", "Big", 1000.0, 0.5, COIN)
BASIS = Basis(
    actual=5000.0,
    samples=5000 + np.linspace(100, 4100, DRAWS),
    still_open=np.full(DRAWS, 400.0),
    to_come=np.full(DRAWS, 600.0),
    deals=(DEAL,),
    win_rate=0.25,
    heads=4,
)


def test_supposing_nothing_moves_nothing() -> None:
    assert supposed(BASIS, Supposed()) == pytest.approx(BASIS.samples)


def test_a_deal_lost_takes_what_it_was_expected_to_bring() -> None:
    found = supposed(BASIS, Supposed(lost="d1"))
    assert BASIS.samples.mean() - found.mean() == pytest.approx(500, rel=0.06)


def test_a_deal_that_slips_leaves_the_period_too() -> None:
    lost, slipped = Supposed(lost="d1"), Supposed(slipped="d1")
    assert supposed(BASIS, slipped) == pytest.approx(supposed(BASIS, lost))


def test_a_deal_won_brings_the_other_half() -> None:
    found = supposed(BASIS, Supposed(won="d1"))
    assert found.mean() - BASIS.samples.mean() == pytest.approx(500, rel=0.06)


def test_two_points_of_win_rate_bring_their_share_of_what_is_to_come() -> None:
    """27 % instead of 25 %: eight hundredths more of 400 + 500 + 600."""
    found = supposed(BASIS, Supposed(points=0.02))
    assert found.mean() - BASIS.samples.mean() == pytest.approx(0.08 * 1500, rel=0.06)


def test_two_people_hired_beside_four_bring_a_quarter_of_new_deals() -> None:
    """Two of four, at half speed: 600 x 2 / 4 x 0.5."""
    found = supposed(BASIS, Supposed(hires=2))
    assert found.mean() - BASIS.samples.mean() == pytest.approx(150)


def test_what_is_won_already_is_never_taken() -> None:
    near = replace(BASIS, samples=np.full(DRAWS, 5001.0))
    assert supposed(near, Supposed(lost="d1", points=-0.2)).min() == 5000


def test_an_unknown_deal_changes_nothing() -> None:
    assert supposed(BASIS, Supposed(lost="?")) == pytest.approx(BASIS.samples)
