"""Every model, gathered for Django; each noun has its own file."""

from __future__ import annotations

from jalon.records.accounts import Invitation, User
from jalon.records.alerts import Alert, AlertDeed
from jalon.records.audit import AuditLine
from jalon.records.calls import Call
from jalon.records.check_ins import CheckIn, Reminder
from jalon.records.erasures import Erasure
from jalon.records.evaluations import Evaluation
from jalon.records.machines import (
    Answered,
    Hook,
    HookDelivery,
    HookEvent,
    Token,
)
from jalon.records.notices import Delivery, Message, Wish
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
from jalon.records.recognition import Cheer, Screen, Shown, Word
from jalon.records.reviews import (
    Learning,
    PointTag,
    Review,
    ReviewDecision,
    ReviewWord,
)
from jalon.records.sessions import Identity, OpenSession, SecondFactor
from jalon.records.sources import ConnectedSource, SourceRun, WrittenTarget
from jalon.records.surveys import (
    Click,
    Digest,
    EngagementAnswer,
    LeftAlone,
    LoopAction,
    NoDigest,
    Request,
    Survey,
)
from jalon.records.territories import TerritoryPlan
from jalon.records.uploads import FirstRun, Upload
from jalon.records.views import SavedView, Tiles, Undoable
from jalon.records.weekly import WeeklyMail

__all__ = [
    "Action",
    "Alert",
    "AlertDeed",
    "Answered",
    "Assessment",
    "AuditLine",
    "Call",
    "CheckIn",
    "Cheer",
    "Click",
    "ConnectedSource",
    "Delivery",
    "Digest",
    "EngagementAnswer",
    "Erasure",
    "Evaluation",
    "FirstRun",
    "Hook",
    "HookDelivery",
    "HookEvent",
    "Identity",
    "Invitation",
    "Learning",
    "LeftAlone",
    "LoopAction",
    "Message",
    "Move",
    "NoDigest",
    "Objective",
    "OpenSession",
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
    "PointTag",
    "Reading",
    "Receipt",
    "Reminder",
    "Request",
    "Review",
    "ReviewDecision",
    "ReviewWord",
    "Revision",
    "SavedView",
    "Screen",
    "SecondFactor",
    "Shown",
    "SourceRun",
    "Survey",
    "TerritoryPlan",
    "Tiles",
    "Token",
    "Undoable",
    "Upload",
    "User",
    "WeeklyMail",
    "Wish",
    "Word",
    "WrittenTarget",
]
