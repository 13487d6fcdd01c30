"""A team's week: what moved, what drifted, what is due, three decisions to take.

Only published objectives are read, the same for every reader; figures are those kept.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.people.permission import COMPANY
from jalon.domain.reviews.weekly import (
    BEHIND,
    Kind,
    Standing,
    Subject,
    decisions,
    late,
    subjects,
)
from jalon.queries.actions import RUNNING
from jalon.queries.beside import Beside, Read, Week, beside
from jalon.queries.board import lines
from jalon.queries.funnel_page import people_of
from jalon.queries.organisation import organisation
from jalon.queries.owners import owner_names
from jalon.queries.pages import Line
from jalon.queries.weeks import gone
from jalon.records import action_rows
from jalon.workspace.folder import Workspace

WEEK = datetime.timedelta(days=7)
RANK = {"off_track": 0, "watch": 1, "on_track": 2, "reached": 3}
PERSON = "person:"


@dataclass(frozen=True, slots=True)
class Moved:
    """One objective: what it gained since a week ago, what its path asked for."""

    line: Line
    gained: Decimal | None
    expected: Decimal | None
    turned: bool


@dataclass(frozen=True, slots=True)
class DueAction:
    """One action to do within the week, or late."""

    objective: str
    text: str
    owner_name: str
    due: datetime.date | None
    days_late: int


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: its kind, and the objective or action it is about."""

    kind: Kind
    line: Line | None
    action: DueAction | None


@dataclass(frozen=True, slots=True)
class Weekly:
    """One team's page; objectives come the furthest behind first."""

    team: str
    name: str
    on: datetime.date
    moved: tuple[Moved, ...]
    due: tuple[DueAction, ...]
    decisions: tuple[Decision, ...]

    @property
    def own(self) -> tuple[Moved, ...]:
        """Return the objectives of the team itself."""
        return tuple(one for one in self.moved if one.line.level != "person")

    @property
    def drifted(self) -> tuple[Moved, ...]:
        """Return those behind their path."""
        return tuple(one for one in self.moved if one.line.status in BEHIND)


def teams(workspace: Workspace, *, on: datetime.date) -> tuple[tuple[str, str], ...]:
    """Return the scopes of a weekly reading: the company, then each team.

    Raises:
        NoDataError: If nothing was imported yet.
    """
    found = organisation(workspace, on=on)
    each = [(f"team:{one.team_id}", one.name) for one in found.teams]
    return ((COMPANY, workspace.settings.company), *each)


def weekly(workspace: Workspace, team: str, *, on: datetime.date) -> Weekly:
    """Return the week of a team (or of the company: its teams, not its people).

    Raises:
        NoDataError: If nothing was imported yet.
    """
    owners = _owners(workspace, team, on)
    name = dict(teams(workspace, on=on)).get(team, team)
    every = lines(workspace, on=on)
    return week_of(workspace, owners, every, team=team, name=name, on=on)


def week_of(
    workspace: Workspace,
    owners: frozenset[str],
    every: Iterable[Line],
    *,
    team: str,
    name: str,
    on: datetime.date,
) -> Weekly:
    """Return the week of some owners (`person:bob`, `team:pme`, `company`).

    `every` objective is read once, by the caller, for all the weeks it tells.
    """
    running = [
        one
        for one in every
        if one.published and one.is_running(on) and one.owner in owners
    ]
    reads = [Read(one.id, one.evaluated_on, one.snapshot) for one in running]
    told = beside(workspace, reads) if reads else {}
    moved = sorted(
        (_moved(one, told.get(one.id), on) for one in running),
        key=lambda one: (RANK.get(one.line.status, 4), one.line.level != "team"),
    )
    due = _due(workspace, owners, on)
    return Weekly(
        team=team,
        name=name,
        on=on,
        moved=tuple(moved),
        due=due,
        decisions=_decisions(moved, due),
    )


def _owners(workspace: Workspace, team: str, on: datetime.date) -> frozenset[str]:
    found = organisation(workspace, on=on)
    kind, _, key = team.partition(":")
    if kind == COMPANY:
        return frozenset({COMPANY, *(f"team:{one.team_id}" for one in found.teams)})
    people = people_of(found, team, on) or frozenset()
    below = {f"team:{one}" for one in found.within(key)}
    return frozenset({*below, *(f"{PERSON}{one}" for one in people)})


def _moved(line: Line, told: Beside | None, on: datetime.date) -> Moved:
    weeks = gone(told.weeks) if told else ()
    gained, expected = _since(weeks, on, flow=line.flow)
    recent = (
        line.since is not None and line.since > on - WEEK and line.since > line.first
    )
    return Moved(line, gained, expected, recent and line.status in BEHIND)


def _since(
    weeks: Sequence[Week], on: datetime.date, *, flow: bool
) -> tuple[Decimal | None, Decimal | None]:
    """Return what was gained and expected between the last week ended and today."""
    if not weeks:
        return None, None
    now = weeks[-1]
    earlier = [one for one in weeks if one.last <= on - WEEK]
    zero = Decimal(0) if flow else None
    was = earlier[-1] if earlier else Week(on - WEEK, zero, zero)
    return _less(now.actual, was.actual), _less(now.expected, was.expected)


def _due(
    workspace: Workspace, owners: frozenset[str], on: datetime.date
) -> tuple[DueAction, ...]:
    people = {one.removeprefix(PERSON) for one in owners if one.startswith(PERSON)}
    found = action_rows.waiting(
        mine={*owners, *people},
        carried=owners,
        until=on + WEEK,
        states=[state.value for state in RUNNING],
    )
    names = owner_names(workspace, on=on) if found else {}
    return tuple(
        DueAction(
            objective=one.objective,
            text=one.action,
            owner_name=_name(one.owner or one.objective_owner, names),
            due=one.due,
            days_late=max((on - one.due).days, 0) if one.due else 0,
        )
        for one in found
    )


def _name(owner: str, names: dict[str, str]) -> str:
    return names.get(owner) or names.get(f"{PERSON}{owner}", owner)


def _decisions(
    moved: Sequence[Moved], due: Sequence[DueAction]
) -> tuple[Decision, ...]:
    standings = [
        Standing(
            id=one.line.id,
            status=one.line.status,
            turned=one.turned,
            planned=one.line.next_action is not None,
            probability=one.line.probability,
            of_one=one.line.level == "person",
        )
        for one in moved
    ]
    by_line = {one.line.id: one.line for one in moved}
    actions = {f"action:{rank}": one for rank, one in enumerate(due)}
    asked: list[Subject] = subjects(standings)
    asked += [
        late(key, days=one.days_late) for key, one in actions.items() if one.days_late
    ]
    return tuple(
        Decision(one.kind, by_line.get(one.about), actions.get(one.about))
        for one in decisions(asked)
    )


def _less(value: Decimal | None, former: Decimal | None) -> Decimal | None:
    return None if value is None or former is None else value - former
