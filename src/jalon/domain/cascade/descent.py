"""The way down: a plan in, what each node has to reach and how out.

A tree is made of stretches: nodes that share one KPI. Inside a stretch each parent is
shared out among its parts, then, where people proposed figures of their own, the
compromise nearest to all of them is taken. Where a node's parts carry other KPIs, they
are its levers (`funnel`), and each opens a stretch of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np

from jalon.domain.cascade import cushion as cushions
from jalon.domain.cascade.bounds import Range, combined, own_range, weighted
from jalon.domain.cascade.family import Shared, rates_shared, shared_out
from jalon.domain.cascade.funnel import Lever, factor, levers_for
from jalon.domain.cascade.halfway import compromised
from jalon.domain.cascade.outcome import Amount, Cascade, Cause, Given, How, Unmet
from jalon.domain.cascade.plan import (
    TOP,
    Cushion,
    Measure,
    Method,
    Node,
    Plan,
    children_of,
)
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
_NO_VALUE = (
    "{node} is a lever of {parent} and needs its present value above 0."
    ' Example: {{"id": "{node}", "kpi": "{kpi}", "history": 0.25}}.'
)
_NO_FUNNEL = (
    "{node} has levers and a target of {target}: a product of levers cannot reach it."
    " Expected a target above 0."
)

Family = tuple[Node, tuple[Node, ...]]


def cascaded(plan: Plan, measure_of: Callable[[Node], Measure]) -> Cascade:
    """Return what each node has to reach; `measure_of` knows the levers' KPIs.

    Raises:
        Refusal: If a node lacks what the method needs.
    """
    children = children_of(plan.nodes)
    roots = children[TOP]
    top = roots[0] if len(roots) == 1 and roots[0].id in children else Node(TOP)
    top = replace(top, kpi=plan.measure.kpi)
    found = _stretch(plan, top, children, measure_of)
    order = {node.id: rank for rank, node in enumerate(plan.nodes)}
    given = [each for each in found.given if each.id in order]
    given.sort(key=lambda each: order[each.id])
    return Cascade(found.top, tuple(given), found.unmet)


def _stretch(
    plan: Plan,
    top: Node,
    children: Mapping[str, tuple[Node, ...]],
    measure_of: Callable[[Node], Measure],
) -> Cascade:
    """Return what a stretch received, and the stretches that its levers open."""
    walk = _Walk(plan, top, children)
    given, unmet = walk.down()
    for node, levers in walk.openings:
        figure = next(each for each in given if each.id == node.id)
        lower = _opened(figure, node, levers, measure_of)
        unmet.extend(lower.unmet)
        for lever, own in zip(levers, lower.given, strict=True):
            measure = measure_of(lever)
            inner = replace(
                plan,
                measure=measure,
                target=Decimal(str(own.target)),
                cushion=Cushion(plan.cushion.levels),
                method=_fitting(plan.method, measure),
            )
            below = _stretch(inner, lever, children, measure_of)
            first = below.given[0]
            head = replace(
                own, assigned=first.assigned, cushion=first.cushion, shift=first.shift
            )
            given.extend((head, *below.given[1:]))
            unmet.extend(below.unmet)
    return Cascade(given[0], tuple(given), tuple(unmet))


def _fitting(method: Method, measure: Measure) -> Method:
    """Return the method for a lever's KPI: own weights and ways do not cross kinds."""
    ways = {Method.EFFORT, Method.HEADROOM, Method.POINTS}
    if measure.additive:
        return Method.HISTORY if method in ways else method
    return method if method in ways else Method.EFFORT


def _opened(
    figure: Given,
    node: Node,
    levers: tuple[Node, ...],
    measure_of: Callable[[Node], Measure],
) -> Cascade:
    """Return a node's levers, whose product is its figure."""
    if figure.target <= 0:
        raise Refusal(_NO_FUNNEL, node=node.id, target=figure.target)
    asked = [_lever(lever, node, measure_of(lever)) for lever in levers]
    product = math.prod(factor(lever.kpi, lever.value) for lever in asked)
    constant = float(node.history) / product if node.history else 1.0
    found = levers_for(float(figure.target), asked, constant)
    given = tuple(
        Given(
            id=lever.id,
            parent=node.id,
            kpi=lever.kpi,
            unit=measure_of(lever).unit,
            target=_whole(value, own.step),
            split=_whole(value, own.step),
            how=How("funnel", own.effort),
            proposed=lever.proposed,
            volume=lever.volume,
        )
        for lever, own, value in zip(levers, asked, found.values, strict=True)
    )
    if math.isclose(found.product, float(figure.target), rel_tol=1e-9):
        return Cascade(figure, given)
    cause = Cause.CEILINGS if found.product < float(figure.target) else Cause.FLOORS
    unmet = Unmet(node.id, cause, figure.target, found.product)
    return Cascade(figure, given, (unmet,))


def _whole(value: float, step: float | None) -> Amount:
    """Return a lever counted in whole units as the exact number it is."""
    if step and math.isclose(value, round(value / step) * step, rel_tol=_TINY):
        return Decimal(round(value / step)) * Decimal(str(step)).quantize(Decimal(1))
    return value


def _lever(lever: Node, parent: Node, measure: Measure) -> Lever:
    value = lever.locked if lever.locked is not None else lever.history
    if value is None or factor(lever.kpi, float(value)) <= 0:
        raise Refusal(_NO_VALUE, node=lever.id, parent=parent.id, kpi=lever.kpi)
    low, high = own_range(lever, measure)
    fixed = lever.locked is not None
    return Lever(
        kpi=lever.kpi,
        value=float(value),
        effort=0.0 if fixed else float(1 if lever.weight is None else lever.weight),
        low=low,
        high=high,
        step=1.0 if measure.unit == "count" else None,
    )


@dataclass
class _Walk:
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
