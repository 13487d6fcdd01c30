"""The rows that open an account's history, or reopen it after idle months."""

from __future__ import annotations

from sqlglot import exp

from jalon.domain.facts.tables import TABLES
from jalon.domain.kpis.algebra import Component, Measure
from jalon.warehouse.compile import filters
from jalon.warehouse.compile.names import MAIN, column, table_named
from jalon.warehouse.compile.rows import Rows


def first_events(rows: Rows, component: Component) -> exp.Expression:
    """Return the rows that open an account's history (or reopen it after idle months).

    A sum takes every row of the opening day (an order has several lines), a count one.
    The history is whole: no filter of the question enters here.
    """
    source = rows.source
    conditions = [filters.compiled(one, rows) for one in component.where]
    day = rows.measure(source.dates[0])
    entity = column(MAIN, source.first_of)
    tie = [column(MAIN, key) for key in TABLES[source.table].keys]
    former = exp.Window(
        this=exp.Lag(this=day),
        partition_by=[entity],
        order=exp.Order(
            expressions=[exp.Ordered(this=one) for one in (day.copy(), *tie)]
        ),
    )
    opened = exp.Window(this=exp.Min(this=day.copy()), partition_by=[entity.copy()])
    known = [
        exp.not_(exp.Is(this=one.copy(), expression=exp.Null()))
        for one in (entity, day)
    ]
    history = exp.select(
        exp.Column(this=exp.Star(), table=exp.to_identifier(MAIN)),
        exp.alias_(former, "former_on"),
        exp.alias_(day.copy(), "seen_on"),
        exp.alias_(opened, "opened_on"),
        copy=False,
    ).from_(table_named(source.table, MAIN), copy=False)
    for table, on, kind in rows.joins():
        history = history.join(table, on=on, join_type=kind or "inner", copy=False)
    history = history.where(exp.and_(*conditions, *known), copy=False)
    opens: exp.Expression = exp.Is(this=column("h", "former_on"), expression=exp.Null())
    if component.measure is Measure.SUM:
        opens = exp.EQ(this=column("h", "seen_on"), expression=column("h", "opened_on"))
    if source.idle_months:
        idle = exp.Interval(
            this=exp.Literal.string(str(source.idle_months)), unit=exp.var("MONTH")
        )
        again = exp.LTE(
            this=exp.Add(this=column("h", "former_on"), expression=idle),
            expression=column("h", source.dates[0].name),  # type: ignore[union-attr]
        )
        opens = exp.or_(opens, again)
    events = (
        exp.select(exp.Star(), copy=False)
        .from_(history.subquery("h", copy=False), copy=False)
        .where(opens, copy=False)
    )
    return events.subquery(MAIN, copy=False)
