"""What a review says, whole: frozen records, kept as JSON and read back the same.

Figures are in the KPI's unit, a share as a fraction; texts of the domain are codes.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """One re-target of the period, with its reason and what it credited."""

    former: Decimal | None
    new: Decimal
    effective_on: datetime.date
    reason: str
    text: str
    credited: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One objective: figures against both targets, and what was forecast of it."""

    id: str
    statement: str
    lang: str
    owner: str
    owner_name: str
    kpi: str
    kpi_label: Mapping[str, str]
    unit: str
    currency: str
    direction: str
    flow: bool
    first: datetime.date
    after: datetime.date
    status: str
    actual: Decimal | None
    target: Decimal | None
    original_target: Decimal | None
    attainment: Decimal | None
    original_attainment: Decimal | None
    landing: tuple[Decimal, ...] = ()
    probability: Decimal | None = None
    reason: str = ""
    ended: bool = False
    revisions: tuple[Revised, ...] = ()

    @property
    def retargeted(self) -> bool:
        """Return whether its target was changed on the way."""
        return bool(self.revisions) and self.target != self.original_target


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """One driver of a gap and what it owns of it, in the KPI's unit."""

    driver: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A gap explained: its drivers add up to it."""

    objective: str
    reference: Decimal
    actual: Decimal
    against: str
    before_first: datetime.date
    before_after: datetime.date
    drivers: tuple[Driven, ...]
    where: tuple[str, ...] = ()

    @property
    def gap(self) -> Decimal:
        """Return the actual less the reference."""
        return self.actual - self.reference

    @property
    def heaviest(self) -> Driven | None:
        """Return the driver that goes furthest in the gap's own direction."""
        sign = -1 if self.gap < 0 else 1
        own = [one for one in self.drivers if one.driver != "ambition"]
        return max(own, key=lambda one: sign * one.amount, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A class or a word of the field: how often, by how many, how often before."""

    name: str
    said: int
    authors: int
    before: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What the field said over the period: only what three people said at least."""

    said: int = 0
    authors: int = 0
    classes: tuple[Counted, ...] = ()
    rising: tuple[Counted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One action of the plans: done and what it gave, or still to do."""

    text: str
    owner_name: str
    objective: str
    due: datetime.date | None
    done: bool
    done_on: datetime.date | None = None
    result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision: what, who carries it, on which KPI; `kept` None while unanswered."""

    id: int
    text: str
    lang: str
    owner: str
    owner_name: str
    kpi: str
    due: datetime.date | None
    by: str
    kept: bool | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecasted:
    """What was forecast of an objective on a day, and what came."""

    objective: str
    on: datetime.date
    landing: tuple[Decimal, ...]
    probability: Decimal | None
    came: Decimal
    reached: bool

    @property
    def inside(self) -> bool:
        """Return whether what came lies within P10 to P90."""
        return self.landing[0] <= self.came <= self.landing[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One side's word of the period."""

    side: str
    level: int
    proud: str
    harder: str
    needs: str
    lang: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """A learning written in the review."""

    id: int
    kpi: str
    tried: str
    gave: str
    lang: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A review, whole. `heard`, `words` and `notes` are for who may read notes."""

    owner: str
    owner_name: str
    kind: str
    first: datetime.date
    after: datetime.date
    on: datetime.date
    company: str
    currency: str
    snapshot: str
    results: tuple[Result, ...] = ()
    causes: tuple[Cause, ...] = ()
    heard: Field = Field()
    deeds: tuple[Deed, ...] = ()
    commitments: tuple[Decided, ...] = ()
    forecasts: tuple[Forecasted, ...] = ()
    words: tuple[Said, ...] = ()
    decisions: tuple[Decided, ...] = ()
    learnings: tuple[Learnt, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)

    def result(self, objective: str) -> Result | None:
        """Return the result of an objective."""
        return next((one for one in self.results if one.id == objective), None)

    @property
    def kept(self) -> int:
        """Return how many commitments of the former review were kept."""
        return sum(one.kept is True for one in self.commitments)

    @property
    def done(self) -> int:
        """Return how many actions were done."""
        return sum(one.done for one in self.deeds)

    @property
    def inside(self) -> int:
        """Return how many forecasts held what came."""
        return sum(one.inside for one in self.forecasts)


def of_json(kind: type[Any], value: Any) -> Any:  # noqa: ANN401 - what JSON gives
    """Return a record of that kind from what JSON kept of it."""
    if value is None:
        return None
    if hasattr(kind, "__dataclass_fields__"):
        hints = get_type_hints(kind)
        return kind(
            **{
                one.name: of_json(hints[one.name], value[one.name])
                for one in fields(kind)
                if one.name in value
            }
        )
    return _plain(kind, value)


def _plain(kind: Any, value: Any) -> Any:  # noqa: ANN401 - a type and its value
    origin, parts = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        return of_json(next(one for one in parts if one is not type(None)), value)
    if origin is tuple:
        return tuple(of_json(parts[0], one) for one in value)
    if kind is Decimal:
        return Decimal(value)
    if kind is datetime.date:
        return datetime.date.fromisoformat(value)
    return dict(value) if origin is not None else value
