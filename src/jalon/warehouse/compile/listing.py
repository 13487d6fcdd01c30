"""The rows behind one component: its facts, the amount counted, the share of it.

A row of the result holds the columns of `Listed.columns`, then the amount, the share,
the length of the range (1 where there is none), and the number of rows in all; where
`asked`, the rank of the ask comes last.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from jalon.domain.facts.tables import TABLES
from jalon.domain.kpis.algebra import Component, Measure
from jalon.warehouse.compile.bindings import Bindings
from jalon.warehouse.compile.cohorts import amount_of, followed, tests_of
from jalon.warehouse.compile.cut import Cut, Wanted
from jalon.warehouse.compile.links import columns_of
from jalon.warehouse.compile.names import MAIN, column
from jalon.warehouse.compile.select import parts_of
from jalon.warehouse.compile.terms import ONE, spread_over
from jalon.warehouse.compile.world import World


@dataclass(frozen=True, slots=True)
class Listed:
    """A query of rows, and the names of its first columns."""

    query: exp.Query
    columns: tuple[str, ...]
    keys: tuple[str, ...]


def listed(
    component: Component,
    wanted: Wanted,
    world: World,
    bindings: Bindings,
    *,
    limit: int,
    asked: bool = False,
) -> tuple[Listed, ...]:
    """Return the queries of a component's rows: one per table it looks at."""
    return tuple(
        _listed(part, Cut(part, wanted, world, bindings), limit, asked=asked)
        for part in parts_of(component)
    )


def _listed(component: Component, cut: Cut, limit: int, *, asked: bool) -> Listed:
    if cut.source.cohort is not None:
        return _followed(component, cut, limit)
    names = tuple(one.name for one in columns_of(cut.source.table))
    cells: list[exp.Expression] = [column(MAIN, name) for name in names]
    each = cut.source.each
    if each:
        extra = tuple(one.name for one in TABLES[each].columns)
        cells += [column(each, name) for name in extra]
        names += tuple(f"{each}.{name}" for name in extra)
    amounts = [_amount(component, cut)]
    length = spread_over(cut, amounts, [component]) or [ONE.copy()]
    where = cut.own_where(component)
    share = cut.rows.share() if cut.rows.shared else ONE.copy()
    total = exp.Window(this=exp.Count(this=exp.Star(), big_int=True))
    day = cut.rows.measure(cut.source.dates[0])
    ask = cut.keys[:1] if asked else []
    query = cut.query(
        [*cells, amounts[0], share, *length, total, *ask], grouped_by=0, where=where
    )
    keys = TABLES.get(cut.source.table, TABLES["deals"]).keys
    ties = [column(MAIN, key) for key in keys]
    ties += [column(each, key) for key in TABLES[each].keys] if each else []
    query = query.order_by(exp.Ordered(this=day, desc=True), *ties, copy=False)
    query = query.limit(limit, copy=False)
    if each:
        keys = (*keys, *(f"{each}.{name}" for name in TABLES[each].keys))
    return Listed(query, names, keys)


def _amount(component: Component, cut: Cut) -> exp.Expression:
    having = cut.source.having
    if having is not None and having.measure is Measure.SUM:
        return cut.rows.measure(having.of)
    counts = {Measure.SUM, Measure.VALUES}
    if component.of is None or component.measure not in counts:
        return ONE.copy()
    return cut.rows.measure(component.of)


def _followed(component: Component, cut: Cut, limit: int) -> Listed:
    """List the entities of a cohort: their value at the start and at the end."""
    inner, tests = followed(component, cut), tests_of(component, cut.bindings)
    amount = amount_of(component)
    names = ("entity", "start", "end", "before")
    total = exp.Window(this=exp.Count(this=exp.Star(), big_int=True))
    cells = [column("w", name) for name in names]
    query = exp.select(*cells, amount, ONE.copy(), ONE.copy(), total, copy=False).from_(
        inner, copy=False
    )
    if tests:
        query = query.where(exp.and_(*tests), copy=False)
    query = query.order_by(column("w", "entity"), copy=False).limit(limit, copy=False)
    assert cut.source.cohort is not None  # noqa: S101 - the caller looked
    return Listed(query, (cut.source.cohort.by, *names[1:]), (cut.source.cohort.by,))
