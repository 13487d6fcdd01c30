"""What one objective's page tells besides its figures.

Who set it and when, what it was evaluated to day after day, its children's shares of
the target, the days nobody works, the KPI's formula in words. All of it is read from
what is stored, in a fixed number of queries.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from jalon.domain.attainment.evaluation import Evaluation
from jalon.domain.kpis.algebra import Kpi
from jalon.domain.objectives.objective import Phasing
from jalon.domain.periods import Period, WorkingDays
from jalon.queries import kpi_values
from jalon.queries.calendar import working_days
from jalon.queries.pages import Line, Page, TargetLine
from jalon.records import evaluation_rows, objective_rows
from jalon.records.accounts import User
from jalon.records.audit import AuditLine
from jalon.workspace.folder import Workspace

LATEST = 12
ONE = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SetBy:
    """Who wrote the objective first, and when."""

    by: str
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Share:
    """One child and its share of the target; None where shares mean nothing."""

    line: Line
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class Rest:
    """Days in a row nobody works: a weekend, or a holiday (`holiday`)."""

    first: datetime.date
    after: datetime.date
    holiday: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """What the page adds to the objective's figures."""

    set_by: SetBy | None
    targets: tuple[TargetLine, ...]
    shares: tuple[Share, ...]
    evaluations: tuple[Evaluation, ...]
    evaluated: int
    kpis: Mapping[str, Kpi]
    phasing: Phasing
    rests: tuple[Rest, ...]
    worked: int
    worked_so_far: int


def detail(workspace: Workspace, page: Page, *, on: datetime.date) -> Detail:
    """Return what the page adds."""
    line = page.line
    days = working_days(workspace, Period(line.first, line.after))
    history = evaluation_rows.history(line.id)
    objective = objective_rows.load([line.id])[line.id]
    names = _names(one.by for one in page.targets)
    first = _first_set(line.id)
    return Detail(
        set_by=first,
        targets=tuple(
            replace(one, by=names.get(one.by, one.by) or (first.by if first else ""))
            if rank == 0
            else replace(one, by=names.get(one.by, one.by))
            for rank, one in enumerate(page.targets)
        ),
        shares=shares(page),
        evaluations=telling(history),
        evaluated=len(history),
        kpis=kpi_values.catalogue(workspace),
        phasing=objective.phasing,
        rests=rests(Period(line.first, line.after), days),
        worked=days.count(Period(line.first, line.after)),
        worked_so_far=_worked(days, line, on),
    )


def shares(page: Page) -> tuple[Share, ...]:
    """Return each child with its share of the target, where amounts add up."""
    line = page.line
    return tuple(
        Share(
            child,
            child.target / line.target
            if line.flow and child.kpi == line.kpi and child.target and line.target
            else None,
        )
        for child in page.children
    )


def telling(history: Sequence[Evaluation]) -> tuple[Evaluation, ...]:
    """Return the changes of state and the latest evaluations, the newest first.

    Of several on one day, the last kept counts.
    """
    by_day = {one.on: one for one in history}
    kept = [by_day[day] for day in sorted(by_day)]
    changes = {kept[0].on} if kept else set()
    changes |= {new.on for old, new in pairwise(kept) if old.status is not new.status}
    latest = {one.on for one in kept[-LATEST:]}
    return tuple(one for one in reversed(kept) if one.on in changes | latest)


def rests(period: Period, days: WorkingDays) -> tuple[Rest, ...]:
    """Return the runs of days nobody works, each weekend and each holiday apart."""
    found: list[Rest] = []
    for day in period.days():
        if days.includes(day):
            continue
        holiday = day in days.holidays and day.isoweekday() < 6  # noqa: PLR2004
        last = found[-1] if found else None
        if last and last.after == day and last.holiday is holiday:
            found[-1] = replace(last, after=day + ONE)
        else:
            found.append(Rest(day, day + ONE, holiday))
    return tuple(found)


def _worked(days: WorkingDays, line: Line, on: datetime.date) -> int:
    after = min(line.after, on + ONE)
    return days.count(Period(line.first, after)) if after > line.first else 0


def _first_set(objective: str) -> SetBy | None:
    line = (
        AuditLine.objects.filter(noun="objective", key=objective, verb="set")
        .order_by("at", "id")
        .first()
    )
    if line is None:
        return None
    return SetBy(_names([line.by]).get(line.by, line.by), line.at)


def _names(emails: Iterable[str]) -> dict[str, str]:
    """Return the names of accounts by e-mail."""
    wanted = [one for one in emails if one]
    if not wanted:
        return {}
    users = User.objects.filter(email__in=wanted).order_by("email")
    return {user.email: user.name or user.email for user in users}
