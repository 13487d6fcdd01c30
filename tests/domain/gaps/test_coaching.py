"""Where help pays: never on three deals, on the stage that would bring most."""

from __future__ import annotations

import pytest

from jalon.domain.gaps.coaching import steps, where_help_pays
from jalon.domain.gaps.shares import Share
from jalon.domain.gaps.stages import Stage
from jalon.domain.gaps.survival import Curve

CURVE = Curve((0, 5), (1.0, 0.5))


def stages(*counts: tuple[int, int]) -> tuple[Stage, ...]:
    """Return stages of these (moved on, came out)."""
    return tuple(
        Stage(str(rank), tried, Share(won, tried), 0, CURVE)
        for rank, (won, tried) in enumerate(counts)
    )


TEAM = stages((900, 1000), (500, 1000), (600, 1000))


def test_a_share_is_drawn_to_the_team_s_by_twenty_of_its_deals() -> None:
    """5 of 20 beside 50 %: (5 + 20 × 0.5) / 40 = 37.5 %; a third more deals at 50 %."""
    found = steps(stages((9, 10), (5, 20), (3, 5)), TEAM, TEAM, won=12)
    assert found[1].share == pytest.approx(0.375)
    assert found[1].gain == pytest.approx(12 * (0.5 / 0.375 - 1))
    assert found[1].lever == "pitch"


def test_three_lost_deals_are_no_verdict() -> None:
    found = steps(stages((9, 10), (0, 1), (1, 2)), TEAM, TEAM, won=2)
    assert where_help_pays(found) is None


def test_help_goes_where_it_brings_most() -> None:
    found = steps(stages((80, 100), (20, 80), (12, 20)), TEAM, TEAM, won=12)
    first = where_help_pays(found)
    assert first is not None
    assert first.name == "1"


def test_who_is_above_the_team_is_told_so() -> None:
    found = steps(stages((99, 100), (70, 99), (60, 70)), TEAM, TEAM, won=60)
    assert where_help_pays(found) is None
    assert all(one.gain == 0 for one in found)


def test_a_stage_nobody_of_the_team_left_is_not_compared() -> None:
    nothing = stages((0, 0), (0, 0), (0, 0))
    assert steps(TEAM, TEAM, nothing, won=3) == ()
