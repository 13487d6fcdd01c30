"""The rows of an answer, made when somebody looks at them.

A question by month, person and segment has tens of thousands of groups. Their columns
are sorted at once; the named, frozen row of each, with its exact quotient, is made when
the answer is first read, so that who needs the columns alone (a chart, a sum, a file)
does not pay for rows: see `AnswerRows.columns`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from jalon.domain.kpis.algebra import Kpi
from jalon.domain.kpis.figure import MISSING_RATE, Figure
from jalon.domain.kpis.flattening import Flat
from jalon.domain.kpis.question import AnswerRow
from jalon.domain.quantities import Unit
from jalon.queries.counting import Columns, Counts, Scope
from jalon.queries.labelling import Namer, key_name
from jalon.queries.reckoning import Reckoning
from jalon.warehouse.compile.links import TIME

Label = str | None


@dataclass(frozen=True, slots=True)
class Order:
    """The labels of the keys of each dimension, and the groups in their order."""

    labels: dict[str, dict[object, Label]]
    places: Sequence[int]


@dataclass(frozen=True, slots=True)
class Sorted:
    """The groups in the order of their labels: names, and where each one is."""

    columns: Columns
    labels: dict[str, dict[object, Label]]
    order: Sequence[int]


class Orders:
    """The order of groups, found once for all the questions that share their keys."""

    def __init__(self) -> None:
        """Know none yet."""
        self._known: list[tuple[Sequence[Sequence[object]], Order]] = []

    def of(self, columns: Columns, by: Sequence[str], names: dict[str, Namer]) -> Order:
        """Return the order of the groups of some columns."""
        for keys, order in self._known:
            if keys is columns.keys:
                return order
        found = _order(columns.keys, by, names)
        self._known.append((columns.keys, found))
        return found


class AnswerRows(Sequence[AnswerRow]):
    """Rows not made yet; reading any of them makes them all, once."""

    def __init__(self, found: Sorted, made: Callable[[int], AnswerRow]) -> None:
        """Keep the sorted groups and what makes the row of one."""
        self._found = found
        self._one = made
        self._rows: tuple[AnswerRow, ...] | None = None

    @property
    def columns(self) -> dict[str, list[Label]]:
        """Return the labels of each dimension and the sums (as text), row by row."""
        found, order = self._found.columns, self._found.order
        told = {
            name: [labels[keys[place]] for place in order]
            for (name, labels), keys in zip(
                self._found.labels.items(), found.keys, strict=True
            )
        }
        for name, column in found.numbers.items():
            told[name] = [column.cells[place] for place in order]
        return told

    def _all(self) -> tuple[AnswerRow, ...]:
        if self._rows is None:
            self._rows = tuple(map(self._one, self._found.order))
        return self._rows

    def __len__(self) -> int:
        """Return the number of groups."""
        return len(self._found.order)

    def __iter__(self) -> Iterator[AnswerRow]:
        """Return the rows in the order of their labels."""
        return iter(self._all())

    @overload
    def __getitem__(self, place: int) -> AnswerRow: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[AnswerRow, ...]: ...

    def __getitem__(self, place: int | slice) -> AnswerRow | tuple[AnswerRow, ...]:
        """Return one row, or several."""
        return self._all()[place]

    def __eq__(self, other: object) -> bool:
        """Return whether the other holds the same rows."""
        return isinstance(other, Sequence) and self._all() == tuple(other)

    def __hash__(self) -> int:
        """Return the same for equal rows."""
        return hash(self._all())


def rows_of(
    kpi: Kpi,
    flat: Flat,
    columns: Columns,
    scope: Scope,
    names: dict[str, Namer],
    orders: Orders,
) -> AnswerRows:
    """Return the rows of the columns of one question."""
    order = orders.of(columns, scope.by, names)
    found = Sorted(columns, order.labels, order.places)
    reckoning = Reckoning(kpi, flat, Counts(columns.money))
    currency = columns.money if kpi.unit is Unit.MONEY else None
    dimensions = [
        (name, columns.keys[at], found.labels[name]) for at, name in enumerate(scope.by)
    ]
    plain = [
        (key_name(name), columns.keys[at])
        for at, name in enumerate(scope.by)
        if name not in TIME
    ]
    numbers = list(columns.numbers.items())
    missing, needs = columns.missing, reckoning.needs({})

    def figure(place: int) -> Figure:
        if needs:
            return Figure(None, reason=needs)
        if missing and missing[place] not in {None, "0"}:
            return Figure(None, reason=MISSING_RATE)
        return reckoning.of({name: one.read(place) for name, one in numbers}, {})

    def made(place: int) -> AnswerRow:
        one = figure(place)
        return AnswerRow(
            labels={name: labels[keys[place]] for name, keys, labels in dimensions},
            keys={name: _text(keys[place]) for name, keys in plain},
            value=one.value,
            numerator=one.numerator,
            denominator=one.denominator,
            reason=one.reason,
            currency=currency,
            beside=one.beside,
        )

    return AnswerRows(found, made)


def _order(
    columns: Sequence[Sequence[object]], by: Sequence[str], names: dict[str, Namer]
) -> Order:
    """Return the groups by their labels, in the order of `by`; unknown ones last.

    Two people of one name follow each other by their keys.
    """
    labels: dict[str, dict[object, Label]] = {}
    ranks = []
    for name, keys in zip(by, columns, strict=True):
        labels[name] = known = {key: names[name](key) for key in set(keys)}
        order = sorted(
            known, key=lambda key: (known[key] is None, known[key] or "", str(key))
        )
        place_of = {key: place for place, key in enumerate(order)}
        ranks.append(np.fromiter(map(place_of.__getitem__, keys), np.int64, len(keys)))
    return Order(labels, np.lexsort(ranks[::-1]).tolist())


def _text(key: object) -> str | None:
    return None if key is None else str(key)
