"""An engagement survey tells nobody's answer: the one guard every figure passes.

Two figures that differ by fewer than five answers tell those answers. So engagement is
counted in cells of a month and a team, and a cell that the others would tell apart is
left out (`asking.shown`); periods, and the last day known, are widened to whole months;
nothing finer is asked: no day, no person, no filter but a team.
"""

from __future__ import annotations

import calendar
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from jalon.domain.feedback.asking import shown
from jalon.domain.feedback.surveys import ANONYMOUS_UNDER
from jalon.domain.kpis.algebra import Component, Kpi, Source, Timing
from jalon.domain.kpis.conditions import Condition
from jalon.domain.kpis.flattening import Flat
from jalon.domain.periods import Period
from jalon.queries.filters import Filters
from jalon.queries.organisation import organisation_of
from jalon.queries.snapshots import Snapshot
from jalon.warehouse.compile.links import without_level

ENGAGEMENT = "engagement"
TOLD_BY = frozenset({"team", "company", "month", "quarter", "year"})
OWNERS = frozenset({"company", "team"})
_OF_A_SURVEY = frozenset({"survey", "score", "scale"})  # what a KPI may look at
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Guarded:
    """A KPI that may be counted as it is; `too_fine` where it may not be at all."""

    kpi: Kpi
    flat: Flat
    anonymous: bool = False
    too_fine: bool = False

    def period(self, period: Period) -> Period:
        """Return the period counted: whole months where answers are anonymous."""
        if not self.anonymous:
            return period
        last = month_end(period.after - _ONE_DAY)
        return Period(period.first.replace(day=1), last + _ONE_DAY)

    def on(self, on: date) -> date:
        """Return the last day known: its month's last where answers are anonymous."""
        return month_end(on) if self.anonymous else on


def month_end(day: date) -> date:
    """Return the last day of a day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def guarded(
    kpi: Kpi,
    flat: Flat,
    found: Snapshot,
    *,
    filters: Filters,
    by: Iterable[str] = (),
    owner: str = "company",
) -> Guarded:
    """Return the KPI without the answers that a figure could tell."""
    if not any(_may_tell(one) for one in flat.components.values()):
        return Guarded(kpi, flat)
    by = {without_level(name) for name in by}
    teams = owner == "team" or "team" in by or bool(filters.among)
    left_out = _left_out(found, by_team=teams)
    return Guarded(
        kpi=replace(kpi, minimum=max(kpi.minimum, ANONYMOUS_UNDER)),
        flat=replace(
            flat,
            components={
                name: _without(one, left_out) if _may_tell(one) else one
                for name, one in flat.components.items()
            },
        ),
        anonymous=True,
        too_fine=(
            owner not in OWNERS
            or not TOLD_BY.issuperset(by)
            or bool(filters.where)
            or any(one.dimension != "team" for one in filters.among)
            or any(
                _may_tell(one) and not _plain(one) for one in flat.components.values()
            )
        ),
    )


def _may_tell(component: Component) -> bool:
    """Return whether a component can count answers of an engagement survey."""
    held = [] if component.source is None else [(component.source, component.where)]
    return any(
        source.table == "answers" and not any(map(_is_another, where))
        for source, where in (*held, *component.others)
    )


def _is_another(condition: Condition) -> bool:
    """Return whether a condition wants other surveys than engagement."""
    named = condition.name == "survey" and not condition.expression
    if named and condition.operator == "=":
        return bool(condition.values) and ENGAGEMENT not in condition.values
    return named and condition.operator == "!=" and ENGAGEMENT in condition.values


def _plain(component: Component) -> bool:
    """Return whether a component looks at nothing but the answers of a period."""
    source: Source | None = component.source
    return (
        source is not None
        and source.timing is Timing.DATED
        and not (source.first_of or source.having or component.others)
        and all(one.name in _OF_A_SURVEY for one in component.where)
    )


def _without(component: Component, left_out: Sequence[str]) -> Component:
    if not left_out:
        return component
    told = Condition("answer_id", "!=", ("", *left_out))  # "": no key opens with @
    return replace(component, where=(*component.where, told))


_kept: dict[tuple[str, str, bool], tuple[str, ...]] = {}


def _left_out(found: Snapshot, *, by_team: bool) -> tuple[str, ...]:
    """Return the engagement answers that no figure may count (read once)."""
    key = (found.folder, found.name, by_team)
    if key not in _kept:
        if len(_kept) > 20:  # noqa: PLR2004 - a handful of snapshots at a time
            _kept.clear()
        _kept[key] = _read(found, by_team=by_team)
    return _kept[key]


def _read(found: Snapshot, *, by_team: bool) -> tuple[str, ...]:
    rows = (
        found.cursor()
        .execute(
            """SELECT answer_id, CAST(answered_at AS DATE), person_id, score IS NOT NULL
               FROM answers WHERE survey = ? AND answered_at IS NOT NULL""",
            [ENGAGEMENT],
        )
        .fetchall()
    )
    team_of = organisation_of(found).team_of
    cells: dict[str, tuple[date, str]] = {}
    sizes: dict[date, Counter[str]] = defaultdict(Counter)
    for answer, day, person, scored in rows:
        team = (team_of(person, day) if by_team and person else None) or ""
        cells[answer] = day.replace(day=1), team
        sizes[day.replace(day=1)][team] += scored
    told = {month: shown(by) for month, by in sizes.items()}
    unscored = {answer for answer, *_rest, scored in rows if not scored}
    return tuple(
        sorted(
            answer
            for answer, (month, team) in cells.items()
            if team not in told[month] or answer in unscored
        )
    )
