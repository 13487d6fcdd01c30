"""What hangs on the company's settings, and who changed them last.

A stored figure keeps the currency and the period it was stored with: the counts say
what would then disagree with the settings.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from jalon.domain.kpis.algebra import Kpi
from jalon.domain.quantities import Unit
from jalon.queries.kpi_values import catalogue
from jalon.records.accounts import User
from jalon.records.audit import AuditLine
from jalon.records.objectives import Objective
from jalon.records.pay import PayPlan
from jalon.workspace.folder import Workspace

SHOWN = 5
Change = tuple[str, object, object]


@dataclass(frozen=True, slots=True)
class Settled:
    """How many objectives there are, those in money, and plans of pay."""

    objectives: int
    in_money: int
    plans: int

    @property
    def holds_currency(self) -> bool:
        """Return whether amounts are stored that a new currency would rename."""
        return bool(self.in_money or self.plans)


@dataclass(frozen=True, slots=True)
class Told:
    """One change of the settings: when, by whom, each field as it was and as it is."""

    at: datetime.datetime
    by: str
    who: str
    changes: tuple[Change, ...]


def settled(workspace: Workspace) -> Settled:
    """Return what hangs on the settings, in two queries."""
    money = frozenset(
        key for key, kpi in catalogue(workspace).items() if _in_money(kpi)
    )
    kpis = list(Objective.objects.order_by("pk").values_list("kpi", flat=True))
    return Settled(
        objectives=len(kpis),
        in_money=sum(kpi in money for kpi in kpis),
        plans=PayPlan.objects.count(),
    )


def changes() -> tuple[Told, ...]:
    """Return the last changes of the settings, newest first."""
    lines = AuditLine.objects.filter(noun="settings", verb="set").order_by("-pk")
    names = dict(User.objects.order_by("email").values_list("email", "name"))
    return tuple(
        Told(line.at, line.by, names.get(line.by) or line.by, _differences(line))
        for line in lines[:SHOWN]
    )


def _in_money(kpi: Kpi) -> bool:
    return kpi.unit is Unit.MONEY


def _differences(line: AuditLine) -> tuple[Change, ...]:
    before, after = line.details.get("before") or {}, line.details.get("after") or {}
    return tuple(
        (name, before.get(name), value)
        for name, value in after.items()
        if before.get(name) != value
    )
