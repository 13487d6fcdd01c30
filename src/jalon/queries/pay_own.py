"""What is kept of somebody's pay, for the document they can take away."""

from __future__ import annotations

from django.db.models import QuerySet

from jalon.domain.incentives.settling import RunState
from jalon.records.audit import AuditLine
from jalon.records.pay import (
    PayAcceptance,
    PayQuestion,
    PayReceipt,
    PayReward,
    PayStatement,
    PayTerm,
)

Rows = list[dict[str, object]]


def own_pay(person: str) -> dict[str, Rows]:
    """Return somebody's terms, receipts, statements, questions, and who looked.

    A statement not published yet, and a recognition not given yet, are not theirs to
    know.
    """
    owner = f"person:{person}"
    published = RunState.PUBLISHED.value
    statements = PayStatement.objects.filter(
        person_id=person, run__state=published
    ).order_by("run__first", "id")
    return {
        "terms": _told(
            PayTerm.objects.filter(person_id=person).order_by("plan", "first"),
            *("plan", "first", "after", "variable", "rate", "by", "at"),
        ),
        "receipts": _told(
            PayReceipt.objects.filter(person_id=person).order_by("at", "id"),
            *("version__plan", "version__number", "version__notice", "at"),
        ),
        "accepted_retargets": _told(
            PayAcceptance.objects.filter(objective__owner=owner).order_by("at", "id"),
            *("objective_id", "rank", "by", "at"),
        ),
        "statements": _told(
            statements,
            *("run__plan", "run__name", "run__first", "run__after", "currency"),
            *("variable", "total", "lines", "inputs"),
        ),
        "questions": _told(
            PayQuestion.objects.filter(statement__person_id=person).order_by("id"),
            *("statement__run__name", "line", "text", "by", "at", "decision"),
            *("answer", "amount", "answered_by", "answered_at"),
        ),
        "recognitions": _told(
            PayReward.objects.filter(person_id=person, given_at__isnull=False).order_by(
                "id"
            ),
            *("run__name", "label", "measure", "reached", "given_by", "given_at"),
        ),
        "looks": _told(
            AuditLine.objects.filter(verb="look", noun="pay", key=owner).order_by(
                "at", "id"
            ),
            *("at", "by", "details"),
        ),
    }


def _told(rows: QuerySet, *names: str) -> Rows:  # type: ignore[type-arg]
    return [
        {name.replace("__", "_"): value for name, value in row.items()}
        for row in rows.values(*names)
    ]
