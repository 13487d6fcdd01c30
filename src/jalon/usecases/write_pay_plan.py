"""Write a version of a pay plan, publish it with its notice, take note of it.

A text that cannot be read is never kept. A version is published before it is in force,
to those who are under it, in French where the company is: nothing published is written
again, a change is a new version. What the plan says of people's pay stands apart, in
their terms (`settle_pay`).
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from django.db import transaction

from jalon.domain.incentives.sources import read_text, runnable
from jalon.domain.people.permission import COMPANY, Act
from jalon.domain.refusals import Refusal
from jalon.queries import kpi_values
from jalon.records.pay import PayPlan, PayReceipt, PayTerm
from jalon.usecases.acting import Actor, authorise, forbidden, note
from jalon.usecases.meanwhile import must_stand
from jalon.workspace.folder import Workspace

NOUN = "incentive_plan"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_KEY = "{value} is no name for a plan. Expected letters, digits and -, e.g. ae-2026."
_FIRST = "[plan]: first is missing. Expected the day it is in force, e.g. 2026-01-01."
_KPI = (
    "[measures], {measure}: there is no KPI called {kpi}. Expected a key of the KPI"
    " catalogue, e.g. revenue."
)
_NO_VERSION = (
    "There is no version {number} of the plan {plan}. Expected one of the list."
)
_PUBLISHED = "Version {number} is published: write a new one instead."
_EARLIER = (
    "This version would be in force from {first}, before version {number} which is"
    " published from {since}. Expected a later day."
)
_NO_NOTICE = (
    "Say in a sentence what the plan is and what changes: it is what people are"
    ' notified of. Example: "Plan 2026: the accelerator now begins at 100 %."'
)


@dataclass(frozen=True, slots=True)
class Saved:
    """A version that was written."""

    plan: str
    number: int


def save_version(
    workspace: Workspace,
    plan: str,
    text: str,
    *,
    actor: Actor,
    at: datetime.datetime,
    seen: str | None = None,
) -> Saved:
    """Write a text as the plan's draft; a draft not published is written again.

    `seen` is the `mark` of the text its author began from.

    Raises:
        ForbiddenError: If the actor may not write plans.
        Refusal: If the text cannot be read, or names a KPI that is not known.
        WrittenMeanwhileError: If somebody wrote another one since it was read.
    """
    authorise(actor, Act.WRITE_PAY_PLAN)
    if not _NAME.fullmatch(plan):
        raise Refusal(_KEY, value=plan)
    written = read_text(text)
    if written.plan.first is None:
        raise Refusal(_FIRST)
    known = kpi_values.catalogue(workspace)
    for source in written.sources:
        if source.kpi not in known:
            raise Refusal(_KPI, measure=source.measure, kpi=source.kpi)
    runnable(written, known)
    with transaction.atomic():
        rows = PayPlan.objects.select_for_update().filter(plan=plan)
        last = rows.order_by("-number").first()
        if last is not None:
            must_stand(
                seen,
                last.text,
                text,
                noun=NOUN,
                key=f"{plan} v{last.number}",
                zone=workspace.settings.timezone,
            )
        draft = last if last and last.published_at is None else None
        row = draft or PayPlan(plan=plan, number=last.number + 1 if last else 1)
        row.name = written.plan.name or plan
        row.text = text
        row.first, row.after = written.plan.first, written.plan.after
        row.written_by, row.written_at = actor.name, at
        row.save()
        note(actor, "write", NOUN, f"{plan} v{row.number}", at=at)
    return Saved(plan, row.number)


def publish_version(
    plan: str, number: int, notice: str, *, actor: Actor, at: datetime.datetime
) -> None:
    """Publish a version with its notice; those under the plan are asked to take note.

    Raises:
        ForbiddenError: If the actor may not settle pay for the company.
        Refusal: If it is published already, begins before another, or has no notice.
    """
    authorise(actor, Act.SETTLE_PAY, COMPANY)
    if not notice.strip():
        raise Refusal(_NO_NOTICE)
    with transaction.atomic():
        row = _version(plan, number)
        if row.published_at is not None:
            raise Refusal(_PUBLISHED, number=number)
        later = (
            PayPlan.objects.filter(
                plan=plan, published_at__isnull=False, first__gte=row.first
            )
            .order_by("-first")
            .first()
        )
        if later is not None:
            raise Refusal(
                _EARLIER, first=row.first, number=later.number, since=later.first
            )
        row.notice = notice.strip()
        row.published_by, row.published_at = actor.name, at
        row.save()
        note(actor, "publish", NOUN, f"{plan} v{number}", at=at, first=row.first)


def take_note(plan: str, number: int, *, actor: Actor, at: datetime.datetime) -> None:
    """Keep that somebody under the plan has read a version; once is enough.

    Raises:
        ForbiddenError: If the actor is not under this plan.
        Refusal: If there is no such version published.
    """
    person = actor.viewer.person_id
    if not person or not PayTerm.objects.filter(plan=plan, person_id=person).exists():
        raise forbidden(Act.SEE_PAY)
    with transaction.atomic():
        row = _version(plan, number)
        if row.published_at is None:
            raise Refusal(_NO_VERSION, number=number, plan=plan)
        _one, made = PayReceipt.objects.get_or_create(
            version=row, person_id=person, defaults={"by": actor.name, "at": at}
        )
        if made:
            note(actor, "acknowledge", NOUN, f"{plan} v{number}", at=at)


def _version(plan: str, number: int) -> PayPlan:
    row = (
        PayPlan.objects.select_for_update()
        .filter(plan=plan, number=number)
        .order_by("id")
        .first()
    )
    if row is None:
        raise Refusal(_NO_VERSION, number=number, plan=plan)
    return row
