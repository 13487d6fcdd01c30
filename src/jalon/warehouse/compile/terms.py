"""What a component adds up, row by row, and how rows are added."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from jalon.domain.kpis.algebra import Component, Measure, Timing
from jalon.domain.kpis.expression import Name, Node
from jalon.warehouse.compile.cut import Cut
from jalon.warehouse.compile.names import FRAME, column

ONE = exp.Literal.number(1)


def measured(component: Component, cut: Cut) -> exp.Expression:
    """Return what one row adds, or the entity it stands for."""
    if component.measure is Measure.COUNT or component.of is None:
        return ONE.copy()
    if component.measure is not Measure.DISTINCT:
        return cut.rows.measure(component.of)
    entity = entity_of(component.of, cut)
    return _each_moment(entity) if cut.source.every else entity


def entity_of(node: Node, cut: Cut) -> exp.Expression:
    """Return the entity of a row: a column, else a dimension."""
    if isinstance(node, Name) and cut.rows.type_of(node.name) is None:
        return cut.rows.dimension(node.name)
    return cut.rows.measure(node)


def _each_moment(entity: exp.Expression) -> exp.Expression:
    """Return the entity on its moment: each of several moments counts it anew."""
    moment = exp.cast(column(FRAME, "point"), exp.DataType.Type.TEXT)
    return exp.DPipe(this=moment, expression=exp.cast(entity, exp.DataType.Type.TEXT))


def spread_over(
    cut: Cut, measures: list[exp.Expression], components: Sequence[Component]
) -> list[exp.Expression]:
    """Weigh sums by the days of the range inside the frame; return the range's length.

    The division by the length is Python's.
    """
    if cut.source.timing is not Timing.SPREAD:
        return []
    opens, closes = cut.range()
    day = exp.var("DAY")
    latest = exp.Greatest(this=opens, expressions=[column(FRAME, "first")])
    soonest = exp.Least(this=closes, expressions=[column(FRAME, "after")])
    overlap = exp.DateDiff(this=soonest, expression=latest, unit=day)
    for index, component in enumerate(components):
        if component.measure is Measure.SUM:
            weighed = exp.Mul(this=measures[index], expression=overlap.copy())
            measures[index] = weighed
    return [exp.DateDiff(this=closes.copy(), expression=opens.copy(), unit=day)]


def when(test: list[exp.Expression], measure: exp.Expression) -> exp.Expression:
    """Return the measure where the tests hold, nothing elsewhere."""
    return exp.Case().when(exp.and_(*test), measure) if test else measure


def aggregate(
    measure: Measure,
    term: exp.Expression,
    share: exp.Expression | None,
    tested: bool,  # noqa: FBT001
) -> exp.Expression:
    """Return the sum or count of a term, weighed by a share where there is one."""
    if measure is Measure.VALUES:
        return middle(term, share)
    if measure is Measure.DISTINCT:
        return exp.Count(this=exp.Distinct(expressions=[term]), big_int=True)
    if share is not None and measure is Measure.COUNT:
        narrow = exp.cast(share, exp.DataType.build("DECIMAL(18,6)"))
        return exp.Sum(this=_in_place_of_one(term, narrow))
    if share is not None:
        return exp.Sum(this=exp.Mul(this=exp.Paren(this=term), expression=share))
    if measure is Measure.COUNT:
        counted = term if tested else exp.Star()
        return exp.Count(this=counted, big_int=True)
    return exp.Sum(this=term)


def _in_place_of_one(term: exp.Expression, share: exp.Expression) -> exp.Expression:
    """Return a share where a term counts one: no product, sums half as wide."""
    if not isinstance(term, exp.Case):
        there = exp.not_(exp.Is(this=term, expression=exp.Null()))
        return share if term == ONE else exp.Case().when(there, share)
    for branch in term.args["ifs"]:
        branch.set("true", share.copy())
    return term


def middle(term: exp.Expression, share: exp.Expression | None) -> exp.Expression:
    """Return the median of whole days, as text.

    Where a share weighs, the values come instead, those that count whole, then the
    others and their shares: "5 8|3|0.5". The middle is then found by whoever reads
    them (`counting`).
    """
    median = exp.cast(exp.Median(this=term), exp.DataType.Type.TEXT)
    if share is None:
        return median
    known = exp.not_(exp.Is(this=term.copy(), expression=exp.Null()))
    alone = exp.and_(
        exp.GTE(this=exp.Min(this=share), expression=ONE.copy()),
        exp.LTE(this=exp.Max(this=share.copy()), expression=ONE.copy()),
    )
    whole = exp.and_(known.copy(), exp.EQ(this=share.copy(), expression=ONE.copy()))
    partly = exp.and_(known, exp.NEQ(this=share.copy(), expression=ONE.copy()))
    told: exp.Expression = _listed(term.copy(), whole)
    for one in (term.copy(), share.copy()):
        bar = exp.DPipe(this=told, expression=exp.Literal.string("|"))
        told = exp.DPipe(this=bar, expression=_listed(one, partly.copy()))
    return exp.Case().when(alone, median).else_(told)


def _listed(term: exp.Expression, known: exp.Expression) -> exp.Expression:
    """Return the values of a group as a text; an empty one where it has none."""
    every = exp.Filter(
        this=exp.ArrayAgg(this=term),
        expression=exp.Where(this=known),
    )
    blank = exp.Literal.string(" ")
    told = exp.ArrayToString(this=every, expression=blank)
    return exp.Coalesce(this=told, expressions=[exp.Literal.string("")])


def missing_rates(cut: Cut) -> list[exp.Expression]:
    """Return how many rows had money and no rate, where money is converted."""
    lacks = cut.rows.lacks_rate()
    if lacks is None:
        return []
    return [exp.Count(this=exp.Case().when(lacks, ONE.copy()), big_int=True)]
