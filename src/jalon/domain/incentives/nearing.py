"""How far the next bracket is, and what reaching it pays.

The distance is in the measure's own unit; the pay is the component's alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.incentives.inputs import Input, landed, rows_of, with_one_more
from jalon.domain.incentives.plan import Component, Counted, Of, On, Plan
from jalon.domain.incentives.sources import Written
from jalon.domain.incentives.statement import statement

TO_DATE = frozenset({Counted.YEAR, Counted.RUNNING_YEAR})


@dataclass(frozen=True, slots=True)
class Next:
    """The next bracket of a component: its start, what is missing, what it adds."""

    component: str
    label: str
    measure: str
    start: Decimal
    on: On
    missing: Decimal
    adds: Decimal


def nearest(written: Written, inputs: Iterable[Input]) -> tuple[Next, ...]:
    """Return the next bracket of each component that has one above the figure."""
    known = tuple(inputs)
    paid = total(written.plan, known)
    found = []
    for component in written.plan.components:
        one = next((x for x in known if x.measure == component.measure), None)
        if component.counted in TO_DATE or component.of is Of.TEAM:
            continue  # its brackets are not those of the person's own period
        if one is None or one.actual is None or one.attainment is not None:
            continue
        start = _start(component, one)
        if start is None:
            continue
        wanted = start
        if component.on is On.ATTAINMENT:
            wanted = start * (one.target or Decimal(0))
        there = [landed(x, wanted) if x is one else x for x in known]
        found.append(
            Next(
                component=component.key,
                label=component.label or component.key,
                measure=component.measure,
                start=start,
                on=component.on,
                missing=wanted - one.actual,
                adds=total(written.plan, there) - paid,
            )
        )
    return tuple(found)


def total(plan: Plan, inputs: Iterable[Input]) -> Decimal:
    """Return all that a plan pays on these figures."""
    return statement(plan, rows_of(inputs, plan)).sum


def with_more(
    inputs: Iterable[Input], more: Iterable[tuple[str, Decimal]]
) -> tuple[Input, ...]:
    """Return the figures with amounts added to their measures: "what if I sign…?"."""
    added: dict[str, list[Decimal]] = {}
    for measure, amount in more:
        added.setdefault(measure, []).append(amount)
    found = []
    for one in inputs:
        there = one
        for amount in added.get(one.measure, ()) if one.actual is not None else ():
            there = with_one_more(there, amount)
        found.append(there)
    return tuple(found)


def _start(component: Component, one: Input) -> Decimal | None:
    """Return the first edge above the figure, on the component's axis."""
    if component.on is On.RANK or (component.on is On.ATTAINMENT and not one.target):
        return None
    value = one.actual or Decimal(0)
    if component.on is On.ATTAINMENT and one.target:
        value /= one.target
    edges = [tier.start for tier in component.schedule.tiers]
    edges += (
        [x for x, _ in component.schedule.curve.points]
        if (component.schedule.curve)
        else []
    )
    edges += [component.threshold] if component.threshold is not None else []
    above = [edge for edge in edges if edge > value]
    return min(above) if above else None
