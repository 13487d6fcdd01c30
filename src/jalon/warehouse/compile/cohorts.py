"""Followed entities: what each was worth on the eve, and on the last day."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from jalon.domain.kpis.algebra import Component, Measure
from jalon.domain.kpis.expression import Name
from jalon.warehouse.compile.bindings import Bindings
from jalon.warehouse.compile.cut import SIDES, Cut, Selected, grouped
from jalon.warehouse.compile.names import FRAME, column
from jalon.warehouse.compile.sides import side_test, side_value
from jalon.warehouse.compile.terms import ONE, aggregate, entity_of, missing_rates, when


def cohort(components: Sequence[Component], cut: Cut) -> Selected:
    """Return the sums over entities followed from the eve to the last day."""
    inner = followed(components[0], cut)
    outer = [column("w", f"k{i}") for i in range(len(cut.keys))]
    sums = [_sum(component, cut.bindings) for component in components]
    lacks = missing_rates(cut)
    missing = [exp.Sum(this=column("w", "missing"))] if lacks else []
    query = exp.select(*outer, *sums, *missing, copy=False).from_(inner, copy=False)
    return Selected(grouped(query, len(outer)), len(outer), 0, bool(missing))


def followed(component: Component, cut: Cut) -> exp.Expression:
    """Return one row per entity: `start` and `end` values, rows `before`."""
    source = cut.source.cohort
    assert source is not None  # noqa: S101 - the caller looked
    entity = entity_of(Name(source.by), cut)
    value = cut.rows.measure(source.value)
    opened = exp.LTE(this=cut.range()[0], expression=column(FRAME, "eve"))
    sides = {
        "start": exp.Sum(this=_else_zero(cut.live_on("eve"), value)),
        "end": exp.Sum(this=_else_zero(cut.live_on("point"), value.copy())),
        "before": exp.Sum(this=_else_zero([opened], ONE.copy())),
    }
    keys = [exp.alias_(key, f"k{i}") for i, key in enumerate(cut.keys)]
    known = exp.not_(exp.Is(this=entity.copy(), expression=exp.Null()))
    query = cut.query(
        [
            *keys,
            exp.alias_(entity, "entity"),
            *(exp.alias_(one, name, quoted=True) for name, one in sides.items()),
            *(exp.alias_(one, "missing") for one in missing_rates(cut)),
        ],
        grouped_by=len(keys) + 1,
        where=[*cut.own_where(component), known],
    )
    return query.subquery("w", copy=False)


def tests_of(component: Component, bindings: Bindings) -> list[exp.Expression]:
    """Return the conditions on followed entities."""
    return [side_test(one, bindings) for one in component.where if one.name in SIDES]


def amount_of(component: Component) -> exp.Expression:
    """Return what a followed entity adds."""
    return ONE.copy() if component.of is None else side_value(component.of)


def _sum(component: Component, bindings: Bindings) -> exp.Expression:
    term = when(tests_of(component, bindings), amount_of(component))
    if component.measure is Measure.COUNT:
        return aggregate(Measure.COUNT, term, None, tested=True)
    return exp.Sum(this=term)


def _else_zero(tests: list[exp.Expression], term: exp.Expression) -> exp.Expression:
    return exp.Case().when(exp.and_(*tests), term).else_(exp.Literal.number(0))
