"""One goal of a sentence and what it is made of: a measure, a way, an amount."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """A KPI found, with the place of its words and how they were written."""

    key: str
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount: its kind, value, start, unit; `spans` are the places of its words.

    `falling` tells of a multiplier that divides (halve).
    """

    kind: str
    value: float | None
    base: float | None
    unit: str | None
    spans: tuple[tuple[int, int], ...] = ()
    falling: bool = False


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal of a sentence: what, which way, how much."""

    kpi: str | None
    direction: str | None
    amount: Amount | None


@dataclass(frozen=True, slots=True)
class Found:
    """A goal with the places of what it was made of."""

    goal: Goal
    measure: Measure | None
    amount: Amount | None
    verb: tuple[int, int] | None
