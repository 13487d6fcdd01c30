"""Proposals from below met with the figures from above, inside one stretch of a tree.

The sum stays the target's. A rate is reconciled in amounts (rate x volume), since these
add up. A leaf that proposed nothing is taken at its top-down figure; a parent that
proposed nothing has no opinion.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np

from jalon.domain.cascade.bounds import Range
from jalon.domain.cascade.compromise import Places, met_halfway, met_within
from jalon.domain.cascade.family import bound_of
from jalon.domain.cascade.outcome import Amount, Cause, Given, How, Unmet
from jalon.domain.cascade.plan import DEFAULT_CONFIDENCE, Measure, Node
from jalon.domain.cascade.rising import Floats
from jalon.domain.cascade.split import rounded, stepped

_SUREST = 1e-3
_SMALLEST = 1e-6
_CLOSE = 1e-9
Parts = Callable[[str], tuple[Node, ...]]


def spread(figure: float, split: float, node: Node) -> float:
    """Return the variance of an opinion: (1 - confidence) x figure is its deviation.

    Confidence is 0.8 unless said: 20 % of the figure either way (of the top-down one
    for a proposal of 0, so that it can move). Nobody is so sure that they cannot move
    at all: that is what a locked figure, or a variance of 0, says.
    """
    if node.variance is not None:
        return float(node.variance)
    confidence = DEFAULT_CONFIDENCE if node.confidence is None else node.confidence
    unsure = max(1 - float(confidence), _SUREST)
    return max(unsure * abs(figure or split), _SMALLEST) ** 2


def compromised(
    given: Sequence[Given],
    order: Sequence[Node],
    ranges: Mapping[str, Range],
    measure: Measure,
    parts: Parts,
) -> tuple[list[Given], list[Unmet]]:
    """Return the figures nearest to all proposals that add up to the target.

    Where fixed figures or bounds leave a family apart from its parent, it is told.
    """
    place = {node.id: rank for rank, node in enumerate(order)}
    parents = np.array([place.get(node.parent, -1) for node in order])
    parents[0] = -1
    shares = _shares(given, measure, parents)
    opinions, variances = _opinions(given, order, parts, shares)
    low, high = _room(order, ranges, shares)
    if np.isinf(low).all() and np.isinf(high).all():
        figures = met_halfway(parents, opinions, variances)
    else:
        figures = met_within(parents, opinions, variances, low, high)
    untouched = np.array([float(each.split) for each in given])
    figures = np.divide(figures, shares, out=untouched, where=shares > 0)
    settled = _settled(given, order, ranges, measure, parts, figures)
    step = float(measure.step or 0)
    return settled, [unmet for each in settled for unmet in _apart(each, step)]


def _apart(each: Given, step: float) -> Iterator[Unmet]:
    """Yield what a parent's parts miss, or exceed."""
    if each.assigned is None:
        return
    asked, reached = (
        float(each.target) * (1 + float(each.cushion)),
        float(each.assigned),
    )
    tolerance = step / 2 + _CLOSE * max(1.0, abs(asked))
    if abs(asked - reached) > tolerance:
        cause = Cause.CEILINGS if reached < asked else Cause.FLOORS
        yield Unmet(each.id, cause, asked, each.assigned)


def _shares(given: Sequence[Given], measure: Measure, parents: Places) -> Floats:
    """Return by how much a figure counts in the whole: volumes, and cushions above."""
    counted = np.ones(len(given))
    if not measure.additive:
        volumes = np.array([float(each.volume or 0) for each in given])
        above = np.where(parents < 0, len(given), parents)
        families = np.bincount(above, weights=volumes, minlength=len(given) + 1)
        counted = volumes / families[above]
    for rank, parent in enumerate(parents.tolist()):
        if parent >= 0:
            counted[rank] *= counted[parent] / (1 + float(given[parent].cushion))
    return counted


def _opinions(
    given: Sequence[Given], order: Sequence[Node], parts: Parts, shares: Floats
) -> tuple[Floats, Floats]:
    figures, spreads = np.zeros(len(order)), np.full(len(order), math.inf)
    for rank, (node, each) in enumerate(zip(order, given, strict=True)):
        proposed = node.proposed if node.locked is None else node.locked
        if rank == 0:
            figures[0], spreads[0] = _total(each), 0.0
        elif proposed is not None or not parts(node.id):
            figure = float(each.split if proposed is None else proposed)
            figures[rank] = figure
            spreads[rank] = (
                spread(figure, float(each.split), node) if node.locked is None else 0.0
            )
    return figures * shares, _scaled(spreads, shares**2)


def _total(top: Given) -> float:
    """Return the top's figure: what its parts can take, where that is not all."""
    if top.assigned is None:
        return float(top.target)
    return float(top.assigned) / (1 + float(top.cushion))


def _room(
    order: Sequence[Node], ranges: Mapping[str, Range], shares: Floats
) -> tuple[Floats, Floats]:
    low = np.array([ranges[node.id].low for node in order])
    high = np.array([ranges[node.id].high for node in order])
    low[0], high[0] = -math.inf, math.inf
    return _scaled(low, shares), _scaled(high, shares)


def _scaled(bounds: Floats, shares: Floats) -> Floats:
    """Return bounds or variances in amounts; what counts for nothing is fixed at 0."""
    found = np.zeros(len(shares))
    np.multiply(bounds, shares, out=found, where=shares > 0)
    return found


def _settled(
    given: Sequence[Given],
    order: Sequence[Node],
    ranges: Mapping[str, Range],
    measure: Measure,
    parts: Parts,
    figures: Floats,
) -> list[Given]:
    """Return the figures on whole steps, each family adding up to its parent."""
    found = {node.id: figure for node, figure in zip(order, figures, strict=True)}
    settled = {given[0].id: given[0]}
    before = {each.id: each for each in given}
    for node in order:
        below = parts(node.id)
        if not below:
            continue
        head = settled[node.id]
        amounts = _family(
            head, [float(found[part.id]) for part in below], below, ranges, measure
        )
        total = sum((Decimal(str(amount)) for amount in amounts), Decimal(0))
        if measure.additive:
            assigned: Amount = total if measure.step else float(total)
        else:
            assigned = _mean(amounts, [before[part.id].volume for part in below])
        settled[node.id] = replace(head, assigned=assigned)
        for part, amount in zip(below, amounts, strict=True):
            former = before[part.id]
            how = How(
                "compromise",
                former.how.weight,
                former.how.guessed,
                bound_of(ranges[part.id], amount, part),
            )
            share = float(amount) / float(total) if measure.additive and total else None
            settled[part.id] = replace(former, target=amount, how=how, share=share)
    return [settled[node.id] for node in order]


def _mean(amounts: Sequence[Amount], volumes: Sequence[Decimal | None]) -> float:
    weights = [float(volume or 0) for volume in volumes]
    pairs = zip(amounts, weights, strict=True)
    return math.fsum(float(rate) * weight for rate, weight in pairs) / sum(weights)


def _family(
    head: Given,
    figures: list[float],
    below: Sequence[Node],
    ranges: Mapping[str, Range],
    measure: Measure,
) -> list[Amount]:
    if measure.step is None:
        return list(figures)
    step = measure.step
    total = stepped(Decimal(str(head.target)) * (1 + head.cushion), step)
    if head.how.rule == "target":
        total = Decimal(str(head.assigned))
    free = [rank for rank, part in enumerate(below) if part.locked is None]
    amounts: list[Amount] = [part.locked or Decimal(0) for part in below]
    rest = total - sum((part.locked or Decimal(0) for part in below), Decimal(0))
    steps = math.floor(rest / step)
    unit = float(step)
    whole = rounded(
        np.array([figures[rank] / unit for rank in free]),
        steps,
        np.array([round(ranges[below[rank].id].low / unit, 6) for rank in free]),
        np.array([round(ranges[below[rank].id].high / unit, 6) for rank in free]),
    )
    for rank, amount in zip(free, whole, strict=True):
        amounts[rank] = int(amount) * step
    left = rest - steps * step
    if left and free:
        largest = max(free, key=lambda rank: (amounts[rank], -rank))
        amounts[largest] = Decimal(str(amounts[largest])) + left
    return amounts
