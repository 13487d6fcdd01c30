"""Qualitative objectives in full: a survey's margin, a statement's levels."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.feedback.surveys import INTERVAL_UNDER, SHARES, share_interval
from jalon.domain.objectives.graded import FIRST, grading, is_graded
from jalon.domain.objectives.objective import Assessment
from jalon.queries.owners import owner_names
from jalon.queries.pages import Line
from jalon.records import objective_rows
from jalon.workspace.folder import Workspace

PERSON = "person:"
WHOLE = {"nps": (Decimal(-100), Decimal(100))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """How sure a survey's figure is; under 30 answers only the interval counts."""

    margin: Decimal
    low: Decimal
    high: Decimal
    answers: Decimal
    interval_only: bool
    target_inside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What one side said: level, day, author, and the evidence if it may be read."""

    side: str
    level: int
    on: datetime.date
    by: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One described level, and who stands on it."""

    number: int
    text: str
    sides: tuple[str, ...]
    aimed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A graded statement on a day: levels, both sides' last words, all the words."""

    levels: tuple[Level, ...]
    owner: Word | None
    manager: Word | None
    difference: int | None
    history: tuple[Word, ...]
    closed: bool

    @property
    def apart(self) -> int:
        """Return how many levels lie between the two words."""
        return abs(self.difference or 0)


def survey(line: Line) -> Survey | None:
    """Return the interval of a survey objective, None where there is none."""
    if line.margin is None or line.actual is None or not line.answers:
        return None
    if line.kpi in SHARES:
        low, high = share_interval(line.actual * line.answers, line.answers)
    else:
        floor, ceiling = WHOLE.get(
            line.kpi, (Decimal("-Infinity"), Decimal("Infinity"))
        )
        low = max(line.actual - line.margin, floor)
        high = min(line.actual + line.margin, ceiling)
    target = line.target
    return Survey(
        margin=line.margin,
        low=low,
        high=high,
        answers=line.answers,
        interval_only=line.answers < INTERVAL_UNDER,
        target_inside=target is not None and low <= target <= high,
    )


def statement(
    workspace: Workspace, objective_id: str, *, on: datetime.date, evidence: bool
) -> Statement | None:
    """Return a graded statement, None where the objective follows a figure.

    Without `evidence` the levels said are told and what was written is not.

    Raises:
        LookupError: If there is none of this id.
    """
    objective = objective_rows.load([objective_id])[objective_id]
    if not is_graded(objective):
        return None
    found = grading(objective, on=on)
    names = owner_names(workspace, on=on)
    owner = _word(found.owner, names, evidence=evidence)
    manager = _word(found.manager, names, evidence=evidence)
    sides = {
        side: word.level
        for side, word in (("owner", owner), ("manager", manager))
        if word
    }
    return Statement(
        levels=tuple(
            Level(
                number=number,
                text=text,
                sides=tuple(side for side, level in sides.items() if level == number),
                aimed=objective.target == number,
            )
            for number, text in enumerate(objective.levels, start=FIRST)
        ),
        owner=owner,
        manager=manager,
        difference=found.difference,
        history=tuple(
            word
            for one in sorted(objective.assessments, key=lambda said: said.on)
            if (word := _word(one, names, evidence=evidence))
        ),
        closed=objective.is_closed,
    )


def _word(
    said: Assessment | None, names: Mapping[str, str], *, evidence: bool
) -> Word | None:
    if said is None:
        return None
    return Word(
        side=said.side,
        level=said.level,
        on=said.on,
        by=names.get(f"{PERSON}{said.by}", said.by),
        evidence=said.evidence if evidence else "",
    )
