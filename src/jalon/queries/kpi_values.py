"""What a KPI is worth, in groups, for many owners, along time, and down to its rows.

Engines add and count; every division happens here, in Decimal. Facts dated after `on`
do not count, save expected closes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from jalon.domain.kpis.algebra import Kpi
from jalon.domain.kpis.catalogue import Catalogue, delivered
from jalon.domain.kpis.conditions import condition
from jalon.domain.kpis.explain import formula_words
from jalon.domain.kpis.figure import (
    NOT_CARRIED,
    TOO_FEW,
    Figure,
)
from jalon.domain.kpis.flattening import Flat, flattened
from jalon.domain.kpis.question import Answer, AnswerRow, Ask, Explanation, Question
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import MONDAY, Grain, containing
from jalon.domain.quantities import Unit
from jalon.domain.refusals import Refusal
from jalon.queries import snapshots
from jalon.queries.anonymity import TOLD_BY, guarded
from jalon.queries.answer_rows import Orders, rows_of
from jalon.queries.asking import Batch, gathered
from jalon.queries.counting import (
    Columns,
    Counts,
    Scope,
    counted,
    money_tables,
)
from jalon.queries.explaining import explained
from jalon.queries.filters import Filters, resolved
from jalon.queries.labelling import key_name, namers
from jalon.queries.reckoning import Reckoning
from jalon.queries.snapshots import Snapshot, with_attributes
from jalon.queries.stages import staged, with_stages
from jalon.queries.together import columns_of
from jalon.warehouse.compile.links import DIMENSIONS, TIME, carries
from jalon.warehouse.compile.rows import NotCarriedError
from jalon.workspace.folder import Workspace

BASES = ("deals", "orders")
_own: dict[str, tuple[tuple[tuple[str, float], ...], Catalogue]] = {}


class UnableToAnswerError(Refusal, ValueError):
    """The question does not fit the KPI: which part, and what would."""


def catalogue(workspace: Workspace) -> Catalogue:
    """Return the delivered KPIs and the company's own (`kpis/*.toml`).

    Raises:
        KpiFileError: If one of the company's files is no KPI.
    """
    stamp = catalogue_stamp(workspace)
    kept = _own.get(str(workspace.kpis))
    if kept is None or kept[0] != stamp:
        files = [Path(name) for name, _written_at in stamp]
        texts = {file.stem: file.read_text("utf-8", "replace") for file in files}
        kept = (stamp, delivered().with_own(texts))
        _own[str(workspace.kpis)] = kept
    return kept[1]


def catalogue_stamp(workspace: Workspace) -> tuple[tuple[str, float], ...]:
    """Return what tells one state of the company's own KPIs from another."""
    files = sorted(workspace.kpis.glob("*.toml"))
    return tuple((str(file), file.stat().st_mtime) for file in files)


def running_period(workspace: Workspace, *, on: date) -> Period:
    """Return the fiscal year the day falls in."""
    first_month = workspace.settings.fiscal_first_month
    return containing(on, Grain.YEAR, first_month=first_month)


def value(
    workspace: Workspace,
    question: Question,
    *,
    on: date,
    snapshot: str | None = None,
    known: Catalogue | None = None,
) -> Answer:
    """Return the values of a question: one row per group met, one row without groups.

    `known` stands in for the workspace's catalogue, to try a KPI not yet written.

    Raises:
        UnknownKpiError: If no KPI has that key.
        ConditionError: If a filter cannot be read.
        UnableToAnswerError: If the KPI carries neither a dimension nor a filter asked.
        NoDataError: If nothing was imported yet.
    """
    ready = _ready(workspace, question, on, snapshot, known)
    return _answered(workspace, [ready])[0]


def values(
    workspace: Workspace,
    questions: Sequence[Question],
    *,
    on: date,
    snapshot: str | None = None,
) -> tuple[Answer, ...]:
    """Return the values of several questions, those over the same rows in one scan.

    Each answer is what `value` would say of its question.

    Raises:
        UnknownKpiError, ConditionError, UnableToAnswerError, NoDataError: As `value`.
    """
    known = catalogue(workspace)
    ready = [_ready(workspace, one, on, snapshot, known) for one in questions]
    return _answered(workspace, ready)


def measure(
    workspace: Workspace,
    kpi: str,
    asks: Sequence[Ask],
    *,
    on: date,
    snapshot: str | None = None,
    basis: str = "",
) -> dict[str, AnswerRow]:
    """Return one row per ask, by its id; each period is cut at the end of `on`.

    One query per component whatever the number of asks: asks are gathered by their
    filters and by the kind of their owner.
    """
    found = _opened(
        workspace, snapshot, (), [text for ask in asks for text in ask.where]
    )
    batches: dict[tuple[str, tuple[str, ...]], list[Ask]] = {}
    for ask in asks:
        kind = ask.owner.partition(":")[0]
        batches.setdefault((kind, ask.where), []).append(ask)
    rows: dict[str, AnswerRow] = {}
    for (kind, where), batch in batches.items():
        rows |= _measured(workspace, found, (kpi, basis, where, kind), batch, on)
    return rows


def path(
    workspace: Workspace,
    kpi: str,
    ask: Ask,
    *,
    on: date,
    step: str = "week",
    snapshot: str | None = None,
) -> list[tuple[date, Decimal | None]]:
    """Return the value cumulated from the first day to the end of each step, to `on`.

    The date is the last day counted. A stock is read on that day.
    """
    asks = path_asks(ask, on=on, step=step, week_start=workspace.settings.first_weekday)
    rows = measure(workspace, kpi, asks, on=on, snapshot=snapshot)
    return [(one.period.after - timedelta(days=1), rows[one.id].value) for one in asks]


def path_asks(
    ask: Ask, *, on: date, step: str = "week", week_start: int = MONDAY
) -> list[Ask]:
    """Return what to ask for a path, so that many paths share one `measure`."""
    return [
        replace(ask, id=f"{ask.id}@{end}", period=Period(ask.period.first, end))
        for end in _ends(ask.period, on, Grain(step), week_start)
    ]


def explain(
    workspace: Workspace,
    kpi: str,
    ask: Ask,
    *,
    on: date,
    limit: int = 1000,
    snapshot: str | None = None,
) -> Explanation:
    """Return how a figure was made: formula in words, components, the rows of each.

    At most `limit` rows of each component are listed, the latest first. Facts that do
    not say whose they are have no rows to show: the reason is `not_carried`. A KPI
    with a `minimum` is anonymous: its rows are never listed, nor its sums under it.
    """
    opened = _opened(workspace, snapshot, (), ask.where)
    definition, flat, filters, found = _prepared(workspace, opened, kpi, ask.where, "")
    kind = ask.owner.partition(":")[0]
    safe = guarded(definition, flat, found, filters=filters, owner=kind)
    if safe.too_fine:
        said = formula_words(definition)
        return Explanation(said, None, TOO_FEW, (), found.name)
    definition, flat = safe.kpi, safe.flat
    future = on < ask.period.first
    ask, on = replace(ask, period=safe.period(ask.period)), safe.on(on)
    batch = Batch(kind, filters, on, found.world.money_of(money_tables(flat)))
    try:
        counts = gathered(found, flat, [ask], batch)
    except NotCarriedError:
        said = formula_words(definition)
        return Explanation(said, None, NOT_CARRIED, (), found.name)
    reckoning = Reckoning(definition, flat, counts)
    row = reckoning.figure((0,), ask.given, future=future)
    if definition.minimum:
        limit = 0
    hidden = bool(definition.minimum) and row.value is None
    return Explanation(
        formula_words=formula_words(definition),
        value=row.value,
        reason=row.reason,
        components=tuple(
            explained(name, component, counts, found, (ask, batch, limit))
            for name, component in flat.components.items()
            if not hidden
        ),
        snapshot=found.name,
    )


def _ends(period: Period, on: date, grain: Grain, week_start: int) -> list[date]:
    """Return the day after each step of the period gone by the end of `on`."""
    last = min(period.after, on + timedelta(days=1))
    ends: list[date] = []
    day = period.first
    while day < last:
        day = min(containing(day, grain, week_start=week_start).after, last)
        ends.append(day)
    return ends


# -- preparing -----------------------------------------------------------------------


def _opened(
    workspace: Workspace, name: str | None, by: Iterable[str], where: Iterable[str]
) -> Snapshot:
    """Return the snapshot; attributes are looked up only when something unknown is."""
    found = snapshots.snapshot(workspace, name)
    asked = {*by, *(condition(text).name for text in where)}
    return with_attributes(found) if asked - {*DIMENSIONS, *TIME} else found


def basis_of(workspace: Workspace, found: Snapshot, asked: str = "") -> str:
    """Return the revenue basis: asked, else set, else deals where there are any.

    Raises:
        UnableToAnswerError: If the basis is neither deals nor orders.
    """
    basis = asked or workspace.settings.revenue_basis
    if basis and basis not in BASES:
        message = 'The basis "{basis}" is unknown. Expected deals or orders.'
        raise UnableToAnswerError(message, basis=basis)
    counts = found.world.counts
    return basis or (
        "deals" if counts["deals"] or not counts["order_lines"] else "orders"
    )


def _prepared(
    workspace: Workspace,
    found: Snapshot,
    key: str,
    where: Iterable[str],
    basis: str,
    known: Catalogue | None = None,
) -> tuple[Kpi, Flat, Filters, Snapshot]:
    known = catalogue(workspace) if known is None else known
    kpi = known[key]
    conditions = [condition(text) for text in where]
    parameters = {
        one.name: "|".join(one.values)
        for one in conditions
        if one.name in kpi.parameters
    }
    flat = flattened(
        kpi, known, basis=basis_of(workspace, found, basis), parameters=parameters
    )
    if any(one.source and one.source.stages for one in flat.components.values()):
        found = with_stages(found)
        ranks = found.world.stage_ranks
        flat = replace(flat, components=staged(flat.components, ranks))
    asked = [one for one in conditions if one.name not in kpi.parameters]
    return kpi, flat, resolved(asked, found), found


def _not_carried(kpi: Kpi, flat: Flat, error: NotCarriedError) -> UnableToAnswerError:
    sources = [one.source for one in flat.components.values() if one.source]
    tables = {source.table for source in sources if not source.whole}
    known = [
        name
        for name in (*DIMENSIONS[:2], "team:1", *DIMENSIONS[2:])
        if all(carries(table, name) for table in tables)
    ]
    return UnableToAnswerError(
        '{kpi} cannot be cut by "{name}": {table} does not carry it. '
        "Expected one of: {known}, or an attribute.",
        kpi=kpi.key,
        name=error.name,
        table=error.table,
        known=", ".join((*known, *TIME)),
    )


# -- rows ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Ready:
    """A question understood: which KPI, its components, how rows are cut."""

    question: Question
    kpi: Kpi
    flat: Flat
    scope: Scope

    @property
    def future(self) -> bool:
        """Return whether the period is still to begin."""
        return self.scope.on < self.scope.period.first


def _ready(
    workspace: Workspace,
    question: Question,
    on: date,
    snapshot: str | None,
    known: Catalogue | None,
) -> _Ready:
    found = _opened(workspace, snapshot, question.by, question.where)
    kpi, flat, filters, found = _prepared(
        workspace, found, question.kpi, question.where, question.basis, known
    )
    safe = guarded(kpi, flat, found, filters=filters, by=question.by)
    if safe.too_fine:
        raise UnableToAnswerError(
            "{kpi} is anonymous: it is told by {known} only, without other filters.",
            kpi=kpi.key,
            known=", ".join(sorted(TOLD_BY)),
        )
    scope = Scope(
        found=found,
        on=safe.on(on),
        period=safe.period(question.period),
        by=question.by,
        filters=filters,
        first_month=workspace.settings.fiscal_first_month,
    )
    return _Ready(question, safe.kpi, safe.flat, scope)


def _answered(workspace: Workspace, ready: Sequence[_Ready]) -> tuple[Answer, ...]:
    present = [one for one in ready if not one.future]
    try:
        told = iter(columns_of([(one.flat, one.scope) for one in present]))
    except NotCarriedError as error:
        if len(ready) == 1:
            raise _not_carried(ready[0].kpi, ready[0].flat, error) from error
        return tuple(_answered(workspace, [one])[0] for one in ready)
    orders = Orders()
    return tuple(
        _answer(workspace, one, None if one.future else next(told), orders)
        for one in ready
    )


def _answer(
    workspace: Workspace, ready: _Ready, columns: Columns | None, orders: Orders
) -> Answer:
    try:
        rows = _rows(workspace, ready, columns, orders)
    except NotCarriedError as error:
        raise _not_carried(ready.kpi, ready.flat, error) from error
    return Answer(
        kpi=ready.kpi.key,
        unit=ready.kpi.unit.value,
        period=ready.question.period,
        snapshot=ready.scope.found.name,
        basis=ready.flat.basis,
        rows=rows,
    )


def _rows(
    workspace: Workspace, ready: _Ready, columns: Columns | None, orders: Orders
) -> Sequence[AnswerRow]:
    kpi, flat, scope = ready.kpi, ready.flat, ready.scope
    counts = counted(flat, scope) if columns is None else Counts(columns.money)
    names = namers(
        scope.by,
        scope.found,
        company=workspace.settings.company,
        first_month=scope.first_month,
    )
    if columns is not None:
        return rows_of(kpi, flat, columns, scope, names, orders)
    namings = [names[name] for name in scope.by]
    plain = [
        (at, key_name(name)) for at, name in enumerate(scope.by) if name not in TIME
    ]
    reckoning = Reckoning(kpi, flat, counts)
    rows = []
    for key in counts.by_key:
        told = [naming(part) for naming, part in zip(namings, key, strict=True)]
        labels = dict(zip(scope.by, told, strict=True))
        keys = {name: None if key[at] is None else str(key[at]) for at, name in plain}
        found = reckoning.figure(key, {}, future=ready.future)
        rows.append(_answer_row(kpi, counts, found, labels, keys))
    return _sorted(rows, scope.by)


def _sorted(rows: Sequence[AnswerRow], by: Sequence[str]) -> tuple[AnswerRow, ...]:
    """Return the rows by their labels, in the order of `by`; those unknown are last.

    Two people of one name follow each other by their keys.
    """
    ranks = []
    for name in by:
        met = {row.labels[name] for row in rows}
        order = sorted(met, key=lambda label: (label is None, label or ""))
        ranks.append((name, {label: rank for rank, label in enumerate(order)}))

    def place(row: AnswerRow) -> tuple[list[int], list[str]]:
        named = [rank[row.labels[name]] for name, rank in ranks]
        return named, [key or "" for key in row.keys.values()]

    return tuple(sorted(rows, key=place))


def _answer_row(
    kpi: Kpi,
    counts: Counts,
    found: Figure,
    labels: Mapping[str, str | None],
    keys: Mapping[str, str | None],
) -> AnswerRow:
    return AnswerRow(
        labels=labels,
        keys=keys,
        value=found.value,
        numerator=found.numerator,
        denominator=found.denominator,
        reason=found.reason,
        currency=counts.money if kpi.unit is Unit.MONEY else None,
        beside=found.beside,
    )


# -- many asks at once ---------------------------------------------------------------


def _measured(
    workspace: Workspace,
    found: Snapshot,
    asked: tuple[str, str, tuple[str, ...], str],
    asks: Sequence[Ask],
    on: date,
) -> dict[str, AnswerRow]:
    key, basis, where, kind = asked
    kpi, flat, filters, found = _prepared(workspace, found, key, where, basis)
    safe = guarded(kpi, flat, found, filters=filters, owner=kind)
    kpi, flat = safe.kpi, safe.flat
    money = found.world.money_of(money_tables(flat))
    if safe.too_fine:
        return {ask.id: _without(kpi, Counts(money), TOO_FEW) for ask in asks}
    batch = Batch(kind, filters, safe.on(on), money)
    asked_for = [replace(ask, period=safe.period(ask.period)) for ask in asks]
    try:
        counts = gathered(found, flat, asked_for, batch)
    except NotCarriedError:
        nothing_known = Counts(batch.money)
        return {ask.id: _without(kpi, nothing_known, NOT_CARRIED) for ask in asks}
    reckoning = Reckoning(kpi, flat, counts)
    return {
        ask.id: _answer_row(
            kpi,
            counts,
            reckoning.figure((index,), ask.given, future=on < ask.period.first),
            {},
            {},
        )
        for index, ask in enumerate(asks)
    }


def _without(kpi: Kpi, counts: Counts, reason: str) -> AnswerRow:
    return _answer_row(kpi, counts, Figure(None, reason=reason), {}, {})
