"""Calls beside the model: each side's last word, the former ones, who was right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from jalon.domain.forecast.calls import Accuracy, Call, Side, accuracy, latest
from jalon.records import call_rows, evaluation_rows
from jalon.records.accounts import User

May = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Calls:
    """What was said of one objective, and how right the sides were before.

    `accuracy` is over the ended objectives of the same KPI that the reader may see.
    """

    owner: Call | None
    manager: Call | None
    former: tuple[Call, ...]  # the latest first
    accuracy: tuple[Accuracy, ...]


def calls_of(objective: str, kpi: str, *, may_see: May) -> Calls:
    """Return the calls on an objective; `may_see` says whose past counts."""
    own = call_rows.of(objective)
    last = latest(own)
    past = [one for owner, one in call_rows.of_ended(kpi) if may_see(owner)]
    return Calls(
        owner=last.get((objective, Side.OWNER)),
        manager=last.get((objective, Side.MANAGER)),
        former=_named(tuple(reversed(own))),
        accuracy=accuracy(past, _finals({one.objective for one in past})),
    )


def _finals(objectives: set[str]) -> dict[str, Decimal]:
    if not objectives:
        return {}
    return {
        name: one.actual
        for name, one in evaluation_rows.frozen(objectives).items()
        if one.actual is not None
    }


def _named(calls: tuple[Call, ...]) -> tuple[Call, ...]:
    emails = {one.by for one in calls}
    users = User.objects.filter(email__in=emails).order_by("email")
    names = {user.email: user.name or user.email for user in users}
    return tuple(replace(one, by=names.get(one.by, one.by)) for one in calls)
