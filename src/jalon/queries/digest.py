"""What somebody's week by mail holds: theirs, what they lead, what waits for them.

Only what its reader may see: their own objectives, those of the teams they lead (of the
whole company for a director), the words said to them, counts of what waits.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from jalon.domain.feedback.checkins import due_on, period_of
from jalon.domain.people.permission import COMPANY, Viewer
from jalon.domain.people.roles import Role
from jalon.queries import check_ins
from jalon.queries.alerts import unseen
from jalon.queries.mine import owners_of
from jalon.queries.organisation import organisation
from jalon.queries.pages import Line
from jalon.queries.recognition import WordLine, received
from jalon.queries.weekly import WEEK, DueAction, Moved, Weekly, week_of
from jalon.workspace.folder import Workspace

MOST = 5  # of what others carry: those the furthest behind


@dataclass(frozen=True, slots=True)
class Digest:
    """One reader's week; `others` are the objectives of those they lead, all counted.

    `behind` of the `led` objectives are behind their path. `point_due` is the day of
    their own point where it is missing; `points` wait to be read by them.
    """

    company: str
    name: str
    on: datetime.date
    role: Role
    mine: Weekly
    others: tuple[Moved, ...]
    led: int
    behind: int
    words: tuple[WordLine, ...]
    alerts: int
    points: int
    point_due: datetime.date | None

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to write about."""
        waiting = self.alerts or self.points or self.words or self.mine.due
        return not (self.mine.moved or self.others or waiting)

    @property
    def due(self) -> tuple[DueAction, ...]:
        """Return the actions to do within the week, the latest first."""
        return tuple(sorted(self.mine.due, key=lambda one: -one.days_late))


def digest(
    workspace: Workspace,
    viewer: Viewer,
    every: Sequence[Line],
    *,
    name: str,
    email: str,
    on: datetime.date,
) -> Digest:
    """Return the week of a reader on a day; `email` is the name they act under.

    `every` objective is read once, for all the readers of a day.

    Raises:
        NoDataError: If nothing was imported yet.
    """
    mine = week_of(workspace, owners_of(viewer), every, team="", name=name, on=on)
    led = _led(workspace, viewer, on) - owners_of(viewer)
    below = week_of(workspace, led, every, team="", name=name, on=on) if led else None
    late = below.drifted if below else ()
    since = on - WEEK
    words = [one for one in received(workspace, viewer, on=on) if one.at.date() > since]
    return Digest(
        company=workspace.settings.company,
        name=name,
        on=on,
        role=viewer.role,
        mine=mine,
        others=late[:MOST],
        led=len(below.moved) if below else 0,
        behind=len(late),
        words=tuple(words),
        alerts=unseen(viewer, by=email),
        points=_points(workspace, viewer, on),
        point_due=_point_due(workspace, viewer, on),
    )


def _led(workspace: Workspace, viewer: Viewer, on: datetime.date) -> frozenset[str]:
    """Return the owners below the reader: people of a manager, teams of a director."""
    if viewer.role is Role.DIRECTOR:
        found = organisation(workspace, on=on)
        return frozenset(f"team:{one.team_id}" for one in found.teams)
    if viewer.role is Role.MANAGER:
        return frozenset(f"person:{one}" for one in viewer.people)
    return frozenset({COMPANY}) if viewer.role is not Role.SALESPERSON else frozenset()


def _points(workspace: Workspace, viewer: Viewer, on: datetime.date) -> int:
    if viewer.role is not Role.MANAGER:
        return 0
    weeks: Sequence[datetime.date] = (on, on - WEEK)
    found = [check_ins.team(workspace, viewer, on=day).points for day in weeks]
    unread = {one.id for points in found for one in points if one.read_at is None}
    return len(unread)


def _point_due(
    workspace: Workspace, viewer: Viewer, on: datetime.date
) -> datetime.date | None:
    if not viewer.person_id or viewer.role is Role.READER:
        return None
    rhythm = check_ins.rhythms(workspace).of(viewer.person_id)
    mine = check_ins.mine(viewer, on=on, rhythm=rhythm)
    if mine is not None and mine.handed_at is not None:
        return None
    return due_on(period_of(on, rhythm), rhythm)
