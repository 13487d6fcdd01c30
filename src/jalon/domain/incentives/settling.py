"""From a period's inputs to statements, and what former ones should have said.

Nothing that was published changes: where a former period reads otherwise now, the
difference is one line of the next statement, with the figures as they were and are.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from jalon.domain.incentives.inputs import Input, held, rows_of
from jalon.domain.incentives.plan import ZERO
from jalon.domain.incentives.sentences import Figure, Step, money, plain, share, step
from jalon.domain.incentives.sources import Written
from jalon.domain.incentives.statement import Line, statement

CORRECTION, DECISION = "correction", "decision"
HELD, RELEASED = "held", "released"
LATER = frozenset({CORRECTION, DECISION, RELEASED})


class RunState(StrEnum):
    """Where the pay of a period stands."""

    COMPUTED = "computed"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    PUBLISHED = "published"


NEXT = {
    RunState.COMPUTED: RunState.REVIEWED,
    RunState.REVIEWED: RunState.APPROVED,
    RunState.APPROVED: RunState.PUBLISHED,
}


@dataclass(frozen=True, slots=True)
class Former:
    """A period already published for somebody: what it was paid on, and how much."""

    period: str
    inputs: tuple[Input, ...]
    paid: Decimal  # its lines, and the corrections already made to them
    held: Decimal = ZERO  # what of it was not due yet, below 0


@dataclass(frozen=True, slots=True)
class Due:
    """A statement: its lines and what it was paid on."""

    person: str
    lines: tuple[Line, ...]
    inputs: tuple[Input, ...]

    @property
    def total(self) -> Decimal:
        """Return the sum of the lines."""
        return sum((line.amount for line in self.lines), ZERO)


def settled(
    written: Written,
    inputs: Iterable[Input],
    *,
    period: str,
    before: Iterable[Input] = (),
    until: datetime.date | None = None,
) -> dict[str, Due]:
    """Return the statement of each person over a period.

    `before` are the inputs of the year's earlier periods, for plans that remember;
    `until` is the day up to which what waits for a date is due.
    """
    now = list(inputs)
    kept = [*before, *now] if written.remembers else now
    lines = lines_by(written, kept, until=until).get(period, {})
    told: dict[str, list[Input]] = defaultdict(list)
    for one in now:
        told[one.person].append(one)
    return {
        person: Due(person, tuple(lines.get(person, ())), tuple(found))
        for person, found in told.items()
    }


def lines_by(
    written: Written, inputs: Iterable[Input], *, until: datetime.date | None = None
) -> Mapping[str, Mapping[str, Sequence[Line]]]:
    """Return the lines of a plan by period, then by person: what waits is held."""
    found: dict[str, dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    rows = rows_of(inputs, written.plan)
    for line in statement(written.plan, rows, until=until).lines:
        found[line.period][line.person].append(line)
    if written.waits:
        for period, people in found.items():
            for person, lines in people.items():
                lines.extend(_held(person, period, lines))
    return found


def _held(person: str, period: str, lines: Sequence[Line]) -> list[Line]:
    """Return the line of what is earned and not due yet, where there is some."""
    waiting: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        for part in line.parts:
            waiting[part.when] += part.amount - part.due
    kept = {when: amount for when, amount in waiting.items() if amount}
    if not kept:
        return []
    steps = tuple(
        step("{amount} waits for: {when}.", amount=money(amount), when=when)
        for when, amount in kept.items()
    )
    total = sum(kept.values(), ZERO)
    return [Line(person, period, HELD, HELD, -total, steps=steps)]


def put_right(
    former: Former,
    due: Sequence[Line],
    now: Sequence[Input],
    *,
    person: str,
    period: str,
) -> list[Line]:
    """Return the lines that put a former period right: released, then corrected."""
    held = sum((line.amount for line in due if line.rule == HELD), ZERO)
    earned = sum((line.amount for line in due if line.rule != HELD), ZERO)
    lines = []
    if held != former.held:
        said = step(
            "Of {period}: {before} was waiting, {after} is now.",
            period=former.period,
            before=money(-former.held),
            after=money(-held),
        )
        change = held - former.held
        lines.append(
            Line(
                person,
                period,
                RELEASED,
                RELEASED,
                change,
                row=former.period,
                steps=(said,),
            )
        )
    rest = Former(former.period, former.inputs, former.paid - former.held)
    put = correction(rest, earned, now, person=person, period=period)
    return [*lines, put] if put else lines


def correction(
    former: Former, due: Decimal, now: Sequence[Input], *, person: str, period: str
) -> Line | None:
    """Return the line that puts a former period right; None where it is.

    `now` are its inputs as they read today, `due` what they earn.
    """
    difference = due - former.paid
    if not difference:
        return None
    told = step(
        "For {period}: {due} is due, {paid} was paid.",
        period=former.period,
        due=money(due),
        paid=money(former.paid),
    )
    return Line(
        person,
        period,
        CORRECTION,
        CORRECTION,
        difference,
        row=former.period,
        steps=(*_changes(former.inputs, now), told),
    )


def decided(person: str, period: str, amount: Decimal, *, of: str, text: str) -> Line:
    """Return the line of an answer given to a question, which pays or takes back."""
    told = step("Decided on a question about {period}: {text}", period=of, text=text)
    return Line(person, period, DECISION, DECISION, amount, row=of, steps=(told,))


def _changes(before: Sequence[Input], now: Sequence[Input]) -> tuple[Step, ...]:
    """Return a sentence for each figure that reads otherwise."""
    after = {one.measure: one for one in now}
    steps: list[Step] = []
    for one in before:
        other = after.get(one.measure)
        if other is None:
            continue
        if one.actual != other.actual:
            steps.append(
                step(
                    "{measure}: {before} when it was paid, {after} now.",
                    measure=one.measure,
                    before=_figure(one.actual),
                    after=_figure(other.actual),
                )
            )
        if one.target != other.target:
            steps.append(
                step(
                    "Target of {measure}: {before} when it was paid, {after} now.",
                    measure=one.measure,
                    before=_figure(one.target),
                    after=_figure(other.target),
                )
            )
        steps.extend(_rows_changed(one, other))
        if held(one.parts) != held(other.parts):
            steps.append(
                step(
                    "Presence: {before} when it was paid, {after} now.",
                    before=share(held(one.parts)),
                    after=share(held(other.parts)),
                )
            )
    return tuple(dict.fromkeys(steps))


def _rows_changed(one: Input, other: Input) -> list[Step]:
    """Return a sentence for each sale that reads otherwise, is new or has gone."""
    if one.sales is None or other.sales is None:
        return []
    before = {each.id: each for each in one.sales}
    after = {each.id: each for each in other.sales}
    steps = []
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        there = now or was
        if there is None or (was and now and was.actual == now.actual):
            continue
        steps.append(
            step(
                "{sale}: {before} when it was paid, {after} now.",
                sale=there.name or there.id,
                before=_figure(was.actual if was else None),
                after=_figure(now.actual if now else None),
            )
        )
    return steps


def _figure(value: Decimal | None) -> Figure | str:
    return "—" if value is None else plain(value)
