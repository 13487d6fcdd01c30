"""Every model, gathered for Django; each noun has its own file."""

from __future__ import annotations

from jalon.records.accounts import Invitation, User
from jalon.records.audit import AuditLine
from jalon.records.evaluations import Evaluation
from jalon.records.objectives import Action, Assessment, Move, Objective, Revision
from jalon.records.pay import (
    PayAcceptance,
    PayPlan,
    PayQuestion,
    PayReceipt,
    PayRun,
    PayStatement,
    PayTerm,
)
from jalon.records.plannings import (
    Planning,
    PlanningEdit,
    PlanningRow,
    PlanningWord,
)
from jalon.records.readings import Reading
from jalon.records.receipts import Receipt
from jalon.records.sources import ConnectedSource, SourceRun
from jalon.records.territories import TerritoryPlan
from jalon.records.uploads import FirstRun, Upload

__all__ = [
    "Action",
    "Assessment",
    "AuditLine",
    "ConnectedSource",
    "Evaluation",
    "FirstRun",
    "Invitation",
    "Move",
    "Objective",
    "PayAcceptance",
    "PayPlan",
    "PayQuestion",
    "PayReceipt",
    "PayRun",
    "PayStatement",
    "PayTerm",
    "Planning",
    "PlanningEdit",
    "PlanningRow",
    "PlanningWord",
    "Reading",
    "Receipt",
    "Revision",
    "SourceRun",
    "TerritoryPlan",
    "Upload",
    "User",
]
