"""An additive target shared out: exact, within bounds, optimal, monotone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, minimize

from jalon.domain.cascade.rising import Floats, filled
from jalon.domain.cascade.split import rounded, split

CASES = 1_000


def _floats(*numbers: float) -> Floats:
    return np.array(numbers, dtype=float)


@pytest.mark.parametrize(
    ("total", "weights", "low", "high", "expected"),
    [
        pytest.param(100_000, (1, 1, 1), None, None, (33334, 33333, 33333), id="cents"),
        pytest.param(10, (7, 2, 1, 1), None, None, (6, 2, 1, 1), id="new customers"),
        pytest.param(
            *(120, (50, 30, 20, 0), None, (60, 60, 60, 60), (60, 36, 24, 0)),
            id="no weight, nothing while others have room",
        ),
        pytest.param(
            *(200, (50, 30, 20, 0), None, (60, 60, 60, 60), (60, 60, 60, 20)),
            id="no weight takes what is left when all others are full",
        ),
        pytest.param(
            *(875, (1, 1, 1, 0.5), None, None, (250, 250, 250, 125)),
            id="one of four on ramp (PostHog: 3 x 250k + 125k)",
        ),
        pytest.param(
            *(100, (1, 1, 2), (40, 0, 0), None, (40, 20, 40)), id="a floor above share"
        ),
        pytest.param(*(0, (3, 1), None, None, (0, 0)), id="nothing to share"),
        pytest.param(
            *(10, (1, 1, 1, 1), None, (2.9, 2.9, 9, 9), (2, 2, 3, 3)),
            id="a ceiling between two steps counts as the one below",
        ),
    ],
)
def test_a_total_is_shared(
    total: int,
    weights: tuple[float, ...],
    low: tuple[float, ...] | None,
    high: tuple[float, ...] | None,
    expected: tuple[int, ...],
) -> None:
    found = split(
        total,
        _floats(*weights),
        None if low is None else _floats(*low),
        None if high is None else _floats(*high),
    )

    assert tuple(found.amounts) == expected
    assert found.missing == 0


def test_what_ceilings_leave_is_missing() -> None:
    found = split(100, _floats(1, 1), high=_floats(30, 40))
    assert (tuple(found.amounts), found.missing) == ((30, 40), 30)


def test_what_floors_ask_too_much_is_missing_too() -> None:
    found = split(100, _floats(1, 1), _floats(80, 70))
    assert (tuple(found.amounts), found.missing) == ((80, 70), -50)


WEIGHTS = st.lists(st.floats(0, 1e6, width=32), min_size=1, max_size=40)


@given(total=st.integers(0, 10**12), weights=WEIGHTS)
def test_nothing_is_lost(total: int, weights: list[float]) -> None:
    found = split(total, np.array(weights, dtype=float))

    assert int(found.amounts.sum()) == total
    assert (found.amounts >= 0).all()


@given(total=st.integers(0, 10**9), weights=WEIGHTS, data=st.data())
def test_more_weight_never_means_less(
    total: int, weights: list[float], data: st.DataObject
) -> None:
    who = data.draw(st.integers(0, len(weights) - 1))
    more = list(weights)
    more[who] += data.draw(st.floats(0, 1e6, width=32))
    none, top = np.zeros(len(weights)), np.full(len(weights), np.inf)

    before, _ = filled(total, none, np.array(weights, dtype=float), none, top)
    after, _ = filled(total, none, np.array(more, dtype=float), none, top)

    assert after[who] >= before[who] - 1e-6 * max(1, total)


@given(total=st.integers(0, 10**9), weights=WEIGHTS)
def test_an_amount_is_less_than_a_step_from_the_exact_one(
    total: int, weights: list[float]
) -> None:
    none, top = np.zeros(len(weights)), np.full(len(weights), np.inf)
    exact, _ = filled(total, none, np.array(weights, dtype=float), none, top)

    assert (abs(split(total, np.array(weights, dtype=float)).amounts - exact) < 1).all()


def test_the_optimum_holds_on_a_thousand_random_bounded_cases() -> None:
    """Karush-Kuhn-Tucker: free ones share one level, floored above it, capped below."""
    rng = np.random.default_rng(5)
    for _ in range(CASES):
        n = int(rng.integers(2, 60))
        weights = rng.lognormal(3, 1, n) * (rng.random(n) < 0.9)
        low = np.where(rng.random(n) < 0.5, rng.random(n) * 40, 0)
        high = low + np.where(rng.random(n) < 0.5, rng.random(n) * 60, np.inf)
        most = min(high.sum(), 4 * (low.sum() + weights.sum() + 1))
        total = low.sum() + rng.random() * (most - low.sum())
        amounts, level = filled(total, np.zeros(n), weights, low, high)

        assert amounts.sum() == pytest.approx(total, rel=1e-9, abs=1e-9)
        assert (amounts >= low - 1e-9).all()
        assert (amounts <= high + 1e-9).all()
        weighted = weights > 0
        asked = level * weights
        free = weighted & (amounts > low + 1e-7) & (amounts < high - 1e-7)
        floored = weighted & (amounts <= low + 1e-9) & (low < high)
        capped = weighted & (amounts >= high - 1e-9) & (low < high)
        assert amounts[free] == pytest.approx(asked[free], rel=1e-7, abs=1e-7)
        assert (asked[floored] <= low[floored] + 1e-6).all()
        assert (asked[capped] >= high[capped] - 1e-6).all()


@pytest.mark.parametrize("seed", range(25))
def test_a_general_solver_finds_the_same(seed: int) -> None:
    """The split minimises the sum of (x - w)^2 / w: scipy is asked the same question."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 9))
    weights, low = rng.uniform(5, 50, n), rng.uniform(0, 10, n)
    high = low + rng.uniform(5, 60, n)
    total = float(rng.uniform(low.sum(), high.sum()))

    amounts, _ = filled(total, np.zeros(n), weights, low, high)

    oracle = minimize(
        lambda x: float((x**2 / weights).sum()),
        low + (high - low) * (total - low.sum()) / (high - low).sum(),
        jac=lambda x: 2 * x / weights,
        bounds=Bounds(low, high),
        constraints=LinearConstraint(np.ones(n), total, total),
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert amounts == pytest.approx(oracle.x, abs=1e-4)


@settings(max_examples=50)
@given(
    exact=st.lists(st.floats(0, 1e6, width=32), min_size=1, max_size=30),
    extra=st.integers(-3, 3),
)
def test_rounding_reaches_a_total_it_can_reach(exact: list[float], extra: int) -> None:
    amounts = np.array(exact, dtype=float)
    total = max(0, round(float(amounts.sum())) + extra)
    found = rounded(amounts, total, np.zeros(len(exact)), np.full(len(exact), np.inf))
    assert int(found.sum()) == total
