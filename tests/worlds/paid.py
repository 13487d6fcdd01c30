"""The followed company with a pay plan: Bob and Inès are under it, the quarter closed.

5 % of revenue, and a bonus of 4,000 € at the target in proportion. In the second
quarter Bob signed 16,000 € of 45,000: 7,000 of a deal of 10,000 he shares 70/30 and
9,000 on 30 June. So 800.00 of commission and 4,000 × 16 ÷ 45 = 1,422.22 of bonus.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

import duckdb

from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace
from tests.worlds import followed

PLAN = "ventes"
TEXT = """\
[plan]
name = "Ventes 2025"
currency = "EUR"
first = 2025-01-01
every = "quarter"
variable = 4000

[[component]]
key = "commission"
label = "Commission"
measure = "revenue"
pays = "rate"
rate = "5 %"

[[component]]
key = "bonus"
label = "Prime d'objectif"
measure = "revenue"
pays = "bonus"
"""
QUARTER_DAY = datetime.date(2025, 5, 1)
CLOSED = datetime.date(2025, 7, 2)
NEXT_CLOSED = datetime.date(2025, 10, 2)
AT = datetime.datetime(2025, 7, 2, 9, 0, tzinfo=datetime.UTC)
COMMISSION, BONUS = Decimal("800.00"), Decimal("1422.22")


def published(workspace: Workspace) -> None:
    """Write and publish the plan, put Bob and Inès under it."""
    from jalon.usecases.acting import OPERATOR
    from jalon.usecases.settle_pay import Term, set_terms
    from jalon.usecases.write_pay_plan import publish_version, save_version

    save_version(workspace, PLAN, TEXT, actor=OPERATOR, at=AT)
    publish_version(PLAN, 1, "Plan 2025", actor=OPERATOR, at=AT)
    terms = [
        Term(plan=PLAN, person=person, first=datetime.date(2025, 1, 1))
        for person in ("bob", "ines")
    ]
    set_terms(workspace, terms, actor=OPERATOR, at=AT)


def closed(workspace: Workspace) -> None:
    """Close the second quarter: its figures are frozen."""
    from jalon.usecases.evaluate import evaluate

    evaluate(workspace, on=CLOSED)


def paid(workspace: Workspace) -> int:
    """Run the second quarter and publish it; return the run's key."""
    from jalon.domain.incentives.settling import RunState
    from jalon.usecases.acting import OPERATOR
    from jalon.usecases.settle_pay import advance_run, run_period

    run = run_period(workspace, PLAN, QUARTER_DAY, actor=OPERATOR, on=CLOSED, at=AT)
    for state in (RunState.REVIEWED, RunState.APPROVED, RunState.PUBLISHED):
        advance_run(run, state, actor=OPERATOR, at=AT)
    return run


def first_quarter(workspace: Workspace) -> tuple[int, int]:
    """Publish the first quarter, which has no objective; return its run and Bob's."""
    from jalon.domain.incentives.settling import RunState
    from jalon.queries.pay_statements import run_page
    from jalon.usecases.acting import OPERATOR
    from jalon.usecases.settle_pay import advance_run, run_period

    day = datetime.date(2025, 2, 1)
    run = run_period(workspace, PLAN, day, actor=OPERATOR, on=followed.ON, at=AT)
    for state in (RunState.REVIEWED, RunState.APPROVED, RunState.PUBLISHED):
        advance_run(run, state, actor=OPERATOR, at=AT)
    page = run_page(run, viewer=OPERATOR.viewer)
    assert page is not None
    return run, next(one.id for one in page.statements if one.person == "bob")


def credit_note(workspace: Workspace) -> None:
    """Take 1,000 € back from the deal Bob signed on 30 June."""

    def change(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("UPDATE deals SET amount = 8000 WHERE deal_id = 'd22'")

    Generations(workspace.warehouse).publish(change)


def objectives(workspace: Workspace) -> None:
    """Write the objectives of Bob and Inès over the quarter, and nothing else."""
    from jalon.usecases.acting import SYSTEM
    from jalon.usecases.set_objective import set_objectives

    mine = [one for one in followed.OBJECTIVES if one.id in {"ca-t2-bob", "ca-t2-ines"}]
    set_objectives(workspace, mine, actor=SYSTEM, on=followed.ON, at=followed.AT)
