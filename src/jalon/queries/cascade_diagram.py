"""The cascade drawn: strategic, teams, people, today or as it was on a day.

Today shows the figures of every other page. A day that is over is read from what was
kept then: the target in force, the state, the last evaluation up to that day; what was
not written yet is not there.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace

from jalon.domain.objectives.states import State
from jalon.domain.objectives.targets import target_on
from jalon.queries.board import lines
from jalon.queries.direction import Loose, Node, cascade
from jalon.queries.pages import Line, running
from jalon.records import as_it_was, objective_rows
from jalon.workspace.folder import Workspace

NOT_KEPT = "reason.no_evaluation_kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram(Loose):
    """The boxes of a day, and the days before and after on which something changed."""

    on: datetime.date
    roots: tuple[Node, ...]
    loose: tuple[Node, ...]
    earlier: datetime.date | None
    later: datetime.date | None

    @property
    def count(self) -> int:
        """Return how many boxes hang together."""
        return sum(map(boxes, self.roots))


def boxes(node: Node) -> int:
    """Return how many boxes a branch has."""
    return 1 + sum(map(boxes, node.children))


def lines_on(
    workspace: Workspace, day: datetime.date, *, today: datetime.date
) -> tuple[Line, ...]:
    """Return the objectives running and published on a day, as they stood then."""
    if day >= today:
        now = running(lines(workspace, on=today), on=today)
        return tuple(line for line in now if line.published)
    found = running(lines(workspace, on=today, states=frozenset(State)), on=day)
    kept = as_it_was.evaluations(until=day)
    states, since = as_it_was.states(on=day), as_it_was.known_since()
    written = objective_rows.load([line.id for line in found])
    then = (
        _shown(
            replace(
                line,
                state=states.get(line.id, line.state),
                target=target_on(written[line.id], day, flow=line.flow),
            ),
            kept.get(line.id),
        )
        for line in found
        if since.get(line.id, day) <= day
    )
    return tuple(line for line in then if line.published)


def diagram(
    seen: Iterable[Line], day: datetime.date, *, today: datetime.date
) -> Diagram:
    """Return the diagram of the lines a reader may see, and the steps in time."""
    nodes = cascade(seen)
    days = [one for one in as_it_was.days_of_change() if one < today] + [today]
    before, after = bisect_left(days, day), bisect_right(days, day)
    return Diagram(
        on=day,
        roots=tuple(node for node in nodes if not node.is_loose),
        loose=tuple(node for node in nodes if node.is_loose),
        earlier=days[before - 1] if before else None,
        later=days[after] if after < len(days) else None,
    )


def _shown(line: Line, kept: as_it_was.Kept | None) -> Line:
    """Return the line with what it showed then, or why it showed nothing."""
    bare = replace(line, expected=None, expected_progress=None, gap=None, since=None)
    if kept is None or kept.on < line.first:
        return replace(
            bare, actual=None, attainment=None, status="no_data", reason=NOT_KEPT
        )
    return replace(
        bare,
        status=kept.status,
        actual=kept.actual,
        attainment=kept.attainment,
        reason=kept.reason,
        evaluated_on=kept.on,
    )
