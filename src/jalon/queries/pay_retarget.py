"""What a re-target would change in people's pay, before and after, if they accept it.

Both amounts are counted where the forecast lands in the middle, or as things stand
where there is none. Only people whose pay the viewer may see are told.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from jalon.domain.incentives.plan import ZERO
from jalon.domain.people.permission import Viewer
from jalon.queries.pay_estimate import landing, paid_lines, scope_on
from jalon.queries.pay_inputs import live_inputs, payees
from jalon.queries.pay_plans import plans_of, sees, version
from jalon.records import pay_rows
from jalon.records.pay import PayAcceptance
from jalon.workspace.folder import Workspace

MOST = 30  # people told at once


@dataclass(frozen=True, slots=True)
class PayEffect:
    """What somebody is paid on the target in force, and on the new one."""

    person: str
    name: str
    currency: str
    before: Decimal
    after: Decimal


def pay_effects(
    workspace: Workspace,
    targets: Mapping[str, tuple[str, Decimal]],
    *,
    viewer: Viewer,
    on: datetime.date,
) -> tuple[PayEffect, ...]:
    """Return the effects of new targets: (owner, new target) by objective."""
    people = sorted(
        {
            owner.removeprefix("person:")
            for owner, _new in targets.values()
            if owner.startswith("person:")
        }
    )
    news = {objective: new for objective, (_owner, new) in targets.items()}
    found = []
    for person in [one for one in people if sees(viewer, one)][:MOST]:
        found += _of(workspace, person, news, on)
    return tuple(found)


def _of(
    workspace: Workspace, person: str, news: Mapping[str, Decimal], on: datetime.date
) -> list[PayEffect]:
    effects = []
    for plan in plans_of(person, on):
        row = pay_rows.in_force(plan, on)
        if row is None:
            continue
        scope = scope_on(workspace, version(row), on)
        who = payees(workspace, scope, people={person})
        inputs, read = live_inputs(workspace, scope, who, on=on)
        own = {one.objective for one in inputs}
        if not who or not own & set(news):
            continue
        there = [
            replace(one, target=news[one.objective]) if one.objective in news else one
            for one in inputs
        ]
        amounts = []
        for some in (inputs, there):
            landed = landing(scope, some, read)
            now = sum((line.amount for line in paid_lines(scope, some)), ZERO)
            amounts.append(landed[1] if landed else now)
        currency = scope.written.plan.currency
        effects.append(PayEffect(person, who[0].name, currency, *amounts))
    return effects


def acceptances(objective: str) -> dict[int, tuple[str, datetime.datetime]]:
    """Return who accepted each re-target for their pay, by its rank."""
    rows = PayAcceptance.objects.filter(objective_id=objective).order_by("rank")
    return {rank: (by, at) for rank, by, at in rows.values_list("rank", "by", "at")}


def is_paid_on(person: str, day: datetime.date) -> bool:
    """Return whether somebody is under a pay plan on a day."""
    return bool(plans_of(person, day))
