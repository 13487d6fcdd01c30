"""Direction: the cascade, three horizons, the gap by team, the year, the segments.

Only published objectives are on it.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.attainment.segments import Segments
from jalon.domain.people.permission import COMPANY
from jalon.domain.periods import Period
from jalon.queries import kpi_values
from jalon.queries.evaluations import current_snapshot
from jalon.queries.pages import Line, as_tree, running
from jalon.queries.segments import company_segments, year_to_date
from jalon.workspace.folder import Workspace

HORIZONS = ("short", "medium", "long")
ON_HORIZON, PARTS_MOST = 6, 12
BRANCHES_MOST = 20  # of a node, shown at once; its own page has them all
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Node:
    """One objective of the cascade and those under it.

    `share` is its part of its parent's target, where both add up on one KPI.
    """

    line: Line
    share: Decimal | None
    children: tuple[Node, ...]

    @property
    def shown(self) -> tuple[Node, ...]:
        """Return the first of the children; the page of the objective has them all."""
        return self.children[:BRANCHES_MOST]

    @property
    def others(self) -> int:
        """Return how many children are not shown."""
        return len(self.children) - len(self.shown)

    @property
    def is_loose(self) -> bool:
        """Return whether it is somebody's objective that serves no other."""
        return self.line.level == "person" and not self.children


class Loose:
    """Objectives of people that serve no other: the first, and how many are left."""

    __slots__ = ()
    loose: tuple[Node, ...]

    @property
    def loose_shown(self) -> tuple[Node, ...]:
        """Return the first of those that serve no other."""
        return self.loose[:BRANCHES_MOST]

    @property
    def loose_others(self) -> int:
        """Return how many of them are not shown."""
        return len(self.loose) - len(self.loose_shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """From what was expected to date to what was done, by whom the gap was made.

    `rest` is what no team (or person) carries; the parts and it make the gap exactly.
    `others` is how many of the smallest parts it also holds.
    """

    head: Line
    expected: Decimal
    actual: Decimal
    parts: tuple[tuple[Line, Decimal], ...]
    rest: Decimal
    others: int = 0

    @property
    def gap(self) -> Decimal:
        """Return actual − expected: below 0, behind."""
        return self.actual - self.expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction(Loose):
    """The page, whole."""

    roots: tuple[Node, ...]
    loose: tuple[Node, ...]
    horizons: tuple[tuple[str, tuple[Line, ...]], ...]
    families: tuple[tuple[str, Line], ...]
    family: str
    fall: Fall | None
    year: tuple[Line, ...]
    year_period: Period
    segments: Segments | None


def direction(
    workspace: Workspace, lines: Sequence[Line], *, family: str, on: datetime.date
) -> Direction:
    """Return the page; `family` names the KPI and period whose gap is told."""
    shown = running([line for line in lines if line.published], on=on)
    families = _families(shown)
    year = kpi_values.running_period(workspace, on=on)
    chosen = family if family in families else _usual(families)
    nodes = cascade(shown)
    return Direction(
        roots=tuple(node for node in nodes if not node.is_loose),
        loose=tuple(node for node in nodes if node.is_loose),
        horizons=tuple((name, _on_horizon(shown, name)) for name in HORIZONS),
        families=tuple((key, group[0]) for key, group in sorted(families.items())),
        family=chosen,
        fall=fall(families[chosen]) if chosen else None,
        year=tuple(
            line
            for line in shown
            if line.owner == COMPANY and Period(line.first, line.after) == year
        ),
        year_period=year_to_date(workspace, on=on),
        segments=company_segments(
            workspace, on=on, snapshot=current_snapshot(workspace)
        ),
    )


# -- the cascade ---------------------------------------------------------------------


def cascade(lines: Iterable[Line]) -> tuple[Node, ...]:
    """Return the roots of the cascade, company first; each node holds its children."""
    ordered = as_tree(lines)
    known = {line.id: line for line in ordered}
    under: dict[str, list[Line]] = defaultdict(list)
    for line in ordered:
        under[line.parent if line.parent in known else ""].append(line)
    seen: set[str] = set()

    def node(line: Line) -> Node:
        seen.add(line.id)
        children = [one for one in under[line.id] if one.id not in seen]
        return Node(
            line,
            share_of(line, known.get(line.parent)),
            tuple(node(child) for child in children),
        )

    roots = [node(line) for line in under[""]]
    loops = [node(line) for line in ordered if line.id not in seen]
    return (*roots, *loops)


def share_of(line: Line, parent: Line | None) -> Decimal | None:
    """Return the part of the parent's target a line carries, None where it has none."""
    if parent is None or not line.flow or line.kpi != parent.kpi:
        return None
    if not line.target or not parent.target:
        return None
    return line.target / parent.target


def _on_horizon(lines: Iterable[Line], horizon: str) -> tuple[Line, ...]:
    """Return the company's and the teams' objectives of a horizon, the widest first."""
    found = [
        line for line in lines if line.horizon == horizon and line.level != "person"
    ]
    levels = (COMPANY, "team")
    found.sort(key=lambda line: (levels.index(line.level), line.after, line.id))
    return tuple(found[:ON_HORIZON])


# -- the gap -------------------------------------------------------------------------


def _families(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """Return lines that add up, by KPI and period, of two owners at least."""
    found: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.flow and line.direction == "up" and line.expected is not None:
            key = "|".join([line.kpi, *line.where, f"{line.first}..{line.after}"])
            found[key].append(line)
    ranked = {
        key: sorted(group, key=lambda line: (_rank(line), line.owner_name))
        for key, group in found.items()
    }
    return {key: group for key, group in ranked.items() if len(_carriers(group)) > 1}


def _rank(line: Line) -> int:
    levels = (COMPANY, "team", "person")
    return levels.index(line.level) if line.level in levels else len(levels)


def _usual(families: dict[str, list[Line]]) -> str:
    """Return the family most teams share, money first."""

    def rank(key: str) -> tuple[bool, int, int, str]:
        group = families[key]
        teams = sum(line.level == "team" for line in group)
        return group[0].unit == "money", teams, len(group), key

    return max(families, key=rank, default="")


def _carriers(group: Sequence[Line]) -> list[Line]:
    """Return the teams of a family, else its people: one level, nobody twice."""
    teams = [line for line in group if line.level == "team"]
    ids = {line.id for line in teams}
    top = [line for line in teams if line.parent not in ids]
    return top or [line for line in group if line.level == "person"]


def fall(group: Sequence[Line]) -> Fall:
    """Return who makes the gap to date; the company's own objective is the whole."""
    carriers = _carriers(group)
    whole = next((line for line in group if line.owner == COMPANY), None)
    totals = [whole] if whole else carriers
    expected = sum((line.expected or ZERO for line in totals), ZERO)
    actual = sum((line.actual or ZERO for line in totals), ZERO)
    parts = sorted(
        ((line, (line.actual or ZERO) - (line.expected or ZERO)) for line in carriers),
        key=lambda pair: (-abs(pair[1]), pair[0].owner_name),
    )
    kept = sorted(parts[:PARTS_MOST], key=lambda pair: (-pair[1], pair[0].owner_name))
    told = sum((amount for _, amount in kept), ZERO)
    return Fall(
        head=whole or group[0],
        expected=expected,
        actual=actual,
        parts=tuple(kept),
        rest=actual - expected - told,
        others=max(len(parts) - PARTS_MOST, 0),
    )
