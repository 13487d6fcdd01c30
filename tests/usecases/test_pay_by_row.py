"""Pay sale by sale in stored runs: each line its row, what waits, what is taken back.

In the first quarter Bob signed 15,000 € (20 January) and 60 % of 30,000 (28 March,
invoiced on 1 April); in the second, 70 % of 10,000 (20 May, whose customer left on
10 June) and 9,000 (30 June, not invoiced).
"""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from jalon.domain.incentives.settling import RunState
from jalon.domain.refusals import Refusal
from jalon.queries.pay_rewards import to_give
from jalon.queries.viewers import viewer
from jalon.records.pay import PayStatement
from jalon.usecases.acting import OPERATOR, Actor, ForbiddenError
from jalon.usecases.give_reward import give_reward
from jalon.usecases.settle_pay import Term, advance_run, run_period, set_terms
from jalon.usecases.write_pay_plan import publish_version, save_version
from jalon.workspace.folder import Workspace
from tests.worlds import paid

pytestmark = pytest.mark.django_db
HEAD = """\
[plan]
name = "Ventes"
first = 2025-01-01
every = "{every}"

[[component]]
key = "commission"
measure = "revenue"
pays = "rate"
"""
EACH = (
    HEAD.format(every="quarter")
    + """\
rate = 0.05
counted = "each"

[[component]]
key = "large"
measure = "revenue"
pays = "amount"
amount = 300
counted = "each"
minimum_each = 8000

[[component]]
key = "growing"
measure = "revenue"
pays = "rate"
counted = "running_year"
tiers = [{ to = 40000, rate = 0.01 }, { rate = 0.03 }]
"""
)


def published(world: Workspace, text: str, *people: str) -> None:
    """Write and publish a plan from the first of January, people under it."""
    save_version(world, "plan", text, actor=OPERATOR, at=paid.AT)
    publish_version("plan", 1, "Plan 2025", actor=OPERATOR, at=paid.AT)
    first = datetime.date(2025, 1, 1)
    terms = [Term(plan="plan", person=one, first=first) for one in people or ("bob",)]
    set_terms(world, terms, actor=OPERATOR, at=paid.AT)


def run(world: Workspace, day: str, on: str) -> list[tuple[str, str, Decimal]]:
    """Run and publish the period of a day; return Bob's lines: rule, row, amount."""
    key = run_period(
        world,
        "plan",
        datetime.date.fromisoformat(day),
        actor=OPERATOR,
        on=datetime.date.fromisoformat(on),
        at=paid.AT,
    )
    for state in (RunState.REVIEWED, RunState.APPROVED, RunState.PUBLISHED):
        advance_run(key, state, actor=OPERATOR, at=paid.AT)
    bob = PayStatement.objects.get(run_id=key, person_id="bob")
    return [
        (one["rule"], one.get("row", ""), Decimal(one["amount"])) for one in bob.lines
    ]


def test_each_sale_is_a_line_and_the_total_runs_through_the_year(
    company: Workspace,
) -> None:
    """33,000 in the first quarter; of 16,000 after it, 7,000 at 1 % and 9,000 at 3 %."""
    published(company, EACH)
    assert run(company, "2025-02-01", "2025-04-02") == [
        ("commission", "d12", 750),
        ("commission", "d17", 900),
        ("large", "d12", 300),
        ("large", "d17", 300),
        ("growing", "d12", 150),
        ("growing", "d17", 180),
    ]
    assert run(company, "2025-05-01", "2025-07-02") == [
        ("commission", "d20", 350),
        ("commission", "d22", 450),
        ("large", "d20", 0),
        ("large", "d22", 300),
        ("growing", "d20", 70),
        ("growing", "d22", 270),
    ]


def test_a_credit_note_names_its_sale_in_the_correction(company: Workspace) -> None:
    """8,000 and not 9,000 on d22: 50 and 30 less, the 300 stand."""
    published(company, EACH)
    run(company, "2025-02-01", "2025-04-02")
    run(company, "2025-05-01", "2025-07-02")
    paid.credit_note(company)
    lines = run(company, "2025-08-01", "2025-10-02")

    assert ("correction", "2025-Q2", -80) in lines
    told = str(PayStatement.objects.order_by("-id").values_list("lines", flat=True)[0])
    assert "Nora plus" in told


def test_only_the_sales_a_rule_names_are_paid(company: Workspace) -> None:
    """d12 and d17 are of the line of software; new business alone is d17's 18,000."""
    text = HEAD.format(every="quarter") + (
        'rate = 0.1\nwhere = { kind = "new", line = "logiciel" }\n'
    )
    published(company, text)

    assert run(company, "2025-02-01", "2025-04-02") == [("commission", "", 1800)]


def test_what_waits_for_collection_is_released_once_invoiced(
    company: Workspace,
) -> None:
    """Half of 1,800 waits for the invoice of April; half of 900 still does in July."""
    text = HEAD.format(every="quarter") + (
        'rate = 0.1\ncounted = "each"\n'
        '[[payment]]\nwhen = "signature"\nshare = 0.5\n'
        '[[payment]]\nwhen = "collection"\nshare = 0.5\n'
    )
    published(company, text)
    assert run(company, "2025-02-01", "2025-04-02") == [
        ("commission", "d12", 1500),
        ("commission", "d17", 1800),
        ("held", "", -900),
    ]
    assert run(company, "2025-05-01", "2025-07-02") == [
        ("commission", "d20", 700),
        ("commission", "d22", 900),
        ("held", "", -450),
        ("released", "2025-Q1", 900),
    ]


def test_a_part_held_until_a_day_is_paid_with_the_period_that_reaches_it(
    company: Workspace,
) -> None:
    text = HEAD.format(every="quarter") + (
        "rate = 0.1\n"
        '[[payment]]\nwhen = "signature"\nshare = 0.8\n'
        '[[payment]]\nwhen = "2025-06-30"\nshare = 0.2\n'
    )
    paid.objectives(company)
    published(company, text)
    paid.closed(company)
    assert run(company, "2025-05-01", "2025-07-02") == [("commission", "", 1600)]


def test_a_customer_who_leaves_takes_the_commission_back_once(
    company: Workspace,
) -> None:
    """700 for d20 in May, all of it back in June: less than a month was served."""
    text = HEAD.format(every="month") + (
        'rate = 0.1\ncounted = "each"\n'
        '[clawback]\nfrom = "subscriptions"\nwithin_months = 12\nprorated = true\n'
    )
    published(company, text)
    assert run(company, "2025-05-01", "2025-06-02") == [("commission", "d20", 700)]
    assert run(company, "2025-06-01", "2025-07-02") == [
        ("commission", "d22", 900),
        ("clawback", "d20", -700),
    ]
    assert run(company, "2025-07-01", "2025-08-02") == [
        ("commission", "d26", 330),
        ("commission", "d28", 170),
    ]


def test_an_advance_is_lent_then_recovered_over_stored_periods(
    company: Workspace,
) -> None:
    """750; nothing, so 500 lent; 900 of which 400 go back and 500 are paid."""
    text = HEAD.format(every="month") + (
        'rate = 0.05\ncounted = "each"\n[draw]\namount = 500\n'
    )
    published(company, text)
    assert run(company, "2025-01-01", "2025-02-02") == [("commission", "d12", 750)]
    assert run(company, "2025-02-01", "2025-03-02") == [("draw", "", 500)]
    assert run(company, "2025-03-01", "2025-04-02") == [
        ("commission", "d17", 900),
        ("draw", "", -400),
    ]


def test_sales_before_somebody_is_under_the_plan_are_not_theirs(
    company: Workspace,
) -> None:
    published(company, EACH, "ines")
    first = datetime.date(2025, 6, 1)
    terms = [Term(plan="plan", person="bob", first=first)]
    set_terms(company, terms, actor=OPERATOR, at=paid.AT)

    rows = {row for _, row, _ in run(company, "2025-05-01", "2025-07-02")}
    assert rows == {"d22"}


def test_a_share_is_no_sum_of_sales(company: Workspace) -> None:
    text = EACH.replace('"revenue"', '"win_rate"')
    with pytest.raises(Refusal, match="no sum or count"):
        save_version(company, "plan", text, actor=OPERATOR, at=paid.AT)


def test_a_level_reached_proposes_a_recognition_given_once(
    company: Workspace,
) -> None:
    """16,000 signed, 15,000 asked: Mona, who leads Bob, gives it; Marc may not."""
    text = EACH + (
        "[recognition]\nminutes = 60\n[[recognition.rule]]\n"
        'key = "lunch"\nmeasure = "revenue"\non = "actual"\nat_least = 15000\n'
        "minutes = 45\n"
    )
    published(company, text)
    run(company, "2025-05-01", "2025-07-02")
    mona, marc = (
        viewer(company, person_id=one, role="manager", grants=(), on=paid.CLOSED)
        for one in ("mona", "marc")
    )
    (reward,) = to_give(viewer=mona)

    assert (reward.person, reward.reached, reward.minutes) == ("bob", 16000, 45)
    assert to_give(viewer=marc) == ()
    with pytest.raises(ForbiddenError):
        give_reward(reward.id, actor=Actor(marc, "marc"), at=paid.AT)
    give_reward(reward.id, actor=Actor(mona, "mona"), at=paid.AT)
    assert to_give(viewer=mona) == ()
    with pytest.raises(Refusal, match="given already"):
        give_reward(reward.id, actor=Actor(mona, "mona"), at=paid.AT)
