"""What of a planning somebody may see and change, and which lines a page shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from jalon.domain.people.permission import COMPANY, Act, Subject, Viewer, may
from jalon.domain.periods import Period
from jalon.queries.planning import PlanningLine, PlanningPage

MOST = 60  # lines a page shows at once; more are shown team by team


@dataclass(frozen=True, slots=True)
class Choice:
    """A team that can be shown alone."""

    owner: str
    name: str
    depth: int


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One month of a line; `below` is what the parts add up to."""

    rank: int
    month: Period
    amount: Decimal
    locked: bool
    below: Decimal | None

    @property
    def differs(self) -> bool:
        """Return whether the parts do not add up to it."""
        return self.below is not None and self.below != self.amount


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line with what its reader may do with it, and its place in the page."""

    line: PlanningLine
    place: int
    may_edit: bool
    is_mine: bool
    months: tuple[Period, ...]

    @property
    def cells(self) -> list[ShownCell]:
        """Return the cells, with the sum of the parts under each."""
        row, below = self.line.row, self.line.below
        return [
            ShownCell(
                rank,
                self.months[rank],
                amount,
                row.locks[rank],
                below.months[rank] if below else None,
            )
            for rank, amount in enumerate(row.months)
        ]


def visible(page: PlanningPage, viewer: Viewer) -> PlanningPage:
    """Return the planning with the lines the viewer may see before publication."""
    lines = tuple(
        line
        for line in page.lines
        if may(viewer, Act.SEE_RESULT, subject=Subject(line.row.owner, published=False))
    )
    return replace(page, lines=lines)


def chosen(page: PlanningPage, team: str) -> tuple[PlanningLine, ...]:
    """Return the lines of a team with what is under it; all where they are few."""
    if not team and len(page.lines) <= MOST:
        return page.lines
    if not team:
        return tuple(
            line for line in page.lines if not line.row.owner.startswith("person:")
        )
    inside = {team}
    for line in page.lines:
        if line.row.parent in inside:
            inside.add(line.row.owner)
    return tuple(line for line in page.lines if line.row.owner in inside)


def choices(page: PlanningPage) -> tuple[Choice, ...]:
    """Return the teams that can be shown alone."""
    return tuple(
        Choice(line.row.owner, line.row.name, line.depth)
        for line in page.lines
        if line.row.owner.startswith("team:")
    )


def shown(
    lines: Iterable[PlanningLine], page: PlanningPage, viewer: Viewer
) -> list[ShownLine]:
    """Return lines with their place and what the viewer may do."""
    places = {line.row.owner: place for place, line in enumerate(page.lines)}
    return [
        ShownLine(
            line,
            places[line.row.owner],
            may(viewer, Act.DECIDE, subject=Subject(line.row.owner)),
            is_mine(line.row.owner, viewer),
            page.months,
        )
        for line in lines
    ]


def is_mine(owner: str, viewer: Viewer) -> bool:
    """Return whether somebody answers for that figure: theirs, or their team's."""
    kind, _, key = owner.partition(":")
    if kind == "team":
        return key in viewer.teams
    return kind != COMPANY and key == viewer.person_id != ""


def touched(page: PlanningPage, owners: Iterable[str]) -> tuple[PlanningLine, ...]:
    """Return the lines of these owners and of all above them."""
    parents = {line.row.owner: line.row.parent for line in page.lines}
    found: set[str] = set()
    for owner in owners:
        here = owner
        while here and here not in found:
            found.add(here)
            here = parents.get(here, "")
    return tuple(line for line in page.lines if line.row.owner in found)
