"""An objective: whose, on which KPI, over which period, from what, to what.

Figures are Decimals in the KPI's unit, a share as a fraction. Nothing here is ever
overwritten: a new target is a revision added to the former ones.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from jalon.domain.kpis.algebra import Kpi
from jalon.domain.objectives.states import CLOSED, State
from jalon.domain.periods import Period

SHORT_MONTHS, MEDIUM_MONTHS = 3, 12
RATES = frozenset({"share", "percent"})
FLOWS = frozenset({"sum", "distinct"})


class Measured(Protocol):
    """What an objective needs to know of its KPI."""

    @property
    def key(self) -> str:
        """Return the name, e.g. "win_rate"."""

    @property
    def unit(self) -> str:
        """Return the unit of a value, e.g. "share"."""

    @property
    def better(self) -> str:
        """Return "up" or "down"."""

    @property
    def kind(self) -> str:
        """Return the kind of formula, e.g. "ratio"."""


class Direction(StrEnum):
    """Which way is better; "maintain" stays inside a band."""

    UP = "up"
    DOWN = "down"
    MAINTAIN = "maintain"


class Horizon(StrEnum):
    """How far the end is from the beginning."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


class BaselineRule(StrEnum):
    """Where the baseline comes from."""

    NONE = ""
    NUMBER = "number"
    LAST_YEAR = "N-1"
    PREVIOUS = "previous"


class PhasingKind(StrEnum):
    """How the way is spread over the days of the period."""

    SEASON = "season"  # working days x last years' season x ramp and absences
    EVEN = "even"  # a straight line over calendar days
    WEIGHTS = "weights"  # given month by month


@dataclass(frozen=True, slots=True)
class Phasing:
    """A way of spreading; `weights` has one number a month of the period."""

    kind: PhasingKind = PhasingKind.SEASON
    weights: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class DatedTarget:
    """A target from a day on: an amount of its own for a flow, a level otherwise."""

    first: datetime.date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Bands:
    """Floor and excellence around the target; for "maintain", the two sides."""

    minimum: Decimal | None = None
    excellent: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A re-target: both targets, the day it takes effect, why, and by whom."""

    former: Decimal | None
    new: Decimal
    effective_on: datetime.date
    reason: str
    text: str = ""
    by: str = ""
    at: datetime.datetime | None = None
    effort_credited: Decimal | None = None
    priorities: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One line of the plan of actions: the lever it moves, and what it gave."""

    action: str
    owner: str = ""
    due: datetime.date | None = None
    done: bool = False
    lever: str = ""
    effect: str = ""  # expected
    done_on: datetime.date | None = None
    done_by: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What the owner or the manager says of a graded statement: a level from 1 to 4."""

    side: str  # "owner" or "manager"
    level: int
    on: datetime.date
    evidence: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """One objective of one owner ("company", "team:id", "person:id") over a period."""

    id: str
    kpi: str
    owner: str
    period: Period
    direction: Direction
    original_target: Decimal | None
    statement: str = ""
    lang: str = "fr"
    where: tuple[str, ...] = ()
    baseline_rule: BaselineRule = BaselineRule.NONE
    baseline: Decimal | None = None
    baseline_snapshot: str = ""
    change: str = ""
    plan: tuple[DatedTarget, ...] = ()
    bands: Bands = Bands()
    phasing: Phasing = Phasing()
    weight: Decimal = Decimal(1)
    nature: str = "quantitative"
    parent: str = ""
    series: str = ""
    state: State = State.ACTIVE
    actions: tuple[Action, ...] = ()
    revisions: tuple[Revision, ...] = ()
    closed_on: datetime.date | None = None
    closed_snapshot: str = ""
    model: str = ""  # the key of the model it was started from
    levels: tuple[str, ...] = ()  # the four described levels of a graded statement
    assessments: tuple[Assessment, ...] = ()
    overruled: str = ""  # why it was written past the focus guard

    @property
    def is_closed(self) -> bool:
        """Return whether its figures can move no more."""
        return self.state in CLOSED

    @property
    def horizon(self) -> Horizon:
        """Return short up to three months, medium up to twelve, else long."""
        return horizon(self.period)

    @property
    def target(self) -> Decimal | None:
        """Return the last target written, whatever the day it takes effect."""
        return self.revisions[-1].new if self.revisions else self.original_target


def is_flow(kpi: Measured) -> bool:
    """Return whether values of successive days add up (revenue, new customers)."""
    return kpi.kind in FLOWS and not _looks_forward(kpi)


def _looks_forward(kpi: Measured) -> bool:
    """Return whether it counts days to come (the open pipeline): no flow of its own."""
    if not isinstance(kpi, Kpi):
        return False
    sources = (component.source for component in kpi.components.values())
    return any(source is not None and source.forward for source in sources)


def is_rate(kpi: Measured) -> bool:
    """Return whether a change of the KPI is told in points."""
    return kpi.unit in RATES


def horizon(period: Period) -> Horizon:
    """Return how far a period reaches, counted in whole months from its first day."""
    if period.after <= months_later(period.first, SHORT_MONTHS):
        return Horizon.SHORT
    if period.after <= months_later(period.first, MEDIUM_MONTHS):
        return Horizon.MEDIUM
    return Horizon.LONG


def months_later(day: datetime.date, months: int) -> datetime.date:
    """Return the same day of the month, months later; the 31st becomes the last."""
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    first_after = datetime.date(year + (month == 11), (month + 1) % 12 + 1, 1)  # noqa: PLR2004
    last = (first_after - datetime.timedelta(days=1)).day
    return datetime.date(year, month + 1, min(day.day, last))
