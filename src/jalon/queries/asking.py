"""Many asks in one query per component: the asks travel to SQL as a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from jalon.domain.kpis.algebra import Component, Source
from jalon.domain.kpis.flattening import Flat
from jalon.domain.kpis.question import Ask
from jalon.queries.counting import Counts, fetched, grouped, lacks_facts, moments, store
from jalon.queries.filters import Filters
from jalon.queries.organisation import organisation_of
from jalon.queries.snapshots import Snapshot
from jalon.warehouse.compile.cut import Wanted

COMPANY = "company"


@dataclass(frozen=True, slots=True)
class Batch:
    """What the asks of one query share: the kind of owner, filters, the last day."""

    kind: str
    filters: Filters
    on: date
    money: str


def gathered(found: Snapshot, flat: Flat, asks: Sequence[Ask], batch: Batch) -> Counts:
    """Return the components of each ask, under its rank as key.

    Raises:
        NotCarriedError: If a component carries neither the owner nor a filter.
    """
    counts = Counts(batch.money, lacks_facts=lacks_facts(flat, found))
    for group in [] if counts.lacks_facts else grouped(flat, found):
        _gather(found, counts, group, asks, batch)
    return counts


def wanted_by(
    asks: Sequence[Ask], source: Source, batch: Batch, found: Snapshot
) -> Wanted:
    """Return how rows are cut for the asks; a whole forgets the filters.

    The whole of an owner's slice is the owner's; of an owner's own rows, the company's.
    """
    owners, filters = ("" if batch.kind == COMPANY else batch.kind), batch.filters
    if source.whole:
        owners = owners if filters != Filters() else ""
        filters = Filters()
    spans = [
        (index, ask.period, who)
        for index, ask in enumerate(asks)
        for who in _who(ask.owner if owners else COMPANY, found)
    ]
    return Wanted(
        moments=moments(spans, source, batch.on, week_start=found.world.week_start),
        owners=owners,
        where=filters.where,
        among=filters.among,
        money=batch.money,
        on=batch.on,
    )


def _gather(
    found: Snapshot,
    counts: Counts,
    group: Sequence[tuple[str, Component]],
    asks: Sequence[Ask],
    batch: Batch,
) -> None:
    names_of_group, components = zip(*group, strict=True)
    wanted = wanted_by(asks, components[0].source, batch, found)
    if not wanted.moments:
        return
    selected, rows = fetched(found, components, wanted)
    keyed = (((row[0],), row) for row in rows)
    store(counts, names_of_group, components, keyed, selected)


def _who(owner: str, found: Snapshot) -> Iterable[str | None]:
    """Return the keys that count for an owner: a team holds the teams below it."""
    kind, _, key = owner.partition(":")
    if kind == COMPANY:
        return (None,)
    if kind == "team":
        return sorted(organisation_of(found).within(key))
    return (key,)
