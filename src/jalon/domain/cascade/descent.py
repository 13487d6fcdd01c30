"""The way down: a plan in, what each node has to reach and how out.

A tree is made of stretches: nodes that share one KPI. Inside a stretch each parent is
shared out among its parts, then, where people proposed figures of their own, the
compromise nearest to all of them is taken. Where a node's parts carry other KPIs, they
are its levers (`funnel`), and each opens a stretch of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from jalon.domain.cascade.levers import opened
from jalon.domain.cascade.outcome import Cascade
from jalon.domain.cascade.plan import (
    TOP,
    Cushion,
    Measure,
    Method,
    Node,
    Plan,
    children_of,
)
from jalon.domain.cascade.stretch import Stretch


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
    walk = Stretch(plan, top, children)
    given, unmet = walk.down()
    for node, levers in walk.openings:
        figure = next(each for each in given if each.id == node.id)
        lower = opened(figure, node, levers, measure_of)
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
