"""The faults of a sentence: each with its letter, its parameters and its choices.

Their sentences (what, why it matters, what to write instead) are in the locale, under
`smart.<code>.message`, `.why` and `.suggestion`; placeholders are a fault's fields.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to settle; `blocks` says that it is not SMART until then."""

    code: ClassVar[str] = ""
    letter: ClassVar[str] = "S"
    blocks: ClassVar[bool] = True

    @property
    def parameters(self) -> dict[str, object]:
        """Return what fills the placeholders of its sentences."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @property
    def choices(self) -> tuple[str, ...]:
        """Return the KPIs, amounts or periods to choose among; empty if open."""
        return ()


@dataclass(frozen=True, slots=True)
class NoKpi(Fault):
    """Nothing measurable is named."""

    code: ClassVar[str] = "no_kpi"


@dataclass(frozen=True, slots=True)
class AmbiguousKpi(Fault):
    """A word that may mean several KPIs: "conversion", "sales"."""

    code: ClassVar[str] = "ambiguous_kpi"
    words: str
    kpis: tuple[str, ...]

    @property
    def choices(self) -> tuple[str, ...]:
        """Return the KPIs the word may mean."""
        return self.kpis


@dataclass(frozen=True, slots=True)
class OutOfCatalogue(Fault):
    """A definite quantity, but none that is computed from sales data."""

    code: ClassVar[str] = "out_of_catalogue"
    blocks: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class MeansWithoutEnd(Fault):
    """Something to do, without the result expected of it."""

    code: ClassVar[str] = "means_without_end"


@dataclass(frozen=True, slots=True)
class TwoGoals(Fault):
    """Several goals in one sentence: each needs its own follow-up."""

    code: ClassVar[str] = "two_goals"
    blocks: ClassVar[bool] = False
    count: int


@dataclass(frozen=True, slots=True)
class NoAmount(Fault):
    """No figure to reach."""

    code: ClassVar[str] = "no_amount"
    letter: ClassVar[str] = "M"


@dataclass(frozen=True, slots=True)
class PlaceholderAmount(Fault):
    """A letter where a figure is expected."""

    code: ClassVar[str] = "placeholder_amount"
    letter: ClassVar[str] = "M"


@dataclass(frozen=True, slots=True)
class PercentOnRate(Fault):
    """« 10 % » more of a rate: points, or a share of the rate itself?"""

    code: ClassVar[str] = "percent_on_rate"
    letter: ClassVar[str] = "M"
    blocks: ClassVar[bool] = False
    percent: str
    points: str

    @property
    def choices(self) -> tuple[str, ...]:
        """Return both readings."""
        return self.points, self.percent


@dataclass(frozen=True, slots=True)
class NoBaseline(Fault):
    """Where one starts from is not written; the data may tell it."""

    code: ClassVar[str] = "no_baseline"
    letter: ClassVar[str] = "M"
    blocks: ClassVar[bool] = False
    baseline: str


@dataclass(frozen=True, slots=True)
class NotMeasurable(Fault):
    """The KPI needs facts that today's data lack."""

    code: ClassVar[str] = "not_measurable"
    letter: ClassVar[str] = "M"
    blocks: ClassVar[bool] = False
    facts: str


@dataclass(frozen=True, slots=True)
class NoDeadline(Fault):
    """No end: the running quarter is proposed, and the KPI's usual cadence."""

    code: ClassVar[str] = "no_deadline"
    letter: ClassVar[str] = "T"
    quarter: str
    cadence: str

    @property
    def choices(self) -> tuple[str, ...]:
        """Return the periods proposed."""
        return self.quarter, self.cadence


@dataclass(frozen=True, slots=True)
class PeriodPast(Fault):
    """The end is already behind."""

    code: ClassVar[str] = "period_past"
    letter: ClassVar[str] = "T"
    blocks: ClassVar[bool] = False
    ended: str


@dataclass(frozen=True, slots=True)
class TooMany(Fault):
    """One objective more than keeps focus."""

    code: ClassVar[str] = "too_many"
    letter: ClassVar[str] = "R"
    blocks: ClassVar[bool] = False
    count: int
    most: int
