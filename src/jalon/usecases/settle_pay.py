"""Settle the pay of a closed period: target pays, the run, its review, its publication.

Statements are computed from figures frozen when their objectives closed. Before it is
approved a run may be computed again; a published one never moves: where a former period
reads otherwise now, the next run carries the difference as a line of its own. Amounts
stay out of the journal, which others read too.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from jalon.domain.incentives import inputs as domain
from jalon.domain.incentives.inputs import Input, Payee
from jalon.domain.incentives.plan import ZERO
from jalon.domain.incentives.rewarding import proposed
from jalon.domain.incentives.settling import (
    DECISION,
    NEXT,
    Due,
    RunState,
    decided,
    settled,
)
from jalon.domain.incentives.statement import Line
from jalon.domain.people.permission import COMPANY, Act
from jalon.domain.refusals import Refusal
from jalon.queries.evaluations import current_snapshot
from jalon.queries.pay_former import FormerPeriods
from jalon.queries.pay_inputs import (
    Scope,
    frozen_inputs,
    payees,
    roster,
)
from jalon.records import pay_rows
from jalon.records.pay import (
    PayPlan,
    PayQuestion,
    PayReward,
    PayRun,
    PayStatement,
    PayTerm,
)
from jalon.usecases.acting import Actor, authorise, note
from jalon.workspace.folder import Workspace

NOUN, TERM = "payout", "pay"
BATCH = 500
_NO_PLAN = "No version of the plan {plan} is published for {day}. Publish one first."
_UNKNOWN_PLAN = "There is no plan called {plan}. Expected one of the list."
_NOT_OVER = "{period} is not over before {after}. A run is made of a closed period."
_SETTLED = (
    "{period} is {state}: its statements do not move any more. What has changed since"
    " is a correction of the next run."
)
_NO_RUN = "There is no such run. Expected one of the list."
_NOT_NEXT = "{period} is {state}; it cannot become {wanted} from there."
_NOBODY = "Nobody is under the plan {plan} over {period}. Add a target pay first."
_RATE = "A rate is 0 or more, not {value}. Expected e.g. 0.05."
_NEGATIVE = "A target pay is 0 or more, not {value}. Expected e.g. 4000."


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Somebody's target pay and rate under a plan from a day; None: the plan's own."""

    plan: str
    person: str
    first: datetime.date
    after: datetime.date | None = None
    variable: Decimal | None = None
    rate: Decimal | None = None


def set_terms(
    workspace: Workspace,
    terms: Sequence[Term],
    *,
    actor: Actor,
    at: datetime.datetime,
) -> None:
    """Put people under a plan; a target pay from the same day on replaces the former.

    Raises:
        ForbiddenError: If the actor may not settle the pay of one of them.
        Refusal: If there is no such person or plan, or an amount is below 0.
    """
    known = roster(workspace)
    plans = set(PayPlan.objects.order_by("plan").values_list("plan", flat=True))
    for one in terms:
        authorise(actor, Act.SETTLE_PAY, f"person:{one.person}")
        known.known(one.person)
        if one.plan not in plans:
            raise Refusal(_UNKNOWN_PLAN, plan=one.plan)
        if one.variable is not None and one.variable < 0:
            raise Refusal(_NEGATIVE, value=one.variable)
        if one.rate is not None and one.rate < 0:
            raise Refusal(_RATE, value=one.rate)
    with transaction.atomic():
        for one in terms:
            PayTerm.objects.update_or_create(
                plan=one.plan,
                person_id=one.person,
                first=one.first,
                defaults={
                    "after": one.after,
                    "variable": one.variable,
                    "rate": one.rate,
                    "by": actor.name,
                    "at": at,
                },
            )
            owner = f"person:{one.person}"
            note(actor, "put under", TERM, owner, at=at, plan=one.plan, first=one.first)


def run_period(
    workspace: Workspace,
    plan: str,
    day: datetime.date,
    *,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
) -> int:
    """Compute the statements of the period `day` falls in; return the run's key.

    Raises:
        ForbiddenError: If the actor may not settle the company's pay.
        Refusal: If the period is not over, is settled, or nobody is under the plan.
    """
    authorise(actor, Act.SETTLE_PAY, COMPANY)
    version, scope = scope_of(workspace, plan, day)
    if on < scope.period.after:
        raise Refusal(_NOT_OVER, period=scope.name, after=scope.period.after)
    _still_open(scope)
    former = FormerPeriods(workspace, scope, on=on)
    who = payees(workspace, scope)
    inputs = former.with_cancelled(frozen_inputs(workspace, scope, who))
    due = settled(
        scope.written,
        inputs,
        period=scope.name,
        before=former.inputs,
        until=scope.period.after - datetime.timedelta(days=1),
    )
    lines = {person: list(one.lines) for person, one in due.items()}
    for line in (*former.corrections(), *_decisions(scope)):
        lines.setdefault(line.person, []).append(line)
    if not lines:
        raise Refusal(_NOBODY, plan=plan, period=scope.name)
    with transaction.atomic():
        run = _run(scope, version, current_snapshot(workspace), actor=actor, at=at)
        _write(workspace, run, scope, who, due, lines)
        _propose(workspace, run, scope, who, inputs)
        note(actor, "run", NOUN, str(run.pk), at=at, plan=plan, period=scope.name)
    return run.pk


def scope_of(
    workspace: Workspace, plan: str, day: datetime.date
) -> tuple[PayPlan, Scope]:
    """Return the version in force on the first day of a period, and the period.

    Raises:
        Refusal: If no version is published for that day.
    """
    row = pay_rows.in_force(plan, day)
    if row is None:
        raise Refusal(_NO_PLAN, plan=plan, day=day)
    first_month = workspace.settings.fiscal_first_month
    written = pay_rows.written(row.text)
    period, name = written.period_of(day, first_month=first_month)
    row = pay_rows.in_force(plan, period.first) or row
    return row, Scope(plan, pay_rows.written(row.text), period, name)


def advance_run(
    run: int, wanted: RunState, *, actor: Actor, at: datetime.datetime
) -> None:
    """Review, approve or publish a run: each step in its turn.

    Raises:
        ForbiddenError: If the actor may not settle the company's pay.
        Refusal: If there is no such run, or it is not its turn.
    """
    authorise(actor, Act.SETTLE_PAY, COMPANY)
    with transaction.atomic():
        row = PayRun.objects.select_for_update().filter(pk=run).order_by("id").first()
        if row is None:
            raise Refusal(_NO_RUN)
        state = RunState(row.state)
        if NEXT.get(state) is not wanted:
            raise Refusal(_NOT_NEXT, period=row.name, state=state, wanted=wanted)
        row.state = wanted.value
        row.moves = [*row.moves, [wanted.value, actor.name, at.isoformat()]]
        row.save(update_fields=["state", "moves"])
        note(actor, wanted.value, NOUN, str(run), at=at, period=row.name)


def _still_open(scope: Scope) -> None:
    row = _known_run(scope).first()
    if row and row.state in {RunState.APPROVED, RunState.PUBLISHED}:
        state = Refusal(f"payrun.{row.state}")
        raise Refusal(_SETTLED, period=scope.name, state=state)


def _known_run(scope: Scope):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a queryset
    return PayRun.objects.filter(
        plan=scope.plan, first=scope.period.first, after=scope.period.after
    ).order_by("id")


def _run(
    scope: Scope,
    version: PayPlan,
    snapshot: str,
    *,
    actor: Actor,
    at: datetime.datetime,
) -> PayRun:
    """Return the run of the period, emptied if it was computed before."""
    row = _known_run(scope).select_for_update().first() or PayRun(
        plan=scope.plan, first=scope.period.first, after=scope.period.after
    )
    row.version, row.name, row.snapshot = version, scope.name, snapshot
    row.state = RunState.COMPUTED.value
    row.moves = [*row.moves, [row.state, actor.name, at.isoformat()]]
    row.save()
    PayStatement.objects.filter(run=row).delete()
    PayQuestion.objects.filter(settled_in=row).update(settled_in=None)
    return row


def _write(
    workspace: Workspace,
    run: PayRun,
    scope: Scope,
    who: Iterable[Payee],
    due: Mapping[str, Due],
    lines: Mapping[str, Sequence[Line]],
) -> None:
    paid = {one.person: one for one in who}
    known = roster(workspace)
    rows = []
    for person, found in sorted(lines.items()):
        payee = paid.get(person)
        named = known.people.get(person)
        rows.append(
            PayStatement(
                run=run,
                person_id=person,
                name=payee.name if payee else (named.name if named else person),
                team_id=payee.team if payee else "",
                currency=scope.written.plan.currency,
                variable=_variable(payee, scope),
                total=sum((line.amount for line in found), ZERO),
                inputs=[
                    domain.plain(one) for one in (due[person].inputs if payee else ())
                ],
                lines=[pay_rows.line_told(line) for line in found],
            )
        )
    PayStatement.objects.bulk_create(rows, batch_size=BATCH)
    asked = [
        line.row for found in lines.values() for line in found if line.rule == DECISION
    ]
    if asked:
        _open_decisions(scope).update(settled_in=run)


def _propose(
    workspace: Workspace,
    run: PayRun,
    scope: Scope,
    who: Iterable[Payee],
    inputs: Iterable[Input],
) -> None:
    """Write the rewards other than money that the figures propose."""
    known = roster(workspace)
    names = {one.person: one.name for one in who}
    leaders = {
        person: known.people[person].manager_id or ""
        for person in names
        if person in known.people
    }
    PayReward.objects.filter(run=run).delete()
    PayReward.objects.bulk_create(
        PayReward(
            run=run,
            person_id=one.person,
            name=names.get(one.person, one.person),
            key=one.rule.key,
            label=one.rule.label,
            measure=one.rule.measure,
            reached=one.reached,
            minutes=one.rule.minutes,
            within=one.within,
        )
        for one in proposed(scope.written.rewards, inputs, leaders)
    )


def _variable(payee: Payee | None, scope: Scope) -> Decimal | None:
    """Return the target pay of the period, prorated."""
    if payee is None:
        return None
    whole = scope.written.plan.variable
    found = [
        (whole if part.variable is None else part.variable, part.presence)
        for part in payee.parts
    ]
    known = [
        amount if share is None else amount * share
        for amount, share in found
        if amount is not None
    ]
    return sum(known, ZERO) if known else None


def _open_decisions(scope: Scope):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a queryset
    return PayQuestion.objects.filter(
        statement__run__plan=scope.plan, amount__isnull=False, settled_in=None
    )


def _decisions(scope: Scope) -> list[Line]:
    """Return the lines of the answers that pay, not carried by a run yet.

    Those of a run computed again are carried again.
    """
    rows = PayQuestion.objects.filter(
        statement__run__plan=scope.plan, amount__isnull=False
    ).select_related("statement__run", "settled_in")
    return [
        decided(
            row.statement.person_id,
            scope.name,
            row.amount,
            of=row.statement.run.name,
            text=row.answer,
        )
        for row in rows.order_by("id")
        if row.amount and (row.settled_in is None or _is_of(row.settled_in, scope))
    ]


def _is_of(run: PayRun, scope: Scope) -> bool:
    return (run.first, run.after) == (scope.period.first, scope.period.after)
