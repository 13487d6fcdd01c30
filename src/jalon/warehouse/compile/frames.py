"""The moments a query looks at, given to SQL as lists: one line per step or per ask.

`point` is the day a stock is read on, `eve` the day before the range opens; `who` is
the person or the team whose rows count, absent for the company.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from jalon.warehouse.compile.bindings import Bindings
from jalon.warehouse.compile.names import FRAME

COLUMNS = ("id", "first", "after", "eve", "point", "who")
OWNERS = "o"
_TYPES = {
    **dict.fromkeys(("id", "span"), "BIGINT"),
    **dict.fromkeys(("who", "team_id", "above_id"), "VARCHAR"),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a frame."""

    id: int
    first: date
    after: date
    eve: date
    point: date
    who: str | None = None


def frame(moments: Sequence[Moment], bindings: Bindings) -> exp.Expression:
    """Return the relation of the moments, under the alias `s`."""
    columns = [
        _column(name, [getattr(moment, name) for moment in moments], bindings)
        for name in COLUMNS
    ]
    return exp.select(*columns, copy=False).subquery(FRAME, copy=False)


def owners(moments: Sequence[Moment], bindings: Bindings) -> exp.Expression:
    """Return who asks for which span of `spans`, under the alias `o`."""
    ranks = {_span(moment): rank for rank, moment in enumerate(spans(moments))}
    lists: dict[str, list[object]] = {
        "id": [moment.id for moment in moments],
        "span": [ranks[_span(moment)] for moment in moments],
        "who": [moment.who for moment in moments],
    }
    columns = [_column(name, values, bindings) for name, values in lists.items()]
    return exp.select(*columns, copy=False).subquery(OWNERS, copy=False)


def levels(above: Mapping[str, str], alias: str, bindings: Bindings) -> exp.Expression:
    """Return the relation from each team to the one above it, under an alias."""
    columns = [
        _column("team_id", list(above), bindings),
        _column("above_id", list(above.values()), bindings),
    ]
    return exp.select(*columns, copy=False).subquery(alias, copy=False)


def spans(moments: Sequence[Moment]) -> tuple[Moment, ...]:
    """Return the different moments, whoever asks: a thousand owners share a few."""
    found = dict.fromkeys(_span(moment) for moment in moments)
    return tuple(Moment(rank, *span) for rank, span in enumerate(found))


def _span(moment: Moment) -> tuple[date, date, date, date]:
    return (moment.first, moment.after, moment.eve, moment.point)


def _column(name: str, values: Sequence[object], bindings: Bindings) -> exp.Expression:
    kind = _TYPES.get(name, "DATE")
    listed = exp.cast(
        bindings.bind(list(values)), exp.DataType.build(f"{kind}[]", dialect="duckdb")
    )
    cell = exp.cast(exp.Explode(this=listed), exp.DataType.build(kind))
    return exp.alias_(cell, name, quoted=True)
