"""One stretch of a tree, nodes that share one KPI: learnt upwards, handed downwards."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np

from jalon.domain.cascade import cushion as cushions
from jalon.domain.cascade.bounds import Range, combined, own_range, weighted
from jalon.domain.cascade.family import Shared, rates_shared, shared_out
from jalon.domain.cascade.halfway import compromised
from jalon.domain.cascade.outcome import Amount, Cause, Given, How, Unmet
from jalon.domain.cascade.plan import Cushion, Node, Plan
from jalon.domain.cascade.rising import Floats
from jalon.domain.cascade.split import stepped
from jalon.domain.cascade.weighing import weights
from jalon.domain.refusals import Refusal

_TINY = 1e-9
_NO_VOLUME = (
    "{node} has no volume: a rate is shared out by the denominator each node carries"
    ' (deals, customers…). Example: {{"id": "{node}", "volume": 120}}.'
)
_NO_RATE = (
    "{node} has no history: a rate is shared out from where each stands."
    ' Example: {{"id": "{node}", "history": 0.22}}.'
)
_NO_WAY = 'The method "{method}" does not apply to {kind}. Expected one of: {expected}.'
_NO_ATTAINMENTS = (
    "A cushion by probability needs the past attainments of each leaf, as many for"
    ' each. Example: {{"id": "{node}", "attainments": [0.92, 1.04, 0.88]}}.'
)

Family = tuple[Node, tuple[Node, ...]]


@dataclass
class Stretch:
    """One stretch: what is known of its nodes on the way up, then the way down."""

    plan: Plan
    top: Node
    children: Mapping[str, tuple[Node, ...]]
    order: list[Node] = field(default_factory=list)
    openings: list[Family] = field(default_factory=list)
    ranges: dict[str, Range] = field(default_factory=dict)
    volumes: dict[str, float] = field(default_factory=dict)
    rates: dict[str, float] = field(default_factory=dict)
    weighed: dict[str, list[tuple[Decimal, bool]]] = field(default_factory=dict)
    below: dict[str, Decimal | None] = field(default_factory=dict)
    depth: dict[str, int] = field(default_factory=dict)

    def down(self) -> tuple[list[Given], list[Unmet]]:
        """Return what each node received and what could not be met."""
        self._check_method()
        self._order()
        for node in reversed(self.order if len(self.order) > 1 else ()):
            self._look_up(node)
        given, unmet = self._handed(self.plan.cushion)
        if self.plan.cushion.probability is not None:
            given, unmet = self._likely(given)
        if any(node.proposed is not None for node in self._free()):
            given, apart = compromised(
                given, self.order, self.ranges, self.plan.measure, self._parts
            )
            unmet = [*unmet, *self._new(apart, unmet)]
        return given, unmet

    def _new(self, apart: list[Unmet], known: list[Unmet]) -> list[Unmet]:
        """Return what only the compromise leaves apart."""
        told = {each.id for each in known}
        return [each for each in apart if each.id not in told]

    def _free(self) -> Iterable[Node]:
        return (node for node in self.order[1:] if node.locked is None)

    def _parts(self, node: str) -> tuple[Node, ...]:
        """Return the parts that carry the same KPI."""
        return tuple(part for part in self.children.get(node, ()) if self._same(part))

    def _same(self, part: Node) -> bool:
        return part.kpi in {"", self.plan.measure.kpi}

    def _check_method(self) -> None:
        measure, method = self.plan.measure, self.plan.method
        ways = ("history", "effort", "potential", "headroom", "equal", "points")
        sums = ("history", "capacity", "potential", "equal", "weights")
        expected = sums if measure.additive else ways
        if method not in expected:
            raise Refusal(
                _NO_WAY,
                method=method,
                kind="an amount" if measure.additive else "a rate or a mean",
                expected=", ".join(expected),
            )

    def _order(self) -> None:
        """List the stretch's nodes, parents first, and where levers open."""
        waiting = [(self.top, 0)]
        while waiting:
            node, depth = waiting.pop()
            self.order.append(node)
            self.depth[node.id] = depth
            parts = self._parts(node.id)
            others = tuple(
                part for part in self.children.get(node.id, ()) if not self._same(part)
            )
            if others:
                self.openings.append((node, others))
            waiting.extend((part, depth + 1) for part in reversed(parts))

    def _look_up(self, node: Node) -> None:
        """Learn a node's weight, volume, rate and range from its parts."""
        parts = self._parts(node.id)
        measure = self.plan.measure
        own = own_range(node, measure)
        if measure.additive:
            if parts:
                self.weighed[node.id] = weights(parts, self.plan.method, self.below)
                self.below[node.id] = sum(
                    (weight for weight, _ in self.weighed[node.id]), Decimal(0)
                )
            ends = [
                (self.ranges[part.id].low, self.ranges[part.id].high) for part in parts
            ]
        else:
            self._look_up_rate(node, parts)
            ends = weighted(self.ranges, parts, self.volumes) if parts else []
        factor_ = 1 + float(self.plan.cushion.at(self.depth[node.id]))
        self.ranges[node.id] = (
            combined(own, ends, factor_) if parts else Range(*own, *own)
        )

    def _look_up_rate(self, node: Node, parts: tuple[Node, ...]) -> None:
        volume = None if node.volume is None else float(node.volume)
        if parts:
            whole = sum(self.volumes[part.id] for part in parts)
            if whole <= 0:
                raise Refusal(_NO_VOLUME, node=parts[0].id)
            rate = (
                sum(self.rates[part.id] * self.volumes[part.id] for part in parts)
                / whole
            )
            volume = volume or whole
        else:
            if volume is None:
                raise Refusal(_NO_VOLUME, node=node.id)
            start = node.history if node.history is not None else node.locked
            if start is None and node.proposed is None:
                raise Refusal(_NO_RATE, node=node.id)
            rate = float(start if start is not None else node.proposed or 0)
        self.volumes[node.id] = volume
        own = node.history if parts else None
        self.rates[node.id] = rate if own is None else float(own)

    def _handed(self, cushion: Cushion) -> tuple[list[Given], list[Unmet]]:
        """Return the top-down figures, family by family."""
        given: dict[str, Given] = {self.top.id: self._head()}
        unmet = list(self._beyond())
        for node in self.order:
            parts = self._parts(node.id)
            if not parts:
                continue
            more = cushion.at(self.depth[node.id])
            asked = self._with(given[node.id].target, more)
            found = self._family(node, parts, asked)
            if found.cause:
                unmet.append(Unmet(node.id, found.cause, asked, found.reached))
            given[node.id] = replace(
                given[node.id], assigned=found.reached, cushion=more, shift=found.shift
            )
            for rank, part in enumerate(parts):
                given[part.id] = self._given(part, found, rank)
        return [given[node.id] for node in self.order], unmet

    def _beyond(self) -> Iterable[Unmet]:
        """Yield the top's target where its own bounds forbid it."""
        low, high = own_range(self.top, self.plan.measure)
        target = float(self.plan.target)
        if self.top.locked is not None and target != low:
            yield Unmet(self.top.id, Cause.LOCKED, self.plan.target, low)
        elif target > high:
            yield Unmet(self.top.id, Cause.CEILINGS, self.plan.target, high)
        elif target < low:
            yield Unmet(self.top.id, Cause.FLOORS, self.plan.target, low)

    def _with(self, target: Amount, more: Decimal) -> Amount:
        """Return the target and its cushion, on a whole step."""
        if not more:
            return target
        if not isinstance(target, Decimal):
            return target * (1 + float(more))
        return stepped(target * (1 + more), self.plan.measure.step)

    def _head(self) -> Given:
        measure = self.plan.measure
        target: Amount = self.plan.target
        if not measure.additive or measure.step is None:
            target = float(target)
        return Given(
            id=self.top.id,
            parent=self.top.parent,
            kpi=measure.kpi,
            unit=measure.unit,
            target=target,
            split=target,
            how=How("target"),
            volume=self._volume(self.top),
            proposed=self.top.proposed,
        )

    def _family(self, node: Node, parts: tuple[Node, ...], asked: Amount) -> Shared:
        how = (self.plan.measure, self.plan.method)
        if self.plan.measure.additive:
            return shared_out(asked, parts, self.weighed[node.id], self.ranges, how)
        rates = [self.rates[part.id] for part in parts]
        volumes = [self.volumes[part.id] for part in parts]
        return rates_shared(float(asked), parts, rates, volumes, self.ranges, how)

    def _given(self, part: Node, found: Shared, rank: int) -> Given:
        amount, measure = found.amounts[rank], self.plan.measure
        whole = float(found.reached)
        return Given(
            id=part.id,
            parent=part.parent,
            kpi=measure.kpi,
            unit=measure.unit,
            target=amount,
            split=amount,
            how=found.hows[rank],
            share=float(amount) / whole if measure.additive and whole else None,
            volume=self._volume(part),
            proposed=part.proposed,
        )

    def _volume(self, node: Node) -> Decimal | None:
        if node.volume or node.id not in self.volumes:
            return node.volume
        return Decimal(str(self.volumes[node.id]))

    def _likely(self, given: list[Given]) -> tuple[list[Given], list[Unmet]]:
        """Return the figures with the cushion that makes the sum likely enough."""
        leaves = [node for node in self.order if not self._parts(node.id)]
        lengths = {len(leaf.attainments) for leaf in leaves}
        if lengths == {0} or len(lengths) != 1:
            lacking = min(leaves, key=lambda leaf: len(leaf.attainments))
            raise Refusal(_NO_ATTAINMENTS, node=lacking.id)
        past = np.array([[float(one) for one in leaf.attainments] for leaf in leaves]).T
        probability = float(self.plan.cushion.probability or 0)
        target = float(self.plan.target)
        amounts = self._amounts(given, leaves)
        more = cushions.needed(amounts, past, target, probability)
        if math.isinf(more):
            more = 0.0
        levels = (Decimal(str(math.ceil(more * 1e6) / 1e6)), Decimal(0))
        handed, unmet = self._handed(Cushion(levels))
        reached = cushions.chance(self._amounts(handed, leaves), past, target)
        if reached + _TINY < probability:
            unmet.append(Unmet(self.top.id, Cause.PROBABILITY, probability, reached))
        return handed, unmet

    def _amounts(self, given: list[Given], leaves: list[Node]) -> Floats:
        figures = {each.id: float(each.target) for each in given}
        found: Floats = np.array([figures[leaf.id] for leaf in leaves])
        if self.plan.measure.additive:
            return found
        volumes: Floats = np.array([self.volumes[leaf.id] for leaf in leaves])
        return np.asarray(found * volumes / volumes.sum())
