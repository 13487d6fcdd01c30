"""Between the rows of the database and the calls of the domain."""

from __future__ import annotations

import datetime
from decimal import Decimal

from jalon.domain.forecast import calls as domain
from jalon.records.calls import Call

ENDED = ("reached", "missed")
ZERO = Decimal(0)


def add(call: domain.Call, *, at: datetime.datetime) -> None:
    """Write one more call; former ones stay."""
    Call.objects.create(
        objective_id=call.objective,
        side=call.side.value,
        committed=call.committed,
        best=call.best,
        landing=call.landing,
        text=call.text,
        by=call.by,
        on=call.on,
        at=at,
    )


def of(objective: str) -> tuple[domain.Call, ...]:
    """Return the calls on an objective, the oldest first."""
    rows = Call.objects.filter(objective_id=objective).order_by("at", "id")
    return tuple(_read(row) for row in rows)


def of_ended(kpi: str) -> tuple[tuple[str, domain.Call], ...]:
    """Return the calls on the objectives of a KPI that ended, each with the owner."""
    rows = (
        Call.objects.filter(objective__kpi=kpi, objective__state__in=ENDED)
        .select_related("objective")
        .order_by("at", "id")
    )
    return tuple((row.objective.owner, _read(row)) for row in rows)


def _read(row: Call) -> domain.Call:
    return domain.Call(
        objective=row.objective_id,
        side=domain.Side(row.side),
        committed=row.committed or ZERO,
        best=row.best or ZERO,
        landing=row.landing,
        on=row.on,
        text=row.text,
        by=row.by,
    )
