"""Weeks of objectives side by side: how far along their path, or how each week went.

A cell is the actual as a share of what was expected: cumulated to the end of the week
(`pace`), or of the week alone (`week`, for figures that add up). 1 is on the path.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jalon.queries.beside import Beside, Week
from jalon.queries.pages import Line

COLUMNS_MOST = 14
PACE, WEEK = "pace", "week"
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Cell:
    """One week of one objective; `share` is None where nothing was expected."""

    last: datetime.date
    share: Decimal | None
    actual: Decimal | None


@dataclass(frozen=True, slots=True)
class Heat:
    """The weeks told, by their last day, and the cells of each objective."""

    lasts: tuple[datetime.date, ...]
    rows: tuple[tuple[Line, tuple[Cell, ...]], ...]
    way: str


def heat(
    lines: Sequence[Line], known: Mapping[str, Beside], *, way: str = PACE
) -> Heat:
    """Return the last weeks of each line that has any, gone or running."""
    told = {
        line.id: gone(known[line.id].weeks)
        for line in lines
        if line.id in known and gone(known[line.id].weeks)
    }
    lasts = sorted({week.last for weeks in told.values() for week in weeks})
    shown = tuple(lasts[-COLUMNS_MOST:])
    return Heat(
        shown,
        tuple(
            (line, _row(line, told[line.id], shown, way))
            for line in lines
            if line.id in told
        ),
        way,
    )


def gone(weeks: Sequence[Week]) -> tuple[Week, ...]:
    """Return the weeks that have begun: those with a value, or read before today."""
    known = [rank for rank, week in enumerate(weeks) if week.actual is not None]
    return tuple(weeks[: known[-1] + 1]) if known else ()


def _row(
    line: Line, weeks: Sequence[Week], shown: Sequence[datetime.date], way: str
) -> tuple[Cell, ...]:
    alone = way == WEEK and line.flow
    before: Week | None = None
    found: dict[datetime.date, Cell] = {}
    for week in weeks:
        one = _alone(week, before) if alone else week
        found[week.last] = Cell(
            week.last, share_of(one, down=line.direction == "down"), one.actual
        )
        before = week
    return tuple(found.get(last, Cell(last, None, None)) for last in shown)


def _alone(week: Week, before: Week | None) -> Week:
    """Return what the week itself brought, of figures cumulated from the first day."""
    if before is None:
        return week
    return Week(
        week.last,
        _less(week.actual, before.actual),
        _less(week.expected, before.expected),
    )


def _less(value: Decimal | None, former: Decimal | None) -> Decimal | None:
    return None if value is None else value - (former or ZERO)


def share_of(week: Week, *, down: bool) -> Decimal | None:
    """Return actual ÷ expected, the other way round where lower is better."""
    if week.actual is None or week.expected is None:
        return None
    above, under = week.actual, week.expected
    if down:
        above, under = under, above
    return above / under if under > ZERO else None
