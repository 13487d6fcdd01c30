"""Pay settled: frozen figures, review, publication, corrections, questions, privacy."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.test.utils import CaptureQueriesContext

from jalon.domain.incentives.settling import RunState
from jalon.domain.objectives.objective import Revision
from jalon.domain.refusals import Refusal
from jalon.queries.viewers import viewer
from jalon.records.audit import AuditLine
from jalon.records.pay import PayQuestion, PayRun, PayStatement
from jalon.usecases.acting import OPERATOR, Actor, ForbiddenError
from jalon.usecases.look_at_pay import look
from jalon.usecases.question_pay import CHANGED, accept_for_pay, answer, ask
from jalon.usecases.retarget import retarget
from jalon.usecases.settle_pay import advance_run, run_period
from jalon.usecases.write_pay_plan import publish_version, save_version, take_note
from jalon.workspace.folder import Workspace
from tests.worlds import paid
from tests.worlds.paid import AT, BONUS, CLOSED, COMMISSION, NEXT_CLOSED, PLAN

pytestmark = pytest.mark.django_db
JULY = datetime.date(2025, 8, 1)


@pytest.fixture
def world(company: Workspace) -> Workspace:
    """The company with its plan, before the quarter closes."""
    paid.objectives(company)
    paid.published(company)
    return company


def actor(world: Workspace, person: str, role: str) -> Actor:
    who = viewer(world, person_id=person, role=role, grants=(), on=CLOSED)
    return Actor(who, f"{person}@exemple.fr")


def of(person: str, run: int) -> PayStatement:
    return PayStatement.objects.get(run_id=run, person_id=person)


def amounts(row: PayStatement) -> dict[str, Decimal]:
    return {one["rule"]: Decimal(one["amount"]) for one in row.lines}


def next_quarter(world: Workspace) -> int:
    return run_period(world, PLAN, JULY, actor=OPERATOR, on=NEXT_CLOSED, at=AT)


def test_a_closed_period_pays_by_the_plan_to_the_cent(world: Workspace) -> None:
    paid.closed(world)
    run = paid.paid(world)

    bob = of("bob", run)
    assert amounts(bob) == {"commission": COMMISSION, "bonus": BONUS}
    assert bob.total == COMMISSION + BONUS
    assert {one["objective"] for one in bob.inputs} == {"ca-t2-bob"}


def test_the_same_inputs_give_the_same_cents(world: Workspace) -> None:
    paid.closed(world)
    first = run_period(
        world, PLAN, CLOSED.replace(month=6), actor=OPERATOR, on=CLOSED, at=AT
    )
    before = (of("bob", first).lines, of("bob", first).inputs)
    again = run_period(
        world, PLAN, CLOSED.replace(month=6), actor=OPERATOR, on=CLOSED, at=AT
    )

    assert again == first
    assert (of("bob", again).lines, of("bob", again).inputs) == before


def test_a_period_not_over_is_not_run(world: Workspace) -> None:
    with pytest.raises(Refusal, match="is not over"):
        run_period(world, PLAN, JULY, actor=OPERATOR, on=CLOSED, at=AT)


def test_a_figure_not_frozen_is_told_and_never_counts_as_nothing(
    world: Workspace,
) -> None:
    run = run_period(world, PLAN, paid.QUARTER_DAY, actor=OPERATOR, on=CLOSED, at=AT)

    bob = of("bob", run)
    assert bob.lines == []
    assert {one["reason"] for one in bob.inputs} == {"pay.not_closed"}


def test_states_come_in_their_turn_and_a_published_run_stays(
    world: Workspace,
) -> None:
    paid.closed(world)
    run = paid.paid(world)

    assert [move[0] for move in PayRun.objects.get(pk=run).moves] == [
        "computed",
        "reviewed",
        "approved",
        "published",
    ]
    with pytest.raises(Refusal):
        advance_run(run, RunState.APPROVED, actor=OPERATOR, at=AT)
    with pytest.raises(Refusal, match="do not move"):
        run_period(world, PLAN, paid.QUARTER_DAY, actor=OPERATOR, on=CLOSED, at=AT)


def test_a_credit_note_is_a_correction_of_the_next_run(world: Workspace) -> None:
    """15,000 of 45,000 now: 750 + 4,000 ÷ 3 = 2,083.33 due, 2,222.22 paid."""
    paid.closed(world)
    first = paid.paid(world)
    published = of("bob", first).lines
    paid.credit_note(world)
    second = next_quarter(world)

    assert amounts(of("bob", second)) == {"correction": Decimal("-138.89")}
    assert of("bob", first).lines == published
    told = str(of("bob", second).lines)
    assert "16000" in told
    assert "15000" in told


def test_a_correction_is_made_once(world: Workspace) -> None:
    paid.closed(world)
    paid.paid(world)
    paid.credit_note(world)
    second = next_quarter(world)
    for state in (RunState.REVIEWED, RunState.APPROVED, RunState.PUBLISHED):
        advance_run(second, state, actor=OPERATOR, at=AT)
    january = datetime.date(2026, 1, 2)
    third = run_period(
        world, PLAN, datetime.date(2025, 11, 1), actor=OPERATOR, on=january, at=AT
    )

    assert not amounts(of("bob", third))


def test_nothing_changed_corrects_nothing(world: Workspace) -> None:
    paid.closed(world)
    paid.paid(world)

    assert not amounts(of("bob", next_quarter(world)))


def test_a_retarget_counts_for_pay_once_its_owner_accepts(world: Workspace) -> None:
    """On 32,000: 4,000 × 16 ÷ 32 = 2,000 of bonus, and not 1,422.22."""
    from jalon.records import objective_rows

    bob = actor(world, "bob", "salesperson")
    change = Revision(
        former=Decimal(45000),
        new=Decimal(32000),
        effective_on=datetime.date(2025, 6, 1),
        reason="market",
    )
    retarget(
        objective_rows.load(["ca-t2-bob"])["ca-t2-bob"], change, actor=OPERATOR, at=AT
    )
    paid.closed(world)
    before = run_period(world, PLAN, paid.QUARTER_DAY, actor=OPERATOR, on=CLOSED, at=AT)
    assert amounts(of("bob", before))["bonus"] == BONUS
    with pytest.raises(ForbiddenError):
        accept_for_pay("ca-t2-bob", 1, actor=actor(world, "mona", "manager"), at=AT)

    accept_for_pay("ca-t2-bob", 1, actor=bob, at=AT)
    after = run_period(world, PLAN, paid.QUARTER_DAY, actor=OPERATOR, on=CLOSED, at=AT)
    assert amounts(of("bob", after))["bonus"] == Decimal(2000)


def test_a_question_is_answered_and_what_is_decided_is_paid_next(
    world: Workspace,
) -> None:
    paid.closed(world)
    run = paid.paid(world)
    bob, mona = actor(world, "bob", "salesperson"), actor(world, "mona", "manager")
    ask(of("bob", run).pk, 1, "Où est l'affaire Tara ?", actor=bob, at=AT)
    question = PayQuestion.objects.get()
    for stranger in (bob, actor(world, "marc", "manager")):
        with pytest.raises(ForbiddenError):
            answer(
                question.pk, CHANGED, "Oui", amount=Decimal(165), actor=stranger, at=AT
            )
    answer(question.pk, CHANGED, "Elle compte", amount=Decimal(165), actor=mona, at=AT)

    assert amounts(of("bob", next_quarter(world))) == {"decision": Decimal(165)}
    assert amounts(of("bob", next_quarter(world))) == {"decision": Decimal(165)}


def test_nobody_asks_about_somebody_elses_pay(world: Workspace) -> None:
    paid.closed(world)
    run = paid.paid(world)

    with pytest.raises(ForbiddenError):
        ask(
            of("bob", run).pk,
            1,
            "?",
            actor=actor(world, "ines", "salesperson"),
            at=AT,
        )


@pytest.mark.parametrize(
    ("person", "role"),
    [
        ("mona", "manager"),
        ("bob", "salesperson"),
        ("olga", "revops"),
        ("rene", "reader"),
    ],
)
def test_only_a_director_runs_pay(world: Workspace, person: str, role: str) -> None:
    paid.closed(world)
    with pytest.raises(ForbiddenError):
        run_period(
            world,
            PLAN,
            paid.QUARTER_DAY,
            actor=actor(world, person, role),
            on=CLOSED,
            at=AT,
        )


def test_every_look_leaves_a_line_and_a_stranger_none(world: Workspace) -> None:
    look("person:bob", "estimate", actor=actor(world, "mona", "manager"), at=AT)
    for person, role in (("marc", "manager"), ("ines", "salesperson")):
        with pytest.raises(ForbiddenError):
            look("person:bob", "estimate", actor=actor(world, person, role), at=AT)

    lines = AuditLine.objects.filter(verb="look")
    assert [(one.by, one.noun, one.key) for one in lines] == [
        ("mona@exemple.fr", "pay", "person:bob")
    ]


def test_the_journal_holds_no_amount(world: Workspace) -> None:
    paid.closed(world)
    paid.paid(world)

    told = " ".join(
        str(one.details)
        for one in AuditLine.objects.filter(noun__in=("pay", "payout", "dispute"))
    )
    assert "800" not in told
    assert "1422" not in told


def test_a_published_version_is_never_written_again(world: Workspace) -> None:
    later = paid.TEXT.replace("2025-01-01", "2025-07-01")
    saved = save_version(world, PLAN, later, actor=OPERATOR, at=AT)
    again = save_version(world, PLAN, later, actor=OPERATOR, at=AT)
    with pytest.raises(Refusal, match="published"):
        publish_version(PLAN, 1, "Encore", actor=OPERATOR, at=AT)

    assert (saved.number, again.number) == (2, 2)


def test_a_plan_is_acknowledged_by_those_under_it(world: Workspace) -> None:
    take_note(PLAN, 1, actor=actor(world, "bob", "salesperson"), at=AT)
    with pytest.raises(ForbiddenError):
        take_note(PLAN, 1, actor=actor(world, "charlie", "salesperson"), at=AT)


def test_queries_do_not_grow_with_people(world: Workspace) -> None:
    from django.db import connection

    paid.closed(world)
    with CaptureQueriesContext(connection) as two:
        run_period(world, PLAN, paid.QUARTER_DAY, actor=OPERATOR, on=CLOSED, at=AT)
    from jalon.usecases.settle_pay import Term, set_terms

    more = [
        Term(plan=PLAN, person=one, first=datetime.date(2025, 1, 1))
        for one in ("charlie", "dora", "hugo", "fanny", "gus")
    ]
    set_terms(world, more, actor=OPERATOR, at=AT)
    with CaptureQueriesContext(connection) as seven:
        run_period(world, PLAN, paid.QUARTER_DAY, actor=OPERATOR, on=CLOSED, at=AT)

    assert len(seven) <= len(two) + 2


def test_what_one_takes_away_holds_ones_pay_and_who_looked(world: Workspace) -> None:
    """Bob's statement and Mona's look, nothing of Inès, nothing not published."""
    from jalon.queries.own_data import own_data

    paid.closed(world)
    paid.paid(world)
    next_quarter(world)
    look("person:bob", "statement", actor=actor(world, "mona", "manager"), at=AT)
    told = own_data(world, "person:bob", on=NEXT_CLOSED)["pay"]

    assert isinstance(told, dict)
    assert [one["run_name"] for one in told["statements"]] == ["2025-Q2"]
    assert told["statements"][0]["total"] == COMMISSION + BONUS
    assert [one["by"] for one in told["looks"]] == ["mona@exemple.fr"]
    assert [one["plan"] for one in told["terms"]] == [PLAN]
