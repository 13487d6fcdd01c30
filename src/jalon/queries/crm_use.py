"""Who keeps the CRM up to date: a share by week, a person beside their own past.

A person is compared with nobody but themselves. A week counts from `LEAST` updates, as
the KPI of CRM adoption counts it; who is away is said, since few updates are then no
sign of anything.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.kpis.question import Ask
from jalon.domain.people.permission import COMPANY
from jalon.domain.people.roles import Role
from jalon.domain.periods import Period
from jalon.queries import kpi_values
from jalon.queries.organisation import PersonRow, organisation
from jalon.queries.snapshots import NoDataError
from jalon.queries.trust import whole_weeks
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace

LEAST = 3  # updates of a week
PAST = datetime.timedelta(weeks=8)
FEWER, MORE = Decimal("0.5"), Decimal("1.5")
_LED = frozenset({Role.MANAGER.value, Role.DIRECTOR.value})
_UPDATES = """
SELECT person_id,
    CAST(date_trunc('week', "on" - to_days($start)) + to_days($start) AS DATE),
    CAST(sum(updates) AS BIGINT)
FROM crm_usage WHERE "on" >= $first AND "on" < $after GROUP BY ALL
"""
_AWAY = """
SELECT DISTINCT person_id FROM absences
WHERE "first" < $after AND ("after" IS NULL OR "after" > $first)
"""


@dataclass(frozen=True, slots=True)
class WeekShare:
    """The share of people who kept the CRM up to date; None where nobody has to."""

    first: datetime.date
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class PersonUse:
    """Somebody's updates of the last four weeks, and a usual week of theirs before.

    `usual` is None where nothing is known of before; `compared` is "fewer", "more",
    "as_usual", "away" or "new".
    """

    person_id: str
    name: str
    weeks: tuple[int, ...]
    usual: Decimal | None
    compared: str


@dataclass(frozen=True, slots=True)
class CrmUse:
    """The company's weeks, and the people whose lines the reader may see."""

    weeks: tuple[WeekShare, ...]
    people: tuple[PersonUse, ...]
    known: bool = True


def crm_use(
    workspace: Workspace, *, on: datetime.date, of: Collection[str] | None
) -> CrmUse:
    """Return the last four whole weeks; `of` are the people shown, None for all.

    Nothing is known where no source tells of any update in these twelve weeks.
    """
    period = whole_weeks(on, workspace.settings.first_weekday)
    try:
        found = organisation(workspace, on=on)
        counts = _counts(workspace, Period(period.first - PAST, period.after))
    except NoDataError:
        return CrmUse((), (), known=False)
    if not counts:
        return CrmUse((), (), known=False)
    away = _away(workspace, period)
    lines = [
        _line(one, counts, period, away=one.person_id in away)
        for one in sorted(found.people, key=lambda one: one.name.casefold())
        if (of is None or one.person_id in of) and one.role not in _LED
    ]
    return CrmUse(_shares(workspace, period, on=on), tuple(lines))


def _shares(
    workspace: Workspace, period: Period, *, on: datetime.date
) -> tuple[WeekShare, ...]:
    asks = [
        Ask(str(first), COMPANY, Period(first, first + datetime.timedelta(weeks=1)))
        for first in _firsts(period)
    ]
    rows = kpi_values.measure(workspace, "crm_adoption", asks, on=on)
    return tuple(WeekShare(one.period.first, rows[one.id].value) for one in asks)


def _firsts(period: Period) -> list[datetime.date]:
    days = (period.after - period.first).days
    return [period.first + datetime.timedelta(days=n) for n in range(0, days, 7)]


def _line(
    person: PersonRow,
    counts: Mapping[tuple[str, datetime.date], int],
    period: Period,
    *,
    away: bool,
) -> PersonUse:
    weeks = tuple(counts.get((person.person_id, first), 0) for first in _firsts(period))
    before = [
        counts.get((person.person_id, first), 0)
        for first in _firsts(Period(period.first - PAST, period.first))
    ]
    usual = Decimal(sum(before)) / len(before) if any(before) else None
    return PersonUse(
        person.person_id, person.name, weeks, usual, _compared(weeks, usual, away=away)
    )


def _compared(weeks: tuple[int, ...], usual: Decimal | None, *, away: bool) -> str:
    if away:
        return "away"
    if usual is None:
        return "new"
    mean = Decimal(sum(weeks)) / len(weeks)
    if mean < FEWER * usual:
        return "fewer"
    return "more" if mean > MORE * usual else "as_usual"


def _counts(
    workspace: Workspace, period: Period
) -> dict[tuple[str, datetime.date], int]:
    reader = Generations(workspace.warehouse).reader()
    start = workspace.settings.first_weekday
    days = {"first": period.first, "after": period.after, "start": start}
    rows = reader.execute(_UPDATES, days).fetchall()
    return {(str(row[0]), row[1]): int(row[2] or 0) for row in rows}


def _away(workspace: Workspace, period: Period) -> frozenset[str]:
    reader = Generations(workspace.warehouse).reader()
    days = {"first": period.first, "after": period.after}
    return frozenset(str(row[0]) for row in reader.execute(_AWAY, days).fetchall())
