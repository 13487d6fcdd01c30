"""The whole life of each deal, as a forecast learns from it: opened, closed, worth.

A row holds: who it counts for, the days it was opened and
closed (days since 1970-01-01; the second null while open), its outcome, its converted
amount, the share that counts. A deal two people share is two rows.
"""

from __future__ import annotations

from sqlglot import exp

from jalon.domain.kpis.algebra import Component, Measure, Source, Timing
from jalon.domain.kpis.expression import Name
from jalon.warehouse.compile.bindings import Bindings
from jalon.warehouse.compile.cut import Cut, Wanted
from jalon.warehouse.compile.terms import ONE
from jalon.warehouse.compile.world import World

COLUMNS = ("person", "opened", "closed", "outcome", "amount", "share")
LIFE = Component(
    name="life",
    measure=Measure.SUM,
    of=Name("amount"),
    source=Source("deals", Timing.DATED, (Name("created_on"),)),
)


def lives(wanted: Wanted, world: World, bindings: Bindings) -> exp.Query:
    """Return the query of all deals opened in the wanted period, filtered."""
    cut = Cut(LIFE, wanted, world, bindings)
    rows = cut.rows
    person = rows.person()
    amount = rows.measure(Name("amount"))
    cells = [
        person,
        _days(rows.measure(Name("created_on"))),
        _days(rows.measure(Name("closed_on"))),
        rows.measure(Name("outcome")),
        exp.cast(amount, exp.DataType.Type.DOUBLE),
        exp.cast(rows.share() if rows.shared else ONE.copy(), exp.DataType.Type.DOUBLE),
    ]
    return cut.query(cells, grouped_by=0)


def _days(day: exp.Expression) -> exp.Expression:
    """Return the days from 1970-01-01 to a day."""
    start = exp.cast(exp.Literal.string("1970-01-01"), exp.DataType.Type.DATE)
    return exp.DateDiff(this=day, expression=start, unit=exp.var("DAY"))
