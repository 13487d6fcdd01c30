"""Agree on figures both ways: propose down, offer up, accept, contest, settle, publish.

Each word is kept with its author and its date; nothing is overwritten. Publishing
writes the objectives of everybody in the grid: new ones, or a dated revision.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from jalon.domain.cascade.agreement import (
    FROM_BELOW,
    SETTLED,
    Said,
    Standing,
    UnableToSayError,
    after,
)
from jalon.domain.cascade.grid import GridRow, with_total
from jalon.domain.cascade.season import Spread
from jalon.domain.kpis.algebra import Kpi
from jalon.domain.objectives.objective import (
    DatedTarget,
    Direction,
    Objective,
    Revision,
)
from jalon.domain.objectives.revising import revised
from jalon.domain.objectives.states import State
from jalon.domain.people.permission import Act
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import Grain, steps
from jalon.domain.refusals import Refusal
from jalon.locale import figures
from jalon.queries.kpi_values import catalogue
from jalon.records import objective_rows, planning_rows
from jalon.records.plannings import Planning
from jalon.usecases.acting import Actor, authorise, note, note_each
from jalon.usecases.cascade_grid import UnknownPlanningError
from jalon.usecases.set_objective import set_objectives
from jalon.workspace.folder import Workspace

_OFFER_NEEDED = "A figure is missing. Expected what you believe in, e.g. 120000."
_CONFIDENCE = "{found} is no confidence. Expected a share between 0 and 1, e.g. 0.8."
_WAITING = (
    "Nothing is published while a contest has no answer: {names}."
    " Answer with a compromise, or overrule openly, with a reason."
)
_DRAFTS = "These figures were not proposed yet: {names}. Propose them first."
_SILENT = (
    "{names} did not answer yet. Wait for their answer, or say why the figure is"
    " published without it."
)
_NAMED = 5


def propose(
    planning: str,
    owners: Iterable[str] | None = None,
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
    text: str = "",
) -> int:
    """Propose the figures in draft to who carries them; return how many.

    Raises:
        ForbiddenError: If the actor may not decide for one of the owners named.
    """
    with transaction.atomic():
        rows, standings = _held(planning)
        chosen = [
            row
            for row in rows
            if row.parent
            and standings[row.owner] is Standing.DRAFT
            and (owners is None or row.owner in set(owners))
        ]
        for row in chosen:
            authorise(actor, Act.DECIDE, row.owner)
            _said(planning, row, Said.PROPOSED, actor=actor, on=on, at=at, text=text)
        planning_rows.stand(planning, Standing.PROPOSED, [r.owner for r in chosen])
        if chosen:
            note(actor, "propose", "planning", planning, at=at, after=len(chosen))
    return len(chosen)


def answer(  # noqa: PLR0913 - of whom, what, how much, how sure, why, by whom and when
    planning: str,
    owner: str,
    said: Said,
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
    figure: Decimal | None = None,
    confidence: Decimal | None = None,
    text: str = "",
) -> Standing:
    """Say something of an owner's figure; return where it then stands.

    From below: offer, accept, contest. From above: a compromise, which changes the
    figure and proposes it again, or overrule it, openly.

    Raises:
        ForbiddenError: If the actor is not the owner, or may not decide for them.
        UnableToSayError: If it may not be said now, or lacks a reason or a figure.
    """
    authorise(actor, Act.PROPOSE if said in FROM_BELOW else Act.DECIDE, owner)
    if said in {Said.OFFERED, Said.COMPROMISE} and figure is None:
        raise UnableToSayError(_OFFER_NEEDED)
    if figure is not None and figure < 0:
        raise UnableToSayError(_OFFER_NEEDED)
    if confidence is not None and not 0 <= confidence <= 1:
        raise UnableToSayError(_CONFIDENCE, found=confidence)
    with transaction.atomic():
        rows, standings = _held(planning, [owner])
        if not rows:
            raise Refusal("{owner} has no row in this planning.", owner=owner)
        row, former = rows[0], standings[owner]
        standing = after(former, said, reason=text)
        if said is Said.COMPROMISE and figure is not None:
            row = _moved(planning, row, figure)
        planning_rows.say(
            planning,
            owner,
            said,
            by=actor.name,
            at=at,
            on=on,
            figure=figure if said in FROM_BELOW and figure is not None else row.total,
            confidence=confidence,
            text=text,
        )
        planning_rows.stand(planning, standing, [owner])
        key = f"{planning} {owner}"
        note(actor, said, "figure", key, at=at, before=former, after=standing)
    return standing


def _moved(planning: str, row: GridRow, figure: Decimal) -> GridRow:
    """Write the compromise over the free months, in their present proportions."""
    step = Planning.objects.get(pk=planning).step or Decimal(1)
    shaped = replace(row, season=row.months) if any(row.months) else row
    bare = replace(shaped, presence=(Decimal(1),) * len(row.months))
    found = with_total(bare, figure, Spread.SEASON, step=step)
    moved = replace(row, months=found.months)
    planning_rows.save(planning, [moved])
    return moved


def publish(
    workspace: Workspace,
    planning: str,
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
    in_spite: str = "",
) -> tuple[Objective, ...]:
    """Write the objectives of everybody in the grid, and return them.

    `in_spite` is the reason why figures nobody answered are published; a contest must
    be answered one by one.

    Raises:
        ForbiddenError: If the actor may not decide for the company.
        Refusal: If a contest is silent, a figure was never proposed, or somebody did
            not answer and no reason is given.
    """
    authorise(actor, Act.DECIDE)
    with transaction.atomic():
        one = _planning(planning)
        rows, standings = _held(planning)
        _check_settled(rows, standings, in_spite)
        silent = [row for row in rows if standings[row.owner] is Standing.PROPOSED]
        for row in silent:
            _said(
                planning, row, Said.OVERRULED, actor=actor, on=on, at=at, text=in_spite
            )
        planning_rows.stand(planning, Standing.OVERRULED, [r.owner for r in silent])
        kpi = catalogue(workspace)[one.kpi]
        found = _objectives(workspace, one, rows, kpi, on=on)
        written = _written(workspace, one, found, actor=actor, on=on, at=at)
        one.published_on = on
        one.save(update_fields=["published_on"])
        note(actor, "publish", "planning", planning, at=at, after=len(written))
    return written


def _check_settled(
    rows: Iterable[GridRow], standings: Mapping[str, Standing], in_spite: str
) -> None:
    names: dict[Standing, list[str]] = {}
    for row in rows:
        if row.parent and standings[row.owner] not in SETTLED:
            names.setdefault(standings[row.owner], []).append(row.name)
    if contested := names.get(Standing.CONTESTED):
        raise UnableToSayError(_WAITING, names=_some(contested))
    if drafts := names.get(Standing.DRAFT):
        raise UnableToSayError(_DRAFTS, names=_some(drafts))
    if (silent := names.get(Standing.PROPOSED)) and not in_spite.strip():
        raise UnableToSayError(_SILENT, names=_some(silent))


def _some(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" +{more}" if more > 0 else "")


def objective_id(planning: str, owner: str) -> str:
    """Return the id of the objective a planning writes for an owner."""
    return f"{planning}-{owner.replace(':', '-')}"


def _objectives(
    workspace: Workspace,
    one: Planning,
    rows: Iterable[GridRow],
    kpi: Kpi,
    *,
    on: datetime.date,
) -> list[Objective]:
    period = Period(one.first, one.after)
    months = steps(period, Grain.MONTH)
    state = State.ACTIVE if period.first <= on else State.AGREED
    return [
        Objective(
            id=objective_id(one.id, row.owner),
            kpi=one.kpi,
            owner=row.owner,
            period=period,
            direction=Direction(kpi.better) if row.volumes else Direction.UP,
            original_target=row.total,
            baseline=row.history if row.volumes else None,
            statement=_statement(workspace, row.total, kpi, period),
            lang=workspace.settings.language,
            plan=_plan(row, months),
            parent=objective_id(one.id, row.parent) if row.parent else one.parent,
            state=state,
        )
        for row in rows
    ]


def _plan(row: GridRow, months: Iterable[Period]) -> tuple[DatedTarget, ...]:
    """Return what is asked month by month; a mean is asked over its whole period."""
    if row.volumes:
        return ()
    return tuple(
        DatedTarget(month.first, amount)
        for month, amount in zip(months, row.months, strict=True)
    )


def _statement(workspace: Workspace, total: Decimal, kpi: Kpi, period: Period) -> str:
    lang = workspace.settings.language
    currency = workspace.settings.currency
    with override(lang):
        return _("{kpi}: reach {figure} over {period}").format(
            kpi=kpi.label[lang],
            figure=figures.exact(total, str(kpi.unit), lang=lang, currency=currency),
            period=figures.period_name(
                period.first,
                period.after,
                lang=lang,
                fiscal_first_month=workspace.settings.fiscal_first_month,
            ),
        )


def _written(
    workspace: Workspace,
    one: Planning,
    wanted: list[Objective],
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
) -> tuple[Objective, ...]:
    """Set the new objectives; revise those whose target moved since the last time."""
    former = objective_rows.load([each.id for each in wanted])
    new = [each for each in wanted if each.id not in former]
    kept = []
    for each in wanted:
        known = former.get(each.id)
        if known is None or known.is_closed:
            continue
        if known.target == each.original_target:
            kept.append(known)
            continue
        revision = Revision(
            former=known.target,
            new=each.original_target or Decimal(0),
            effective_on=min(max(on, one.first), one.after - datetime.timedelta(1)),
            reason="strategy",
            text=one.title,
            by=actor.name,
            at=at,
        )
        kept.append(replace(revised(known, revision), statement=each.statement))
    objective_rows.save(kept)
    changes = {
        each.id: (former[each.id].target, each.target)
        for each in kept
        if former[each.id] != each
    }
    note_each(actor, "retarget", "objective", changes, at=at)
    written = set_objectives(workspace, new, actor=actor, on=on, at=at) if new else ()
    return (*written, *kept)


def _said(  # noqa: PLR0913 - of whom, what, by whom, when, why
    planning: str,
    row: GridRow,
    said: Said,
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
    text: str = "",
) -> None:
    planning_rows.say(
        planning,
        row.owner,
        said,
        by=actor.name,
        at=at,
        on=on,
        figure=row.total,
        text=text,
    )


def _planning(planning: str) -> Planning:
    try:
        return planning_rows.locked(planning)
    except Planning.DoesNotExist as error:
        raise UnknownPlanningError(planning) from error


def _held(
    planning: str, owners: Iterable[str] | None = None
) -> tuple[tuple[GridRow, ...], dict[str, Standing]]:
    _planning(planning)
    standings = {
        owner: Standing(standing)
        for owner, standing in planning_rows.standings(planning).items()
    }
    return planning_rows.load(planning, owners=owners), standings
