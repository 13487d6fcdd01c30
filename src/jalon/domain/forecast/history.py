"""What is known of deals on a day: arrays, one entry a deal, nothing later.

Days are counted from 1970-01-01. A *leaf* is the finest owner (a person, a channel);
teams and the company are groups of leaves, so that their figures are sums.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
WON, LOST, OPEN = 1, 0, -1


@dataclass(frozen=True, slots=True)
class History:
    """Deals as known at the end of the day before `asof`.

    `outcome` is WON, LOST or OPEN; `closed` of an open deal is not read. `value` is
    what a won deal brought, `amount` what was hoped when it was open; for a count both
    are 1. Closings before `observed_from` were not recorded.
    """

    asof: int
    observed_from: int
    created: Ints
    closed: Ints
    outcome: Ints
    amount: Floats
    value: Floats
    leaf: Ints
    leaves: int

    @property
    def won(self) -> Flags:
        """Return which deals are won."""
        found: Flags = self.outcome == WON
        return found

    @property
    def days(self) -> int:
        """Return how many days of closings were observed."""
        return self.asof - self.observed_from

    @property
    def counts(self) -> bool:
        """Return whether deals are counted rather than their money."""
        return bool(np.all(self.amount == 1))

    def as_of(self, day: int) -> History:
        """Return what was known on an earlier day."""
        known = self.created < day
        closed, outcome = self.closed[known], self.outcome[known]
        still = (outcome != OPEN) & (closed >= day)
        return replace(
            self,
            asof=day,
            created=self.created[known],
            closed=closed,
            outcome=np.where(still, OPEN, outcome),
            amount=self.amount[known],
            value=self.value[known],
            leaf=self.leaf[known],
        )

    def won_between(self, first: int, after: int) -> Floats:
        """Return what each leaf won from `first` until before `after`."""
        inside = self.won & (self.closed >= first) & (self.closed < after)
        leaf, value = self.leaf[inside], self.value[inside]
        found: Floats = np.bincount(leaf, value, self.leaves).astype(np.float64)
        return found

    def daily(self, first: int, after: int) -> Floats:
        """Return what each leaf won each day: leaves by days."""
        length = after - first
        inside = self.won & (self.closed >= first) & (self.closed < after)
        place = self.leaf[inside] * length + self.closed[inside] - first
        flat = np.bincount(place, self.value[inside], minlength=self.leaves * length)
        found: Floats = flat.reshape(self.leaves, length).astype(np.float64)
        return found

    def events(self) -> Floats:
        """Return how many deals each leaf has won."""
        return np.asarray(
            np.bincount(self.leaf[self.won], minlength=self.leaves), np.float64
        )


@dataclass(frozen=True, slots=True)
class Series:
    """Plain daily figures of each leaf: leaves by days, from `observed_from`."""

    observed_from: int
    figures: Floats

    @property
    def asof(self) -> int:
        """Return the first day unknown."""
        return self.observed_from + int(self.figures.shape[1])

    def as_of(self, day: int) -> Series:
        """Return what was known on an earlier day."""
        return replace(self, figures=self.figures[:, : day - self.observed_from])

    def won_between(self, first: int, after: int) -> Floats:
        """Return each leaf's sum from `first` until before `after`."""
        return np.asarray(self.daily(first, after).sum(axis=1))

    def daily(self, first: int, after: int) -> Floats:
        """Return each leaf's figures by day; nothing outside what is known."""
        begin = max(first - self.observed_from, 0)
        return self.figures[:, begin : max(after - self.observed_from, begin)]

    def events(self) -> Floats:
        """Return how many days each leaf had any figure."""
        return np.asarray((self.figures != 0).sum(axis=1), np.float64)


@dataclass(frozen=True, slots=True)
class Task:
    """One figure to forecast: what some leaves will have won when a period ends.

    `level` names owners that are alike (company, team, person): the forecaster's own
    past errors are pooled by level.
    """

    id: str
    level: str
    members: tuple[int, ...]
    first: int
    after: int
