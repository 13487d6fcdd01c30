"""A cascade as it came out: what each has to reach, how, and what could not be met."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

Amount = Decimal | float


class Bound(StrEnum):
    """What stopped a node from receiving its plain share."""

    FLOOR = "floor"
    CEILING = "ceiling"
    LOCKED = "locked"
    BELOW = "below"  # a bound of one of its own parts


class Cause(StrEnum):
    """Why a target could not be handed out as asked."""

    CEILINGS = "ceilings"  # all are at their ceiling, some of the target has no owner
    FLOORS = "floors"  # floors and locked figures together exceed the target
    LOCKED = "locked"  # nobody is free to take the difference
    REMAINDER = "remainder"  # less than a step is left and nobody has room for it
    PROBABILITY = "probability"  # the cushion does not make the target likely enough
    BEST = "best"  # everybody at their best would still not reach it


@dataclass(frozen=True, slots=True)
class How:
    """How a node came to its figure: by which rule, with what weight, stopped by what.

    `weight` is after relief; `guessed` says that it is the mean of its neighbours'.
    """

    rule: str
    weight: float | None = None
    guessed: bool = False
    bound: Bound | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What one node received: `target` is its figure, `split` the top-down one.

    `assigned` is what its parts receive together (their weighted mean for a rate).
    """

    id: str
    parent: str
    kpi: str
    unit: str
    target: Amount
    split: Amount
    how: How
    share: float | None = None
    volume: Decimal | None = None
    proposed: Decimal | None = None
    cushion: Decimal = Decimal(0)
    assigned: Amount | None = None
    shift: float | None = None

    @property
    def gap(self) -> Decimal | None:
        """Return target - proposed: above 0, more is asked than was offered."""
        if self.proposed is None:
            return None
        return Decimal(str(self.target)) - self.proposed


@dataclass(frozen=True, slots=True)
class Unmet:
    """A target that could not be handed out as asked; `id` is who shares it out."""

    id: str
    cause: Cause
    asked: Amount
    reached: Amount

    @property
    def missing(self) -> float:
        """Return asked - reached."""
        return float(self.asked) - float(self.reached)


@dataclass(frozen=True, slots=True)
class Cascade:
    """All that came out, nodes in the order they were given; `top` shares it out."""

    top: Given
    given: tuple[Given, ...]
    unmet: tuple[Unmet, ...] = ()

    def of(self, node: str) -> Given:
        """Return what a node received."""
        return next(each for each in self.given if each.id == node)
