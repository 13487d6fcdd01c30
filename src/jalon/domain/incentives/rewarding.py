"""Which recognitions figures propose, as far as a manager's attention goes.

Proposals come in the order of the rules, then of what was reached, as long as the
manager's minutes last; the others are listed as beyond them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from jalon.domain.incentives.inputs import Input
from jalon.domain.incentives.measuring import attainment
from jalon.domain.incentives.plan import On
from jalon.domain.incentives.rewards import Rewards, Rule


@dataclass(frozen=True, slots=True)
class Proposal:
    """A recognition proposed for somebody; `within` the attention of their manager."""

    person: str
    rule: Rule
    reached: Decimal
    within: bool


def proposed(
    rewards: Rewards, inputs: Iterable[Input], leaders: Mapping[str, str]
) -> tuple[Proposal, ...]:
    """Return what figures propose, in the order attention goes to them.

    `leaders` names who leads each person: the minutes are theirs.
    """
    known = list(inputs)
    spent: dict[str, int] = defaultdict(int)
    found = []
    for rule in rewards.rules:
        reached = [
            (value, one.person)
            for one in known
            if one.measure == rule.measure
            and (value := _value(one, rule.on)) is not None
            and value >= rule.at_least
        ]
        for value, person in sorted(reached, key=lambda pair: (-pair[0], pair[1])):
            leader = leaders.get(person, "")
            after = spent[leader] + rule.minutes
            within = rewards.minutes is None or after <= rewards.minutes
            if within:
                spent[leader] = after
            found.append(Proposal(person, rule, value, within))
    return tuple(found)


def _value(one: Input, on: On) -> Decimal | None:
    if on is On.ACTUAL or one.actual is None:
        return one.actual
    if one.attainment is not None:
        return one.attainment
    return attainment(one.actual, one.target)
