"""The published periods of a plan: as they were paid, and as they read now.

Where a former period reads otherwise now, the difference is a line of the next run. A
sale whose customer has left is taken back once.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from jalon.domain.incentives import inputs as domain
from jalon.domain.incentives.inputs import Input, Sale, cancelled
from jalon.domain.incentives.plan import ZERO
from jalon.domain.incentives.results import CANCELLED, SALE
from jalon.domain.incentives.settling import (
    CORRECTION,
    HELD,
    LATER,
    RELEASED,
    Former,
    RunState,
    lines_by,
    put_right,
)
from jalon.domain.incentives.statement import Line
from jalon.domain.periods import Period
from jalon.queries.pay_inputs import Scope, payees, present_inputs
from jalon.queries.pay_sales import ended, months_between
from jalon.records import pay_rows
from jalon.records.pay import PayRun, PayStatement
from jalon.workspace.folder import Workspace

YEAR = datetime.timedelta(days=366)  # how far back a former period is put right
LONG = 3 * YEAR  # the same, where a part of the pay waits for customers to pay


class FormerPeriods:
    """The published periods of a plan within a year, as paid and as they read now."""

    def __init__(
        self, workspace: Workspace, scope: Scope, *, on: datetime.date
    ) -> None:
        self._workspace, self._scope, self._on = workspace, scope, on
        self._last = scope.period.after - datetime.timedelta(days=1)
        published = (
            PayRun.objects.filter(
                plan=scope.plan,
                state=RunState.PUBLISHED.value,
                after__lte=scope.period.first,
            )
            .select_related("version")
            .order_by("first")
        )
        back = LONG if scope.written.waits else YEAR
        self._horizon = scope.period.first - back
        oldest = self._oldest()
        if oldest:
            published = published.filter(after__gt=oldest)
        self._runs = list(published)
        self._paid: dict[int, dict[str, Former]] = {}
        later: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
        self._lines: dict[str, dict[str, Decimal]] = defaultdict(dict)
        for run in reversed(self._runs):
            self._paid[run.pk] = self._of(run, later)

    def _oldest(self) -> datetime.date | None:
        """Return the day before which no run is looked at; None: all are."""
        written = self._scope.written
        if written.plan.draw is not None:
            return None
        months = (
            written.plan.clawback.within_months if written.plan.clawback.source else 0
        )
        if months is None:
            return None
        kept = datetime.timedelta(days=31 * months)
        return min(self._horizon, self._scope.period.first - kept)

    def _of(
        self, run: PayRun, later: dict[tuple[str, str, str], Decimal]
    ) -> dict[str, Former]:
        found = {}
        for row in PayStatement.objects.filter(run=run).order_by("person_id"):
            lines = [(one["rule"], one) for one in row.lines]
            own = [Decimal(one["amount"]) for rule, one in lines if rule not in LATER]
            held = [Decimal(one["amount"]) for rule, one in lines if rule == HELD]
            for rule, one in lines:
                amount = Decimal(one["amount"])
                if rule in {CORRECTION, RELEASED}:
                    later[row.person_id, one["row"], rule] += amount
                elif one.get("row"):
                    mine = self._lines[row.person_id]
                    mine[one["row"]] = mine.get(one["row"], ZERO) + amount
            changes = [
                later[row.person_id, run.name, rule] for rule in (CORRECTION, RELEASED)
            ]
            found[row.person_id] = Former(
                run.name,
                tuple(domain.read(one) for one in row.inputs),
                sum(own, ZERO) + sum(changes, ZERO),
                sum(held, ZERO) + changes[1],
            )
        return found

    def with_cancelled(self, inputs: Sequence[Input]) -> tuple[Input, ...]:
        """Return the inputs of the period with the sales whose customer has left.

        A sale is taken back once: what a former run took back is not looked at again.
        """
        rule = self._scope.written.plan.clawback
        read = [
            one.measure
            for one in self._scope.written.sources
            if one.columns is not None
        ]
        if not rule.source or not read:
            return tuple(inputs)
        sold = self._sold(read[0])
        known = {
            dict(sale.facts)["account_id"]
            for some in sold.values()
            for sale in some
            if "account_id" in dict(sale.facts)
        }
        left = ended(self._workspace, known, self._scope.period)
        return tuple(
            one
            if one.measure != read[0] or one.sales is None
            else replace(
                one,
                sales=(*one.sales, *self._taken(one.person, sold[one.person], left)),
            )
            for one in inputs
        )

    def _sold(self, measure: str) -> dict[str, list[Sale]]:
        """Return the sales each was paid for and that were not taken back yet."""
        found: dict[str, dict[str, Sale]] = defaultdict(dict)
        for run in self._runs:
            for person, former in self._paid[run.pk].items():
                for one in former.inputs:
                    if one.measure != measure:
                        continue
                    for sale in one.sales or ():
                        found[person][sale.id] = sale
        return defaultdict(
            list,
            {
                person: [one for one in some.values() if one.kind == SALE]
                for person, some in found.items()
            },
        )

    def _taken(
        self, person: str, sold: Sequence[Sale], left: Mapping[str, datetime.date]
    ) -> list[Sale]:
        """Return the sales of somebody that are cancelled in the period."""
        months = self._scope.written.plan.clawback.within_months
        found = []
        for sale in sold:
            day = left.get(dict(sale.facts).get("account_id", ""))
            if day is None or day <= sale.date:
                continue
            served = months_between(sale.date, day)
            if months is not None and served >= months:
                continue
            found.append(
                replace(
                    sale,
                    date=max(day, self._scope.period.first),
                    kind=CANCELLED,
                    paid=self._lines[person].get(sale.id),
                    served=Decimal(served),
                )
            )
        return found

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Return what the plan remembers of the same fiscal year, as it was paid."""
        if not self._scope.written.remembers:
            return ()
        opening = self._scope.written.plan.first
        return tuple(
            one
            for run in self._runs
            if opening is None or opening <= run.first
            for former in self._paid[run.pk].values()
            for one in former.inputs
        )

    def corrections(self) -> list[Line]:
        """Return the lines that put former periods right."""
        found = []
        before: list[Input] = []
        for run in self._runs:
            written = pay_rows.written(run.version.text)
            period = Period(run.first, run.after)
            scope = Scope(run.plan, written, period, run.name)
            if run.after <= self._horizon:
                before.extend(
                    one
                    for former in self._paid[run.pk].values()
                    for one in former.inputs
                )
                continue
            now = self._now(scope, self._paid[run.pk])
            kept = [*before, *now] if written.remembers else now
            due = lines_by(written, kept, until=self._last).get(run.name, {})
            before.extend(now)
            read: dict[str, list[Input]] = defaultdict(list)
            for one in now:
                read[one.person].append(one)
            for person, former in self._paid[run.pk].items():
                found += put_right(
                    former,
                    due.get(person, ()),
                    read[person],
                    person=person,
                    period=self._scope.name,
                )
        return found

    def _now(self, scope: Scope, paid: Mapping[str, Former]) -> list[Input]:
        """Return what a former period reads now; what was taken back stays so."""
        who = payees(self._workspace, scope, people=set(paid))
        back = {
            (person, one.measure): cancelled(one)
            for person, former in paid.items()
            for one in former.inputs
        }
        read = present_inputs(
            self._workspace, scope, who, on=self._on, until=self._last
        )
        return [
            one
            if one.sales is None
            else replace(
                one, sales=(*one.sales, *back.get((one.person, one.measure), ()))
            )
            for one in read
        ]
