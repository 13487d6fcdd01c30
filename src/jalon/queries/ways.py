"""The ways of objectives: the days between their ends, weighted by last years' season.

The season is the company's, without the objective's filters: one person's three deals
last March say nothing of this March. Its months are asked with the figures themselves.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.attainment.phasing import (
    ALWAYS,
    RAMP_DAYS,
    Presence,
    Season,
    Way,
    day_weights,
    season_of,
    way,
)
from jalon.domain.kpis.question import AnswerRow, Ask
from jalon.domain.objectives.objective import (
    Objective,
    Phasing,
    PhasingKind,
    months_later,
)
from jalon.domain.periods import Period, WorkingDays
from jalon.queries.calendar import working_days
from jalon.workspace.folder import Workspace

YEARS_OF_SEASON = 3
SEASON = "season:"
Month = tuple[int, int]


def season_asks(group: Sequence[Objective]) -> list[Ask]:
    """Return the months of former years to ask along with the figures."""
    return [
        Ask(f"{SEASON}{year}-{month}", "company", month_of(year, month))
        for year, month in sorted(season_months(group))
    ]


@dataclass(frozen=True, slots=True)
class Reader:
    """From where and at what day figures are read."""

    workspace: Workspace
    on: datetime.date
    snapshot: str


def months_of(period: Period) -> tuple[int, ...]:
    """Return the months of the year the period touches, in order."""
    first = period.first.replace(day=1)
    count = months_between(period) + 1
    starts = [months_later(first, rank) for rank in range(count)]
    return tuple(dict.fromkeys(start.month for start in starts if start < period.after))


def month_of(year: int, month: int) -> Period:
    """Return one calendar month."""
    first = datetime.date(year, month, 1)
    return Period(first, months_later(first, 1))


def months_between(period: Period) -> int:
    """Return how many months apart the months of its ends are."""
    years = period.after.year - period.first.year
    return years * 12 + period.after.month - period.first.month


class Ways:
    """The ways of one KPI's objectives; those that are alike are made once."""

    def __init__(
        self,
        reader: Reader,
        rows: Mapping[str, AnswerRow],
        known: Mapping[str, Presence],
    ) -> None:
        self._reader = reader
        self._rows = rows
        self._known = known
        self._made: dict[tuple[Period, Phasing, Presence], Way] = {}

    def of(self, objective: Objective) -> Way:
        """Return the way of one objective."""
        kind, _, key = objective.owner.partition(":")
        presence = self._known.get(key, ALWAYS) if kind == "person" else ALWAYS
        presence = _narrowed(presence, objective.period)
        alike = (objective.period, objective.phasing, presence)
        if alike not in self._made:
            self._made[alike] = self._way(*alike)
        return self._made[alike]

    def _way(self, period: Period, phasing: Phasing, presence: Presence) -> Way:
        weights = day_weights(
            period,
            phasing=phasing,
            working_days=working_days(self._reader.workspace, period),
            season=self._season(period),
            presence=presence,
        )
        return way(period, weights)

    def _season(self, period: Period) -> Season:
        months = months_of(period)
        years = [period.first.year - back for back in range(1, YEARS_OF_SEASON + 1)]
        history = {
            year: {
                month: _value(self._rows.get(f"{SEASON}{year}-{month}"))
                for month in months
            }
            for year in years
        }
        return season_of(history, self._opened(years, months), months=months)

    def _opened(
        self, years: Sequence[int], months: Sequence[int]
    ) -> dict[int, dict[int, int]]:
        return {
            year: {month: self._opened_in(month_of(year, month)) for month in months}
            for year in years
        }

    def _opened_in(self, month: Period) -> int:
        calendar: WorkingDays = working_days(self._reader.workspace, month)
        return calendar.count(month)


def _narrowed(presence: Presence, period: Period) -> Presence:
    """Keep of a presence only what bears on the period, so that most are alike."""
    started = presence.started_on
    settled = period.first - datetime.timedelta(days=presence.ramp_days)
    left = presence.left_on
    new = started is not None and started > settled
    return Presence(
        started if new else None,
        left if left and left < period.after else None,
        frozenset(d for d in presence.absent if period.first <= d < period.after),
        presence.ramp_days if new else RAMP_DAYS,
    )


def season_months(group: Sequence[Objective]) -> set[Month]:
    """Return the months of the three years before that tell of the group's season."""
    return {
        (objective.period.first.year - back, month)
        for objective in group
        if objective.phasing.kind is PhasingKind.SEASON
        for back in range(1, YEARS_OF_SEASON + 1)
        for month in months_of(objective.period)
    }


def _value(row: AnswerRow | None) -> Decimal | None:
    return None if row is None else row.value
