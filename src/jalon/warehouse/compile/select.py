"""Components that look at the same rows become one SELECT that adds and counts.

Each row of the result is the group's keys (the frame's id first, if there is a frame,
then `Wanted.by`), then the extra keys of `Selected.extra` (the value counted, whether
it ended; the length of a range), then one number per component, then `missing`: how
many rows had no rate, where money is converted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from jalon.domain.kpis.algebra import Component, Having, Measure, Source, Timing
from jalon.domain.kpis.conditions import Condition
from jalon.domain.kpis.expression import Name, Node
from jalon.domain.periods import Period
from jalon.warehouse.compile import filters
from jalon.warehouse.compile.bindings import Bindings
from jalon.warehouse.compile.frames import Moment, frame
from jalon.warehouse.compile.links import TIME
from jalon.warehouse.compile.rows import FRAME, MAIN, Rows, column, table_named
from jalon.warehouse.compile.stages import stage_entries
from jalon.warehouse.compile.world import World

_SIDES = ("start", "end", "before")
_ONE = exp.Literal.number(1)
_ZERO = exp.Literal.number(0)


@dataclass(frozen=True, slots=True)
class Among:
    """A filter resolved to keys: `dimension` is (or, negated, is not) one of them."""

    dimension: str
    keys: frozenset[str]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """How rows are cut: by dimensions over a period, or by the moments of a frame.

    `owners` says what `who` means in the frame: "person", "team" or "" (the company).
    `on` is the last day known: durations still running are cut there.
    """

    by: tuple[str, ...] = ()
    period: Period | None = None
    moments: tuple[Moment, ...] = ()
    owners: str = ""
    where: tuple[Condition, ...] = ()
    among: tuple[Among, ...] = ()
    money: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Selected:
    """A query, how many keys open each row, and whether `missing` closes it."""

    query: exp.Query
    keys: int
    extra: int = 0
    missing: bool = False


def select(
    components: Sequence[Component], wanted: Wanted, world: World, bindings: Bindings
) -> Selected:
    """Return one SELECT for components that are `mergeable`.

    Raises:
        NotCarriedError: If the source carries neither a dimension nor a filter asked.
    """
    first = components[0]
    if first.others:
        return _distinct_over_several(first, wanted, world, bindings)
    cut = _Cut(first, wanted, world, bindings)
    if cut.source.cohort is not None:
        return _cohort(components, cut)
    if cut.source.having is not None:
        return _having(first, cut.source.having, cut)
    if first.measure is Measure.VALUES:
        return _values(first, cut)
    return _sums(components, cut)


def mergeable(one: Component, other: Component) -> bool:
    """Return whether two components can share a SELECT."""
    if one.source is None or one.source != other.source:
        return False
    if Measure.VALUES in {one.measure, other.measure} or one.others or other.others:
        return False
    if one.source.having is not None:
        return False
    if one.source.first_of or one.source.cohort:
        return _inner(one.where) == _inner(other.where)
    return True


class _Cut:
    """The rows of a source, cut as wanted: keys to group by, conditions to meet."""

    def __init__(
        self, component: Component, wanted: Wanted, world: World, bindings: Bindings
    ) -> None:
        assert component.source is not None  # noqa: S101 - checked when read
        self.source: Source = component.source
        self.wanted = wanted
        self.bindings = bindings
        self.rows = Rows(world, bindings, self.source, wanted.money)
        self.fiscal = world.fiscal_first_month
        self.inside: tuple[Condition, ...] = ()
        self.base: exp.Expression = table_named(self.source.table, MAIN)
        if self.source.stages:
            self.base = stage_entries(self.source.stages, world, bindings, wanted.on)
        if self.source.first_of:
            self.inside = component.where
            self.base = _first_events(self.source, component, world, bindings)
        self.framed = bool(wanted.moments)
        self.keys = [self._key(name) for name in wanted.by]
        if self.framed:
            self.keys.insert(0, column(FRAME, "id"))
        self.conditions = [] if self.framed else self._in_period()
        self.conditions += [filters.compiled(one, self.rows) for one in wanted.where]
        self.conditions += [self._among(one) for one in wanted.among]
        if wanted.owners:
            who = self.rows.dimension(wanted.owners)
            self.owner = exp.EQ(this=column(FRAME, "who"), expression=who)

    def _key(self, name: str) -> exp.Expression:
        if name in TIME:
            return truncated(self._seen(), name, self.fiscal)
        return self.rows.dimension(name)

    def _seen(self) -> exp.Expression:
        """Return the day a row is seen on; its Monday if thresholds are weekly."""
        day = self.rows.day()
        having = self.source.having
        if having is not None and having.per == "week":
            return truncated(day, "week", 1)
        return day

    def _in_period(self) -> list[exp.Expression]:
        period = self.wanted.period
        if period is None:
            return []
        first = self.bindings.bind_date(period.first)
        after = self.bindings.bind_date(period.after)
        return _between(self._seen(), first, after)

    def _in_frame(self) -> list[exp.Expression]:
        point = column(FRAME, "point")
        first, after = column(FRAME, "first"), column(FRAME, "after")
        if self.source.timing is Timing.DATED:
            return _between(self._seen(), first, after)
        opens, closes = self.range()
        if self.source.timing is Timing.SPREAD:
            ends_inside = exp.GT(this=closes, expression=first)
            return [*_between(opens, None, after), ends_inside]
        if self.source.timing is Timing.COHORT:
            return [exp.LTE(this=opens, expression=point)]
        return self.live_on("point")

    def range(self) -> tuple[exp.Expression, exp.Expression]:
        """Return the opening and the closing of a range; one without end stays open."""
        opens, closes = (self.rows.measure(node) for node in self.source.dates)
        never = exp.cast(exp.Literal.string("9999-12-31"), exp.DataType.Type.DATE)
        return opens, exp.Coalesce(this=closes, expressions=[never])

    def live_on(self, moment: str) -> list[exp.Expression]:
        """Return the conditions of a range that is live on a moment of the frame.

        A range without opening has always been there (a person without start date).
        """
        opens, closes = self.range()
        day = column(FRAME, moment)
        return [
            exp.or_(
                exp.LTE(this=opens, expression=day),
                exp.Is(this=opens.copy(), expression=exp.Null()),
            ),
            exp.GT(this=closes, expression=day.copy()),
        ]

    def _among(self, one: Among) -> exp.Expression:
        term = self.rows.dimension(one.dimension)
        found = filters.in_ids(term, one.keys, self.bindings)
        if not one.negated:
            return found
        unknown = exp.Is(this=term.copy(), expression=exp.Null())
        return exp.or_(exp.not_(found), unknown)

    def own_where(self, component: Component) -> list[exp.Expression]:
        """Return a component's own conditions, save those already met inside."""
        return [
            filters.compiled(one, self.rows)
            for one in component.where
            if one not in self.inside and one.name not in self.sides
        ]

    @property
    def sides(self) -> tuple[str, ...]:
        """Return the names that only a cohort's followed rows have."""
        return _SIDES if self.source.cohort is not None else ()

    def query(
        self,
        columns: Sequence[exp.Expression],
        *,
        grouped: int,
        where: Sequence[exp.Expression] = (),
    ) -> exp.Select:
        """Return the SELECT of columns, grouped by the first ones."""
        conditions = [*self.conditions, *where]
        query = exp.select(*columns).from_(self.base)
        late = self.framed and self.source.timing is Timing.DATED
        on = self._in_frame() if self.framed else []
        if self.framed and not late:
            query = query.join(
                frame(self.wanted.moments, self.bindings), on=exp.and_(*on)
            )
            on = []
        for table, condition, kind in self.rows.joins():
            query = query.join(table, on=condition, join_type=kind or "inner")
        if self.wanted.owners:
            on.append(self.owner)
        if late:
            query = query.join(
                frame(self.wanted.moments, self.bindings), on=exp.and_(*on)
            )
        else:
            conditions += on
        if conditions:
            query = query.where(exp.and_(*conditions))
        return _grouped(query, grouped)


def truncated(day: exp.Expression, grain: str, fiscal: int) -> exp.Expression:
    """Return the first day of the day's week, month, fiscal quarter or fiscal year."""
    if grain == "day":
        return exp.cast(day, exp.DataType.Type.DATE)
    months = {"quarter": (fiscal - 1) % 3, "year": fiscal - 1}.get(grain, 0)
    unit = exp.var(grain.upper())
    if not months:
        cut = exp.TimestampTrunc(this=day, unit=unit)
        return exp.cast(cut, exp.DataType.Type.DATE)
    by = exp.Interval(this=exp.Literal.string(str(months)), unit=exp.var("MONTH"))
    back = exp.Paren(this=exp.Sub(this=day, expression=by))
    cut = exp.TimestampTrunc(this=back, unit=unit)
    forth = exp.Paren(this=exp.Add(this=cut, expression=by.copy()))
    return exp.cast(forth, exp.DataType.Type.DATE)


# -- sums, counts, distinct ----------------------------------------------------------


def _sums(components: Sequence[Component], cut: _Cut) -> Selected:
    common = [one for one in components[0].where if _in_all(one, components)]
    where = [filters.compiled(one, cut.rows) for one in common if one not in cut.inside]
    tests = [
        [
            filters.compiled(one, cut.rows)
            for one in component.where
            if one not in common and one not in cut.inside
        ]
        for component in components
    ]
    measures = [_measure(component, cut) for component in components]
    length = _spread_over(cut, measures, components)
    if all(tests):
        where.append(exp.or_(*(exp.and_(*(t.copy() for t in test)) for test in tests)))
    if _capped_by_team(cut):
        return _capped(components, cut, measures, tests, where)
    share = cut.rows.share() if cut.rows.shared else None
    sums = [
        _aggregate(component.measure, _when(test, measure), share, bool(test))
        for component, measure, test in zip(components, measures, tests, strict=True)
    ]
    missing = _missing(cut)
    keys = [*cut.keys, *length]
    query = cut.query([*keys, *sums, *missing], grouped=len(keys), where=where)
    return Selected(query, len(cut.keys), len(length), bool(missing))


def _measure(component: Component, cut: _Cut) -> exp.Expression:
    if component.measure is Measure.COUNT or component.of is None:
        return _ONE.copy()
    if component.measure is not Measure.DISTINCT:
        return cut.rows.measure(component.of)
    entity = _entity(component.of, cut)
    return _each_moment(entity) if cut.source.every else entity


def _entity(node: Node, cut: _Cut) -> exp.Expression:
    if isinstance(node, Name) and cut.rows.type_of(node.name) is None:
        return cut.rows.dimension(node.name)
    return cut.rows.measure(node)


def _each_moment(entity: exp.Expression) -> exp.Expression:
    """Return the entity on its moment: each of several moments counts it anew."""
    moment = exp.cast(column(FRAME, "point"), exp.DataType.Type.TEXT)
    return exp.DPipe(this=moment, expression=exp.cast(entity, exp.DataType.Type.TEXT))


def _spread_over(
    cut: _Cut, measures: list[exp.Expression], components: Sequence[Component]
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


def _when(test: list[exp.Expression], measure: exp.Expression) -> exp.Expression:
    return exp.Case().when(exp.and_(*test), measure) if test else measure


def _aggregate(
    measure: Measure,
    term: exp.Expression,
    share: exp.Expression | None,
    tested: bool,  # noqa: FBT001
) -> exp.Expression:
    if measure is Measure.DISTINCT:
        return exp.Count(this=exp.Distinct(expressions=[term]), big_int=True)
    if share is not None:
        return exp.Sum(this=exp.Mul(this=exp.Paren(this=term), expression=share))
    if measure is Measure.COUNT:
        counted = term if tested else exp.Star()
        return exp.Count(this=counted, big_int=True)
    return exp.Sum(this=term)


def _missing(cut: _Cut) -> list[exp.Expression]:
    """Return how many rows had money and no rate, where money is converted."""
    lacks = cut.rows.lacks_rate()
    if lacks is None:
        return []
    return [exp.Count(this=exp.Case().when(lacks, _ONE.copy()), big_int=True)]


def _capped_by_team(cut: _Cut) -> bool:
    """Return whether a shared deal could count more than once for a team."""
    personal = "person" in cut.wanted.by or cut.wanted.owners == "person"
    return cut.rows.shared and not personal


def _capped(
    components: Sequence[Component],
    cut: _Cut,
    measures: list[exp.Expression],
    tests: list[list[exp.Expression]],
    where: list[exp.Expression],
) -> Selected:
    """Count a deal once for a team: the sum of its members' shares, at most whole."""
    keys = [exp.alias_(key, f"k{i}") for i, key in enumerate(cut.keys)]
    ids = [column(MAIN, "deal_id")]
    if cut.source.each:
        ids.append(column(cut.source.each, "activity_id"))
    terms = [
        exp.alias_(exp.Max(this=_when(test, measure)), f"m{i}")
        for i, (measure, test) in enumerate(zip(measures, tests, strict=True))
    ]
    share = exp.alias_(
        exp.Least(this=_ONE.copy(), expressions=[exp.Sum(this=cut.rows.share())]),
        "share",
    )
    lacks = _missing(cut)
    inner = cut.query(
        [*keys, *ids, *terms, share, *(exp.alias_(one, "missing") for one in lacks)],
        grouped=len(keys) + len(ids),
        where=where,
    ).subquery("w")
    outer = [column("w", f"k{i}") for i in range(len(keys))]
    sums = [
        _aggregate(
            component.measure, column("w", f"m{i}"), column("w", "share"), tested=True
        )
        for i, component in enumerate(components)
    ]
    missing = [exp.Sum(this=column("w", "missing"))] if lacks else []
    query = exp.select(*outer, *sums, *missing).from_(inner)
    return Selected(_grouped(query, len(keys)), len(keys), 0, bool(missing))


# -- values, thresholds, cohorts, several tables -------------------------------------


def _values(component: Component, cut: _Cut) -> Selected:
    """Return how often each value occurs (and whether the duration ended)."""
    assert component.of is not None  # noqa: S101 - checked when read
    ended = _ended(component, cut)
    extra = [cut.rows.measure(component.of), *ended]
    weight = cut.rows.share() if cut.rows.shared else None
    counted = _aggregate(Measure.COUNT, _ONE.copy(), weight, tested=False)
    keys = [*cut.keys, *extra]
    query = cut.query(
        [*keys, counted], grouped=len(keys), where=cut.own_where(component)
    )
    return Selected(query, len(cut.keys), len(extra))


def _ended(component: Component, cut: _Cut) -> list[exp.Expression]:
    """Return whether a duration has ended; cut those still running at the last day."""
    if not component.ended or cut.wanted.on is None:
        return []
    end = cut.rows.value(component.ended)
    on = cut.bindings.bind_date(cut.wanted.on)
    known = exp.Coalesce(this=end.copy(), expressions=[on.copy()])
    cut.rows.replaced[component.ended] = exp.Least(this=known, expressions=[on.copy()])
    return [exp.LTE(this=end, expression=on)]


def _having(component: Component, having: Having, cut: _Cut) -> Selected:
    keys = [exp.alias_(key, f"k{i}") for i, key in enumerate(cut.keys)]
    entity = _measure(Component("", Measure.DISTINCT, Name(having.each)), cut)
    weekly = [truncated(cut.rows.day(), "week", 1)] if having.per == "week" else []
    measured = _aggregate(
        having.measure, cut.rows.measure(having.of), None, tested=False
    )
    known = exp.not_(exp.Is(this=entity.copy(), expression=exp.Null()))
    inner = cut.query(
        [*keys, exp.alias_(entity, "who"), *weekly, exp.alias_(measured, "reached")],
        grouped=len(keys) + 1 + len(weekly),
        where=[*cut.own_where(component), known],
    ).subquery("w")
    outer = [column("w", f"k{i}") for i in range(len(keys))]
    enough = exp.GTE(
        this=column("w", "reached"), expression=cut.bindings.bind(having.at_least)
    )
    query = exp.select(*outer, exp.Count(this=exp.Star(), big_int=True)).from_(inner)
    return Selected(_grouped(query.where(enough), len(keys)), len(keys))


def _cohort(components: Sequence[Component], cut: _Cut) -> Selected:
    """Follow each entity from the eve of the period to its last day."""
    cohort = cut.source.cohort
    assert cohort is not None  # noqa: S101 - the caller looked
    entity = _measure(Component("", Measure.DISTINCT, Name(cohort.by)), cut)
    value = cut.rows.measure(cohort.value)
    opened = exp.LTE(this=cut.range()[0], expression=column(FRAME, "eve"))
    sides = {
        "start": exp.Sum(this=_else_zero(cut.live_on("eve"), value)),
        "end": exp.Sum(this=_else_zero(cut.live_on("point"), value.copy())),
        "before": exp.Sum(this=_else_zero([opened], _ONE.copy())),
    }
    keys = [exp.alias_(key, f"k{i}") for i, key in enumerate(cut.keys)]
    known = exp.not_(exp.Is(this=entity.copy(), expression=exp.Null()))
    lacks = _missing(cut)
    inner = cut.query(
        [
            *keys,
            exp.alias_(entity, "entity"),
            *(exp.alias_(one, name, quoted=True) for name, one in sides.items()),
            *(exp.alias_(one, "missing") for one in lacks),
        ],
        grouped=len(keys) + 1,
        where=[*cut.own_where(components[0]), known],
    ).subquery("w")
    outer = [column("w", f"k{i}") for i in range(len(keys))]
    sums = [_followed(component, cut.bindings) for component in components]
    missing = [exp.Sum(this=column("w", "missing"))] if lacks else []
    query = exp.select(*outer, *sums, *missing).from_(inner)
    return Selected(_grouped(query, len(keys)), len(keys), 0, bool(missing))


def _followed(component: Component, bindings: Bindings) -> exp.Expression:
    """Return one sum over followed entities, whose columns are start, end, before."""
    from jalon.warehouse.compile.sides import side_test, side_value  # noqa: PLC0415

    tests = [side_test(one, bindings) for one in component.where if one.name in _SIDES]
    term = _ONE.copy() if component.of is None else side_value(component.of)
    if component.measure is Measure.COUNT:
        return _aggregate(Measure.COUNT, _when(tests, term), None, tested=True)
    return exp.Sum(this=_when(tests, term))


def _distinct_over_several(
    component: Component, wanted: Wanted, world: World, bindings: Bindings
) -> Selected:
    parts: list[exp.Query] = []
    keys = 0
    for source, where in ((component.source, component.where), *component.others):
        part = Component(component.name, component.measure, component.of, source, where)
        cut = _Cut(part, wanted, world, bindings)
        keys = len(cut.keys)
        named = [exp.alias_(key, f"k{i}") for i, key in enumerate(cut.keys)]
        entity = exp.alias_(_measure(part, cut), "entity")
        parts.append(cut.query([*named, entity], grouped=0, where=cut.own_where(part)))
    union: exp.Query = parts[0]
    for other in parts[1:]:
        union = exp.union(union, other, distinct=False)
    counted = exp.Count(
        this=exp.Distinct(expressions=[column("w", "entity")]), big_int=True
    )
    outer = [column("w", f"k{i}") for i in range(keys)]
    query = exp.select(*outer, counted).from_(union.subquery("w"))
    return Selected(_grouped(query, keys), keys)


def _first_events(
    source: Source, component: Component, world: World, bindings: Bindings
) -> exp.Expression:
    """Return the rows that open an account's history (or reopen it after idle months).

    The history is whole: no filter of the question enters here.
    """
    rows = Rows(world, bindings, source, world.currency)
    conditions = [filters.compiled(one, rows) for one in component.where]
    day = rows.measure(source.dates[0])
    entity = column(MAIN, source.first_of)
    tie = [column(MAIN, key) for key in _tie_breakers(source.table)]
    former = exp.Window(
        this=exp.Lag(this=day),
        partition_by=[entity],
        order=exp.Order(
            expressions=[exp.Ordered(this=one) for one in (day.copy(), *tie)]
        ),
    )
    known = [
        exp.not_(exp.Is(this=one.copy(), expression=exp.Null()))
        for one in (entity, day)
    ]
    history = exp.select(
        exp.Column(this=exp.Star(), table=exp.to_identifier(MAIN)),
        exp.alias_(former, "former_on"),
    ).from_(table_named(source.table, MAIN))
    for table, on, kind in rows.joins():
        history = history.join(table, on=on, join_type=kind or "inner")
    history = history.where(exp.and_(*conditions, *known))
    opens: exp.Expression = exp.Is(this=column("h", "former_on"), expression=exp.Null())
    if source.idle_months:
        idle = exp.Interval(
            this=exp.Literal.string(str(source.idle_months)), unit=exp.var("MONTH")
        )
        again = exp.LTE(
            this=exp.Add(this=column("h", "former_on"), expression=idle),
            expression=column("h", source.dates[0].name),  # type: ignore[union-attr]
        )
        opens = exp.or_(opens, again)
    events = exp.select(exp.Star()).from_(history.subquery("h")).where(opens)
    return events.subquery(MAIN)


def _tie_breakers(table: str) -> tuple[str, ...]:
    from jalon.domain.facts.tables import TABLES  # noqa: PLC0415

    return TABLES[table].keys


def _inner(where: tuple[Condition, ...]) -> tuple[Condition, ...]:
    return tuple(one for one in where if one.name not in _SIDES)


def _in_all(condition: Condition, components: Sequence[Component]) -> bool:
    return all(condition in component.where for component in components)


def _else_zero(tests: list[exp.Expression], term: exp.Expression) -> exp.Expression:
    return exp.Case().when(exp.and_(*tests), term).else_(_ZERO.copy())


def _between(
    day: exp.Expression, first: exp.Expression | None, after: exp.Expression
) -> list[exp.Expression]:
    before = exp.LT(this=day.copy(), expression=after)
    return [exp.GTE(this=day, expression=first), before] if first else [before]


def _grouped(query: exp.Select, keys: int) -> exp.Select:
    places = [exp.Literal.number(place + 1) for place in range(keys)]
    return query.group_by(*places) if places else query
