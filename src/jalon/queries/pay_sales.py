"""The rows that measures read sale by sale count, for many people in one query.

A sale is counted as its KPI counts it: at the owner's share, in the company's money, on
the day of its row. Rows come from the generation their objective closed on, while it
is kept, else from the current one.
"""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jalon.domain.facts.tables import TABLES
from jalon.domain.incentives.inputs import Sale
from jalon.domain.incentives.plan import ONE, ZERO
from jalon.domain.incentives.sources import INVOICES, Source
from jalon.domain.kpis.algebra import Component, Measure
from jalon.domain.kpis.conditions import condition
from jalon.domain.kpis.expression import Name
from jalon.domain.kpis.flattening import flattened
from jalon.domain.kpis.question import Ask
from jalon.domain.periods import Period
from jalon.queries import kpi_values, snapshots
from jalon.queries.asking import Batch, wanted_by
from jalon.queries.counting import money_tables
from jalon.queries.filters import resolved
from jalon.queries.snapshots import NoDataError, Snapshot, with_attributes
from jalon.warehouse.compile.bindings import Bindings
from jalon.warehouse.compile.listing import Listed, listed
from jalon.workspace.folder import Workspace

Cells = dict[str, Any]
EVERY = 10**9  # rows: none is left out
MONTHS = 12
FROM_ACCOUNT = ("segment", "sector", "region", "country")
FROM_PRODUCT = ("line", "offer", "product")


@dataclass(frozen=True, slots=True)
class Told:
    """The sales of each owner, and the money they are told in."""

    by_owner: Mapping[str, tuple[Sale, ...]]
    money: str


@dataclass(frozen=True, slots=True)
class Days:
    """The period, the last day facts count of, the last day payments count of."""

    period: Period
    on: datetime.date
    until: datetime.date


def sales(
    workspace: Workspace,
    source: Source,
    owners: Sequence[str],
    days: Days,
    *,
    snapshot: str = "",
) -> Told:
    """Return the rows a measure counts for each owner over a period."""
    found = _opened(workspace, snapshot)
    if found is None or not owners or source.columns is None:
        return Told({}, workspace.settings.currency)
    known = kpi_values.catalogue(workspace)
    basis = kpi_values.basis_of(workspace, found)
    flat = flattened(known[source.kpi], known, basis=basis)
    component = flat.components[_named(flat.formula)]
    filters = resolved([condition(text) for text in source.where], found)
    money = found.world.money_of(money_tables(flat))
    by_kind: dict[str, list[str]] = defaultdict(list)
    for owner in dict.fromkeys(owners):
        by_kind[owner.partition(":")[0]].append(owner)
    rows: dict[str, list[Cells]] = {}
    for kind, some in by_kind.items():
        asks = [Ask(one, one, days.period) for one in some]
        batch = Batch(kind, filters, days.on, money)
        for rank, cells in _rows(component, asks, batch, found):
            rows.setdefault(some[rank], []).append(cells)
    everything = [cells for some in rows.values() for cells in some]
    paid = _collected(source, everything, found, days.until)
    _complete(everything, source.columns, found)
    return Told(
        {
            owner: tuple(_sales(some, component, source, paid))
            for owner, some in rows.items()
        },
        money,
    )


def _opened(workspace: Workspace, name: str) -> Snapshot | None:
    """Return a generation, the current one where it is not kept any more."""
    for wanted in (name, "") if name else ("",):
        try:
            return with_attributes(snapshots.snapshot(workspace, wanted or None))
        except NoDataError:
            continue
    return None


def _named(formula: object) -> str:
    assert isinstance(formula, Name)  # noqa: S101 - `runnable` looked
    return formula.name


def _rows(
    component: Component, asks: Sequence[Ask], batch: Batch, found: Snapshot
) -> Iterable[tuple[int, Cells]]:
    """Yield the rank of the ask and the cells of each row, amount and share beside."""
    if component.source is None:
        return
    wanted = wanted_by(asks, component.source, batch, found)
    if not wanted.moments:
        return
    bindings = Bindings()
    queries = listed(component, wanted, found.world, bindings, limit=EVERY, asked=True)
    for one in queries:
        for row in found.run(one.query, bindings):
            yield int(str(row[-1])), _cells(row, one)


def _cells(row: Sequence[object], one: Listed) -> Cells:
    cells: Cells = dict(zip(one.columns, row, strict=False))
    size = len(one.columns)
    key = [cells[name] for name in one.keys if cells.get(name) is not None]
    attributes = cells.pop("attributes", None)
    if attributes:
        told = attributes if isinstance(attributes, dict) else json.loads(attributes)
        cells = {**told, **cells}
    cells["=id"] = "/".join(map(str, key))
    cells["=amount"], cells["=share"] = row[size], row[size + 1]
    return cells


def _sales(
    rows: Sequence[Cells],
    component: Component,
    source: Source,
    paid: Mapping[str, Decimal],
) -> Iterable[Sale]:
    """Yield one sale a row; what two members of a team share is one sale of theirs."""
    day = component.source.dates[0] if component.source else None
    shares: dict[str, Decimal] = defaultdict(Decimal)
    first: dict[str, Cells] = {}
    for cells in rows:
        shares[cells["=id"]] += _decimal(cells["=share"])
        first.setdefault(cells["=id"], cells)
    for key, cells in first.items():
        share = min(shares[key], ONE)
        amount = _decimal(cells["=amount"])
        if component.measure is Measure.COUNT:
            amount = ONE
        dated = cells.get(day.name) if isinstance(day, Name) else None
        collected = _paid(cells, source, paid) * share if source.collected else None
        yield Sale(
            id=key,
            date=_day(dated),
            actual=_short(amount * share),
            share=_short(share),
            name=str(cells.get("name") or ""),
            collected=None if collected is None else _short(collected),
            facts=_facts(cells, source.columns or ()),
        )


def _facts(cells: Cells, columns: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the columns rules ask for, and the customer's."""
    wanted = sorted({*columns, "account_id"})
    return tuple(
        (name, str(cells[name])) for name in wanted if cells.get(name) is not None
    )


def _collected(
    source: Source, rows: Sequence[Cells], found: Snapshot, until: datetime.date
) -> Mapping[str, Decimal]:
    """Return what customers have paid of each row, by its deal or its own key."""
    if not source.collected:
        return {}
    if source.collected != INVOICES:
        name = source.collected
        return {cells["=id"]: _decimal(cells.get(name) or ZERO) for cells in rows}
    wanted = sorted({str(one["deal_id"]) for one in rows if one.get("deal_id")})
    sums = found.cursor().execute(
        'SELECT deal_id, sum(amount) FROM order_lines WHERE "on" <= ?'
        " AND list_contains(?, deal_id) GROUP BY deal_id",
        [until, wanted],
    )
    return {str(key): _decimal(total) for key, total in sums.fetchall()}


def _paid(cells: Cells, source: Source, paid: Mapping[str, Decimal]) -> Decimal:
    """Return what the customer has paid of a row."""
    key = cells["=id"]
    if source.collected == INVOICES:
        key = str(cells.get("deal_id") or "")
    return paid.get(key, ZERO)


def _complete(rows: Sequence[Cells], columns: Sequence[str], found: Snapshot) -> None:
    """Write beside each row the columns it reaches: its account's, its product's."""
    for names, table, key in (
        (FROM_ACCOUNT, "accounts", "account_id"),
        (FROM_PRODUCT, "products", "product_id"),
    ):
        asked = [name for name in columns if name in names]
        if not asked or not rows:
            continue
        known = {one.name for one in TABLES[table].columns}
        cells = ", ".join(name if name in known else "name" for name in asked)
        read = found.cursor().execute(f"SELECT {key}, {cells} FROM {table}")  # noqa: S608 - names of our own tables
        reached = {row[0]: row[1:] for row in read.fetchall()}
        for row in rows:
            values = reached.get(row.get(key), (None,) * len(asked))
            for name, value in zip(asked, values, strict=True):
                if row.get(name) is None:
                    row[name] = value


def ended(
    workspace: Workspace, accounts: Iterable[str], period: Period
) -> Mapping[str, datetime.date]:
    """Return the customers whose last subscription ended in a period, and its day.

    One who has another subscription running has not left.
    """
    found, wanted = _opened(workspace, ""), sorted(set(accounts))
    if found is None or not wanted:
        return {}
    rows = found.cursor().execute(
        "SELECT account_id, max(coalesce(after, DATE '9999-12-31')) AS left_on"
        " FROM subscriptions WHERE list_contains(?, account_id)"
        " GROUP BY account_id HAVING left_on >= ? AND left_on < ?",
        [wanted, period.first, period.after],
    )
    return {str(key): day for key, day in rows.fetchall()}


def months_between(first: datetime.date, after: datetime.date) -> int:
    """Return how many whole months lie between two days."""
    months = (after.year - first.year) * MONTHS + after.month - first.month
    return max(months - (after.day < first.day), 0)


def _day(value: object) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return value.date()
    assert isinstance(value, datetime.date)  # noqa: S101 - a dated row has a day
    return value


def _decimal(number: object) -> Decimal:
    return number if isinstance(number, Decimal) else Decimal(str(number))


def _short(number: Decimal) -> Decimal:
    """Return a number without the zeros the engine adds."""
    return Decimal(f"{number.normalize():f}")
