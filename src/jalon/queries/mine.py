"""Which objectives somebody carries: their own, their teams', the company's."""

from __future__ import annotations

from collections.abc import Iterable

from jalon.domain.people.permission import COMPANY, Viewer
from jalon.domain.people.roles import Role
from jalon.queries.pages import Line


def carried(lines: Iterable[Line], *, viewer: Viewer) -> tuple[Line, ...]:
    """Return the lines the viewer answers for, money first, then the nearest end.

    A director answers for the company, a manager for the teams led, everybody for
    themselves.
    """
    owners = owners_of(viewer)
    found = [line for line in lines if line.owner in owners]
    return tuple(sorted(found, key=_rank))


def owners_of(viewer: Viewer) -> frozenset[str]:
    """Return the owners whose objectives the viewer answers for."""
    owners = {f"person:{viewer.person_id}"} if viewer.person_id else set()
    owners |= {f"team:{team}" for team in viewer.teams}
    if viewer.role is Role.DIRECTOR:
        owners.add(COMPANY)
    return frozenset(owners)


def _rank(line: Line) -> tuple[int, bool, str, str]:
    levels = (COMPANY, "team", "person")
    level = levels.index(line.level) if line.level in levels else len(levels)
    sold = line.flow and line.unit == "money"
    return level, not sold, line.after.isoformat(), line.id
