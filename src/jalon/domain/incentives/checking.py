"""What is wrong in a plan before anybody is paid: holes, overlaps, cliffs, traps.

A *hole* between two brackets pays nothing there; in an *overlap* two brackets claim the
same value; at a *cliff* one more unit changes the pay by a jump; at a *perverse point*
selling more pays less. Pay is looked at just before and just after each bracket's ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from jalon.domain.incentives.earning import earned
from jalon.domain.incentives.measuring import Measured
from jalon.domain.incentives.plan import (
    ONE,
    ZERO,
    Component,
    On,
    Pays,
    Plan,
)
from jalon.domain.incentives.sentences import Figure, Step, money, plain, share, step

HAIR = Decimal("1e-9")  # as near as no matter, in attainment or in units
JUMP = Decimal("0.01")  # a smaller change is no cliff
QUOTA = Decimal(100_000)  # a target to try brackets in attainment with
PAY = Decimal(10_000)  # a target pay to try, where the plan says none


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of a component, where it lies, and why it matters."""

    component: str
    code: str
    at: Decimal
    step: Step


def check(plan: Plan) -> tuple[Finding, ...]:
    """Return the faults of every component, in the order of the plan."""
    found: list[Finding] = []
    for component in plan.components:
        found.extend(_joints(component))
        found.extend(_points(component, plan))
    found.extend(_weights(plan))
    return tuple(found)


def _joints(component: Component) -> Iterator[Finding]:
    """Yield holes and overlaps between neighbours."""
    for left, right in pairwise(component.schedule.tiers):
        if left.end is None or left.end > right.start:
            said = step(
                "Two brackets claim what lies from {start}: the higher one is used.",
                start=_shown(right.start, component.on),
            )
            yield Finding(component.key, "overlap", right.start, said)
        elif left.end < right.start:
            said = step(
                "Nothing is paid from {start} to {end}: no bracket holds it.",
                start=_shown(left.end, component.on),
                end=_shown(right.start, component.on),
            )
            yield Finding(component.key, "hole", left.end, said)
    tiers = component.schedule.tiers
    last = tiers[-1] if tiers else None
    if last is not None and last.end is not None and component.counts_up_to is None:
        said = step(
            "No bracket holds what lies above {end}.",
            end=_shown(last.end, component.on),
        )
        yield Finding(component.key, "ends", last.end, said)


def _points(component: Component, plan: Plan) -> Iterator[Finding]:
    """Yield cliffs and perverse points, at the ends of brackets and between them."""
    if component.on is On.RANK or component.matrix is not None:
        return  # a place is no amount sold; a cell stands on two measures
    edges = sorted(_edges(component))
    for edge in edges:
        before = _pay(component, plan, edge - HAIR)
        after = _pay(component, plan, edge + HAIR)
        at = _shown(edge, component.on)
        if after < before - JUMP:
            said = step(
                "At {at} pay falls from {before} to {after}: selling more pays less.",
                at=at,
                before=money(before),
                after=money(after),
            )
            yield Finding(component.key, "perverse", edge, said)
        elif after > before + JUMP:
            said = step(
                "At {at} the pay jumps from {before} to {after}.",
                at=at,
                before=money(before),
                after=money(after),
            )
            yield Finding(component.key, "cliff", edge, said)
    for left, right in pairwise([*edges, *_after(edges)]):
        low = _pay(component, plan, left + HAIR)
        high = _pay(component, plan, right - HAIR)
        if high < low - JUMP:
            said = step(
                "From {start} to {end} the pay falls from {before} to {after}.",
                start=_shown(left, component.on),
                end=_shown(right, component.on),
                before=money(low),
                after=money(high),
            )
            yield Finding(component.key, "perverse", left, said)


def _weights(plan: Plan) -> Iterator[Finding]:
    """Yield a finding when the shares of the target pay do not make a whole."""
    weighted = [
        one
        for one in plan.components
        if one.pays is Pays.BONUS and one.variable is None
    ]
    if len(weighted) < 2:  # noqa: PLR2004 - one component alone needs no weight
        return
    total = sum((one.weight for one in weighted), ZERO)
    if total != ONE:
        said = step(
            "The weights of the bonuses add up to {total}, not 100 %.",
            total=share(total),
        )
        yield Finding("plan", "weights", total, said)


def _edges(component: Component) -> set[Decimal]:
    edges = {tier.start for tier in component.schedule.tiers}
    edges |= {tier.end for tier in component.schedule.tiers if tier.end is not None}
    curve = component.schedule.curve
    edges |= {x for x, _ in curve.points} if curve else set()
    edges |= {component.threshold} if component.threshold is not None else set()
    return {edge for edge in edges if edge > ZERO}


def _after(edges: list[Decimal]) -> list[Decimal]:
    """Return a place well beyond the last edge."""
    return [edges[-1] * 2] if edges else []


def _pay(component: Component, plan: Plan, value: Decimal) -> Decimal:
    """Return what the component alone pays at a value of its axis."""
    variable = component.variable
    if variable is None:
        variable = (plan.variable or PAY) * component.weight
    attained = component.on is On.ATTAINMENT
    found = Measured(
        actual=value * QUOTA if attained else value,
        target=QUOTA,
        attainment=value if attained else value / QUOTA,
        variable=variable,
    )
    bare = Component(
        key=component.key,
        measure=component.measure,
        pays=component.pays,
        on=component.on,
        schedule=component.schedule,
        rate=component.rate,
        amount=component.amount,
        threshold=component.threshold,
        counts_up_to=component.counts_up_to,
        floor=component.floor,
        cap=component.cap,
        cap_share=component.cap_share,
    )
    return earned(bare, found, lambda _: None).amount


def _shown(value: Decimal, on: On) -> Figure:
    return share(value) if on is On.ATTAINMENT else plain(value)
