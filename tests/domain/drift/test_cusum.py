"""The watch on simulated quarters: the worlds and the figures of the method's table.

Weekly events fall in the fourth week of a quarter. The shares to reach, of drops found
within the quarter, are those of the reference CUSUM on a plan known beforehand; a level
learnt from the past must do as well where events are not rare.
"""

from __future__ import annotations

import numpy as np
import pytest

from jalon.domain.drift.cusum import accumulated, calibrated, evidence
from jalon.domain.drift.series import Expected, Family, Series, expected
from jalon.domain.drift.watch import watch

HISTORY, QUARTER = 117, 13
TRIALS = 150


def _alarms(
    draw: np.random.Generator,
    weekly: float,
    drop: float,
    size: float | None,
    *,
    planned: bool = False,
) -> float:
    """Return the share of worlds whose quarter raises an alarm."""
    found = 0
    for _ in range(TRIALS):
        mean = np.full(HISTORY + QUARTER, float(weekly))
        mean[HISTORY + 3 :] *= 1 - drop
        rate = mean if size is None else draw.gamma(size, mean / size)
        total = draw.poisson(rate).astype(float)
        series = Series("company", "leads", Family.COUNT, total, np.ones(len(total)))
        usual = _planned(len(total), weekly) if planned else expected(series)
        limit = calibrated(series, usual, allowed=0.10, quarters=1000)
        assert limit is not None
        sofar = accumulated(evidence(series, usual)[-2 * QUARTER :])
        found += bool(sofar[-QUARTER:].max() > limit.threshold)
    return found / TRIALS


def _planned(weeks: int, weekly: float) -> Expected:
    """Return what is expected where the plan is known, and chance alone disperses."""
    one = np.ones(weeks)
    return Expected(one * weekly, one, one * 1e9, one * 0)


@pytest.mark.parametrize(
    ("weekly", "drop", "reached"),
    [(3, 0.5, 0.92), (8, 0.5, 1.0), (25, 0.3, 0.98)],
)
def test_a_drop_is_found_within_the_quarter(
    weekly: float, drop: float, reached: float
) -> None:
    chance_of_the_trials = 0.05  # two standard errors of 150 trials
    found = _alarms(np.random.default_rng(1), weekly, drop, None, planned=True)
    assert found >= reached - chance_of_the_trials


@pytest.mark.parametrize(("weekly", "drop", "reached"), [(8, 0.5, 1), (25, 0.3, 0.98)])
def test_a_level_learnt_from_the_past_does_as_well(
    weekly: float, drop: float, reached: float
) -> None:
    chance_of_the_trials = 0.05
    found = _alarms(np.random.default_rng(4), weekly, drop, None)
    assert found >= reached - chance_of_the_trials


@pytest.mark.parametrize("size", [None, 4.0])
@pytest.mark.parametrize("weekly", [3, 25])
def test_quiet_quarters_seldom_raise_an_alarm_even_over_dispersed(
    weekly: float, size: float | None
) -> None:
    two_errors = 0.05
    assert _alarms(np.random.default_rng(2), weekly, 0.0, size) <= 0.10 + two_errors


def test_the_whole_set_raises_few_false_alarms_a_quarter() -> None:
    draw = np.random.default_rng(3)
    raised = 0
    for _ in range(40):
        everything = [
            Series(
                owner,
                f"driver {rank}",
                Family.COUNT,
                draw.poisson(mean, 130).astype(float),
                np.ones(130),
            )
            for owner, mean in (("company", 40), ("team:a", 12), ("person:p", 5))
            for rank in range(3)
        ]
        raised += bool(watch(everything, quarters=1000).drifts)
    assert raised <= 8  # 10 % of 40 is 4; 8 is two standard errors above


def test_the_sum_of_evidence_is_pages_recursion() -> None:
    added = np.array([1.0, -3.0, 2.0, 2.5, -1.0])
    assert accumulated(added).tolist() == [1.0, 0.0, 2.0, 4.5, 3.5]


def test_people_with_few_events_are_not_watched() -> None:
    rare = np.tile([1.0, 2.0], 65)
    often = np.tile([4.0, 5.0], 65)
    ones = np.ones(130)
    found = watch(
        [
            Series("person:rare", "leads", Family.COUNT, rare, ones),
            Series("person:often", "leads", Family.COUNT, often, ones),
        ],
        quarters=500,
    )
    assert [one.owner for one in found.watched] == ["person:often"]
    assert [one.owner for one in found.too_rare] == ["person:rare"]


def test_a_fallen_win_rate_says_since_when_and_how_far() -> None:
    tried = np.full(130, 50.0)
    won = np.full(130, 20.0) + np.resize([2.0, -2.0, 1.0, -1.0], 130)
    won[124:] = 10.0
    found = watch(
        [Series("company", "win_rate", Family.SHARE, won, tried)], quarters=1000
    )
    (drift,) = found.drifts
    (moved,) = drift.drivers
    assert moved.since == 124
    assert moved.was == pytest.approx(0.40, abs=0.01)
    assert moved.now == pytest.approx(0.20)
    assert moved.sure > 0.9
    assert moved.alarm


def test_a_longer_cycle_is_the_bad_news_and_a_shorter_one_is_not() -> None:
    number = np.full(130, 10.0)
    noise = np.resize([12.0, -9.0, 4.0, -7.0, 0.0], 130)
    longer, shorter = 400.0 + noise, 400.0 + noise
    longer[124:] += 200
    shorter[124:] -= 200

    def told(total: np.ndarray) -> int:
        series = Series("company", "cycle", Family.MEAN, total, number, rising=True)
        return len(watch([series], quarters=1000).drifts)

    assert told(longer) == 1
    assert told(shorter) == 0
