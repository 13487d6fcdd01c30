"""The rows of one component, each with the amount counted and the owner's share."""

from __future__ import annotations

from decimal import Decimal

from jalon.domain.kpis.algebra import Component, Measure, Timing
from jalon.domain.kpis.explain import LANGUAGES, words
from jalon.domain.kpis.question import Ask, CountedRow, ExplainedComponent
from jalon.queries.asking import Batch, wanted_by
from jalon.queries.counting import Counts
from jalon.queries.snapshots import Snapshot
from jalon.warehouse.compile.bindings import Bindings
from jalon.warehouse.compile.listing import Listed, listed

_HIDDEN = {"source", "source_id", "attributes"}


def explained(
    name: str,
    component: Component,
    counts: Counts,
    found: Snapshot,
    how: tuple[Ask, Batch, int],
) -> ExplainedComponent:
    """Return a component in words, its value and its rows, at most the limit."""
    ask, batch, limit = how
    said = {language: words(component, language) for language in LANGUAGES}
    if component.source is None:
        given = ask.given.get(component.given)
        return ExplainedComponent(name, said, given, (), 0)
    value = counts.by_key.get((0,), {}).get(name, Decimal(0))
    wanted = wanted_by([ask], component.source, batch, found)
    rows: list[CountedRow] = []
    total = 0
    if wanted.moments:
        bindings = Bindings()
        for one in listed(component, wanted, found.world, bindings, limit=limit):
            met = found.run(one.query, bindings)
            here = _counted(met, one, component)
            rows += here
            total += int(str(met[0][-1])) - len(met) + len(here) if met else 0
    return ExplainedComponent(
        name=name,
        words=said,
        value=value if isinstance(value, Decimal) else None,
        rows=tuple(rows[:limit]),
        total_rows=total,
    )


def _counted(
    rows: list[tuple[object, ...]], one: Listed, component: Component
) -> list[CountedRow]:
    """Return rows with their facts; a deal two members share is one row.

    What is met at several moments (people, each week) is one row, counted as often.
    """
    shares: dict[tuple[object, ...], Decimal] = {}
    facts: dict[tuple[object, ...], dict[str, object]] = {}
    amounts: dict[tuple[object, ...], Decimal | None] = {}
    source = component.source
    spread = source is not None and source.timing is Timing.SPREAD
    again = bool(source and source.every)
    for rank, row in enumerate(rows):
        cells = dict(zip(one.columns, row, strict=False))
        amount, share, length = row[len(one.columns) : len(one.columns) + 3]
        key = tuple(cells[name] for name in one.keys) or (rank,)
        shares[key] = min(shares.get(key, Decimal(0)) + _decimal(share), Decimal(1))
        facts[key] = _said(cells)
        former = amounts.get(key) if again else None
        amounts[key] = None if amount is None else _decimal(amount) + (former or 0)
        if spread and amount is not None:
            amounts[key] = _decimal(amount) / max(_decimal(length), Decimal(1))
    weighed = component.measure in {Measure.SUM, Measure.COUNT}
    return [
        CountedRow(
            facts=facts[key],
            counted=amounts[key] * shares[key]  # type: ignore[operator]
            if weighed and amounts[key] is not None
            else amounts[key],
            share=shares[key],
        )
        for key in facts
    ]


def _said(cells: dict[str, object]) -> dict[str, object]:
    return {
        name: cell
        for name, cell in cells.items()
        if cell is not None and name not in _HIDDEN
    }


def _decimal(number: object) -> Decimal:
    return number if isinstance(number, Decimal) else Decimal(str(number))
