"""The moments a query looks at, given to SQL as lists: one line per step or per ask.

`point` is the day a stock is read on, `eve` the day before the range opens; `who` is
the person or the team whose rows count, absent for the company.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from jalon.warehouse.compile.bindings import Bindings
from jalon.warehouse.compile.rows import FRAME

COLUMNS = ("id", "first", "after", "eve", "point", "who")
_TYPES = {"id": "BIGINT", "who": "VARCHAR"}


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
        exp.alias_(
            exp.cast(
                exp.Explode(
                    this=exp.cast(
                        bindings.bind([getattr(moment, name) for moment in moments]),
                        exp.DataType.build(
                            f"{_TYPES.get(name, 'DATE')}[]", dialect="duckdb"
                        ),
                    )
                ),
                exp.DataType.build(_TYPES.get(name, "DATE")),
            ),
            name,
            quoted=True,
        )
        for name in COLUMNS
    ]
    return exp.select(*columns).subquery(FRAME)
