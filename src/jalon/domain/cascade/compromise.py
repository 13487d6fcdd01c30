"""Top-down meets bottom-up: the figures nearest to all proposals that add up.

Each node of a tree may have an opinion: a figure and how sure it is (its variance).
The compromise minimises the sum of (figure - opinion)^2 / variance while children add
up to their parent. Without bounds it is weighted least squares, exact in one pass up
and one pass down (Gaussian belief propagation; the same as MinT with a diagonal
matrix). With bounds the same two passes carry piecewise linear functions: still exact.

Arrays have one place per node, parents before children; the root's parent is -1.
A variance of 0 is a fixed figure, of infinity no opinion; leaves must have one.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from jalon.domain.cascade.rising import Floats, Rising, lines, sum_of

Places = NDArray[np.int64]


def met_halfway(parents: Places, opinions: Floats, variances: Floats) -> Floats:
    """Return the compromise of a tree without bounds, in one pass up and one down."""
    levels = _levels(parents)
    figures, spread = opinions.astype(float), variances.astype(float)
    sums, spreads = np.zeros(len(parents)), np.zeros(len(parents))
    inner = np.bincount(parents[1:], minlength=len(parents)) > 0
    for level in reversed(levels):
        here = level[inner[level]]
        figures[here], spread[here] = _merged(
            opinions[here], variances[here], sums[here], spreads[here]
        )
        up = parents[level]
        if up[0] >= 0:
            np.add.at(sums, up, figures[level])
            np.add.at(spreads, up, spread[level])
    for level in levels[1:]:
        up = parents[level]
        gap, whole = figures[up] - sums[up], spreads[up]
        part = np.divide(
            spread[level], whole, out=np.zeros(len(level)), where=whole > 0
        )
        figures[level] += part * gap
    return figures


def _merged(
    opinion: Floats, variance: Floats, below: Floats, spread: Floats
) -> tuple[Floats, Floats]:
    """Return a node's opinion merged with its children's sum, by precision."""
    total = spread + variance
    known = np.isfinite(variance) & (total > 0)
    trust = np.divide(spread, total, out=np.zeros_like(spread), where=known)
    trust = np.where(np.isfinite(variance) & (total == 0), 1.0, trust)
    gap = np.where(np.isfinite(variance), opinion - below, 0.0)
    return below + trust * gap, (1 - trust) * spread


def _levels(parents: Places) -> list[Places]:
    """Return the nodes by depth, the root first."""
    depth = np.zeros(len(parents), dtype=np.int64)
    for node, parent in enumerate(parents.tolist()):
        if parent >= 0:
            depth[node] = depth[parent] + 1
    order = np.argsort(depth, kind="stable")
    ends = np.cumsum(np.bincount(depth))[:-1]
    return np.split(order, ends)


def met_within(
    parents: Places, opinions: Floats, variances: Floats, low: Floats, high: Floats
) -> Floats:
    """Return the compromise of a tree whose nodes have bounds; the root's is its sum.

    The bounds must leave room: each node's between the sums of its children's.
    """
    children: dict[int, list[int]] = defaultdict(list)
    for node, parent in enumerate(parents.tolist()):
        children[parent].append(node)
    below: dict[int, Rising] = {}
    seen: dict[int, Rising] = {}
    for node in range(len(parents) - 1, -1, -1):
        one = slice(node, node + 1)
        if node in children:
            below[node] = sum_of([seen.pop(child) for child in children[node]])
            own = below[node]
            if np.isfinite(variances[node]):
                own = own.pulled(float(opinions[node]), float(variances[node]))
            seen[node] = own.within(float(low[node]), float(high[node]))
        else:
            seen[node] = lines(opinions[one], variances[one], low[one], high[one])
    return _downwards(children, below, (opinions, variances, low, high))


def _downwards(
    children: dict[int, list[int]],
    below: dict[int, Rising],
    columns: tuple[Floats, Floats, Floats, Floats],
) -> Floats:
    opinions, *_ = columns
    figures = np.empty(len(opinions))
    figures[0] = _at(0.0, 0, below, columns)
    waiting = [0]
    while waiting:
        node = waiting.pop()
        if node not in children:
            continue
        level = below[node].reaching(float(figures[node]))
        for child in children[node]:
            figures[child] = _at(level, child, below, columns)
            waiting.append(child)
    return figures


def _at(
    level: float,
    node: int,
    below: dict[int, Rising],
    columns: tuple[Floats, Floats, Floats, Floats],
) -> float:
    """Return the node's figure when its parent's level is that one."""
    opinion, variance, low, high = (float(column[node]) for column in columns)
    if node not in below:
        return min(max(opinion + level * variance, low), high)
    own = below[node]
    if np.isfinite(variance):
        own = own.pulled(opinion, variance)
    return min(max(own.at(level), low), high)
