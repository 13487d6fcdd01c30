"""A review prepared: all its figures gathered once.

Objectives that ended in the period answer their frozen figures; those that go on answer
as they stood on its last day: the evaluation kept of it, else one made of it. Gaps are
explained here, never on a page.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from jalon.domain.attainment.evaluation import Evaluation
from jalon.domain.objectives.states import State
from jalon.domain.people.permission import COMPANY
from jalon.domain.periods import Period
from jalon.domain.refusals import Refusal
from jalon.domain.reviews.review import State as ReviewState
from jalon.queries.board import lines
from jalon.queries.evaluations import computed, current_snapshot
from jalon.queries.field_words import heard_of
from jalon.queries.funnel_page import people_of
from jalon.queries.gap_analysis import Gap
from jalon.queries.gap_page import gap_of
from jalon.queries.organisation import organisation
from jalon.queries.owners import owner_names
from jalon.queries.pages import Line
from jalon.queries.review_document import (
    Cause,
    Counted,
    Decided,
    Deed,
    Document,
    Driven,
    Field,
    Forecasted,
    Result,
    Revised,
)
from jalon.records import evaluation_rows, objective_rows
from jalon.records.reviews import Review, ReviewDecision
from jalon.workspace.folder import Workspace

ONE = datetime.timedelta(days=1)
PERSON = "person:"
EVERY = frozenset(State) - {State.DRAFT, State.PROPOSED, State.CONTESTED}
CAUSES, DEEDS, FORECASTS = 3, 30, 40
CENT = Decimal("0.0001")
LEVELS = {"company": 0, "team": 1, "person": 2}


def prepared(
    workspace: Workspace, owner: str, kind: str, period: Period, *, on: datetime.date
) -> Document:
    """Return the review of an owner over a period as it stands on a day.

    Raises:
        NoDataError: If nothing was imported yet.
    """
    owners, people = _reach(workspace, owner, on)
    end = min(on, period.after - ONE)
    named = owner_names(workspace, on=on)
    names = {COMPANY: workspace.settings.company, **named}
    ours = _lines(workspace, owners, period, on=on)
    heard = heard_of(workspace, people, Period(period.first, end + ONE))
    return Document(
        owner=owner,
        owner_name=names.get(owner, owner.partition(":")[2]),
        kind=kind,
        first=period.first,
        after=period.after,
        on=on,
        company=workspace.settings.company,
        currency=workspace.settings.currency,
        snapshot=current_snapshot(workspace),
        results=_results(ours, period, on),
        causes=_causes(workspace, owner, ours, end),
        heard=Field(
            said=heard.said,
            authors=heard.authors,
            classes=tuple(
                Counted(name=name, said=said, authors=authors)
                for name, said, authors in heard.classes
            ),
            rising=tuple(
                Counted(
                    name=one.term, said=one.said, authors=one.authors, before=one.before
                )
                for one in heard.rising
            ),
        ),
        deeds=_deeds(ours, names, period),
        commitments=commitments(workspace, owner, kind, period.first, on=on),
        forecasts=_forecasts(ours, period, on),
    )


def commitments(
    workspace: Workspace,
    owner: str,
    kind: str,
    first: datetime.date,
    *,
    on: datetime.date,
) -> tuple[Decided, ...]:
    """Return what the review before decided, with what became of it."""
    former = (
        Review.objects.filter(
            owner=owner, kind=kind, first__lt=first, state=ReviewState.FROZEN.value
        )
        .order_by("-first")
        .first()
    )
    if former is None:
        return ()
    return decided(workspace, former, on=on)


def decided(
    workspace: Workspace, review: Review, *, on: datetime.date
) -> tuple[Decided, ...]:
    """Return the decisions of a review, in the order they were taken."""
    names = owner_names(workspace, on=on)
    rows = ReviewDecision.objects.filter(review=review).order_by("id")
    return tuple(
        Decided(
            id=one.pk,
            text=one.text,
            lang=one.lang,
            owner=one.owner,
            owner_name=names.get(one.owner, one.owner.partition(":")[2])
            if one.owner != COMPANY
            else workspace.settings.company,
            kpi=one.kpi,
            due=one.due,
            by=one.by,
            kept=one.kept,
            answer=one.answer,
        )
        for one in rows
    )


def _reach(
    workspace: Workspace, owner: str, on: datetime.date
) -> tuple[frozenset[str], frozenset[str] | None]:
    """Return whose objectives are looked at, and whose words are heard."""
    found = organisation(workspace, on=on)
    people = people_of(found, owner, on)
    kind, _, key = owner.partition(":")
    if kind == COMPANY:
        return frozenset({COMPANY, *(f"team:{one.team_id}" for one in found.teams)}), (
            None
        )
    if kind == "person":
        return frozenset({owner}), people
    teams = {f"team:{one}" for one in found.within(key)}
    return frozenset({*teams, *(f"{PERSON}{one}" for one in people or ())}), people


def _lines(
    workspace: Workspace, owners: frozenset[str], period: Period, *, on: datetime.date
) -> list[tuple[Line, Evaluation | None]]:
    """Return the period's objectives, and how those that go on stood at its end."""
    end = min(on, period.after - ONE)
    found = [
        one
        for one in lines(workspace, on=on, states=EVERY)
        if one.owner in owners and one.first <= end and one.after > period.first
    ]
    going = [one for one in found if one.after > period.after and on >= period.after]
    kept = evaluation_rows.made_on(end, [one.id for one in going])
    if unread := [one.id for one in going if one.id not in kept]:
        known = objective_rows.load(unread)
        kept |= computed(workspace, list(known.values()), on=end)
    return [(one, kept.get(one.id)) for one in found]


def _results(
    ours: Sequence[tuple[Line, Evaluation | None]], period: Period, on: datetime.date
) -> tuple[Result, ...]:
    known = objective_rows.load([line.id for line, _kept in ours])
    found = [
        _result(
            line,
            kept,
            tuple(
                Revised(
                    former=one.former,
                    new=one.new,
                    effective_on=one.effective_on,
                    reason=one.reason,
                    text=one.text,
                    credited=one.effort_credited,
                )
                for one in known[line.id].revisions
                if one.effective_on < period.after
            ),
            ended=line.after <= min(period.after, on),
        )
        for line, kept in ours
    ]
    return tuple(
        sorted(
            found,
            key=lambda one: (
                not one.ended,
                LEVELS.get(one.owner.partition(":")[0], 3),
                one.owner_name,
                one.kpi != "revenue",
                one.id,
            ),
        )
    )


def _result(
    line: Line,
    kept: Evaluation | None,
    revisions: tuple[Revised, ...],
    *,
    ended: bool,
) -> Result:
    found = Result(
        id=line.id,
        statement=line.statement,
        lang=line.lang,
        owner=line.owner,
        owner_name=line.owner_name,
        kpi=line.kpi,
        kpi_label=dict(line.kpi_label),
        unit=line.unit,
        currency=line.currency,
        direction=line.direction,
        flow=line.flow,
        first=line.first,
        after=line.after,
        status=line.status,
        actual=line.actual,
        target=line.target,
        original_target=line.original_target,
        attainment=line.attainment,
        original_attainment=line.original_attainment,
        landing=() if ended else line.landing or (),
        probability=None if ended else line.probability,
        reason=line.reason,
        ended=ended,
        revisions=revisions,
    )
    if kept is None:
        return found
    return replace(
        found,
        status=kept.status.value,
        actual=kept.actual,
        target=kept.target,
        original_target=kept.original_target,
        attainment=kept.attainment,
        original_attainment=kept.original_attainment,
        landing=landing(kept),
        probability=kept.probability,
        reason=kept.reason,
    )


def landing(found: Evaluation) -> tuple[Decimal, ...]:
    """Return P10, P50 and P90 of an evaluation, nothing where one is missing."""
    three = (found.landing.p10, found.landing.p50, found.landing.p90)
    return tuple(one for one in three if one is not None) if None not in three else ()


def _causes(
    workspace: Workspace,
    owner: str,
    ours: Sequence[tuple[Line, Evaluation | None]],
    end: datetime.date,
) -> tuple[Cause, ...]:
    """Return the gaps explained of the objectives furthest from their target.

    In the review of a team or of the company, never one person's.
    """
    own = [line for line, _kept in ours if line.owner == owner]
    below = [
        line
        for line, _kept in ours
        if line.owner != owner and not line.owner.startswith(PERSON)
    ]
    measured = [one for one in (*own, *below) if one.attainment is not None]
    measured.sort(key=lambda one: (one.owner != owner, one.attainment or Decimal(0)))
    found: list[Cause] = []
    seen: set[tuple[str, str]] = set()
    for line in measured:
        if len(found) == CAUSES:
            break
        if (line.kpi, line.owner) in seen:
            continue
        seen.add((line.kpi, line.owner))
        try:
            gap = gap_of(workspace, line, against="target", cut=False, on=end)
        except Refusal:
            continue
        cause = _cause(line, gap)
        if cause.heaviest is not None:
            found.append(cause)
    return tuple(found)


def _cause(line: Line, gap: Gap) -> Cause:
    return Cause(
        objective=line.id,
        reference=gap.reference,
        actual=gap.actual,
        against=gap.against,
        before_first=gap.reference_period.first,
        before_after=gap.reference_period.after,
        drivers=tuple(
            Driven(driver=one.driver, amount=Decimal(str(one.amount)).quantize(CENT))
            for one in gap.effects
        ),
        where=tuple(
            " · ".join(label for _dimension, label in one.keys)
            for one in gap.suspects
            if "person" not in dict(one.keys)
        )[:2],
    )


def _deeds(
    ours: Iterable[tuple[Line, Evaluation | None]],
    names: dict[str, str],
    period: Period,
) -> tuple[Deed, ...]:
    """Return the actions done in the period or due by its end, the done first."""
    known = objective_rows.load([line.id for line, _kept in ours])
    found = [
        Deed(
            text=one.action,
            owner_name=names.get(one.owner, one.owner.partition(":")[2])
            or names.get(objective.owner, ""),
            objective=objective.id,
            due=one.due,
            done=one.done,
            done_on=one.done_on,
            result=one.result,
        )
        for objective in known.values()
        for one in objective.actions
        if _within(one.done_on or one.due, period)
    ]
    last = datetime.date.max
    found.sort(key=lambda one: (not one.done, one.due or last, one.text))
    return tuple(found[:DEEDS])


def _within(day: datetime.date | None, period: Period) -> bool:
    return day is None or period.first <= day < period.after


def _forecasts(
    ours: Iterable[tuple[Line, Evaluation | None]],
    period: Period,
    on: datetime.date,
) -> tuple[Forecasted, ...]:
    """Return what was forecast nearest the middle of each objective that ended."""
    found = []
    for line, _kept in ours:
        if line.after > min(period.after, on) or line.actual is None:
            continue
        middle = line.first + (line.after - line.first) / 2
        said = [
            one
            for one in evaluation_rows.history(line.id)
            if landing(one) and one.on < line.after - ONE
        ]
        if said:
            nearest = min(said, key=lambda one: abs(one.on - middle))
            found.append(
                Forecasted(
                    objective=line.id,
                    on=nearest.on,
                    landing=landing(nearest),
                    probability=nearest.probability,
                    came=line.actual,
                    reached=line.status == "reached",
                )
            )
    return tuple(found[:FORECASTS])
