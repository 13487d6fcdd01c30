"""From a period's inputs to statements, and what former ones should have said.

Nothing that was published changes: where a former period reads otherwise now, the
difference is one line of the next statement, with the figures as they were and are.
"""

from __future__ import annotations

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
LATER = frozenset({CORRECTION, DECISION})


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
) -> dict[str, Due]:
    """Return the statement of each person over a period.

    `before` are the inputs of the year's earlier periods, for plans that remember.
    """
    now = list(inputs)
    kept = [*before, *now] if written.remembers else now
    lines = lines_by(written, kept).get(period, {})
    told: dict[str, list[Input]] = defaultdict(list)
    for one in now:
        told[one.person].append(one)
    return {
        person: Due(person, tuple(lines.get(person, ())), tuple(found))
        for person, found in told.items()
    }


def lines_by(
    written: Written, inputs: Iterable[Input]
) -> Mapping[str, Mapping[str, Sequence[Line]]]:
    """Return the lines of a plan by period, then by person."""
    found: dict[str, dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for line in statement(written.plan, rows_of(inputs, written.plan)).lines:
        found[line.period][line.person].append(line)
    return found


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
        if held(one.parts) != held(other.parts):
            steps.append(
                step(
                    "Presence: {before} when it was paid, {after} now.",
                    before=share(held(one.parts)),
                    after=share(held(other.parts)),
                )
            )
    return tuple(dict.fromkeys(steps))


def _figure(value: Decimal | None) -> Figure | str:
    return "—" if value is None else plain(value)
