"""The planning grid read: who is in it, last year's months, what adds up to what.

Amounts are exact, in the KPI's unit. A page is one planning whatever its size: four
queries.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Count, Max

from jalon.domain.attainment.phasing import ALWAYS, Presence
from jalon.domain.cascade.agreement import (
    SETTLED,
    Offer,
    Reconciliation,
    reconciled,
)
from jalon.domain.cascade.grid import Below, Grid, GridRow, below
from jalon.domain.cascade.plan import Measure, measured
from jalon.domain.kpis.algebra import Kpi
from jalon.domain.kpis.question import Question
from jalon.domain.objectives.objective import is_flow, months_later
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import Grain, steps
from jalon.domain.refusals import Refusal
from jalon.queries import kpi_values, planning_rates
from jalon.queries.calendar import presences, working_days
from jalon.queries.organisation import Organisation, PersonRow, organisation
from jalon.records import planning_rows
from jalon.records.plannings import Planning, PlanningRow, PlanningWord
from jalon.workspace.folder import Workspace

ZERO, ONE = Decimal(0), Decimal(1)
COMPANY = "company"
YEAR = 12
PUBLISHED = "published"
RATES = frozenset({"ratio", "mean", "share"})
_NOT_PLANNED = (
    "{kpi} is neither a sum over months and people nor a rate counted by deal: the"
    " grid is for amounts, counts, rates and means, e.g. revenue or win_rate."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One thing said of a figure."""

    word: str
    figure: Decimal | None
    confidence: Decimal | None
    text: str
    by: str
    on: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningLine:
    """One row as the page shows it; `below` what its parts add up to."""

    row: GridRow
    depth: int
    standing: str
    below: Below | None = None
    words: tuple[Word, ...] = ()

    @property
    def difference(self) -> Decimal | None:
        """Return parts - own: below 0, something is asked of nobody."""
        return None if self.below is None else self.below.total - self.row.total

    @property
    def is_rate(self) -> bool:
        """Return whether its figures are means weighted by volumes, not sums."""
        return bool(self.row.volumes)

    @property
    def offered(self) -> Word | None:
        """Return the last figure its owner put forward themselves, if any."""
        if self.standing in SETTLED:
            return None
        own = [w for w in self.words if w.word in {"offered", "contested"} and w.figure]
        return own[-1] if own else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningPage:
    """A whole planning: its months, its lines, the target and where it stands."""

    id: str
    title: str
    kpi: Kpi
    period: Period
    months: tuple[Period, ...]
    target: Decimal
    step: Decimal
    lines: tuple[PlanningLine, ...]
    published_on: datetime.date | None
    parent: str
    edit: int = 0  # the last edit that these lines hold

    @property
    def state(self) -> str:
        """Return draft, proposed, contested, agreed or published."""
        standings = {line.standing for line in self.lines if line.row.parent}
        if self.published_on and "draft" not in standings:
            return PUBLISHED
        for standing in ("contested", "draft", "proposed"):
            if standing in standings:
                return standing
        return "agreed"

    def line(self, owner: str) -> PlanningLine | None:
        """Return an owner's line."""
        return next((one for one in self.lines if one.row.owner == owner), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningName:
    """A planning in a list."""

    id: str
    title: str
    kpi: Kpi
    period: Period
    target: Decimal
    people: int
    published_on: datetime.date | None
    standings: Mapping[str, int]


def plannings(workspace: Workspace) -> tuple[PlanningName, ...]:
    """Return all plannings, the latest period first."""
    catalogue = kpi_values.catalogue(workspace)
    counted: dict[str, dict[str, int]] = defaultdict(dict)
    rows = PlanningRow.objects.exclude(parent="").order_by("planning_id", "standing")
    for planning, standing, number in rows.values_list(
        "planning_id", "standing"
    ).annotate(number=Count("id")):
        counted[planning][standing] = number
    found = Planning.objects.order_by("-first", "id")
    return tuple(
        PlanningName(
            id=one.id,
            title=one.title,
            kpi=catalogue[one.kpi],
            period=Period(one.first, one.after),
            target=one.target or ZERO,
            people=sum(counted[one.id].values()),
            published_on=one.published_on,
            standings=dict(counted[one.id]),
        )
        for one in found
    )


def page(workspace: Workspace, planning: str) -> PlanningPage | None:
    """Return a planning with all that was said of it, None where there is none."""
    one = Planning.objects.filter(pk=planning).annotate(last=Max("edits__id")).first()
    if one is None:
        return None
    edit = int(one.last or 0)  # read first: never newer than the rows
    rows = planning_rows.load(planning)
    standings = planning_rows.standings(planning)
    said = planning_rows.words(planning)
    return _page(workspace, one, rows, standings, said, edit)


def _page(
    workspace: Workspace,
    one: Planning,
    rows: Grid,
    standings: Mapping[str, str],
    said: Mapping[str, Sequence[PlanningWord]],
    edit: int,
) -> PlanningPage:
    depths = _depths(rows)
    sums = below(rows)
    period = Period(one.first, one.after)
    return PlanningPage(
        id=one.id,
        title=one.title,
        kpi=kpi_values.catalogue(workspace)[one.kpi],
        period=period,
        months=steps(period, Grain.MONTH),
        target=one.target or ZERO,
        step=one.step or ONE,
        parent=one.parent,
        edit=edit,
        published_on=one.published_on,
        lines=tuple(
            PlanningLine(
                row=row,
                depth=depths[row.owner],
                standing=standings[row.owner],
                below=sums.get(row.owner),
                words=tuple(_word(word) for word in said.get(row.owner, ())),
            )
            for row in rows
        ),
    )


def _word(word: PlanningWord) -> Word:
    return Word(
        word=word.word,
        figure=word.figure,
        confidence=word.confidence,
        text=word.text,
        by=word.by,
        on=word.on,
    )


def _depths(rows: Iterable[GridRow]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        found[row.owner] = found.get(row.parent, -1) + 1
    return found


def plannable(workspace: Workspace, kpi: str) -> Kpi:
    """Return a KPI that may be planned by month and person.

    Raises:
        Refusal: If its values neither add up nor are means of volumes.
    """
    found = kpi_values.catalogue(workspace)[kpi]
    if not may_be_planned(found):
        raise Refusal(_NOT_PLANNED, kpi=kpi)
    return found


def may_be_planned(kpi: Kpi) -> bool:
    """Return whether a KPI adds up over months and people, or is a mean of volumes."""
    return is_flow(kpi) or is_mean(kpi)


def is_mean(kpi: Kpi) -> bool:
    """Return whether a KPI is a mean of volumes: a win rate, an average basket."""
    return str(kpi.kind) in RATES


def measure_of(kpi: Kpi, step: Decimal | None = None) -> Measure:
    """Return how a KPI of the grid goes down: by sums, in whole steps."""
    return measured(kpi.key, unit=str(kpi.unit), kind=str(kpi.kind), step=step)


def beginning(
    workspace: Workspace, kpi: str, period: Period, *, on: datetime.date
) -> Grid:
    """Return the rows of a new planning: company, teams, people; cells at 0.

    People are those present in the period who carried the KPI last year, and those of
    their teams who lead nobody: a team that never signs a deal is given no revenue.
    Teams are those of the first day of the period, or of today.
    """
    found = organisation(workspace, on=on)
    months = steps(period, Grain.MONTH)
    day = max(period.first, on)
    history = _history(workspace, kpi, period, on=on)
    there = [one for one in found.people if _there(one, day, period)]
    people = _carriers(there, found, history, day)
    held: dict[str, list[PersonRow]] = defaultdict(list)
    for one in people:
        held[found.team_of(one.person_id, day) or ""].append(one)
    present = _presences(workspace, people, months, on=on)
    none = (ZERO,) * len(months)
    known = kpi_values.catalogue(workspace)[kpi]
    if is_mean(known):
        return _rates(workspace, known, period, people, found, on=on)

    def row(owner: str, parent: str, name: str, person: str = "") -> GridRow:
        return GridRow(
            owner=owner,
            parent=parent,
            name=name,
            months=none,
            locks=(False,) * len(months),
            season=history.get(person, none) if person else none,
            presence=present.get(person, none),
        )

    def team(key: str) -> list[GridRow]:
        inside = found.team[key].parent_id
        parent = f"team:{inside}" if inside in found.team else COMPANY
        mine = [
            row(f"person:{one.person_id}", f"team:{key}", one.name, one.person_id)
            for one in sorted(held[key], key=lambda one: one.name)
        ]
        under = [line for each in _children(found, key) for line in team(each)]
        if not mine and not under:
            return []
        return [row(f"team:{key}", parent, found.team[key].name), *mine, *under]

    tops = [line for each in _children(found, None) for line in team(each)]
    alone = [
        row(f"person:{one.person_id}", COMPANY, one.name, one.person_id)
        for one in held[""]
    ]
    rows = (row(COMPANY, "", workspace.settings.company), *tops, *alone)
    return _with_sums(rows)


def _rates(
    workspace: Workspace,
    kpi: Kpi,
    period: Period,
    people: Sequence[PersonRow],
    found: Organisation,
    *,
    on: datetime.date,
) -> Grid:
    """Return the rows of a rate: people from last year's months, teams their mean."""
    months = [_last_known(month, on) for month in steps(period, Grain.MONTH)]
    past = planning_rates.past(workspace, kpi.key, months, on=on)
    day = max(period.first, on)
    leaves: dict[str, list[GridRow]] = defaultdict(list)
    for one in sorted(people, key=lambda one: one.name):
        team = found.team_of(one.person_id, day)
        parent = f"team:{team}" if team in found.team else COMPANY
        row = planning_rates.leaf(past, f"person:{one.person_id}", parent, one.name)
        leaves[parent].append(row)

    def rows_of(key: str, parent: str, name: str) -> list[GridRow]:
        inner = None if key == COMPANY else key.removeprefix("team:")
        under = [
            row
            for each in _children(found, inner)
            for row in rows_of(f"team:{each}", key, found.team[each].name)
        ]
        parts = [*leaves[key], *(row for row in under if row.parent == key)]
        if not parts:
            return []
        head = planning_rates.as_mean(key, parent, name, parts)
        return [head, *leaves[key], *under]

    return tuple(rows_of(COMPANY, "", workspace.settings.company))


def _carriers(
    there: Sequence[PersonRow],
    found: Organisation,
    history: Mapping[str, Sequence[Decimal]],
    day: datetime.date,
) -> list[PersonRow]:
    leading = {one.manager_id for one in there if one.manager_id}
    past = {one.person_id for one in there if any(history.get(one.person_id, ()))}
    teams = {found.team_of(person, day) for person in past}
    return [
        one
        for one in there
        if one.person_id in past
        or (
            one.person_id not in leading
            and (not past or found.team_of(one.person_id, day) in teams)
        )
    ]


def _children(found: Organisation, parent: str | None) -> list[str]:
    keys = [
        one.team_id
        for one in found.teams
        if one.parent_id == parent
        or (parent is None and one.parent_id not in found.team)
    ]
    return sorted(keys, key=lambda key: found.team[key].name)


def _with_sums(rows: Sequence[GridRow]) -> Grid:
    """Return the rows, a parent's season and presence being the sums of its parts'."""
    season: dict[str, list[Decimal]] = {}
    days: dict[str, list[Decimal]] = {}
    parents = {row.owner: row.parent for row in rows}
    for row in rows:
        if not row.owner.startswith("person:"):
            continue
        owner = row.parent
        while owner:
            mine = season.setdefault(owner, [ZERO] * len(row.season))
            work = days.setdefault(owner, [ZERO] * len(row.season))
            for rank in range(len(row.season)):
                mine[rank] += row.season[rank]
                work[rank] += row.presence[rank]
            owner = parents[owner]
    return tuple(
        replace(row, season=tuple(season[row.owner]), presence=tuple(days[row.owner]))
        if row.owner in season
        else row
        for row in rows
    )


def _there(one: PersonRow, day: datetime.date, period: Period) -> bool:
    """Return whether somebody works in the period, or will have begun by its end."""
    begins = one.started_on is None or one.started_on < period.after
    return begins and (one.left_on is None or day < one.left_on)


def _history(
    workspace: Workspace, kpi: str, period: Period, *, on: datetime.date
) -> dict[str, tuple[Decimal, ...]]:
    """Return each person's months, each from the last year in which it was whole."""
    months = steps(period, Grain.MONTH)
    known = [_last_known(month, on) for month in months]
    ranks = {f"{month.first:%Y-%m}": rank for rank, month in enumerate(known)}
    whole = Period(
        min(month.first for month in known), max(month.after for month in known)
    )
    answer = kpi_values.value(
        workspace, Question(kpi, whole, by=("person", "month")), on=on
    )
    found: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO] * len(months))
    for line in answer.rows:
        person, month = line.keys.get("person_id"), line.labels.get("month")
        if person and month in ranks and line.value is not None:
            found[person][ranks[month]] = max(line.value, ZERO)
    return {person: tuple(mine) for person, mine in found.items()}


def _last_known(month: Period, on: datetime.date) -> Period:
    """Return the same month of the last year in which it was over on that day."""
    first = months_later(month.first, -YEAR)
    while months_later(first, 1) > on:
        first = months_later(first, -YEAR)
    return Period(first, months_later(first, 1))


def _presences(
    workspace: Workspace,
    people: Iterable[PersonRow],
    months: Sequence[Period],
    *,
    on: datetime.date,
) -> dict[str, tuple[Decimal, ...]]:
    """Return the days each person will work in each month: part-time, ramp, leave."""
    calendar = working_days(workspace, Period(months[0].first, months[-1].after))
    days = [[day for day in month.days() if calendar.includes(day)] for month in months]
    known = presences(workspace, on=on)
    return {
        one.person_id: tuple(
            _worked(known.get(one.person_id, ALWAYS), month, one.capacity)
            for month in days
        )
        for one in people
    }


def _worked(
    presence: Presence, days: Sequence[datetime.date], capacity: Decimal | None
) -> Decimal:
    worked = sum((presence.share(day) for day in days), ZERO)
    return (worked * (ONE if capacity is None else capacity)).quantize(Decimal("0.01"))


def reconciliation(workspace: Workspace, page: PlanningPage) -> Reconciliation:
    """Return what is asked, what was offered, and the compromise, for a whole page."""
    kpi = kpi_values.catalogue(workspace)[page.kpi.key]
    offers = {
        line.row.owner: Offer(offered.figure, offered.confidence)
        for line in page.lines
        if (offered := line.offered) and offered.figure is not None
    }
    settled = {line.row.owner: line.standing in SETTLED for line in page.lines}
    rows = [line.row for line in page.lines]
    measure = measure_of(kpi, page.step)
    return reconciled(rows, offers, settled, page.target, measure=measure)
