"""What left its path: the funnel week by week, watched for the company, teams, people.

Also the state of each running objective by the probability stored with its
evaluations, so that one doubtful reading changes nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from jalon.domain.drift.cusum import QUARTERS
from jalon.domain.drift.series import LAG, YEAR, Family, Series, cut
from jalon.domain.drift.states import Standing, standing
from jalon.domain.drift.watch import COMPANY, Drift, watch
from jalon.domain.kpis.question import AnswerRow, Question
from jalon.domain.objectives.objective import Objective
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import named, week_of
from jalon.domain.refusals import Refusal
from jalon.queries import kpi_values
from jalon.queries.organisation import Organisation, PersonRow, organisation
from jalon.queries.snapshots import snapshot
from jalon.records import alert_rows, objective_rows
from jalon.workspace.folder import Workspace

WEEKS = 3 * 52 + 26  # of history read
ONE_DAY = datetime.timedelta(days=1)
ONE_WEEK = datetime.timedelta(days=7)
LEVELS = ("", "team", "person")
APART = {"": ("team", "kind"), "team": ("kind",), "person": ("kind",)}
READINGS = 12  # of an objective's stored evaluations


@dataclass(frozen=True, slots=True)
class Component:
    """One driver watched: the KPI it is read from, and how."""

    driver: str
    kpi: str
    family: Family
    part: str = "value"
    rising: bool = False


COMPONENTS = (
    Component("leads", "leads", Family.COUNT),
    Component("qualified_leads", "qualified_leads", Family.COUNT),
    Component("opportunities", "win_rate", Family.COUNT, "denominator"),
    Component("win_rate", "win_rate", Family.SHARE),
    Component("cycle", "sales_cycle_days", Family.MEAN, rising=True),
    Component("average_basket", "average_basket", Family.MEAN),
)
UNITS = {
    "leads": "count",
    "qualified_leads": "count",
    "opportunities": "count",
    "win_rate": "share",
    "cycle": "day",
    "average_basket": "money",
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """An objective whose probability has settled below one in two."""

    objective: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Warned:
    """The watch of a day. Ranks of weeks in drifts count from the week of `first`."""

    first: datetime.date
    last: datetime.date  # the last day watched: a Sunday
    drifts: tuple[Drift, ...]
    names: Mapping[str, str]
    watched: int
    too_rare: int
    doubts: tuple[Doubt, ...]
    often: frozenset[str]  # owners who close enough deals a week to be watched
    snapshot: str

    def opening(self, week: int) -> datetime.date:
        """Return the first day of a week by its rank."""
        return self.first + week * ONE_WEEK


def warned(
    workspace: Workspace, *, on: datetime.date, quarters: int = QUARTERS
) -> Warned:
    """Return what left its path by the last complete week on that day.

    Raises:
        NoDataError: If nothing was imported yet.
    """
    name = snapshot(workspace).name
    after = week_of(on + ONE_DAY, workspace.settings.first_weekday).first
    first = after - WEEKS * ONE_WEEK
    everything = _begun(weekly(workspace, Period(first, after), on=on))
    skipped, series = everything
    people = organisation(workspace, on=on)
    found = watch(_settled(series, people, on), quarters=quarters)
    names = {f"team:{one.team_id}": one.name for one in people.teams}
    names |= {f"person:{one.person_id}": one.name for one in people.people}
    return Warned(
        first=first + skipped * ONE_WEEK,
        last=after - ONE_DAY,
        drifts=found.drifts,
        names=names,
        watched=len(found.watched),
        too_rare=len(found.too_rare),
        doubts=_doubts(on),
        often=frozenset(
            one.owner for one in found.watched if one.driver == "opportunities"
        ),
        snapshot=name,
    )


def weekly(workspace: Workspace, period: Period, *, on: datetime.date) -> list[Series]:
    """Return the components of the funnel by week: the company's, teams', people's."""
    found: list[Series] = []
    for component in COMPONENTS:
        for level in LEVELS:
            owner = (level,) if level else ()
            apart = () if component.family is Family.COUNT else APART[level]
            question = Question(component.kpi, period, (*owner, *apart, "week"))
            try:
                answer = kpi_values.value(workspace, question, on=on)
            except Refusal:
                continue
            found += _series(component, level, apart, answer.rows, period)
    return found


def _series(
    component: Component,
    level: str,
    apart: tuple[str, ...],
    rows: Iterable[AnswerRow],
    period: Period,
) -> list[Series]:
    """Return one series an owner, with its strata where there are several."""
    weeks = (period.after - period.first).days // 7
    sums: dict[str, dict[tuple[str | None, ...], np.ndarray]] = {}
    for row in rows:
        owner = COMPANY
        if level:
            key = row.keys.get(f"{level}_id")
            if key is None:
                continue
            owner = f"{level}:{key}"
        label = row.labels["week"]
        if label is None:
            continue
        rank = (_opening(label, period) - period.first).days // 7
        if not 0 <= rank < weeks:
            continue
        stratum = tuple(row.labels[name] for name in apart)
        known = sums.setdefault(owner, {})
        known.setdefault(stratum, np.zeros((2, weeks)))[:, rank] += _parts(
            component, row
        )
    return [_owned(component, owner, strata) for owner, strata in sums.items()]


def _owned(
    component: Component, owner: str, sums: Mapping[tuple[str | None, ...], np.ndarray]
) -> Series:
    counted = component.family is Family.COUNT

    def of(total: np.ndarray, number: np.ndarray) -> Series:
        return Series(
            owner=owner,
            driver=component.driver,
            family=component.family,
            total=total,
            number=np.ones(len(number)) if counted else number,
            rising=component.rising,
        )

    strata = tuple(of(*sums[key]) for key in sorted(sums, key=str))
    whole = of(*np.sum(list(sums.values()), axis=0))
    return replace(whole, strata=strata) if len(strata) > 1 else whole


def _settled(
    everything: Sequence[Series], people: Organisation, on: datetime.date
) -> list[Series]:
    """Return the series without those of people who changed place in the last year.

    Whoever came, moved or left does another job than the one their past tells of.
    """
    since = on - (YEAR + LAG) * ONE_WEEK
    moved = {
        f"person:{person}"
        for person, stays in people.stays.items()
        if any(
            since < day <= on
            for stay in stays
            for day in (stay.first, stay.after)
            if day is not None
        )
    }
    known = {f"person:{one.person_id}" for one in people.people if not _gone(one, on)}
    return [
        one
        for one in everything
        if not one.owner.startswith("person:")
        or (one.owner in known and one.owner not in moved)
    ]


def _gone(person: PersonRow, on: datetime.date) -> bool:
    return person.left_on is not None and person.left_on <= on


def _parts(component: Component, row: AnswerRow) -> tuple[float, float]:
    if component.family is Family.COUNT:
        return float(getattr(row, component.part) or 0), 1.0
    return float(row.numerator or 0), float(row.denominator or 0)


def _begun(everything: Sequence[Series]) -> tuple[int, list[Series]]:
    """Return how many empty weeks come before any fact, and the series without them."""
    begun = [int(np.flatnonzero(one.total)[0]) for one in everything if one.total.any()]
    skipped = min(begun, default=0)
    return skipped, [cut(one, slice(skipped, None)) for one in everything]


def _opening(label: str, period: Period) -> datetime.date:
    """Return the first day of a named week; the period begins with a week."""
    return named(label, week_start=period.first.weekday()).first


def _doubts(on: datetime.date) -> tuple[Doubt, ...]:
    """Return the running objectives whose state has settled to amber or red."""
    running: list[Objective] = [
        one
        for one in objective_rows.load().values()
        if one.period.first <= on < one.period.after
    ]
    readings = alert_rows.probabilities([one.id for one in running], until=on)
    return tuple(
        Doubt(one.id, found)
        for one in running
        if (found := standing(readings[one.id][-READINGS:])) is not None
        and found.state != "green"
    )
