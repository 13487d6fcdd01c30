"""Pacing of one owner: each running objective, what is needed to arrive, its path."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.attainment.pacing import Need, PastRate, coverage, pipeline_needed
from jalon.domain.people.permission import COMPANY, Viewer
from jalon.domain.people.roles import Role
from jalon.domain.periods import Period
from jalon.queries.beside import NOTHING, Beside, Read, beside
from jalon.queries.calendar import working_days
from jalon.queries.objective_page import Rest, rests
from jalon.queries.pages import Definition, Line, Page, TargetLine
from jalon.workspace.folder import Workspace

ZERO = Decimal(0)
RESTS_TOLD = 100  # days: over a longer period weekends are too thin to be seen
LEVELS = (COMPANY, "team", "person")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """One objective; `need` only where open deals turn into its figure."""

    page: Page
    need: Need | None = None
    past: PastRate | None = None
    past_period: Period | None = None
    rests: tuple[Rest, ...] = ()

    @property
    def line(self) -> Line:
        """Return the objective."""
        return self.page.line

    @property
    def weeks(self) -> tuple[tuple[datetime.date, Decimal | None, Decimal], ...]:
        """Return each day told with its actual (None in days to come), its expected."""
        done = dict(self.page.actual_path)
        return tuple(
            (day, done.get(day), value) for day, value in self.page.expected_path
        )

    @property
    def coverage(self) -> Decimal | None:
        """Return pipeline ÷ what remains."""
        if self.need is None:
            return None
        return coverage(self.need.pipeline, self.need.remaining)


def owners(lines: Iterable[Line]) -> tuple[tuple[str, str], ...]:
    """Return whose objectives there are, with their names: company, teams, people."""
    named = {line.owner: line.owner_name for line in lines}

    def rank(owner: str) -> tuple[int, str]:
        level = owner.partition(":")[0]
        return LEVELS.index(level) if level in LEVELS else len(LEVELS), named[owner]

    return tuple((owner, named[owner]) for owner in sorted(named, key=rank))


def owner_for(viewer: Viewer, asked: str, known: Sequence[str]) -> str:
    """Return the owner asked, else the reader's own: company, team led, oneself."""
    wishes = [asked]
    if viewer.role is Role.DIRECTOR:
        wishes.append(COMPANY)
    wishes += [f"team:{team}" for team in sorted(viewer.teams)]
    wishes += [f"person:{viewer.person_id}", *known]
    return next((wish for wish in wishes if wish in known), "")


def paces(workspace: Workspace, lines: Sequence[Line]) -> tuple[Pace, ...]:
    """Return the pace of each line: money first, then the nearest end."""
    reads = [Read(line.id, line.evaluated_on, line.snapshot) for line in lines]
    known = beside(workspace, reads)
    ranked = sorted(lines, key=lambda line: (not _sold(line), line.after, line.id))
    return tuple(
        _pace(line, known.get(line.id, NOTHING), _rests(workspace, line))
        for line in ranked
    )


def _rests(workspace: Workspace, line: Line) -> tuple[Rest, ...]:
    period = Period(line.first, line.after)
    if (line.after - line.first).days > RESTS_TOLD:
        return ()
    return rests(period, working_days(workspace, period))


def _sold(line: Line) -> bool:
    return line.flow and line.unit == "money"


def _pace(line: Line, found: Beside, off: tuple[Rest, ...]) -> Pace:
    need = None
    if found.pipeline is not None and line.remaining is not None:
        need = pipeline_needed(line.remaining, past=found.past, pipeline=found.pipeline)
    return Pace(
        page=_page(line, found),
        need=need,
        past=found.past,
        past_period=found.past_period,
        rests=off,
    )


def _page(line: Line, found: Beside) -> Page:
    """Return what the chart of the path needs, from the weeks kept."""
    target = TargetLine(value=line.target, former=None, since=line.first)
    return Page(
        line=line,
        definition=Definition(key=line.kpi, label=line.kpi_label),
        targets=(target,),
        actual_path=tuple(
            (week.last, week.actual) for week in found.weeks if week.actual is not None
        ),
        expected_path=tuple(
            (week.last, week.expected)
            for week in found.weeks
            if week.expected is not None
        ),
    )
