"""What was learnt, for who writes the next objective: learnings, and our own bias.

What a change gave is counted when the learning is written: as many days before the
change as after it, the same drivers as a gap, and an interval. A learning about the
company or a team is everybody's; about a person, of who may read their notes.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from jalon.domain.kpis.question import Question
from jalon.domain.objectives.states import State
from jalon.domain.people.permission import COMPANY, Act, Subject, Viewer, may
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import Grain, steps
from jalon.domain.refusals import Refusal
from jalon.domain.reviews.bias import Bias, Past, bias
from jalon.domain.reviews.learnings import Change, Verdict, rates, weekly
from jalon.queries import kpi_values
from jalon.queries.board import lines
from jalon.queries.gap_analysis import explain_gap
from jalon.queries.organisation import organisation
from jalon.queries.owners import owner_names
from jalon.queries.snapshots import NoDataError
from jalon.records.reviews import Learning
from jalon.workspace.folder import Workspace

CLOSED = frozenset({State.REACHED, State.MISSED})
SHARES = frozenset({"share", "percent"})
TEAM, PERSON = "team:", "person:"
FEW = 3  # shown where the next objective is written


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A learning with its figures; shares are fractions, as the KPI's unit says."""

    id: int
    kpi: str
    kpi_label: Mapping[str, str]
    unit: str
    currency: str
    better: str
    owner: str
    owner_name: str
    tried: str
    context: str
    gave: str
    next_time: str
    carried_by: str
    before: Period
    after: Period
    change: Change | None
    drivers: tuple[tuple[str, float], ...]
    review: int | None
    lang: str
    by: str
    at: datetime.datetime

    @property
    def verdict(self) -> Verdict:
        """Return what may be said of the change."""
        if self.change is None:
            return Verdict.TOO_FEW
        return self.change.verdict(better=self.better)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """What to know before the next objective on a KPI: its learnings, and the bias."""

    kpi: str = ""
    kpi_label: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    lessons: tuple[Lesson, ...] = ()
    bias: Bias | None = None

    @property
    def some(self) -> bool:
        """Return whether there is anything to tell."""
        return bool(self.lessons) or self.bias is not None


def learnings(
    workspace: Workspace,
    viewer: Viewer,
    *,
    on: datetime.date,
    kpi: str = "",
    owner: str = "",
) -> tuple[Lesson, ...]:
    """Return the learnings the reader may read, the latest first."""
    rows = Learning.objects.order_by("-at", "-id")
    if kpi:
        rows = rows.filter(kpi=kpi)
    if owner:
        rows = rows.filter(owner=owner)
    names = {COMPANY: workspace.settings.company, **owner_names(workspace, on=on)}
    catalogue = kpi_values.catalogue(workspace)
    return tuple(
        _lesson(one, catalogue, names, workspace.settings.currency)
        for one in rows
        if readable(viewer, one.owner)
    )


def readable(viewer: Viewer, owner: str) -> bool:
    """Return whether the reader may read learnings about that owner."""
    if not owner.startswith(PERSON):
        return True
    return may(viewer, Act.SEE_NOTES, subject=Subject(owner))


def before_the_next(
    workspace: Workspace,
    viewer: Viewer,
    kpi: str,
    *,
    owner: str,
    on: datetime.date,
) -> Lessons:
    """Return what to know before an objective on that KPI is written for that owner.

    Learnings on the KPI come first, then those of the owner's own team on others; the
    bias is that of the owner's closed targets on it, else of everybody's they may see.
    """
    catalogue = kpi_values.catalogue(workspace)
    if kpi not in catalogue:
        return Lessons()
    near = _near(workspace, owner, on)
    found = learnings(workspace, viewer, on=on)
    ranked = sorted(
        (one for one in found if one.kpi == kpi or one.owner == owner),
        key=lambda one: (one.kpi != kpi, one.owner not in near),
    )
    return Lessons(
        kpi=kpi,
        kpi_label=dict(catalogue[kpi].label),
        unit=str(catalogue[kpi].unit),
        lessons=tuple(ranked[:FEW]),
        bias=bias_of(workspace, kpi, owner=owner, on=on),
    )


def bias_of(
    workspace: Workspace, kpi: str, *, owner: str, on: datetime.date
) -> Bias | None:
    """Return how far the last closed targets of an owner on a KPI were from what came.

    Where the owner has under two of them, those of the company and of teams count.
    """
    closed = sorted(
        (
            one
            for one in lines(workspace, on=on, states=CLOSED)
            if one.kpi == kpi
            and one.published
            and one.actual is not None
            and one.original_target is not None
            and one.direction in {"up", "down"}
        ),
        key=lambda one: (one.after, one.id),
    )
    own = [one for one in closed if one.owner == owner]
    if len(own) < 2:  # noqa: PLR2004 - one target is no habit
        own = [one for one in closed if not one.owner.startswith(PERSON)]
    if not own:
        return None
    past = [
        Past(float(one.original_target or 0), float(one.actual or 0)) for one in own
    ]
    return bias(past, flow=own[-1].flow, down=own[-1].direction == "down")


def figures(
    workspace: Workspace,
    kpi: str,
    owner: str,
    after: Period,
    *,
    on: datetime.date,
) -> dict[str, Any]:
    """Return what came with a change, as it is kept with a learning.

    `after` begins on the day of the change; before it are as many days.

    Raises:
        Refusal: If the KPI is unknown.
        NoDataError: If nothing was imported yet.
    """
    kind, _, key = owner.partition(":")
    where = () if kind == COMPANY else (f"{kind}={key}",)
    length = after.after - after.first
    before = Period(after.first - length, after.first)
    now = Question(kpi, after, (), where)
    found = _change(workspace, now, Question(kpi, before, (), where), on=on)
    drivers: tuple[tuple[str, float], ...] = ()
    try:
        gap = explain_gap(workspace, now, against="previous", on=on)
    except Refusal:
        pass
    else:
        if gap.reference_period == before:
            drivers = tuple((one.driver, one.amount) for one in gap.effects)
    told = {
        "before_first": before.first.isoformat(),
        "drivers": [list(one) for one in drivers],
    }
    if found is None:
        return told
    return {
        **told,
        "before": found.before,
        "after": found.after,
        "low": found.low,
        "high": found.high,
        "cases": list(found.cases),
    }


def _change(
    workspace: Workspace, now: Question, before: Question, *, on: datetime.date
) -> Change | None:
    kpi = kpi_values.catalogue(workspace)[now.kpi]
    if kpi.minimum:
        return None  # anonymous: told by whole months, too few to compare
    if str(kpi.unit) in SHARES:
        pairs = [_counted(workspace, one, on=on) for one in (before, now)]
        return rates(pairs[0], pairs[1])
    weeks = [
        _weeks(workspace, one, on=on, flow=kpi.kind.value in {"sum", "distinct"})
        for one in (before, now)
    ]
    return weekly(weeks[0], weeks[1])


def _counted(
    workspace: Workspace, question: Question, *, on: datetime.date
) -> tuple[float, float]:
    rows = kpi_values.value(workspace, question, on=on).rows
    row = next(iter(rows), None)
    if row is None:
        return 0.0, 0.0
    return float(row.numerator or 0), float(row.denominator or 0)


def _weeks(
    workspace: Workspace, question: Question, *, on: datetime.date, flow: bool
) -> list[float]:
    """Return the figure of each whole week; one without any counts 0 for a sum."""
    found = []
    week_start = workspace.settings.first_weekday
    for week in steps(question.period, Grain.WEEK, week_start=week_start):
        inside = question.period.first <= week.first
        if not inside or week.after > question.period.after:
            continue
        asked = Question(question.kpi, week, (), question.where)
        row = next(iter(kpi_values.value(workspace, asked, on=on).rows), None)
        value = None if row is None else row.value
        if value is not None:
            found.append(float(value))
        elif flow:
            found.append(0.0)
    return found


def _near(workspace: Workspace, owner: str, on: datetime.date) -> Collection[str]:
    """Return the owner, and the team of a person."""
    if not owner.startswith(PERSON):
        return {owner}
    try:
        team = organisation(workspace, on=on).team_of(owner.removeprefix(PERSON), on)
    except NoDataError:
        return {owner}
    return {owner, f"{TEAM}{team}"}


def _lesson(
    row: Learning, catalogue: Mapping[str, Any], names: dict[str, str], currency: str
) -> Lesson:
    kpi, told = catalogue.get(row.kpi), row.figures
    change = None
    if "before" in told:
        change = Change(
            told["before"], told["after"], told["low"], told["high"], told["cases"]
        )
    return Lesson(
        id=row.pk,
        kpi=row.kpi,
        kpi_label=dict(kpi.label) if kpi else {"fr": row.kpi, "en": row.kpi},
        unit=str(kpi.unit) if kpi else "",
        currency=currency,
        better=str(kpi.better) if kpi else "up",
        owner=row.owner,
        owner_name=names.get(row.owner, row.owner.partition(":")[2]),
        tried=row.tried,
        context=row.context,
        gave=row.gave,
        next_time=row.next_time,
        carried_by=names.get(row.carried_by, row.carried_by),
        before=Period(row.before_first, row.changed_on),
        after=Period(row.changed_on, row.after_after),
        change=change,
        drivers=tuple((str(name), float(amount)) for name, amount in told["drivers"])
        if "drivers" in told
        else (),
        review=row.review_id,
        lang=row.lang,
        by=row.by,
        at=row.at,
    )
