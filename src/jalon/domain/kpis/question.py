"""What is asked of a KPI, and what comes back: frozen records, no computing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from jalon.domain.periods import Period


@dataclass(frozen=True, slots=True)
class Question:
    """One KPI over a period, cut by dimensions and filtered.

    `basis` is "deals", "orders" or "" (the workspace's own).
    """

    kpi: str
    period: Period
    by: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    basis: str = ""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One value. `reason` is a code saying why there is none; `beside` second figures.

    `labels` holds each dimension's label under its name, `keys` its key under the
    dimension's key name (`person_id`).
    """

    labels: Mapping[str, str | None]
    keys: Mapping[str, str | None]
    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    reason: str | None = None
    currency: str | None = None
    beside: Mapping[str, Decimal | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """The values of a question and the snapshot they come from.

    `rows` may be made when they are first read: many groups cost nothing to ask for.
    """

    kpi: str
    unit: str
    period: Period
    snapshot: str
    basis: str
    rows: Sequence[AnswerRow]


@dataclass(frozen=True, slots=True)
class Ask:
    """One figure among many asked at once.

    `owner` is "company", "team:<id>" or "person:<id>"; `given` hands in components
    that no fact carries (a target, a forecast).
    """

    id: str
    owner: str
    period: Period
    where: tuple[str, ...] = ()
    given: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CountedRow:
    """One row of facts and how it entered: the amount counted, the owner's share."""

    facts: Mapping[str, object]
    counted: Decimal | None
    share: Decimal


@dataclass(frozen=True, slots=True)
class ExplainedComponent:
    """A component in words, its value, and its rows (at most the limit asked)."""

    name: str
    words: Mapping[str, str]
    value: Decimal | None
    rows: tuple[CountedRow, ...]
    total_rows: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a figure was made; `formula_words` is by language."""

    formula_words: Mapping[str, str]
    value: Decimal | None
    reason: str | None
    components: tuple[ExplainedComponent, ...]
    snapshot: str
