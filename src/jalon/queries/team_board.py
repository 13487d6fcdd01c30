"""The board of a team: its people on one KPI and one period, their sum, their weeks.

Only published results are on it, the same for every reader. Somebody who moved or left
during the period is shown and labelled; only those of the team on the day (or on their
last day in the company) count in its total, and one objective of each on the same
deals, so that nothing counts twice.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from jalon.domain.attainment.pacing import coverage
from jalon.domain.objectives.sums import SumCheck
from jalon.domain.people.permission import COMPANY
from jalon.queries.beside import NOTHING, Beside, Read, beside
from jalon.queries.organisation import Organisation, PersonRow, organisation
from jalon.queries.pages import Line
from jalon.queries.snapshots import NoDataError
from jalon.queries.weeks import PACE, Heat, heat
from jalon.workspace.folder import Workspace

ONE = datetime.timedelta(days=1)
SHOWN = 30  # people of a page; sums and files hold everybody
ZERO = Decimal(0)
COLUMNS = (
    "name",
    "target",
    "actual",
    "attainment",
    "gap",
    "landing",
    "probability",
    "pipeline",
    "coverage",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader asks for; "" is the board's own choice."""

    team: str = ""
    kpi: str = ""
    period: str = ""
    sort: str = "name"
    descending: bool = False
    way: str = PACE
    page: int = 1


@dataclass(frozen=True, slots=True)
class Note:
    """What happened to somebody: `came`, `moved`, `joined` or `left`, when, where."""

    code: str
    on: datetime.date
    team: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person: their line, what stands beside it, what happened to them."""

    line: Line
    pipeline: Decimal | None = None
    notes: tuple[Note, ...] = ()
    counted: bool = True

    @property
    def coverage(self) -> Decimal | None:
        """Return pipeline ÷ what remains to do."""
        return coverage(self.pipeline, self.line.remaining)


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """The sum of the people of the team; only figures that add up have one."""

    target: Decimal
    actual: Decimal
    pipeline: Decimal | None

    @property
    def gap(self) -> Decimal:
        """Return target − actual."""
        return self.target - self.actual

    @property
    def attainment(self) -> Decimal | None:
        """Return Σ actual ÷ Σ target."""
        return self.actual / self.target if self.target else None

    @property
    def coverage(self) -> Decimal | None:
        """Return Σ pipeline ÷ what remains."""
        return coverage(self.pipeline, self.gap)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a menu and its name; `label` is by language for a KPI."""

    value: str
    name: str = ""
    label: Mapping[str, str] | None = None
    line: Line | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The board, whole; `own` is the team's own objective on the same KPI.

    `rows` are everybody; `shown` those of the page asked, the only ones with weeks.
    """

    asked: Asked
    teams: tuple[Choice, ...]
    kpis: tuple[Choice, ...] = ()
    periods: tuple[Choice, ...] = ()
    team_name: str = ""
    rows: tuple[Row, ...] = ()
    page: int = 1
    total: Total | None = None
    own: Row | None = None
    check: SumCheck | None = None
    without: tuple[str, ...] = ()
    heat: Heat | None = None

    @property
    def people(self) -> int:
        """Return how many people it shows: one may carry several objectives."""
        return len({row.line.owner for row in self.rows})

    @property
    def first(self) -> int:
        """Return the place of the first person shown, from 1."""
        return (self.page - 1) * SHOWN + 1

    @property
    def shown(self) -> tuple[Row, ...]:
        """Return the people of the page."""
        return self.rows[self.first - 1 : self.first - 1 + SHOWN]

    @property
    def last(self) -> int:
        """Return the place of the last person shown."""
        return self.first - 1 + len(self.shown)

    @property
    def pages(self) -> int:
        """Return how many pages there are, one at least."""
        return pages_of(self.rows)


def team_board(
    workspace: Workspace,
    lines: Sequence[Line],
    asked: Asked,
    *,
    mine: Iterable[str],
    on: datetime.date,
) -> Board:
    """Return the board asked for; `mine` are the teams the reader stands in or leads.

    `lines` are the objectives the reader may see.
    """
    try:
        found = organisation(workspace, on=on)
    except NoDataError:
        return Board(asked=asked, teams=())
    published = [line for line in lines if line.published]
    teams = _teams(workspace, found)
    asked = _with_team(asked, published, found, teams, mine, on)
    people = _people(published, found, asked.team, on=on)
    above = [one for one in published if one.owner == _owner(asked.team)]
    asked, kpis = _with_kpi(asked, [*people, *above], on=on)
    asked, periods = _with_period(asked, [*people, *above], on=on)
    chosen = [line for line in people if _is(line, asked)]
    own = next((one for one in above if _is(one, asked)), None)
    known = beside(
        workspace, [_read(line) for line in [*chosen, *([own] if own else [])]]
    )
    rows = _each_once([_row(line, known, found, asked.team, on=on) for line in chosen])
    total = _total([row for row in rows if row.counted])
    rows = _sorted(rows, asked)
    page = min(max(asked.page, 1), pages_of(rows))
    shown = rows[(page - 1) * SHOWN : page * SHOWN]
    return Board(
        asked=asked,
        teams=teams,
        kpis=kpis,
        periods=periods,
        team_name=next((one.name for one in teams if one.value == asked.team), ""),
        rows=rows,
        page=page,
        total=total,
        own=_row(own, known, found, asked.team, on=on) if own else None,
        check=_check(own, total),
        without=_without(rows, found, asked.team, on=on),
        heat=heat([row.line for row in shown], known, way=asked.way),
    )


def pages_of(rows: Sequence[Row]) -> int:
    """Return how many pages the rows fill, one at least."""
    return max(1, -(-len(rows) // SHOWN))


def _read(line: Line) -> Read:
    return Read(line.id, line.evaluated_on, line.snapshot)


def _owner(team: str) -> str:
    return COMPANY if team == COMPANY else f"team:{team}"


def kpi_key(line: Line) -> str:
    """Return what names a family: the KPI and its filters."""
    return "|".join([line.kpi, *line.where])


def period_key(line: Line) -> str:
    """Return the name of the period in an address."""
    return f"{line.first}..{line.after}"


def _is(line: Line, asked: Asked) -> bool:
    return (kpi_key(line), period_key(line)) == (asked.kpi, asked.period)


# -- what is chosen ------------------------------------------------------------------


def _teams(workspace: Workspace, found: Organisation) -> tuple[Choice, ...]:
    named = [Choice(one.team_id, one.name) for one in found.teams]
    return (Choice(COMPANY, workspace.settings.company), *named)


def _with_team(
    asked: Asked,
    lines: Sequence[Line],
    found: Organisation,
    teams: Sequence[Choice],
    mine: Iterable[str],
    on: datetime.date,
) -> Asked:
    """Return the team asked, else the reader's, else the one with most objectives."""
    if asked.team in {one.value for one in teams}:
        return asked
    counted: Counter[str] = Counter()
    for line in lines:
        if line.level == "person" and line.is_running(on):
            held = _held(found, line, on=on)
            above = {up for team in held for up in found.ancestors(team)}
            counted.update(held | above)
    own = [team for team in mine if counted.get(team)]
    best = max(own or counted, key=lambda team: (counted[team], team), default=COMPANY)
    return replace(asked, team=best)


def _with_kpi(
    asked: Asked, lines: Sequence[Line], *, on: datetime.date
) -> tuple[Asked, tuple[Choice, ...]]:
    """Return the KPI asked, else the one most people run on, money first."""
    held: dict[str, list[Line]] = {}
    for line in lines:
        held.setdefault(kpi_key(line), []).append(line)
    choices = tuple(
        Choice(key, label=group[0].kpi_label, line=group[0])
        for key, group in sorted(held.items())
    )
    if asked.kpi in held or not held:
        return asked, choices

    def rank(key: str) -> tuple[int, bool, str]:
        now = [one for one in held[key] if one.is_running(on) and one.level == "person"]
        return len(now), held[key][0].unit == "money", key

    return replace(asked, kpi=max(held, key=rank)), choices


def _with_period(
    asked: Asked, lines: Sequence[Line], *, on: datetime.date
) -> tuple[Asked, tuple[Choice, ...]]:
    """Return the period asked, else the running one with most people."""
    held: dict[str, list[Line]] = {}
    for line in lines:
        if kpi_key(line) == asked.kpi:
            held.setdefault(period_key(line), []).append(line)
    choices = tuple(
        Choice(key, line=held[key][0]) for key in sorted(held, reverse=True)
    )
    if asked.period in held or not held:
        return asked, choices

    def rank(key: str) -> tuple[bool, int, str]:
        people = sum(one.level == "person" for one in held[key])
        return held[key][0].is_running(on), people, key

    return replace(asked, period=max(held, key=rank)), choices


# -- people --------------------------------------------------------------------------


def _people(
    lines: Iterable[Line], found: Organisation, team: str, *, on: datetime.date
) -> list[Line]:
    """Return the lines of people who were in the team at some time of the period."""
    inside = None if team == COMPANY else found.within(team)
    return [
        line
        for line in lines
        if line.level == "person"
        and (inside is None or inside & _held(found, line, on=on))
    ]


def _held(found: Organisation, line: Line, *, on: datetime.date) -> frozenset[str]:
    """Return the teams somebody was in during the period, up to the day."""
    who, last = line.owner.partition(":")[2], max(min(on, line.last), line.first)
    days = {line.first, last}
    days |= {one.first for one in found.stays.get(who, ()) if line.first < one.first}
    teams = {found.team_of(who, day) for day in days if line.first <= day <= last}
    return frozenset(team for team in teams if team)


def _row(
    line: Line,
    known: Mapping[str, Beside],
    found: Organisation,
    team: str,
    *,
    on: datetime.date,
) -> Row:
    who = found.person.get(line.owner.partition(":")[2])
    notes = _notes(line, who, found, team, on=on) if who else ()
    return Row(
        line=line,
        pipeline=known.get(line.id, NOTHING).pipeline,
        notes=notes,
        counted=not any(note.code == "moved" for note in notes),
    )


def _notes(
    line: Line, who: PersonRow, found: Organisation, team: str, *, on: datetime.date
) -> tuple[Note, ...]:
    """Return what happened during the period, up to the day, oldest first."""
    last = min(on, line.last)
    notes = []
    if who.started_on and line.first < who.started_on <= last:
        notes.append(Note("joined", who.started_on))
    inside = frozenset({team}) if team == COMPANY else found.within(team)
    for stay in found.stays.get(who.person_id, ()):
        if not line.first < stay.first <= last:
            continue
        former = found.team_of(who.person_id, stay.first - ONE)
        if team == COMPANY or former is None or stay.first == who.started_on:
            continue
        if stay.team_id in inside and former not in inside:
            notes.append(Note("came", stay.first, _named(found, former)))
        if stay.team_id not in inside and former in inside:
            notes.append(Note("moved", stay.first, _named(found, stay.team_id)))
    if who.left_on and line.first < who.left_on <= on:
        notes.append(Note("left", who.left_on))
    return tuple(sorted(notes, key=lambda note: note.on))


def _named(found: Organisation, team: str) -> str:
    return found.team[team].name if team in found.team else team


def _without(
    rows: Sequence[Row], found: Organisation, team: str, *, on: datetime.date
) -> tuple[str, ...]:
    """Return who is in the team on the day and has no such objective."""
    if not rows or team == COMPANY:
        return ()
    held = {row.line.owner.partition(":")[2] for row in rows}
    return tuple(
        one.name
        for one in found.members(team, on)
        if one.person_id not in held
        and (one.left_on is None or on < one.left_on)
        and (one.started_on is None or one.started_on <= on)
    )


# -- sums and order ------------------------------------------------------------------


def _each_once(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return the rows; of two objectives of a person on the same deals, one counts.

    Their actual and their pipeline are the same ones. The higher target counts.
    """
    by_deals: dict[tuple[str, tuple[str, ...]], list[Row]] = defaultdict(list)
    for row in rows:
        by_deals[row.line.owner, tuple(sorted(row.line.where))].append(row)
    kept = {
        max(some, key=lambda row: (row.line.target or ZERO, row.line.id)).line.id
        for some in by_deals.values()
    }
    return tuple(
        row if row.line.id in kept else replace(row, counted=False) for row in rows
    )


def _total(rows: Sequence[Row]) -> Total | None:
    """Return the sum, only where adding people's figures means something."""
    targets = [row.line.target for row in rows if row.line.target is not None]
    if not rows or not rows[0].line.flow or not targets:
        return None
    pipelines = [row.pipeline for row in rows if row.pipeline is not None]
    return Total(
        target=sum(targets, ZERO),
        actual=sum((row.line.actual or ZERO for row in rows), ZERO),
        pipeline=sum(pipelines, ZERO) if pipelines else None,
    )


def _check(own: Line | None, total: Total | None) -> SumCheck | None:
    if own is None or total is None or own.target is None:
        return None
    return SumCheck(own.target, total.target)


def _sorted(rows: Sequence[Row], asked: Asked) -> tuple[Row, ...]:
    """Return the rows in the order asked; those without a value come last."""
    reading = _READING.get(asked.sort, _READING["name"])
    named = sorted(rows, key=lambda row: (row.line.owner_name, row.line.id))
    known = [row for row in named if reading(row) is not None]
    known.sort(key=reading, reverse=asked.descending)  # type: ignore[arg-type]
    return (*known, *(row for row in named if reading(row) is None))


_READING: dict[str, Callable[[Row], Decimal | str | None]] = {
    "name": lambda row: row.line.owner_name,
    "target": lambda row: row.line.target,
    "actual": lambda row: row.line.actual,
    "attainment": lambda row: row.line.attainment,
    "gap": lambda row: row.line.remaining,
    "landing": lambda row: row.line.landing[1] if row.line.landing else None,
    "probability": lambda row: row.line.probability,
    "pipeline": lambda row: row.pipeline,
    "coverage": lambda row: row.coverage,
}


def teams_of(
    workspace: Workspace, person_id: str, led: Iterable[str], *, on: datetime.date
) -> tuple[str, ...]:
    """Return the teams somebody leads, and the one they stand in on the day."""
    try:
        found = organisation(workspace, on=on)
    except NoDataError:
        return ()
    own = found.team_of(person_id, on) if person_id else None
    return tuple(dict.fromkeys([*sorted(led), *([own] if own else [])]))
