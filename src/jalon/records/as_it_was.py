"""What was kept of objectives on a day that is over, and the days something changed.

One query each, whatever the number of objectives: the last evaluation kept up to a day,
the changes of state, the first trace of an objective, the days worth a look.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Min, OuterRef, Q, Subquery, Window
from django.db.models.functions import Lag

from jalon.records.audit import AuditLine
from jalon.records.evaluations import Evaluation
from jalon.records.objective_rows import plain
from jalon.records.objectives import Move, Objective, Revision


@dataclass(frozen=True, slots=True)
class Kept:
    """The last evaluation of an objective up to a day, as it was written then."""

    on: datetime.date
    status: str
    actual: Decimal | None
    attainment: Decimal | None
    landing: tuple[Decimal | None, Decimal | None, Decimal | None]
    probability: Decimal | None
    reason: str


def evaluations(*, until: datetime.date) -> dict[str, Kept]:
    """Return the last evaluation of each objective up to a day."""
    newest = Evaluation.objects.filter(objective_id=OuterRef("id"), on__lte=until)
    last = Objective.objects.annotate(
        last=Subquery(newest.order_by("-on", "-id").values("id")[:1])
    )
    rows = Evaluation.objects.filter(id__in=last.values("last"))
    return {
        row.objective_id: Kept(
            on=row.on,
            status=row.status,
            actual=plain(row.actual),
            attainment=plain(row.attainment),
            landing=(
                plain(row.landing_p10),
                plain(row.landing_p50),
                plain(row.landing_p90),
            ),
            probability=plain(row.probability),
            reason=row.reason,
        )
        for row in rows.order_by("objective_id")
    }


def states(*, on: datetime.date) -> dict[str, str]:
    """Return the state on a day of each objective that ever changed state."""
    found: dict[str, str] = {}
    moves = Move.objects.order_by("objective_id", "on", "id")
    for name, day, former, new in moves.values_list(
        "objective_id", "on", "former", "new"
    ):
        if day <= on:
            found[name] = new
        else:
            found.setdefault(name, former)
    return found


def known_since() -> dict[str, datetime.date]:
    """Return the day of the first trace of each objective: written, or evaluated."""
    found: dict[str, datetime.date] = {}
    written = AuditLine.objects.filter(noun="objective").values("key")
    for row in written.annotate(first=Min("at")).order_by("key"):
        found[row["key"]] = row["first"].date()
    read = Evaluation.objects.values("objective_id").annotate(first=Min("on"))
    for one in read.order_by("objective_id"):
        key = one["objective_id"]
        found[key] = min(found.get(key, one["first"]), one["first"])
    return found


def days_of_change() -> tuple[datetime.date, ...]:
    """Return the days a state, a status or a target changed, or a period began."""
    former = Window(Lag("status"), partition_by=["objective_id"], order_by=["on", "id"])
    turned = Evaluation.objects.annotate(former=former).filter(
        Q(former__isnull=True) | ~Q(former=F("status"))
    )
    days: set[datetime.date] = set()
    for rows, field in (
        (turned.order_by("on"), "on"),
        (Move.objects.order_by("on"), "on"),
        (Revision.objects.order_by("effective_on"), "effective_on"),
        (Objective.objects.order_by("first"), "first"),
    ):
        days |= set(rows.values_list(field, flat=True))
    return tuple(sorted(days))
