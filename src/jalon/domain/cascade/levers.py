"""Levers of a node: parts that carry other KPIs, whose product is the node's figure."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal

from jalon.domain.cascade.bounds import own_range
from jalon.domain.cascade.funnel import Lever, factor, levers_for
from jalon.domain.cascade.outcome import Amount, Cascade, Cause, Given, How, Unmet
from jalon.domain.cascade.plan import Measure, Node
from jalon.domain.refusals import Refusal

_TINY = 1e-9
_NO_VALUE = (
    "{node} is a lever of {parent} and needs its present value above 0."
    ' Example: {{"id": "{node}", "kpi": "{kpi}", "history": 0.25}}.'
)
_NO_FUNNEL = (
    "{node} has levers and a target of {target}: a product of levers cannot reach it."
    " Expected a target above 0."
)


def opened(
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
