"""Figures that agree at every level: the samples of people add up to the team's.

A team forecast for itself is better than the sum of its people's, and its people must
still add up to it. Forecasts are each of one variable: how they go together is drawn,
part of each being a chance that all share, as quarters are good or bad for everybody.
Then, from the top down, the parts are scaled in each scenario to add up to the whole,
whose own distribution is kept. Scaling alone would make the parts surer than they were
said to be (they would all move with the whole): their own values are put back in the
new order and scaled again, until how they go together suits both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from jalon.domain.forecast.history import Floats

COMMON = 0.3  # of the variance of each, the part that all share
SEED = 17
ROUNDS = 12  # of scaling the parts and giving them back their own values
Tree = Mapping[str, Sequence[str]]


def reconciled(
    samples: Mapping[str, Floats], below: Tree, root: str
) -> dict[str, Floats]:
    """Return the samples of a tree, each node the sum of those below it.

    All are of what is still to come, of one length, none negative, in any order;
    `below` gives the nodes that a node is made of. The root keeps its distribution.
    Whoever is not below the root, or has no samples, is left out.
    """
    tree = {
        node: [one for one in parts if one in samples] for node, parts in below.items()
    }
    ordered = _ordered(samples, tree, root)
    found = {root: ordered[root]}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        parts = tree.get(node, [])
        if not parts:
            continue
        scaled = settled(found[node], [ordered[one] for one in parts])
        found.update(zip(parts, scaled, strict=True))
        waiting.extend(parts)
    return found


def settled(whole: Floats, parts: Sequence[Floats]) -> list[Floats]:
    """Return the parts adding up to the whole, each as spread as it was said to be.

    The mean of each is moved with that of the whole; then come rounds of scaling and
    of putting a part's own values back in the order that it has.
    """
    total = float(np.sum([one.mean() for one in parts]))
    size = float(whole.mean()) / total if total > 0 else 1.0
    own = [np.sort(one) * size for one in parts]
    found = list(parts)
    for _ in range(ROUNDS):
        found = [
            _placed_as(one, values)
            for one, values in zip(agreed(whole, found), own, strict=True)
        ]
    return agreed(whole, found)


def _placed_as(like: Floats, values: Floats) -> Floats:
    """Return sorted values in the order of other ones."""
    found = np.empty_like(values)
    found[np.argsort(like, kind="stable")] = values
    return found


def agreed(whole: Floats, parts: Sequence[Floats]) -> list[Floats]:
    """Return the parts, scaled scenario by scenario to add up to the whole.

    Where all parts are zero in a scenario and the whole is not, it is shared as they
    usually are.
    """
    stacked = np.stack(parts)
    total = stacked.sum(axis=0)
    mean = stacked.mean(axis=1)
    usual = mean / mean.sum() if mean.sum() > 0 else np.full(len(parts), 1 / len(parts))
    share = np.where(total > 0, stacked / np.where(total > 0, total, 1), usual[:, None])
    return list(share * whole)


def reordered(whole: Floats, parts: Sequence[Floats]) -> Floats:
    """Return the whole's samples in the order that the sum of the parts has."""
    total = np.sum(np.stack(parts), axis=0)
    found = np.empty_like(whole)
    found[np.argsort(total, kind="stable")] = np.sort(whole)
    return found


def paired(key: str, samples: Floats) -> Floats:
    """Return an owner's samples in the scenarios that all share, the same values.

    They depend on the key and the number of samples only, so that another owner more
    or less changes nothing.
    """
    common = np.random.default_rng(SEED).standard_normal(len(samples))
    own = np.random.default_rng([SEED, *key.encode()]).standard_normal(len(samples))
    score = np.sqrt(COMMON) * common + np.sqrt(1 - COMMON) * own
    found = np.empty_like(samples)
    found[np.argsort(score, kind="stable")] = np.sort(samples)
    return found


def _ordered(samples: Mapping[str, Floats], tree: Tree, node: str) -> dict[str, Floats]:
    """Return the samples of a node and all below, each in the order of its parts."""
    found: dict[str, Floats] = {}
    parts = tree.get(node, [])
    for one in parts:
        found |= _ordered(samples, tree, one)
    found[node] = (
        reordered(samples[node], [found[one] for one in parts])
        if parts
        else paired(node, samples[node])
    )
    return found
