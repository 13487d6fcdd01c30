"""The rows of a source cut as wanted: keys to group by, conditions to meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from jalon.domain.facts.tables import ColumnType
from jalon.domain.kpis.algebra import Component, Source, Timing
from jalon.domain.kpis.conditions import Condition
from jalon.domain.periods import Period
from jalon.warehouse.compile import filters
from jalon.warehouse.compile.bindings import Bindings
from jalon.warehouse.compile.events import first_events
from jalon.warehouse.compile.frames import OWNERS, Moment, frame, owners, spans
from jalon.warehouse.compile.links import TIME
from jalon.warehouse.compile.names import FRAME, MAIN, column, table_named
from jalon.warehouse.compile.rows import Rows
from jalon.warehouse.compile.stages import stage_entries
from jalon.warehouse.compile.world import World

SIDES = ("start", "end", "before")


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


class Cut:
    """The rows of a source, cut as wanted: keys to group by, conditions to meet."""

    def __init__(
        self, component: Component, wanted: Wanted, world: World, bindings: Bindings
    ) -> None:
        assert component.source is not None  # noqa: S101 - checked when read
        self.source: Source = component.source
        self.wanted = wanted
        self.bindings = bindings
        self.rows = Rows(world, bindings, self.source, wanted.money)
        self.world = world
        self.inside: tuple[Condition, ...] = ()
        self.base: exp.Expression = table_named(self.source.table, MAIN)
        if self.source.stages:
            self.base = stage_entries(self.source.stages, world, bindings, wanted.on)
        if self.source.first_of:
            self.inside = component.where
            history = Rows(world, bindings, self.source, wanted.money)
            self.base = first_events(history, component)
        self.framed = bool(wanted.moments)
        self.keys = [self._key(name) for name in wanted.by]
        self.late = self.framed and self.source.timing is Timing.DATED
        self.apart = bool(wanted.owners) and not self.late
        if self.framed:
            self.keys.insert(0, column(OWNERS if self.apart else FRAME, "id"))
        self.conditions = self._in_period()
        self.conditions += [filters.compiled(one, self.rows) for one in wanted.where]
        self.conditions += [self._among(one) for one in wanted.among]
        if wanted.owners:
            who = self.rows.dimension(wanted.owners)
            named = column(OWNERS if self.apart else FRAME, "who")
            self.owner = exp.EQ(this=named, expression=who)

    def _key(self, name: str) -> exp.Expression:
        if name in TIME:
            return truncated(self._seen(), name, self.world)
        return self.rows.dimension(name)

    def _seen(self) -> exp.Expression:
        """Return the day a row is seen on; of its week if thresholds are weekly."""
        day = self.rows.day()
        having = self.source.having
        if having is not None and having.per == "week":
            return truncated(day, "week", self.world)
        return day

    def _in_period(self) -> list[exp.Expression]:
        """Return the conditions of the days counted, of a frame the first and last.

        They are on the column as stored, so that the engine reads no more than needed.
        """
        dated = self.source.timing is Timing.DATED
        period = self.bounds() if dated or not self.framed else None
        if period is None:
            return []
        day, kind = self._seen(), exp.DataType.Type.DATE
        if isinstance(day, exp.Cast) and self._is_stamp(day.this):
            day, kind = day.this, exp.DataType.Type.TIMESTAMP
        days = (period.first, period.after)
        first, after = (exp.cast(self.bindings.bind_date(one), kind) for one in days)
        return between(day, first, after)

    def _is_stamp(self, term: exp.Expression) -> bool:
        """Return whether a term is a column of the table that holds moments."""
        return (
            isinstance(term, exp.Column)
            and term.table == MAIN
            and self.rows.type_of(term.name) is ColumnType.TIMESTAMP
        )

    def bounds(self) -> Period | None:
        """Return the days outside which no row is counted."""
        moments = self.wanted.moments
        if not moments:
            return self.wanted.period
        return Period(
            min(one.first for one in moments), max(one.after for one in moments)
        )

    def _in_frame(self) -> list[exp.Expression]:
        point = column(FRAME, "point")
        first, after = column(FRAME, "first"), column(FRAME, "after")
        if self.source.timing is Timing.DATED:
            return between(self._seen(), first, after)
        opens, closes = self.range()
        if self.source.timing is Timing.SPREAD:
            ends_inside = exp.GT(this=closes, expression=first)
            return [*between(opens, None, after), ends_inside]
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
        return SIDES if self.source.cohort is not None else ()

    def query(
        self,
        columns: Sequence[exp.Expression],
        *,
        grouped_by: int,
        where: Sequence[exp.Expression] = (),
    ) -> exp.Select:
        """Return the SELECT of columns, grouped by the first ones."""
        query = exp.select(*columns, copy=False).from_(self.base, copy=False)
        moments = self.wanted.moments
        if self.framed and not self.late:
            few = spans(moments) if self.apart else moments
            inside = exp.and_(*self._in_frame())
            query = query.join(frame(few, self.bindings), on=inside, copy=False)
        for table, condition, kind in self.rows.joins():
            query = query.join(
                table, on=condition, join_type=kind or "inner", copy=False
            )
        if self.late:
            owned = [self.owner] if self.wanted.owners else []
            inside = exp.and_(*self._in_frame(), *owned)
            query = query.join(frame(moments, self.bindings), on=inside, copy=False)
        elif self.apart:
            same = exp.EQ(this=column(OWNERS, "span"), expression=column(FRAME, "id"))
            asked = exp.and_(same, self.owner)
            query = query.join(owners(moments, self.bindings), on=asked, copy=False)
        conditions = [*self.conditions, *where]
        if conditions:
            query = query.where(exp.and_(*conditions), copy=False)
        return grouped(query, grouped_by)


def truncated(day: exp.Expression, grain: str, world: World) -> exp.Expression:
    """Return the first day of the day's week, month, fiscal quarter or fiscal year.

    Weeks that do not begin on Monday, and years that do not in January, are cut as if
    they did, on days moved back and forth.
    """
    if grain == "day":
        return exp.cast(day, exp.DataType.Type.DATE)
    opening = world.fiscal_first_month - 1
    moves = {
        "week": (world.week_start, "DAY"),
        "quarter": (opening % 3, "MONTH"),
        "year": (opening, "MONTH"),
    }
    number, of = moves.get(grain, (0, "DAY"))
    unit = exp.var(grain.upper())
    if not number:
        cut = exp.TimestampTrunc(this=day, unit=unit)
        return exp.cast(cut, exp.DataType.Type.DATE)
    by = exp.Interval(this=exp.Literal.string(str(number)), unit=exp.var(of))
    back = exp.Paren(this=exp.Sub(this=day, expression=by))
    cut = exp.TimestampTrunc(this=back, unit=unit)
    forth = exp.Paren(this=exp.Add(this=cut, expression=by.copy()))
    return exp.cast(forth, exp.DataType.Type.DATE)


def between(
    day: exp.Expression, first: exp.Expression | None, after: exp.Expression
) -> list[exp.Expression]:
    """Return the conditions of a day at or after `first` and before `after`."""
    before = exp.LT(this=day.copy(), expression=after)
    return [exp.GTE(this=day, expression=first), before] if first else [before]


def grouped(query: exp.Select, keys: int) -> exp.Select:
    """Return the query grouped by its first columns."""
    places = [exp.Literal.number(place + 1) for place in range(keys)]
    return query.group_by(*places, copy=False) if places else query
