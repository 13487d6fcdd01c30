"""A question on a line of a statement, its answer and its decision.

The person asks, who settles their pay answers; an answer that pays is a line of the
next run. Nobody decides on their own question, unless they alone direct.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.db import transaction

from jalon.domain.incentives.settling import RunState
from jalon.domain.people.permission import Act
from jalon.domain.people.roles import Role
from jalon.domain.refusals import Refusal
from jalon.records.objectives import Objective
from jalon.records.pay import PayAcceptance, PayQuestion, PayStatement
from jalon.usecases.acting import Actor, authorise, forbidden, note

NOUN = "dispute"
UPHELD, CHANGED = "upheld", "changed"
_NO_LINE = "There is no such line on this statement. Expected one of those shown."
_NO_TEXT = 'Say what you ask. Example: "Deal 4711 was signed on 28 March."'
_NO_ANSWER = 'Say why. Example: "The deal counts: 1,200 € are added to the next run."'
_ANSWERED = "This question has its answer already."
_NO_QUESTION = "There is no such question. Expected one of the list."
_NO_AMOUNT = "A decision to change needs an amount, e.g. 150 or -40."
_NO_REVISION = "There is no such re-target to accept."


def ask(
    statement: int, line: int, text: str, *, actor: Actor, at: datetime.datetime
) -> None:
    """Write a question of the person on one line of their published statement.

    Raises:
        ForbiddenError: If it is somebody else's statement.
        Refusal: If there is no such line, or nothing is asked.
    """
    row = (
        PayStatement.objects.filter(pk=statement)
        .select_related("run")
        .order_by("id")
        .first()
    )
    if row is None or row.run.state != RunState.PUBLISHED.value:
        raise Refusal(_NO_LINE)
    if row.person_id != actor.viewer.person_id:
        raise forbidden(Act.SEE_PAY)
    if not 1 <= line <= len(row.lines):
        raise Refusal(_NO_LINE)
    if not text.strip():
        raise Refusal(_NO_TEXT)
    with transaction.atomic():
        PayQuestion.objects.create(
            statement=row, line=line, text=text.strip(), by=actor.name, at=at
        )
        key = f"person:{row.person_id}"
        note(actor, "ask", NOUN, key, at=at, period=row.run.name, line=line)


def answer(
    question: int,
    decision: str,
    text: str,
    *,
    amount: Decimal | None = None,
    actor: Actor,
    at: datetime.datetime,
) -> None:
    """Answer a question: the line is upheld, or changed by an amount of the next run.

    Raises:
        ForbiddenError: If the actor may not settle this person's pay.
        Refusal: If it is answered, or the answer or the amount is missing.
    """
    with transaction.atomic():
        row = (
            PayQuestion.objects.select_for_update(of=("self",))
            .filter(pk=question)
            .select_related("statement__run")
            .order_by("id")
            .first()
        )
        if row is None:
            raise Refusal(_NO_QUESTION)
        person = row.statement.person_id
        authorise(actor, Act.SETTLE_PAY, f"person:{person}")
        own = person == actor.viewer.person_id
        if own and actor.viewer.role is not Role.DIRECTOR:
            raise forbidden(Act.SETTLE_PAY)
        if row.decision:
            raise Refusal(_ANSWERED)
        if not text.strip():
            raise Refusal(_NO_ANSWER)
        if decision == CHANGED and not amount:
            raise Refusal(_NO_AMOUNT)
        row.decision = CHANGED if decision == CHANGED else UPHELD
        row.amount = amount if decision == CHANGED else None
        row.answer = text.strip()
        row.answered_by, row.answered_at = actor.name, at
        row.save()
        period = row.statement.run.name
        note(actor, row.decision, NOUN, f"person:{person}", at=at, period=period)


def accept_for_pay(
    objective: str, rank: int, *, actor: Actor, at: datetime.datetime
) -> None:
    """Keep that its owner accepts a re-target for their pay: it counts from now on.

    The pay on a team's or the company's objective stays on its first target.

    Raises:
        ForbiddenError: If the objective is not the actor's own.
        Refusal: If it has no re-target of that rank.
    """
    row = (
        Objective.objects.filter(pk=objective)
        .order_by("id")
        .prefetch_related("revisions")
        .first()
    )
    if row is None:
        raise Refusal(_NO_REVISION)
    if row.owner != f"person:{actor.viewer.person_id}":
        raise forbidden(Act.PROPOSE)
    if not 1 <= rank <= len(row.revisions.all()):
        raise Refusal(_NO_REVISION)
    with transaction.atomic():
        _one, made = PayAcceptance.objects.get_or_create(
            objective=row, rank=rank, defaults={"by": actor.name, "at": at}
        )
        if made:
            note(actor, "accept for pay", "objective", objective, at=at, after=rank)
