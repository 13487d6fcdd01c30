"""What holds of any landing: parts add up, chances fall as targets rise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jalon.domain.forecast.coherence import reconciled
from jalon.domain.forecast.history import Floats, Series, Task
from jalon.domain.forecast.pool import SERIES, Forecast, forecast

AMOUNT = st.floats(0, 1e9, allow_nan=False)
SAMPLES = st.lists(AMOUNT, min_size=1, max_size=60)


@st.composite
def companies(draw: st.DrawFn) -> tuple[dict[str, Floats], dict[str, list[str]]]:
    """Return samples of a company, its teams and people, some of them always at zero."""
    teams = draw(st.lists(st.integers(0, 5), min_size=1, max_size=4))
    dice = np.random.default_rng(draw(st.integers(0, 10**6)))
    draws = draw(st.integers(2, 80))
    below: dict[str, list[str]] = {"company": []}
    for rank, people in enumerate(teams):
        team = f"team{rank}"
        below["company"].append(team)
        if people:
            below[team] = [f"{team}.{one}" for one in range(people)]
    names = ["company", *[one for parts in below.values() for one in parts]]
    sizes = {name: draw(st.sampled_from([0.0, 0.01, 1.0, 1e6])) for name in names}
    shape = draw(st.sampled_from([0.05, 1.0, 50.0]))
    samples = {name: sizes[name] * dice.gamma(shape, 1.0, draws) for name in names}
    return samples, below


@settings(max_examples=200, deadline=None)
@given(companies())
def test_the_samples_of_people_add_up_to_their_team_s(
    company: tuple[dict[str, Floats], dict[str, list[str]]],
) -> None:
    """In every scenario and at each level; the company's own values are kept."""
    samples, below = company
    found = reconciled(samples, below, "company")
    for above, parts in below.items():
        together = np.sum([found[one] for one in parts], axis=0)
        assert together == pytest.approx(found[above], rel=1e-9, abs=1e-9)
    assert np.sort(found["company"]) == pytest.approx(np.sort(samples["company"]))
    assert min(float(one.min()) for one in found.values()) >= 0


@given(SAMPLES, AMOUNT, AMOUNT)
def test_a_higher_target_is_never_likelier(
    samples: list[float], one: float, two: float
) -> None:
    """Nor a lower one where less is better; and each is between 0 and 1."""
    found = Forecast(np.sort(np.array(samples)), 0.0)
    low, high = sorted((one, two))
    assert 1 >= found.probability(low) >= found.probability(high) >= 0
    assert (
        0
        <= found.probability(low, better="down")
        <= found.probability(high, better="down")
        <= 1
    )


@settings(max_examples=20, deadline=None)
@given(
    st.integers(60, 500),
    st.integers(0, 10**6),
    st.sampled_from([0.02, 0.3, 3.0]),
    st.integers(1, 95),
    st.sampled_from([0.0, 0.1, 0.4]),
)
def test_any_past_gives_a_landing_that_is_whole(
    days: int, seed: int, rate: float, horizon: int, notes: float
) -> None:
    """Finite, never below what is there, its models' weights summing to 1.

    Whatever the series: few events, long zeros, credit notes, a horizon longer than
    its seasons.
    """
    dice = np.random.default_rng(seed)
    daily = dice.poisson(rate, (3, days)) * dice.lognormal(3, 1, (3, days))
    daily *= np.where(dice.random((3, days)) < notes, -1, 1)
    past = Series(16_000, daily)
    first, after = past.asof - 5, past.asof + horizon
    tasks = [
        Task("one", "person", (0,), first, after),
        Task("all", "company", (0, 1, 2), first, after),
    ]
    found = forecast(past, tasks, models=SERIES)
    for task in tasks:
        one = found[task.id]
        assert np.all(np.isfinite(one.samples))
        assert one.ahead.min() >= -1e-6
        assert sum(one.weights) == pytest.approx(1)
