"""Two versions tried on the figures of a period, past or under way.

A period that is over gives one cost. One under way is also paid on samples of where its
figures will land, which gives a range. Only people whose pay the viewer may see are in.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.attainment.evaluation import Evaluation
from jalon.domain.incentives.inputs import Input, Payee
from jalon.domain.incentives.plan import ZERO
from jalon.domain.incentives.simulating import (
    DRAWS,
    compared,
    costs,
    pay_by_person,
    quantile,
)
from jalon.domain.people.permission import Viewer
from jalon.domain.periods import Period
from jalon.domain.refusals import Refusal
from jalon.queries.landings import outlooks
from jalon.queries.pay_estimate import scope_on, target_pay
from jalon.queries.pay_inputs import Scope, frozen_inputs, live_inputs, payees
from jalon.queries.pay_plans import Version, sees
from jalon.records import objective_rows
from jalon.workspace.folder import Workspace

MANY = 300  # people: fewer draws beyond
FEW_DRAWS = 40
KEPT = 400  # samples of one figure
SHARES = (Decimal("0.1"), Decimal("0.5"), Decimal("0.9"))
Range = tuple[Decimal, Decimal, Decimal]
_RHYTHM = (
    "{first} is paid by {every}, {second} is not: they cannot be compared over one"
    " period."
)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """What two versions pay somebody on the same figures."""

    person: str
    name: str
    target: Decimal | None
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        """Return what the second version pays more."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Simulation:
    """Both versions over a period: person by person, in all, and what they may cost."""

    period: Period
    name: str
    over: bool
    currency: str
    lines: tuple[PersonLine, ...]
    before: Decimal
    after: Decimal
    budget: Decimal
    before_range: Range | None
    after_range: Range | None

    @property
    def difference(self) -> Decimal:
        """Return what the second version costs more."""
        return self.after - self.before

    @property
    def last(self) -> datetime.date:
        """Return the last day of the period."""
        return self.period.after - datetime.timedelta(days=1)

    @property
    def losing(self) -> int:
        """Return how many people the second version pays less."""
        return sum(1 for one in self.lines if one.difference < 0)


def simulate(
    workspace: Workspace,
    first: Version,
    second: Version,
    day: datetime.date,
    *,
    viewer: Viewer,
    on: datetime.date,
) -> Simulation:
    """Return what both versions pay the people under the first one's plan.

    Raises:
        Refusal: If the versions are not paid at the same rhythm.
    """
    scope, other = scope_on(workspace, first, day), scope_on(workspace, second, day)
    if scope.period != other.period:
        raise Refusal(
            _RHYTHM, first=first.name, every=first.written.every, second=second.name
        )
    who = tuple(one for one in payees(workspace, scope) if sees(viewer, one.person))
    over = scope.period.after <= on
    before, read = _inputs(workspace, scope, who, over=over, on=on)
    after, more = _inputs(workspace, other, who, over=over, on=on)
    samples = {} if over else _samples(workspace, {**read, **more}, on=on)
    names = {one.person: one for one in who}
    pairs = compared(
        pay_by_person(scope.written, before), pay_by_person(other.written, after)
    )
    lines = tuple(
        PersonLine(
            one.person,
            names[one.person].name,
            target_pay(scope, names[one.person]),
            one.before,
            one.after,
        )
        for one in pairs
    )
    return Simulation(
        period=scope.period,
        name=scope.name,
        over=over,
        currency=scope.written.plan.currency,
        lines=lines,
        before=sum((one.before for one in lines), ZERO),
        after=sum((one.after for one in lines), ZERO),
        budget=sum((one.target or ZERO for one in lines), ZERO),
        before_range=_range(scope, before, samples),
        after_range=_range(other, after, samples),
    )


def _inputs(
    workspace: Workspace,
    scope: Scope,
    who: Sequence[Payee],
    *,
    over: bool,
    on: datetime.date,
) -> tuple[tuple[Input, ...], Mapping[str, Evaluation]]:
    if over:
        return frozen_inputs(workspace, scope, who), {}
    return live_inputs(workspace, scope, who, on=on)


def _samples(
    workspace: Workspace, read: Mapping[str, Evaluation], *, on: datetime.date
) -> dict[str, tuple[Decimal, ...]]:
    """Return where each figure may land, thinned to as many as are drawn from."""
    objectives = list(objective_rows.load(sorted(read)).values())
    found = outlooks(workspace, objectives, read, on=on)
    return {
        key: tuple(
            Decimal(str(round(float(value), 4)))
            for value in one.samples[:: max(len(one.samples) // KEPT, 1)]
        )
        for key, one in found.items()
    }


def _range(
    scope: Scope, inputs: Sequence[Input], samples: Mapping[str, tuple[Decimal, ...]]
) -> Range | None:
    if not any(one.objective in samples for one in inputs):
        return None
    people = len({one.person for one in inputs})
    draws = DRAWS if people <= MANY else FEW_DRAWS
    found = costs(scope.written, inputs, samples, draws=draws)
    low, middle, high = (quantile(found, share) for share in SHARES)
    return low, middle, high
