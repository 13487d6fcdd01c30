"""What a re-target would change, what was said of former ones, what is unread.

Figures come from the stored evaluations of the day; nothing is counted here.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.attainment.progress import progress
from jalon.domain.cascade.carrying import Carried, Held, carried
from jalon.domain.cascade.plan import measured
from jalon.domain.objectives.objective import Direction, Objective, Revision
from jalon.domain.people.permission import Viewer
from jalon.queries.board import lines
from jalon.queries.kpi_values import catalogue
from jalon.queries.pages import Line
from jalon.records import objective_rows
from jalon.records.receipts import Receipt
from jalon.workspace.folder import Workspace

CLOSED = frozenset({"reached", "missed", "abandoned"})
MONEY_STEP = Decimal(1)


@dataclass(frozen=True, slots=True)
class Effect:
    """One objective before and after: targets, and attainment against each."""

    line: Line
    former: Decimal
    new: Decimal
    credited: Decimal | None
    attainment_before: Decimal | None
    attainment_after: Decimal | None

    @property
    def left(self) -> Decimal:
        """Return what is left to do after; below 0, what is beyond."""
        return self.new - (self.line.actual or Decimal(0))


@dataclass(frozen=True, slots=True)
class Effects:
    """All that a re-target changes, the objective itself first, and what it leaves."""

    changed: tuple[Effect, ...]
    left: tuple[Line, ...]

    @property
    def top(self) -> Effect:
        """Return the effect on the objective itself."""
        return self.changed[0]


def effects(
    workspace: Workspace,
    objective: str,
    new: Decimal,
    *,
    carry: bool,
    credit: bool,
    on: datetime.date,
) -> Effects:
    """Return what changes: the objective, and with `carry` those under it.

    Carried to objectives of the same KPI and filters, over the same period or a part of
    it, that still run; the others under it are named, and left as they are.
    """
    every = {line.id: line for line in lines(workspace, on=on)}
    top = every[objective]
    below = _below(top, every.values())
    same = _same(top, below, on=on) if carry else []
    held = [_held(line, every.get(line.parent, line)) for line in (top, *same)]
    kpi = catalogue(workspace)[top.kpi]
    measure = measured(
        top.kpi,
        unit=top.unit,
        kind=str(kpi.kind),
        step=MONEY_STEP if top.unit == "money" else None,
    )
    found = {
        one.id: one
        for one in carried(objective, new, held, measure=measure, credit=credit)
    }
    changed = tuple(
        _effect(line, found[line.id]) for line in (top, *same) if line.id in found
    )
    moved = {effect.line.id for effect in changed}
    return Effects(changed, tuple(line for line in below if line.id not in moved))


def _below(top: Line, every: Iterable[Line]) -> list[Line]:
    parts: dict[str, list[Line]] = defaultdict(list)
    for line in every:
        parts[line.parent].append(line)
    found: list[Line] = []
    waiting, seen = [top.id], {top.id}
    while waiting:
        for line in parts[waiting.pop(0)]:
            if line.id not in seen:
                seen.add(line.id)
                found.append(line)
                waiting.append(line.id)
    return found


def _same(top: Line, below: Iterable[Line], *, on: datetime.date) -> list[Line]:
    """Return those it carries to, parents first: none through one left as it is."""
    reached = {top.id}
    found = []
    for line in below:
        if line.parent in reached and _alike(line, top, on=on):
            reached.add(line.id)
            found.append(line)
    return found


def _alike(line: Line, top: Line, *, on: datetime.date) -> bool:
    return (
        (line.kpi, line.where, line.direction) == (top.kpi, top.where, top.direction)
        and top.first <= line.first
        and line.after <= top.after
        and on < line.after
        and line.target is not None
        and line.state not in CLOSED
    )


def _held(line: Line, above: Line) -> Held:
    done = line.actual if line.flow and line.actual else Decimal(0)
    return Held(
        line.id,
        line.parent,
        line.target or Decimal(0),
        max(done, Decimal(0)),
        whole=(line.first, line.after) == (above.first, above.after),
    )


def _effect(line: Line, one: Carried) -> Effect:
    return Effect(
        line=line,
        former=one.former,
        new=one.new,
        credited=one.credited,
        attainment_before=_attainment(line, one.former),
        attainment_after=_attainment(line, one.new),
    )


def _attainment(line: Line, target: Decimal) -> Decimal | None:
    return progress(
        line.actual,
        target=target,
        baseline=line.baseline,
        direction=Direction(line.direction),
        flow=line.flow,
    ).attainment


@dataclass(frozen=True, slots=True)
class Told:
    """A re-target and who took note of it."""

    rank: int
    revision: Revision
    receipts: tuple[tuple[str, datetime.datetime], ...]


def told(objective: str) -> tuple[Told, ...]:
    """Return the re-targets of an objective with their receipts, oldest first."""
    found = objective_rows.load([objective])[objective]
    received = defaultdict(list)
    for one in Receipt.objects.filter(objective_id=objective).order_by("at"):
        received[one.rank].append((one.by, one.at))
    return tuple(
        Told(rank, revision, tuple(received[rank]))
        for rank, revision in enumerate(found.revisions, start=1)
    )


def objective(wanted: str) -> Objective:
    """Return an objective as it is written."""
    return objective_rows.load([wanted])[wanted]


def unread(workspace: Workspace, viewer: Viewer, *, on: datetime.date) -> list[Line]:
    """Return the objectives of the viewer whose last re-target nobody acknowledged."""
    revised = objective_rows.revised()
    mine = [
        line
        for line in (lines(workspace, on=on, ids=revised) if revised else ())
        if line.state not in CLOSED
        and line.target != line.original_target
        and answers_for(viewer, line.owner)
    ]
    last = {
        one.id: len(one.revisions)
        for one in objective_rows.load([line.id for line in mine]).values()
    }
    read = set(
        Receipt.objects.filter(objective_id__in=last)
        .order_by("id")
        .values_list("objective_id", "rank")
    )
    return [
        line for line in mine if last[line.id] and (line.id, last[line.id]) not in read
    ]


def answers_for(viewer: Viewer, owner: str) -> bool:
    """Return whether somebody carries an owner's objectives, or leads who does."""
    kind, _, key = owner.partition(":")
    if kind == "team":
        return key in viewer.teams
    return kind == "person" and key == viewer.person_id != ""
