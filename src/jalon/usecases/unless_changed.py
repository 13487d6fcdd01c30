"""Write only what nobody changed meanwhile: the mark read must be the one there is."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import transaction

from jalon.domain.refusals import Refusal
from jalon.queries.objective_marks import ANY, mark
from jalon.records import objective_rows
from jalon.records.audit import AuditLine


class ChangedMeanwhileError(Refusal):
    """The objective is not as the caller read it: who changed it, when, how it is."""

    def __init__(
        self, objective: str, *, by: str, at: datetime.datetime | None, mark: str
    ) -> None:
        super().__init__(
            "The objective {wanted} changed since you read it, by {by} on {at}. Read "
            "it again, then send with its new ETag.",
            wanted=objective,
            by=by or "?",
            at=f"{at:%Y-%m-%d %H:%M}" if at else "?",
        )
        self.mark = mark


@contextmanager
def unless_changed(objective: str, marks: Collection[str]) -> Iterator[None]:
    """Hold the objective while it is written, if its mark is one of those read.

    Raises:
        ChangedMeanwhileError: If it is not.
    """
    with transaction.atomic():
        found = mark(objective_rows.locked(objective))
        if found not in marks and ANY not in marks:
            last = (
                AuditLine.objects.filter(noun__in=("objective", "plan"), key=objective)
                .order_by("-at", "-pk")
                .first()
            )
            raise ChangedMeanwhileError(
                objective,
                by=last.by if last else "",
                at=last.at if last else None,
                mark=found,
            )
        yield
