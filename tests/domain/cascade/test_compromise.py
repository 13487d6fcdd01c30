"""Both ways: the compromise is weighted least squares, bounds included."""

from __future__ import annotations

import cvxpy as cp
import numpy as np
import pytest
from numpy.typing import NDArray

from jalon.domain.cascade.compromise import Places, met_halfway, met_within
from jalon.domain.cascade.rising import Floats, filled

TREE = np.array([-1, 0, 0, 1, 1, 1, 2, 2])
OPINIONS = np.array([120.0, 70, 40, 20, 25, 15, 30, 18])
VARIANCES = np.array([0.0, 9, 16, 4, 4, 1, 9, 2])
FREE = np.full(8, np.inf)


def _summing(parents: Places) -> tuple[NDArray[np.int64], Floats]:
    """Return the leaves and the matrix that adds them up to every node."""
    leaves = np.setdiff1d(np.arange(len(parents)), parents)
    matrix = np.zeros((len(parents), len(leaves)))
    for column, leaf in enumerate(leaves):
        node = leaf
        while node >= 0:
            matrix[node, column] = 1
            node = parents[node]
    return leaves, matrix


def test_the_two_passes_are_the_matrix_formula() -> None:
    """y = S (S'WS)^-1 S'W opinions, a fixed root standing at variance 1e-9 there."""
    _, matrix = _summing(TREE)
    precision = np.diag(1 / np.where(VARIANCES == 0, 1e-9, VARIANCES))
    left = matrix.T @ precision @ matrix
    expected = matrix @ np.linalg.solve(left, matrix.T @ precision @ OPINIONS)

    found = met_halfway(TREE, OPINIONS, VARIANCES)

    assert found == pytest.approx(expected, abs=1e-4)
    assert found[0] == 120


def test_every_family_adds_up() -> None:
    found = met_halfway(TREE, OPINIONS, VARIANCES)
    for node in (0, 1, 2):
        assert found[node == TREE].sum() == pytest.approx(found[node])


def test_without_bounds_both_ways_of_counting_agree() -> None:
    assert met_within(TREE, OPINIONS, VARIANCES, -FREE, FREE) == pytest.approx(
        met_halfway(TREE, OPINIONS, VARIANCES)
    )


def test_siblings_with_a_cap_share_the_rest_by_variance() -> None:
    """By hand: 500 - 160 = 340 for b = 120, 90, 100 and variances 100, 100, 25."""
    found, _ = filled(
        500,
        np.array([120.0, 150, 90, 100]),
        np.array([100.0, 400, 100, 25]),
        np.zeros(4),
        np.array([200.0, 160, 200, 200]),
    )
    assert found == pytest.approx([120 + 40 / 3, 160, 90 + 40 / 3, 100 + 10 / 3])


def test_a_parent_without_opinion_follows_its_parts() -> None:
    found = met_halfway(
        np.array([-1, 0, 0]), np.array([0.0, 30, 50]), np.array([np.inf, 4, 4])
    )
    assert found == pytest.approx([80, 30, 50])


@pytest.mark.parametrize("seed", range(30))
def test_a_solver_finds_the_same_on_bounded_trees(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(4, 25))
    parents = np.array([-1, *(rng.integers(0, node) for node in range(1, size))])
    opinions = rng.lognormal(3, 1, size)
    inner = np.isin(np.arange(size), parents)
    silent = inner & (rng.random(size) < 0.4)
    variances = np.where(silent, np.inf, opinions**2 * rng.uniform(0.01, 0.3, size))
    variances[0] = 0 if rng.random() < 0.5 else np.inf
    low = np.where(rng.random(size) < 0.5, opinions * 0.8, -np.inf)
    high = np.where(rng.random(size) < 0.5, opinions * 1.3, np.inf)
    low[0], high[0] = -np.inf, np.inf

    x = cp.Variable(size)
    asked = []
    for node in range(size):
        if inner[node]:
            asked.append(x[node] == cp.sum(x[np.flatnonzero(parents == node)]))
        if variances[node] == 0:
            asked.append(x[node] == opinions[node])
        if np.isfinite(low[node]):
            asked.append(x[node] >= low[node])
        if np.isfinite(high[node]):
            asked.append(x[node] <= high[node])
    spoken = np.isfinite(variances) & (variances > 0)
    distance = cp.sum_squares(
        cp.multiply(x[spoken] - opinions[spoken], variances[spoken] ** -0.5)
    )
    problem = cp.Problem(cp.Minimize(distance), asked)
    problem.solve(solver=cp.CLARABEL)
    if problem.status != cp.OPTIMAL:  # bounds that contradict each other
        assert problem.status in {cp.INFEASIBLE, "infeasible_inaccurate"}
        return

    found = met_within(parents, opinions, variances, low, high)

    assert found == pytest.approx(x.value, abs=2e-4 * float(opinions.max()))
