"""Rewards other than money: levels reached, in the limits of a manager's attention."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jalon.domain.incentives.inputs import Input
from jalon.domain.incentives.rewarding import proposed
from jalon.domain.incentives.sources import read_text
from jalon.domain.refusals import Refusal

PLAN = """\
[[component]]
measure = "revenue"
pays = "rate"
rate = 0.05

[recognition]
minutes = 90

[[recognition.rule]]
key = "lunch"
label = "Déjeuner avec la direction"
measure = "revenue"
at_least = 1
minutes = 60

[[recognition.rule]]
key = "word"
measure = "nps"
on = "actual"
at_least = 50
minutes = 30
"""
LEADERS = {"anna": "mona", "bob": "mona", "cleo": "marc"}


def figure(person: str, measure: str, actual: int, target: int | None = None) -> Input:
    told = None if target is None else Decimal(target)
    return Input(person, "2026-Q1", measure, actual=Decimal(actual), target=told)


def test_attention_goes_to_the_first_rule_and_the_highest_reached() -> None:
    """Mona has 90 minutes: a lunch with Bob (120 %) and no other, a word with Anna."""
    rewards = read_text(PLAN).rewards
    inputs = [
        figure("anna", "revenue", 100, 100),
        figure("bob", "revenue", 120, 100),
        figure("cleo", "revenue", 99, 100),
        figure("anna", "nps", 55),
    ]

    told = [
        (one.person, one.rule.key, one.reached, one.within)
        for one in proposed(rewards, inputs, LEADERS)
    ]
    assert told == [
        ("bob", "lunch", Decimal("1.2"), True),
        ("anna", "lunch", Decimal(1), False),
        ("anna", "word", Decimal(55), True),
    ]


def test_a_measure_of_a_reward_alone_is_read_too() -> None:
    assert [one.measure for one in read_text(PLAN).sources] == ["revenue", "nps"]


def test_no_figure_proposes_nothing() -> None:
    lacking = Input("anna", "2026-Q1", "revenue", reason="pay.not_closed")
    assert proposed(read_text(PLAN).rewards, [lacking], LEADERS) == ()


@pytest.mark.parametrize(
    ("former", "new", "said"),
    [
        ("minutes = 90", 'minutes = "much"', "minutes = 90"),
        ("at_least = 1", 'at_least = "high"', "at_least"),
        ('key = "word"', 'amount = 50\nkey = "word"', "amount is not known"),
        ('measure = "nps"', 'on = "points"', "measure"),
    ],
)
def test_a_fault_of_a_reward_is_one_clear_line(
    former: str, new: str, said: str
) -> None:
    with pytest.raises(Refusal) as refused:
        read_text(PLAN.replace(former, new, 1).replace('on = "points"\non', "on"))
    assert said in str(refused.value)
