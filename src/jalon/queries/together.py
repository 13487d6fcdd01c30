"""The groups of several questions as columns, those over the same rows in one scan.

Questions of one cut (period, dimensions, filters, last day) whose components look at
the same rows are one query: six KPIs of deals read deals once. Each then keeps the
groups it has rows in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from jalon.domain.kpis.algebra import Component, Measure
from jalon.domain.kpis.conditions import Condition
from jalon.domain.kpis.flattening import Flat
from jalon.queries.counting import (
    Column,
    Columns,
    Scope,
    framed,
    grouped,
    lacks_facts,
    money_tables,
    wanted_of,
)
from jalon.queries.snapshots import Snapshot
from jalon.warehouse.compile.bindings import Bindings
from jalon.warehouse.compile.cut import Wanted
from jalon.warehouse.compile.rows import NotCarriedError
from jalon.warehouse.compile.select import mergeable, middled, select

Cells = Sequence[str | None]


@dataclass(frozen=True, slots=True)
class _Group:
    """The components of one question that one query of dated rows counts."""

    found: Snapshot
    wanted: Wanted
    names: tuple[str, ...]
    components: tuple[Component, ...]

    def joins(self, other: _Group) -> bool:
        """Return whether another question can share the query of this one.

        Rows that only one of them counts would cost both: one's must hold the other's,
        or no row be counted by both, as calls and meetings.
        """
        return (
            self.found is other.found
            and self.wanted == other.wanted
            and all(mergeable(self.components[0], one) for one in other.components)
            and (
                self.rows <= other.rows
                or other.rows <= self.rows
                or _apart(self.rows ^ other.rows)
            )
        )

    @property
    def rows(self) -> frozenset[object]:
        """Return the conditions that every row counted meets.

        Where each component has conditions of its own, all of these are one condition.
        """
        wheres = [frozenset(one.where) for one in self.components]
        common = frozenset[object]().union(*wheres).intersection(*wheres)
        return common or frozenset([tuple(wheres)] if all(wheres) else [])

    def met(self) -> list[Component]:
        """Return what counts the rows of each component, where it is not each one's."""
        return [
            replace(one, measure=Measure.COUNT, of=None)
            for one in self.components
            if one.source is not None and not one.source.each
        ]


@dataclass(frozen=True, slots=True)
class _Fetched:
    """The columns of a query: its keys, one column a component, rows without rate."""

    keys: tuple[Sequence[object], ...]
    cells: Sequence[Cells]
    missing: Cells


def columns_of(asked: Sequence[tuple[Flat, Scope]]) -> list[Columns | None]:
    """Return the groups of each question as columns.

    None where a question needs more than one query of dated rows, cut by dimensions:
    `counting.counted` answers those.

    Raises:
        NotCarriedError: If a component carries neither a dimension nor a filter.
    """
    found: list[Columns | None] = [None] * len(asked)
    shared: list[list[tuple[int, _Group]]] = []
    for place, (flat, scope) in enumerate(asked):
        group = _group(flat, scope)
        if group is None:
            continue
        near = next((one for one in shared if one[0][1].joins(group)), None)
        if near is None:
            shared.append([(place, group)])
        else:
            near.append((place, group))
    for sharing in shared:
        answers = _told([group for _, group in sharing])
        for (place, _), columns in zip(sharing, answers, strict=True):
            found[place] = columns
    return found


def _group(flat: Flat, scope: Scope) -> _Group | None:
    groups = grouped(flat, scope.found)
    if len(groups) != 1 or not scope.by or lacks_facts(flat, scope.found):
        return None
    components = tuple(replace(one, name="") for _, one in groups[0])
    source = components[0].source
    values = components[0].measure is Measure.VALUES and not middled(components[0])
    if source is None or source.whole or values or framed(components):
        return None
    money = scope.found.world.money_of(money_tables(flat))
    wanted = wanted_of(components, scope, scope.by, money)
    names = tuple(name for name, _ in groups[0])
    return None if wanted is None else _Group(scope.found, wanted, names, components)


def _apart(differing: frozenset[object]) -> bool:
    """Return whether what differs is one column, equal to something else for each."""
    told = [one for one in differing if isinstance(one, Condition)]
    return (
        len(told) == len(differing) == 2  # noqa: PLR2004 - one of each
        and told[0].name == told[1].name
        and {one.operator for one in told} == {"="}
        and not set(told[0].values) & set(told[1].values)
    )


def _told(groups: Sequence[_Group]) -> Sequence[Columns | None]:
    """Return the columns of questions that may share a query, each alone if not."""
    if len(groups) > 1:
        try:
            found = _together(groups)
        except NotCarriedError:
            found = None
        if found is not None:
            return found
    return [_alone(one) for one in groups]


def _alone(group: _Group) -> Columns | None:
    fetched = _fetched(group, group.components)
    if fetched is None:
        return None
    return _columns(group, fetched.keys, fetched.cells, fetched.missing)


def _together(groups: Sequence[_Group]) -> list[Columns] | None:
    """Return the columns of each question, out of one query of all their components.

    None where a rate is missing: whose rows lack it, only a query alone tells.
    """
    distinct = _distinct(
        one for group in groups for one in (*group.components, *group.met())
    )
    fetched = _fetched(groups[0], distinct)
    if fetched is None or any(_rows_met(fetched.missing)):
        return None
    return [_own(group, distinct, fetched) for group in groups]


def _own(group: _Group, distinct: list[Component], fetched: _Fetched) -> Columns:
    """Return the groups one question has rows in, and its own numbers."""
    cells = [fetched.cells[distinct.index(one)] for one in group.components]
    met = [_rows_met(fetched.cells[distinct.index(one)]) for one in group.met()]
    rows = zip(*met, strict=True)
    places = [place for place, row in enumerate(rows) if any(row)]
    if len(places) == len(met[0]):
        return _columns(group, fetched.keys, cells)
    keys = tuple([column[place] for place in places] for column in fetched.keys)
    return _columns(group, keys, [[one[place] for place in places] for one in cells])


def _rows_met(counts: Cells) -> list[bool]:
    """Return where a count, weighed or not, is more than nothing."""
    told = {one: bool(one and one.strip("0.")) for one in set(counts)}
    return [told[one] for one in counts]


def _columns(
    group: _Group,
    keys: tuple[Sequence[object], ...],
    cells: Iterable[Cells],
    missing: Cells = (),
) -> Columns:
    numbers = {
        name: Column(one.measure, column)
        for name, one, column in zip(group.names, group.components, cells, strict=True)
    }
    return Columns(group.wanted.money, keys, numbers, missing)


def _distinct(components: Iterable[Component]) -> list[Component]:
    found: list[Component] = []
    for one in components:
        if one not in found:
            found.append(one)
    return found


def _fetched(group: _Group, components: Sequence[Component]) -> _Fetched | None:
    bindings = Bindings()
    selected = select(components, group.wanted, group.found.world, bindings)
    if selected.extra:
        return None
    begin = selected.keys
    found = group.found.run_columns(selected.query, bindings, keys=begin)
    return _Fetched(
        keys=tuple(found[:begin]),
        cells=found[begin : begin + len(components)],
        missing=found[-1] if selected.missing else [],
    )
