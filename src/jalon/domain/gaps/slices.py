"""Where a rate fell: the slice, of one or two dimensions, that explains it best.

Each slice's successes are compared with what its own past rate, moved by the general
change, would have given: the binomial log-likelihood ratio of "it fell more than the
rest". A slice of two dimensions pays a penalty, since there are many more of them; the
past rate, being estimated too, discounts the evidence (scan statistic, Kulldorff 1997).
How often chance alone shows as much somewhere is bounded: a slice does with a chance of
`exp(-evidence)` at most (Chernoff 1952), times the slices looked at (Bonferroni).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

PENALTY = 1.0  # log-likelihood each further dimension must bring
PRIOR = 4.0  # past closings the general rate stands for
LOWEST, HIGHEST = 0.01, 0.99
TINY = 1e-6
SELDOM = 0.1  # chance below which a slice is no accident


@dataclass(frozen=True, slots=True)
class Cell:
    """Closings and successes of one combination of dimension values, in two periods."""

    keys: Mapping[str, str]
    tried_was: float
    won_was: float
    tried_now: float
    won_now: float


@dataclass(frozen=True, slots=True)
class Slice:
    """A slice whose rate fell beyond the general change."""

    keys: tuple[tuple[str, str], ...]
    tried: float
    won: float
    expected: float  # successes its past rate and the general change would give
    evidence: float  # log-likelihood ratio, penalty taken
    chance: float  # that one of the slices of as many dimensions shows as much

    @property
    def lost(self) -> float:
        """Return the successes missing."""
        return self.expected - self.won

    @property
    def seldom(self) -> bool:
        """Return whether chance alone seldom shows as much."""
        return self.chance <= SELDOM


def scan(
    cells: Sequence[Cell],
    dimensions: Sequence[str],
    *,
    nested: Iterable[frozenset[str]] = (),
    most: int = 3,
    direction: int = -1,
) -> tuple[Slice, ...]:
    """Return the slices with the most evidence, best first; only positive evidence.

    `nested` names pairs of dimensions where one decides the other (team and person):
    they are not crossed. `direction` 1 looks for slices that rose instead.
    """
    apart = set(nested)
    groups: list[tuple[str, ...]] = [(one,) for one in dimensions]
    groups += [
        pair for pair in combinations(dimensions, 2) if frozenset(pair) not in apart
    ]
    tried_was = sum(cell.tried_was for cell in cells)
    tried_now = sum(cell.tried_now for cell in cells)
    if not tried_was or not tried_now:
        return ()
    rate_was = sum(cell.won_was for cell in cells) / tried_was
    rate_now = sum(cell.won_now for cell in cells) / tried_now
    found: list[Slice] = []
    for some in (groups[: len(dimensions)], groups[len(dimensions) :]):
        each = [_group(cells, one, rate_was, rate_now, direction) for one in some]
        looked = sum(len(slices) for slices in each)
        found += [_chanced(one, looked) for slices in each for one in slices]
    shown = (one for one in found if one.evidence > 0)
    return tuple(sorted(shown, key=lambda one: -one.evidence)[:most])


def _chanced(one: Slice, looked: int) -> Slice:
    bound = looked * math.exp(-one.evidence - PENALTY * (len(one.keys) - 1))
    return replace(one, chance=min(1.0, bound))


def _group(
    cells: Sequence[Cell],
    group: tuple[str, ...],
    rate_was: float,
    rate_now: float,
    direction: int,
) -> list[Slice]:
    sums: dict[tuple[str, ...], NDArray[np.float64]] = {}
    for cell in cells:
        if all(cell.keys.get(name) for name in group):
            key = tuple(cell.keys[name] for name in group)
            add = np.array([cell.tried_was, cell.won_was, cell.tried_now, cell.won_now])
            sums[key] = sums[key] + add if key in sums else add
    if not sums:
        return []
    tried_was, won_was, tried, won = np.array(list(sums.values())).T
    general = rate_now / rate_was if rate_was else 1.0
    past = np.clip((won_was + PRIOR * rate_was) / (tried_was + PRIOR), 0.02, 0.98)
    expected = np.clip(past * general, LOWEST, HIGHEST)
    evidence = _evidence(tried, won, expected, direction)
    evidence *= 1 / (1 + tried / np.maximum(tried_was + PRIOR, 1))
    evidence -= PENALTY * (len(group) - 1)
    return [
        Slice(
            keys=tuple(zip(group, key, strict=True)),
            tried=float(tried[rank]),
            won=float(won[rank]),
            expected=float(expected[rank] * tried[rank]),
            evidence=float(evidence[rank]),
            chance=1.0,
        )
        for rank, key in enumerate(sums)
    ]


def _evidence(
    tried: NDArray[np.float64],
    won: NDArray[np.float64],
    expected: NDArray[np.float64],
    direction: int,
) -> NDArray[np.float64]:
    rate = np.where(tried > 0, won / np.maximum(tried, 1), expected)
    rate = np.clip(rate, TINY, 1 - TINY)
    moved = rate < expected if direction < 0 else rate > expected
    ratio = won * np.log(rate / expected)
    ratio += (tried - won) * np.log((1 - rate) / (1 - expected))
    return np.where(moved, ratio, 0.0)
