"""Run the queries of a KPI's components and gather their sums by group or by ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from jalon.domain.facts.tables import ColumnType
from jalon.domain.kpis.algebra import STAGE_ENTRIES, Component, Measure, Source, Timing
from jalon.domain.kpis.conditions import Condition
from jalon.domain.kpis.expression import Node, names
from jalon.domain.kpis.figure import Counted, Input
from jalon.domain.kpis.flattening import Flat
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import Grain, containing, steps
from jalon.domain.periods.comparison import compared, up_to
from jalon.queries.filters import Filters
from jalon.queries.snapshots import Snapshot
from jalon.warehouse.compile.bindings import Bindings
from jalon.warehouse.compile.cut import Selected, Wanted
from jalon.warehouse.compile.frames import Moment
from jalon.warehouse.compile.links import TIME, type_of
from jalon.warehouse.compile.select import mergeable, middled, select

ONE = timedelta(days=1)
Key = tuple[object, ...]
Keyed = Iterable[tuple[Key, tuple[object, ...]]]  # each row of a query, under its key
_GRAINS = [grain.value for grain in Grain]


@dataclass(frozen=True, slots=True)
class Scope:
    """A cut by dimensions: the period, `by`, the filters, the last day known."""

    found: Snapshot
    on: date
    period: Period
    by: tuple[str, ...] = ()
    filters: Filters = field(default_factory=Filters)
    first_month: int = 1

    @property
    def week_start(self) -> int:
        """Return the weekday that weeks begin on."""
        return self.found.world.week_start

    @property
    def times(self) -> tuple[str, ...]:
        """Return the dimensions of time asked."""
        return tuple(name for name in self.by if name in TIME)

    def steps(self) -> tuple[Period, ...]:
        """Return the steps of the finest time asked, inside the period."""
        if not self.times:
            return (self.period,)
        finest = Grain(min(self.times, key=_GRAINS.index))
        whole = steps(
            self.period,
            finest,
            first_month=self.first_month,
            week_start=self.week_start,
        )
        return tuple(
            Period(max(one.first, self.period.first), min(one.after, self.period.after))
            for one in whole
        )

    def time_of(self, name: str, day: date) -> date:
        """Return the first day of the day's month or quarter."""
        return containing(
            day,
            Grain(name),
            first_month=self.first_month,
            week_start=self.week_start,
        ).first


@dataclass(slots=True)
class Counts:
    """The components of each key, and the keys where a currency had no rate.

    `lacks_facts` where a table the KPI is made of holds nothing at all.
    """

    money: str
    by_key: dict[Key, dict[str, Input]] = field(default_factory=dict)
    missing: set[Key] = field(default_factory=set)
    lacks_facts: bool = False

    def add(self, key: Key, name: str, found: Input) -> None:
        """Add a component's number to a key."""
        here = self.by_key.setdefault(key, {})
        former = here.get(name)
        if isinstance(found, Decimal) and isinstance(former, Decimal):
            here[name] = former + found
        elif isinstance(former, list) and not isinstance(found, Decimal):
            former.extend(found)
        else:
            here[name] = found

    def inputs(self, key: Key, flat: Flat) -> dict[str, Input]:
        """Return every component of a key; what was not met counts for nothing."""
        here = self.by_key.get(key, {})
        return {
            name: here.get(name, nothing(flat.components[name]))
            for name in flat.components
        }


@dataclass(frozen=True, slots=True)
class Column:
    """One component of every group, as text: numbers, or the values of a median."""

    measure: Measure
    cells: Sequence[str | None]

    def read(self, place: int) -> Input:
        """Return the component of one group."""
        cell = self.cells[place]
        if self.measure is Measure.VALUES:
            return _values(cell)
        return Decimal(cell) if cell else Decimal(0)


@dataclass(frozen=True, slots=True)
class Columns:
    """The groups of one query: a list for each dimension, for each component.

    `missing` tells, where money is converted, how many rows of the group had no rate.
    """

    money: str
    keys: tuple[Sequence[object], ...]
    numbers: Mapping[str, Column]
    missing: Sequence[str | None] = ()


def nothing(component: Component) -> Input:
    """Return what a component is worth when it met no row."""
    return [] if component.measure is Measure.VALUES else Decimal(0)


def money_tables(flat: Flat) -> frozenset[str]:
    """Return the tables whose money the components add up, else those they filter."""
    sources = [
        (component.source, component)
        for component in flat.components.values()
        if component.source is not None
    ]
    added = {source.table for source, one in sources if _adds_money(one, source)}
    return frozenset(added or {source.table for source, _ in sources})


def lacks_facts(flat: Flat, found: Snapshot) -> bool:
    """Return whether a component looks only at tables that hold nothing at all.

    A company that never imported its spend has no acquisition cost, not one of zero.
    """
    held = found.world.counts
    return any(
        not any(held[table] for table in _tables(component))
        for component in flat.components.values()
        if component.source is not None
    )


def _tables(component: Component) -> set[str]:
    sources = [component.source, *(source for source, _ in component.others)]
    tables = {one.each or one.table for one in sources if one is not None}
    return {"stage_changes" if one == STAGE_ENTRIES else one for one in tables}


def counted(flat: Flat, scope: Scope) -> Counts:
    """Return the components of each group.

    Raises:
        NotCarriedError: If a component carries neither a dimension nor a filter.
    """
    money = scope.found.world.money_of(money_tables(flat))
    counts = Counts(money, lacks_facts=lacks_facts(flat, scope.found))
    if counts.lacks_facts:
        counts.by_key.update({} if scope.by else {(): {}})
        return counts
    for group in grouped(flat, scope.found):
        source = group[0][1].source
        whole = source is not None and source.whole
        by = scope.times if whole else scope.by
        _gather(counts, group, scope, by)
    _share_whole(counts, flat, scope)
    if not scope.by:
        counts.by_key.setdefault((), {})
    return counts


def grouped(flat: Flat, found: Snapshot) -> list[list[tuple[str, Component]]]:
    """Return the components that facts carry, gathered into shared queries."""
    groups: list[list[tuple[str, Component]]] = []
    for name, whole in flat.components.items():
        if whole.source is None:
            continue
        component = replace(whole, others=_holding(whole, found))
        for group in groups:
            if mergeable(group[0][1], component):
                group.append((name, component))
                break
        else:
            groups.append([(name, component)])
    return groups


def _holding(
    component: Component, found: Snapshot
) -> tuple[tuple[Source, tuple[Condition, ...]], ...]:
    """Return the other tables a component looks at, save those that hold nothing."""
    held = found.world.counts
    return tuple(
        (source, where)
        for source, where in component.others
        if held.get(source.table, 1)
    )


def moments(
    periods: Iterable[tuple[int, Period, str | None]],
    source: Source,
    on: date,
    *,
    week_start: int,
) -> tuple[Moment, ...]:
    """Return the moments a source looks at, for periods cut at the last day known."""
    found: list[Moment] = []
    for number, whole, who in periods:
        part = whole if source.forward else up_to(whole, on)
        if part is None:
            continue
        if source.shift:
            part = compared(part, source.shift, whole=whole)
        eve, last = part.first - ONE, part.after - ONE
        points = [eve if source.at == "start" else last]
        if source.every:
            grain = Grain(source.every)
            points = [
                one.first
                for one in steps(part, grain, week_start=week_start)
                if one.first >= part.first
            ]
        found.extend(
            Moment(number, part.first, part.after, eve, point, who) for point in points
        )
    return tuple(found)


def fetched(
    found: Snapshot, components: Sequence[Component], wanted: Wanted
) -> tuple[Selected, list[tuple[object, ...]]]:
    """Return the rows of one shared query."""
    bindings = Bindings()
    selected = select(components, wanted, found.world, bindings)
    return selected, found.run(selected.query, bindings)


def store(
    counts: Counts,
    names_of_group: Sequence[str],
    components: Sequence[Component],
    keyed: Keyed,
    selected: Selected,
) -> None:
    """Add the rows of a query, each under its key."""
    source = components[0].source
    if components[0].measure is Measure.VALUES and not middled(components[0]):
        _store_values(counts, names_of_group[0], keyed, selected)
        return
    if source is not None and source.timing is Timing.SPREAD:
        keyed = _shared_out(components, keyed, selected)
    begin = selected.keys + selected.extra
    end = begin + len(names_of_group)
    kinds = [
        _values if one.measure is Measure.VALUES else _decimal for one in components
    ]
    for key, row in keyed:
        read = (kind(cell) for kind, cell in zip(kinds, row[begin:end], strict=True))
        numbers = zip(names_of_group, read, strict=True)
        if key in counts.by_key:
            for name, number in numbers:
                counts.add(key, name, number)
        else:
            counts.by_key[key] = dict(numbers)
        if selected.missing and row[-1]:
            counts.missing.add(key)


def _store_values(
    counts: Counts,
    name: str,
    keyed: Keyed,
    selected: Selected,
) -> None:
    at = selected.keys
    for key, row in keyed:
        if row[at] is not None:
            ended = bool(row[at + 1]) if selected.extra > 1 else True
            times = _decimal(row[at + selected.extra])
            counts.add(key, name, [Counted(_decimal(row[at]), times, ended)])


def _shared_out(
    components: Sequence[Component],
    keyed: Keyed,
    selected: Selected,
) -> Keyed:
    """Divide sums weighed by days by the length of their range, which the row tells."""
    begin = selected.keys + selected.extra
    for key, row in keyed:
        length = max(_decimal(row[selected.keys]), Decimal(1))
        numbers = (
            _decimal(number) / length if one.measure is Measure.SUM else number
            for one, number in zip(components, row[begin:], strict=False)
        )
        yield key, (*row[:begin], *numbers, *row[begin + len(components) :])


def _gather(
    counts: Counts,
    group: Sequence[tuple[str, Component]],
    scope: Scope,
    by: tuple[str, ...],
) -> None:
    components = [component for _, component in group]
    wanted = wanted_of(components, scope, by, counts.money)
    if wanted is None:
        return
    selected, rows = fetched(scope.found, components, wanted)
    if wanted.moments:
        keyed = _keyed(rows, by, scope)
    else:
        keyed = ((row[: selected.keys], row) for row in rows)
    names_of_group = [name for name, _ in group]
    store(counts, names_of_group, components, keyed, selected)


def wanted_of(
    components: Sequence[Component], scope: Scope, by: tuple[str, ...], money: str
) -> Wanted | None:
    """Return how rows are cut, None where the period holds no day known."""
    source = components[0].source
    assert source is not None  # noqa: S101 - grouped() left the others out
    filters = Filters() if source.whole else scope.filters
    wanted = Wanted(
        by=by,
        where=filters.where,
        among=filters.among,
        money=money,
        on=scope.on,
    )
    if not framed(components):
        period = scope.period if source.forward else up_to(scope.period, scope.on)
        return None if period is None else replace(wanted, period=period)
    numbered = [(i, span, None) for i, span in enumerate(scope.steps())]
    cut = replace(
        wanted,
        by=tuple(name for name in by if name not in TIME),
        moments=moments(numbered, source, scope.on, week_start=scope.week_start),
    )
    return cut if cut.moments else None


def framed(components: Sequence[Component]) -> bool:
    """Return whether the steps of the period travel to SQL as a list."""
    source = components[0].source
    assert source is not None  # noqa: S101 - grouped() left the others out
    framed = source.timing is not Timing.DATED or bool(source.shift)
    return framed or any(one.others for one in components)


def _keyed(
    rows: Iterable[tuple[object, ...]], by: tuple[str, ...], scope: Scope
) -> Keyed:
    """Give each row its group's key, in the order of `by`; rows open with a step."""
    starts = [
        {name: scope.time_of(name, span.first) for name in by if name in TIME}
        for span in scope.steps()
    ]
    for row in rows:
        times, others = starts[int(str(row[0]))], iter(row[1:])
        yield (
            tuple(times[name] if name in times else next(others) for name in by),
            row,
        )


def _share_whole(counts: Counts, flat: Flat, scope: Scope) -> None:
    """Give each slice the whole it is a part of: same time, no other cut."""
    wholes = [
        name
        for name, component in flat.components.items()
        if component.source is not None and component.source.whole
    ]
    if not wholes or scope.by == scope.times:
        return
    at = [index for index, name in enumerate(scope.by) if name in TIME]
    known = {
        key: here for key, here in counts.by_key.items() if len(key) == len(scope.times)
    }
    for key in known:
        del counts.by_key[key]
    for key, here in counts.by_key.items():
        whole = known.get(tuple(key[index] for index in at), {})
        here.update({name: whole[name] for name in wholes if name in whole})


def _adds_money(component: Component, source: Source) -> bool:
    nodes: list[Node] = [] if component.of is None else [component.of]
    if source.cohort is not None:
        nodes.append(source.cohort.value)
    if component.measure is not Measure.SUM and source.cohort is None:
        return False
    return any(
        type_of(source.table, name) is ColumnType.MONEY
        for node in nodes
        for name in names(node)
    )


def _values(text: object) -> list[Counted]:
    """Return the values whose middle is wanted: "4.5", or "5 8|3|0.5" with shares.

    Those before the first bar count whole; then come the others, and their shares.
    """
    if text is None:
        return []
    whole, _, others = str(text).partition("|")
    values, _, shares = others.partition("|")
    told = [Counted(Decimal(one), Decimal(1)) for one in whole.split()]
    pairs = zip(values.split(), shares.split(), strict=True)
    return told + [Counted(Decimal(one), Decimal(share)) for one, share in pairs]


def _decimal(number: object) -> Decimal:
    if isinstance(number, Decimal):
        return number
    return Decimal(number) if isinstance(number, int) else Decimal(str(number or 0))
