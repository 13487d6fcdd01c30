"""Which days are worked: the country's public holidays, and each person's presence.

Ranges are half-open; an absence covers its first day and not its `after`.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from functools import lru_cache

import holidays

from jalon.domain.attainment.phasing import RAMP_DAYS, Presence
from jalon.domain.periods import Period, WorkingDays
from jalon.queries.organisation import organisation
from jalon.queries.snapshots import NoDataError
from jalon.warehouse.generations import Generations, NoGenerationError
from jalon.workspace.folder import Workspace

ABSENCES = (
    'SELECT person_id, "first", "after" FROM absences WHERE person_id IS NOT NULL'
)
LONGEST_ABSENCE = datetime.timedelta(days=366)


_kept_absences: dict[tuple[str, str], dict[str, frozenset[datetime.date]]] = {}
SNAPSHOTS_KEPT = 5


def working_days(workspace: Workspace, period: Period) -> WorkingDays:
    """Return the working days of the workspace's country, over the period's years."""
    return _of_country(workspace.settings.country, period.first.year, period.after.year)


@lru_cache(maxsize=256)
def _of_country(country: str, first_year: int, last_year: int) -> WorkingDays:
    years = range(first_year, last_year + 1)
    try:
        days = holidays.country_holidays(country, years=years)
    except NotImplementedError:
        return WorkingDays()
    return WorkingDays(frozenset(days))


def presences(
    workspace: Workspace, *, on: datetime.date, snapshot: str | None = None
) -> dict[str, Presence]:
    """Return the stay and the absences of each person of the facts."""
    absent = _absences(workspace, snapshot)
    try:
        people = organisation(workspace, on=on, snapshot_name=snapshot).people
    except NoDataError:
        return {}
    return {
        one.person_id: Presence(
            one.started_on,
            one.left_on,
            absent.get(one.person_id, frozenset()),
            RAMP_DAYS if one.ramp_days is None else one.ramp_days,
        )
        for one in people
    }


def _absences(
    workspace: Workspace, snapshot: str | None
) -> dict[str, frozenset[datetime.date]]:
    generations = Generations(workspace.warehouse)
    key = (str(workspace.warehouse.resolve()), snapshot or generations.current() or "")
    if key not in _kept_absences:
        if len(_kept_absences) > SNAPSHOTS_KEPT:
            _kept_absences.clear()
        _kept_absences[key] = _read_absences(generations, snapshot)
    return _kept_absences[key]


def _read_absences(
    generations: Generations, snapshot: str | None
) -> dict[str, frozenset[datetime.date]]:
    try:
        reader = generations.reader(snapshot)
    except NoGenerationError:
        return {}
    found: dict[str, set[datetime.date]] = defaultdict(set)
    for person, first, after in reader.execute(ABSENCES).fetchall():
        end = min(after or first + LONGEST_ABSENCE, first + 2 * LONGEST_ABSENCE)
        if end > first:
            found[person].update(Period(first, end).days())
    return {person: frozenset(days) for person, days in found.items()}
