"""Components that look at the same rows become one SELECT that adds and counts.

Each row of the result is the group's keys (the frame's id first, if there is a frame,
then `Wanted.by`), then the extra keys of `Selected.extra` (the value counted, whether
it ended; the length of a range), then one number per component, then `missing`: how
many rows had no rate, where money is converted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlglot import exp

from jalon.domain.facts.tables import ColumnType
from jalon.domain.kpis.algebra import Component, Having, Measure, Timing
from jalon.domain.kpis.conditions import Condition
from jalon.domain.kpis.expression import Binary, Name, Node
from jalon.warehouse.compile import filters
from jalon.warehouse.compile.bindings import Bindings
from jalon.warehouse.compile.cohorts import cohort
from jalon.warehouse.compile.cut import SIDES, Cut, Selected, Wanted, grouped, truncated
from jalon.warehouse.compile.links import type_of
from jalon.warehouse.compile.names import MAIN, column
from jalon.warehouse.compile.terms import (
    ONE,
    aggregate,
    entity_of,
    measured,
    missing_rates,
    spread_over,
    when,
)
from jalon.warehouse.compile.world import World


def select(
    components: Sequence[Component], wanted: Wanted, world: World, bindings: Bindings
) -> Selected:
    """Return one SELECT for components that are `mergeable`.

    Raises:
        NotCarriedError: If the source carries neither a dimension nor a filter asked.
    """
    first = next((one for one in components if not _is_each(one)), components[0])
    if first.others:
        return _distinct_over_several(first, wanted, world, bindings)
    cut = Cut(first, wanted, world, bindings)
    if cut.source.cohort is not None:
        return cohort(components, cut)
    if cut.source.having is not None:
        return _having(first, cut.source.having, cut)
    if first.measure is Measure.VALUES and not middled(first):
        return _values(first, cut)
    return _sums(components, cut)


def middled(component: Component) -> bool:
    """Return whether the middle of a component's values is an aggregate of SQL.

    So it is for whole days, which divide by two exactly; the text it gives is the
    median, or the values and their shares where shares weigh (`terms.middle`).
    """
    source, of = component.source, component.of
    return (
        component.measure is Measure.VALUES
        and not component.ended
        and source is not None
        and source.timing is Timing.DATED
        and not source.first_of
        and isinstance(of, Binary)
        and of.operator == "-"
        and all(
            isinstance(one, Name) and type_of(source.table, one.name) in _DAYS
            for one in (of.left, of.right)
        )
    )


_DAYS = {ColumnType.DATE, ColumnType.TIMESTAMP}


def mergeable(one: Component, other: Component) -> bool:
    """Return whether two components can share a SELECT."""
    if one.source is None or other.source is None or one.others or other.others:
        return False
    same = one.source == other.source or _deals_and_each(one, other)
    summed = all(
        part.measure is not Measure.VALUES or middled(part) for part in (one, other)
    )
    if not same or not summed or one.source.having is not None:
        return False
    if one.source.first_of and one.measure is not other.measure:
        return False
    if one.source.first_of or one.source.cohort:
        return inner_where(one.where) == inner_where(other.where)
    return True


def _is_each(component: Component) -> bool:
    return component.source is not None and bool(component.source.each)


def _deals_and_each(one: Component, other: Component) -> bool:
    """Return whether one counts deals and the other what each of these deals has."""
    each, plain = (one, other) if _is_each(one) else (other, one)
    return (
        each.measure is Measure.COUNT
        and each.source is not None
        and plain.source == replace(each.source, each="")
        and plain.source.timing is Timing.DATED
        and not plain.source.first_of
    )


# -- sums, counts, distinct ----------------------------------------------------------


def _sums(components: Sequence[Component], cut: Cut) -> Selected:
    if not cut.source.each:
        components = [
            _counted_aside(one, cut, f"times{rank}") if _is_each(one) else one
            for rank, one in enumerate(components)
        ]
    common = [one for one in components[0].where if _in_all(one, components)]
    where = [filters.compiled(one, cut.rows) for one in common if one not in cut.inside]
    tests = [
        [
            filters.compiled(one, cut.rows)
            for one in component.where
            if one not in common and one not in cut.inside
        ]
        for component in components
    ]
    measures = [measured(component, cut) for component in components]
    length = spread_over(cut, measures, components)
    if all(tests):
        where.append(_any_of(tests))
    if _capped_by_team(cut):
        return _capped(components, cut, measures, tests, where)
    share = cut.rows.share() if cut.rows.shared else None
    sums = [
        aggregate(component.measure, when(test, measure), share, bool(test))
        for component, measure, test in zip(components, measures, tests, strict=True)
    ]
    missing = missing_rates(cut)
    keys = [*cut.keys, *length]
    query = cut.query([*keys, *sums, *missing], grouped_by=len(keys), where=where)
    return Selected(query, len(cut.keys), len(length), bool(missing))


def _any_of(tests: list[list[exp.Expression]]) -> exp.Expression:
    """Return whether one of several tests holds, each said once."""
    whole = [exp.and_(*(one.copy() for one in test)) for test in tests]
    return exp.or_(*dict.fromkeys(whole))


def _counted_aside(component: Component, cut: Cut, name: str) -> Component:
    """Return the component as a number each deal holds, counted in a join of its own.

    Deals are then read once, whatever the activities they have.
    """
    wanted = Wanted(period=cut.bounds(), money=cut.wanted.money, on=cut.wanted.on)
    aside = Cut(component, wanted, cut.rows.world, cut.bindings)
    times = exp.alias_(exp.Count(this=exp.Star(), big_int=True), name)
    relation = aside.query(
        [column(MAIN, "deal_id"), times],
        grouped_by=1,
        where=aside.own_where(component),
    ).subquery(name, copy=False)
    cut.rows.hold(name, relation)
    where = tuple(one for one in component.where if "." not in one.name)
    return replace(
        component, measure=Measure.SUM, of=Name(name), source=cut.source, where=where
    )


def _capped_by_team(cut: Cut) -> bool:
    """Return whether a shared deal could count more than once for a team."""
    personal = "person" in cut.wanted.by or cut.wanted.owners == "person"
    return cut.rows.shared and not personal


def _capped(
    components: Sequence[Component],
    cut: Cut,
    measures: list[exp.Expression],
    tests: list[list[exp.Expression]],
    where: list[exp.Expression],
) -> Selected:
    """Count a deal once for a team: the sum of its members' shares, at most whole."""
    keys = [exp.alias_(key, f"k{i}") for i, key in enumerate(cut.keys)]
    ids = [column(MAIN, "deal_id")]
    if cut.source.each:
        ids.append(column(cut.source.each, "activity_id"))
    terms = [
        exp.alias_(exp.Max(this=when(test, measure)), f"m{i}")
        for i, (measure, test) in enumerate(zip(measures, tests, strict=True))
    ]
    share = exp.alias_(
        exp.Least(this=ONE.copy(), expressions=[exp.Sum(this=cut.rows.share())]),
        "share",
    )
    lacks = missing_rates(cut)
    inner = cut.query(
        [*keys, *ids, *terms, share, *(exp.alias_(one, "missing") for one in lacks)],
        grouped_by=len(keys) + len(ids),
        where=where,
    ).subquery("w", copy=False)
    outer = [column("w", f"k{i}") for i in range(len(keys))]
    sums = [
        aggregate(
            component.measure, column("w", f"m{i}"), column("w", "share"), tested=True
        )
        for i, component in enumerate(components)
    ]
    missing = [exp.Sum(this=column("w", "missing"))] if lacks else []
    query = exp.select(*outer, *sums, *missing, copy=False).from_(inner, copy=False)
    return Selected(grouped(query, len(keys)), len(keys), 0, bool(missing))


# -- values, thresholds, cohorts, several tables -------------------------------------


def _values(component: Component, cut: Cut) -> Selected:
    """Return how often each value occurs (and whether the duration ended).

    Where durations do not run on, only the middle is asked: one value or two.
    """
    assert component.of is not None  # noqa: S101 - checked when read
    if not component.ended:
        return _middle(component, component.of, cut)
    ended = _ended(component, cut)
    extra = [cut.rows.measure(component.of), *ended]
    weight = cut.rows.share() if cut.rows.shared else None
    counted = aggregate(Measure.COUNT, ONE.copy(), weight, tested=False)
    keys = [*cut.keys, *extra]
    query = cut.query(
        [*keys, counted], grouped_by=len(keys), where=cut.own_where(component)
    )
    return Selected(query, len(cut.keys), len(extra))


def _middle(component: Component, of: Node, cut: Cut) -> Selected:
    """Return the values in the middle of each group, counted once each.

    A value is there if no more than half of the group is below it, nor above it.
    """
    keys = [exp.alias_(key, f"k{i}") for i, key in enumerate(cut.keys)]
    value = exp.alias_(cut.rows.measure(of), "value")
    weight = cut.rows.share() if cut.rows.shared else None
    times = aggregate(Measure.COUNT, ONE.copy(), weight, tested=False)
    inner = cut.query(
        [*keys, value, exp.alias_(times, "times")],
        grouped_by=len(keys) + 1,
        where=cut.own_where(component),
    ).subquery("v", copy=False)
    outer = [column("w", f"k{i}") for i in range(len(keys))]
    met, upto, whole = (column("w", name) for name in ("times", "upto", "whole"))
    below = exp.Paren(this=exp.Sub(this=upto, expression=met))
    query = (
        exp.select(*outer, column("w", "value"), ONE.copy(), copy=False)
        .from_(_running(inner, len(keys)).subquery("w", copy=False), copy=False)
        .where(exp.GT(this=met.copy(), expression=exp.Literal.number(0)), copy=False)
        .where(exp.GTE(this=_twice(upto.copy()), expression=whole), copy=False)
        .where(exp.LTE(this=_twice(below), expression=whole.copy()), copy=False)
    )
    return Selected(query, len(keys), 1)


def _running(counted: exp.Subquery, keys: int) -> exp.Select:
    """Add to each value how many its group counts up to it, and in all."""
    partition = [column("v", f"k{i}") for i in range(keys)]
    value, times = column("v", "value"), column("v", "times")
    order = exp.Order(expressions=[exp.Ordered(this=value.copy())])
    whole = exp.Window(
        this=exp.Sum(this=times), partition_by=[one.copy() for one in partition]
    )
    upto = exp.Window(
        this=exp.Sum(this=times.copy()),
        partition_by=[one.copy() for one in partition],
        order=order,
    )
    return (
        exp.select(
            *partition,
            value,
            times.copy(),
            exp.alias_(whole, "whole"),
            exp.alias_(upto, "upto"),
            copy=False,
        )
        .from_(counted, copy=False)
        .where(exp.not_(exp.Is(this=value.copy(), expression=exp.Null())), copy=False)
    )


def _twice(term: exp.Expression) -> exp.Expression:
    return exp.Mul(this=term, expression=exp.Literal.number(2))


def _ended(component: Component, cut: Cut) -> list[exp.Expression]:
    """Return whether a duration has ended; cut those still running at the last day."""
    if not component.ended or cut.wanted.on is None:
        return []
    end = cut.rows.value(component.ended)
    on = cut.bindings.bind_date(cut.wanted.on)
    known = exp.Coalesce(this=end.copy(), expressions=[on.copy()])
    cut.rows.replaced[component.ended] = exp.Least(this=known, expressions=[on.copy()])
    return [exp.LTE(this=end, expression=on)]


def _having(component: Component, having: Having, cut: Cut) -> Selected:
    keys = [exp.alias_(key, f"k{i}") for i, key in enumerate(cut.keys)]
    entity = entity_of(Name(having.each), cut)
    seen = cut.rows.day()
    weekly = [truncated(seen, "week", cut.world)] if having.per == "week" else []
    term = cut.rows.measure(having.of)
    reached = aggregate(having.measure, term, None, tested=False)
    known = exp.not_(exp.Is(this=entity.copy(), expression=exp.Null()))
    inner = cut.query(
        [*keys, exp.alias_(entity, "who"), *weekly, exp.alias_(reached, "reached")],
        grouped_by=len(keys) + 1 + len(weekly),
        where=[*cut.own_where(component), known],
    ).subquery("w", copy=False)
    outer = [column("w", f"k{i}") for i in range(len(keys))]
    enough = exp.GTE(
        this=column("w", "reached"), expression=cut.bindings.bind(having.at_least)
    )
    query = exp.select(
        *outer, exp.Count(this=exp.Star(), big_int=True), copy=False
    ).from_(inner, copy=False)
    return Selected(grouped(query.where(enough, copy=False), len(keys)), len(keys))


def _distinct_over_several(
    component: Component, wanted: Wanted, world: World, bindings: Bindings
) -> Selected:
    parts: list[exp.Query] = []
    keys = 0
    for part in parts_of(component):
        cut = Cut(part, wanted, world, bindings)
        keys = len(cut.keys)
        named = [exp.alias_(key, f"k{i}") for i, key in enumerate(cut.keys)]
        entity = exp.alias_(measured(part, cut), "entity")
        parts.append(
            cut.query([*named, entity], grouped_by=0, where=cut.own_where(part))
        )
    union: exp.Query = parts[0]
    for other in parts[1:]:
        union = exp.union(union, other, distinct=False, copy=False)
    counted = exp.Count(
        this=exp.Distinct(expressions=[column("w", "entity")]), big_int=True
    )
    outer = [column("w", f"k{i}") for i in range(keys)]
    query = exp.select(*outer, counted, copy=False).from_(
        union.subquery("w", copy=False), copy=False
    )
    return Selected(grouped(query, keys), keys)


def parts_of(component: Component) -> Iterator[Component]:
    """Yield the component on each of the tables it looks at."""
    yield replace(component, others=())
    for source, where in component.others:
        yield replace(component, source=source, where=where, others=())


def inner_where(where: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """Return the conditions on rows, without those on followed entities."""
    return tuple(one for one in where if one.name not in SIDES)


def _in_all(condition: Condition, components: Sequence[Component]) -> bool:
    return all(condition in component.where for component in components)
