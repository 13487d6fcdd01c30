"""A supposition moves the landing the right way, and never what is won already."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from jalon.domain.forecast.what_if import Basis, Deal, Supposed, supposed
from jalon.domain.forecast.what_if_ratio import Ratio, supposed_ratio

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


RATE = Ratio(
    above=20.0,
    below=80.0,
    samples=np.linspace(0.2, 0.3, DRAWS),
    wins_open=np.full(DRAWS, 3.0),
    wins_new=np.full(DRAWS, 2.0),
    losses=np.full(DRAWS, 3.0),
    basket=np.full(DRAWS, 500.0),
    deals=(DEAL,),
    lost=(np.tile([1.0, 0.0], DRAWS // 2),),
    win_rate=0.25,
    heads=4,
    closings=True,
)
BASKET = replace(
    RATE,
    above=40_000.0,
    below=80.0,
    samples=np.linspace(450.0, 560.0, DRAWS),
    closings=False,
)


def moved(basis: Ratio, what: Supposed) -> float:
    """Return by how much the expected ratio moves."""
    return float(supposed_ratio(basis, what).mean() - basis.samples.mean())


@pytest.mark.parametrize("basis", [RATE, BASKET])
def test_supposing_nothing_moves_no_ratio(basis: Ratio) -> None:
    assert supposed_ratio(basis, Supposed()) == pytest.approx(basis.samples)


def test_a_win_rate_without_its_biggest_deal() -> None:
    """25 or 26 of 101, one time in two each; lost: 25 of 101; slipped: 25 of 100."""
    assert moved(RATE, Supposed(lost="d1")) == pytest.approx(-0.5 / 101, rel=1e-6)
    slipped = 25 / 100 - 25.5 / 101
    assert moved(RATE, Supposed(slipped="d1")) == pytest.approx(slipped, rel=1e-6)
    assert moved(RATE, Supposed(won="d1")) == pytest.approx(0.5 / 101, rel=1e-6)


def test_points_of_win_rate_move_closings_to_come_only() -> None:
    """27 % instead of 25 %: eight hundredths more of five wins and a half."""
    found = moved(RATE, Supposed(points=0.02))
    assert found == pytest.approx(0.08 * 5.5 / 101, rel=0.02)


def test_people_hired_bring_wins_and_losses() -> None:
    """Two beside four: a quarter more of two wins and six losses to come."""
    found = moved(RATE, Supposed(hires=2))
    assert found == pytest.approx(26 / 103 - 25.5 / 101, rel=0.02)


def test_an_average_basket_without_its_biggest_deal() -> None:
    """42,500 € for 85 deals, and 1,000 € more for one, one time in two."""
    half = (42_500 / 85 + 43_500 / 86) / 2
    assert moved(BASKET, Supposed(lost="d1")) == pytest.approx(500 - half, rel=1e-6)
    won = 43_500 / 86 - half
    assert moved(BASKET, Supposed(won="d1")) == pytest.approx(won, rel=1e-6)


def test_a_win_rate_stays_a_share() -> None:
    found = supposed_ratio(RATE, Supposed(points=0.75, hires=50, won="d1"))
    assert found.min() >= 0
    assert found.max() <= 1
