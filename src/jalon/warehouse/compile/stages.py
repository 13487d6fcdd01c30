"""When each deal entered a stage: the first day there or beyond.

A skipped stage counts as entered on the day of the next one; going back changes
nothing, since the first day stays the first.
"""

from __future__ import annotations

from datetime import date

from sqlglot import exp

from jalon.warehouse.compile.bindings import Bindings
from jalon.warehouse.compile.names import MAIN, column, table_named
from jalon.warehouse.compile.world import World


def stage_entries(
    stages: tuple[str, ...], world: World, bindings: Bindings, on: date | None
) -> exp.Expression:
    """Return deals with the days they `entered_on` and `reached_on` the stages."""
    day = exp.cast(column("c", "at"), exp.DataType.Type.DATE)
    named = zip(("entered_on", "reached_on"), stages, strict=True)
    firsts = [
        exp.alias_(
            exp.Min(this=exp.Case().when(_there(stage, world, bindings), day.copy())),
            name,
        )
        for name, stage in named
    ]
    changes = exp.select(column("c", "deal_id"), *firsts, copy=False).from_(
        table_named("stage_changes", "c"), copy=False
    )
    if on is not None:
        changes = changes.where(
            exp.LTE(this=day, expression=bindings.bind_date(on)), copy=False
        )
    entries = changes.group_by(exp.Literal.number(1), copy=False).subquery(
        "e", copy=False
    )
    same = exp.EQ(this=column("d", "deal_id"), expression=column("e", "deal_id"))
    return (
        exp.select(
            exp.Column(this=exp.Star(), table=exp.to_identifier("d")),
            column("e", "entered_on"),
            column("e", "reached_on"),
            copy=False,
        )
        .from_(table_named("deals", "d"), copy=False)
        .join(entries, on=same, copy=False)
        .subquery(MAIN, copy=False)
    )


def _there(stage: str, world: World, bindings: Bindings) -> exp.Expression:
    rank = world.stage_ranks[stage]
    beyond = [name for name, other in world.stage_ranks.items() if other >= rank]
    return exp.In(this=column("c", "stage"), query=bindings.one_of(beyond))
