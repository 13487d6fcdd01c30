"""Graded statements: four described levels, assessed by owner and manager apart.

The figure of the objective is a level from 1 to 4. Each side's last word up to the day
counts; the manager's makes the figure, the owner's until the manager has spoken. The
distance between the two is always shown.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from decimal import Decimal

from jalon.domain.objectives.objective import Assessment, Objective

GRADED = "graded_statement"
LEVELS = 4
FIRST, LOWEST_TARGET = 1, 2
SIDES = ("owner", "manager")
GIVEN = "level"


class UnableToAssessError(Exception):
    """The assessment cannot be taken, for the reason given as a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Grading:
    """What both sides last said; `difference` is manager − owner, in levels."""

    owner: Assessment | None
    manager: Assessment | None

    @property
    def level(self) -> int | None:
        """Return the level that counts, None before anybody has spoken."""
        said = self.manager or self.owner
        return said.level if said else None

    @property
    def difference(self) -> int | None:
        """Return how far the manager stands above the owner; None until both spoke."""
        if self.owner is None or self.manager is None:
            return None
        return self.manager.level - self.owner.level


def is_graded(objective: Objective) -> bool:
    """Return whether the objective is a statement graded on described levels."""
    return objective.kpi == GRADED


def grading(objective: Objective, *, on: datetime.date) -> Grading:
    """Return what each side last said up to the end of a day."""
    told = [one for one in objective.assessments if one.on <= on]
    last = {one.side: one for one in sorted(told, key=lambda one: one.on)}
    return Grading(last.get("owner"), last.get("manager"))


def handed_in(objective: Objective, *, on: datetime.date) -> dict[str, Decimal]:
    """Return the component no fact carries: the level that counts on a day."""
    level = grading(objective, on=on).level
    return {} if level is None else {GIVEN: Decimal(level)}


def assessed(objective: Objective, said: Assessment) -> Objective:
    """Return the objective with one more word; one of the same day is amended.

    Raises:
        UnableToAssessError: If it is no graded statement, is closed, has not begun, or
            the level or the evidence is missing.
    """
    reason = _refusal(objective, said)
    if reason:
        raise UnableToAssessError(reason)
    kept = [
        one
        for one in objective.assessments
        if (one.side, one.on) != (said.side, said.on)
    ]
    return replace(objective, assessments=(*kept, said))


def _refusal(objective: Objective, said: Assessment) -> str:
    checks = (
        (not is_graded(objective), "assess.not_graded"),
        (objective.is_closed, "assess.closed"),
        (said.on < objective.period.first, "assess.not_begun"),
        (not FIRST <= said.level <= LEVELS, "assess.level"),
        (not said.evidence.strip(), "assess.evidence"),
        (said.side not in SIDES, "assess.side"),
    )
    return next((reason for wrong, reason in checks if wrong), "")
