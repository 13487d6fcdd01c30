"""Re-target as one act: the new targets, the effort credited, the message, receipts.

The former target stays for ever; attainment is shown against both. Carried to the
objectives below, all are written in one transaction, or none is.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import get_language

from jalon.domain.objectives.objective import Objective, Revision
from jalon.domain.objectives.revising import revised
from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.locale import figures
from jalon.queries import retargets
from jalon.queries.pages import Line
from jalon.queries.retargets import Effect, Effects, answers_for
from jalon.records import objective_rows
from jalon.records.receipts import Receipt
from jalon.usecases.acting import Actor, authorise, forbidden, note
from jalon.workspace.folder import Workspace

_NO_TEXT = (
    "Say in a sentence why the target changes: it is shown to those concerned."
    ' Example: "Two large accounts froze their budgets until September."'
)
_SAME = "The new target is the present one, {target}. Expected another figure."
_CHANGED = (
    "{who} changed the target of {objective} on {day} at {time}: it was {seen}, it is "
    "now {present}; you ask for {asked}. Look at what changes from there, then confirm."
)
_NO_RETARGET = "There is no such re-target to take note of."


class TargetMovedError(Refusal):
    """Somebody changed the target since it was read: who, when, the three figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retarget:
    """What is asked: the new target, from when, why, and what is said to people.

    `seen` is the target its author read; None where nobody looked at one.
    """

    new: Decimal
    effective_on: datetime.date
    reason: str
    text: str
    carry: bool = False
    credit: bool = True
    priorities: str = ""
    message: str = ""
    seen: Decimal | None = None


def retarget(
    objective: Objective, revision: Revision, *, actor: Actor, at: datetime.datetime
) -> Objective:
    """Return the objective with its new target, written with its reason and author.

    Raises:
        ForbiddenError: If the actor may not decide on its owner's objectives.
        UnableToRetargetError: If it is closed, the day is outside its period, or the
            reason is not of the list.
    """
    authorise(actor, Act.DECIDE, objective.owner)
    changed = revised(objective, replace(revision, at=at, by=actor.name))
    with transaction.atomic():
        objective_rows.save([changed])
        _note(objective, changed, actor=actor, at=at)
    return changed


def retarget_with_those_below(
    workspace: Workspace,
    objective: str,
    asked: Retarget,
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
) -> tuple[Objective, ...]:
    """Write a re-target, and with `carry` those of the objectives under it.

    Raises:
        ForbiddenError: If the actor may not decide for one of the owners.
        UnableToRetargetError: If one of them cannot change; none is written.
        Refusal: If the sentence is missing or the target is the present one.
        TargetMovedError: If a target is not the one that was read.
    """
    if not asked.text.strip():
        raise Refusal(_NO_TEXT)
    found = retargets.effects(
        workspace, objective, asked.new, carry=asked.carry, credit=asked.credit, on=on
    )
    if found.top.former == asked.new:
        raise Refusal(_SAME, target=asked.new)
    for effect in found.changed:
        authorise(actor, Act.DECIDE, effect.line.owner)
    with transaction.atomic():
        former = objective_rows.held([effect.line.id for effect in found.changed])
        _all_stand(former, found, asked, workspace)
        changed = []
        for effect in found.changed:
            if effect.new == effect.former:
                continue
            revision = Revision(
                former=effect.former,
                new=effect.new,
                effective_on=_day(asked.effective_on, effect.line, objective),
                reason=asked.reason,
                text=asked.text.strip(),
                by=actor.name,
                at=at,
                effort_credited=effect.credited if asked.credit else None,
                priorities=asked.priorities.strip(),
                message=asked.message.strip(),
            )
            changed.append(revised(former[effect.line.id], revision))
        objective_rows.save(changed)
        for one in changed:
            _note(former[one.id], one, actor=actor, at=at)
    return tuple(changed)


def _all_stand(
    held: Mapping[str, Objective], found: Effects, asked: Retarget, workspace: Workspace
) -> None:
    """Refuse where a target is no longer the one read, by eye or to reckon on."""
    top = found.top
    if asked.seen is not None:
        _must_stand(held[top.line.id], replace(top, former=asked.seen), workspace)
    for effect in found.changed:
        _must_stand(held[effect.line.id], effect, workspace)


def _must_stand(held: Objective, read: Effect, workspace: Workspace) -> None:
    """Do nothing where the target is the one that was read.

    Raises:
        TargetMovedError: If it is not.
    """
    if held.target == read.former:
        return
    line, lang = read.line, (get_language() or workspace.settings.language)[:2]
    last = held.revisions[-1] if held.revisions else None
    zone = ZoneInfo(workspace.settings.timezone)
    at = last.at.astimezone(zone) if last and last.at else None

    def figure(value: Decimal | None) -> str:
        currency = line.currency or workspace.settings.currency
        if value is None:
            return "–"
        return figures.exact(value, line.unit, lang=lang, currency=currency)

    raise TargetMovedError(
        _CHANGED,
        who=last.by if last else "?",
        objective=f"{line.owner_name}, {line.kpi_label.get(lang) or line.kpi}",
        day=figures.day(at.date(), lang=lang) if at else "?",
        time=f"{at:%H:%M}" if at else "?",
        seen=figure(read.former),
        present=figure(held.target),
        asked=figure(read.new),
    )


def _day(day: datetime.date, line: Line, top: str) -> datetime.date:
    """Return from when an objective changes: one to come, from its first day on."""
    return day if line.id == top else max(day, line.first)


def acknowledge(
    objective: str, rank: int, *, actor: Actor, at: datetime.datetime
) -> None:
    """Keep that the owner has read a re-target; once is enough.

    Raises:
        ForbiddenError: If the actor does not carry the objective.
        Refusal: If it has no re-target of that rank.
    """
    found = objective_rows.load([objective])[objective]
    if not answers_for(actor.viewer, found.owner):
        raise forbidden(Act.PROPOSE)
    if not 1 <= rank <= len(found.revisions):
        raise Refusal(_NO_RETARGET)
    with transaction.atomic():
        _one, made = Receipt.objects.get_or_create(
            objective_id=objective, rank=rank, by=actor.name, defaults={"at": at}
        )
        if made:
            note(actor, "acknowledge", "objective", objective, at=at, after=rank)


def _note(
    former: Objective, new: Objective, *, actor: Actor, at: datetime.datetime
) -> None:
    revision = new.revisions[-1]
    note(
        actor,
        "retarget",
        "objective",
        new.id,
        at=at,
        before=former.target,
        after=revision.new,
        effective_on=revision.effective_on,
        reason=revision.reason,
    )
