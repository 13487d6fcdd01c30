"""Evaluating the small company: figures counted by hand, kept, frozen at the end."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from jalon.domain.attainment.status import Status
from jalon.domain.objectives.objective import Revision
from jalon.domain.objectives.revising import UnableToRetargetError
from jalon.domain.objectives.states import State
from jalon.queries import objectives
from jalon.queries.objectives import ObjectiveStatus, every
from jalon.usecases.acting import OPERATOR
from jalon.usecases.evaluate import evaluate
from jalon.usecases.import_objectives import import_objectives
from jalon.usecases.retarget import retarget
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace

pytestmark = pytest.mark.django_db

AT = datetime.datetime(2025, 3, 1, 9, tzinfo=datetime.UTC)
DURING, AFTER = datetime.date(2025, 3, 31), datetime.date(2025, 4, 1)
FIRST_QUARTER = """
[[objective]]
id = "company"
kpi = "revenue"
owner = "company"
first = 2025-01-01
after = 2025-04-01
target = 62100

[[objective]]
id = "team"
kpi = "revenue"
owner = "team:nouveaux"
first = 2025-01-01
after = 2025-04-01
target = 100000
parent = "company"

[[objective]]
id = "bob"
kpi = "revenue"
owner = "person:bob"
first = 2025-01-01
after = 2025-04-01
target = 30000

[[objective]]
id = "cycle"
kpi = "sales_cycle_days"
owner = "company"
first = 2025-01-01
after = 2025-04-01
baseline = 90
target = 50

[[objective]]
id = "rate"
kpi = "win_rate"
owner = "person:charlie"
first = 2025-01-01
after = 2025-04-01
baseline = 0.2
change = "+20 pt"

[[objective]]
id = "later"
kpi = "revenue"
owner = "company"
first = 2025-07-01
after = 2025-10-01
target = 1000

[[objective]]
id = "silent"
kpi = "win_rate"
owner = "person:hugo"
first = 2025-01-01
after = 2025-04-01
target = 0.5
"""


@pytest.fixture
def followed(company: Workspace) -> Workspace:
    """The small company with its objectives of the first quarter of 2025."""
    path = company.folder / "objectives.toml"
    path.write_text(FIRST_QUARTER, "utf-8")
    report = import_objectives(company, path, on=AT.date(), at=AT, actor=OPERATOR)
    assert report.faults == ()
    return company


def standing(workspace: Workspace, on: datetime.date) -> dict[str, ObjectiveStatus]:
    evaluate(workspace, on=on)
    return {line.id: line for line in objectives.status(workspace, on=on)}


def test_a_shared_deal_counts_by_share_for_a_person_and_once_for_a_team(
    followed: Workspace,
) -> None:
    """Bob: d12 15,000 + 60 % of d17 30,000. The team: d12 + d13 9,600 + d14 + d17."""
    found = standing(followed, DURING)

    assert found["bob"].actual == Decimal(33000)
    assert found["team"].actual == Decimal(59600)
    assert found["company"].actual == Decimal(62100)


def test_attainment_gap_and_status_follow(followed: Workspace) -> None:
    found = standing(followed, DURING)

    assert found["bob"].attainment == Decimal("1.1")
    assert found["bob"].gap == Decimal(-3000)
    assert found["bob"].status is Status.REACHED
    assert found["team"].attainment == Decimal("0.596")
    assert found["team"].status is Status.OFF_TRACK
    assert found["later"].status is Status.NOT_STARTED
    assert found["later"].actual is None


def test_no_denominator_is_no_data_with_a_reason(followed: Workspace) -> None:
    silent = standing(followed, DURING)["silent"]

    assert silent.status is Status.NO_DATA
    assert silent.actual is None
    assert silent.reason


def test_a_cycle_goes_from_its_baseline(followed: Workspace) -> None:
    """Won in the quarter: d12 50, d13 61, d14 59, d16 42, d17 72 days: mean 56.8."""
    cycle = standing(followed, DURING)["cycle"]

    assert cycle.actual == Decimal("56.8")
    assert cycle.attainment == Decimal("0.83")  # (56.8 - 90) / (50 - 90)


def test_points_on_a_rate_give_its_target(followed: Workspace) -> None:
    assert standing(followed, DURING)["rate"].target == Decimal("0.4")


def test_past_the_end_an_objective_closes_by_itself(followed: Workspace) -> None:
    found = standing(followed, AFTER)

    states = {name: line.state for name, line in found.items()}
    assert states["bob"] is State.REACHED
    assert states["company"] is State.REACHED
    assert states["team"] is State.MISSED
    assert states["silent"] is State.ACTIVE  # nothing to freeze
    assert "g00000001" in Generations(followed.warehouse).pins()


def test_closed_figures_never_move_again(followed: Workspace) -> None:
    before = standing(followed, AFTER)["bob"]

    def credit_note(connection: object) -> None:
        connection.execute(  # type: ignore[attr-defined]
            "UPDATE deals SET amount = 1 WHERE deal_id = 'd12'"
        )

    Generations(followed.warehouse).publish(credit_note)
    after = standing(followed, datetime.date(2025, 6, 1))["bob"]

    assert after.actual == before.actual == Decimal(33000)
    assert after.snapshot == "g00000001"
    assert after.frozen


def test_evaluating_twice_keeps_one_figure(followed: Workspace) -> None:
    first = evaluate(followed, on=DURING)
    again = evaluate(followed, on=DURING)

    assert (first.kept, again.kept) == (7, 0)


def test_since_is_the_day_the_status_began(followed: Workspace) -> None:
    for day in (10, 20, 27):
        evaluate(followed, on=datetime.date(2025, 3, day))

    found = standing(followed, DURING)
    assert found["team"].since == datetime.date(2025, 3, 10)
    assert found["bob"].since == datetime.date(2025, 3, 31)


def test_a_retarget_keeps_both_targets_and_both_dates(followed: Workspace) -> None:
    team = next(one for one in every(followed) if one.id == "team")
    day = datetime.date(2025, 2, 15)
    revision = Revision(
        former=None, new=Decimal(59600), effective_on=day, reason="market"
    )

    retarget(team, revision, at=AT, actor=OPERATOR)

    found = standing(followed, DURING)["team"]
    assert (found.original_target, found.target) == (Decimal(100000), Decimal(59600))
    assert found.original_attainment == Decimal("0.596")
    assert found.attainment == 1
    assert found.revisions[0].former == Decimal(100000)
    before = standing(followed, datetime.date(2025, 2, 14))["team"]
    assert before.target == Decimal(100000)


def test_a_closed_objective_cannot_be_retargeted(followed: Workspace) -> None:
    evaluate(followed, on=AFTER)
    bob = next(one for one in every(followed) if one.id == "bob")
    revision = Revision(
        former=None, new=Decimal(1), effective_on=AT.date(), reason="market"
    )

    with pytest.raises(UnableToRetargetError, match="frozen"):
        retarget(bob, revision, at=AT, actor=OPERATOR)


def test_expected_to_date_follows_working_days_and_the_season(
    followed: Workspace,
) -> None:
    """In the first quarter of 2024: nothing signed in January, so no season is told.

    France had 22 working days in January 2025 (the 1st is a holiday), 20 in February
    and 21 in March: 42 of 63 at the end of February.
    """
    company = standing(followed, datetime.date(2025, 2, 28))["company"]

    assert round(company.expected_to_date or 0, 6) == Decimal(62100) * 42 / 63


def test_the_page_shows_the_family_and_the_sums(followed: Workspace) -> None:
    page = objectives.one(followed, "company", on=DURING)

    assert [child.id for child in page.children] == ["team"]
    assert page.total is not None
    assert page.total.difference == Decimal(37900)
    assert page.actual_path[-1][1] == Decimal(62100)
    assert page.expected_path[-1][1] == Decimal(62100)


def test_the_rows_behind_a_figure_add_up_to_it(followed: Workspace) -> None:
    _, found = objectives.explained(followed, "bob", on=DURING)

    counted = [row.counted for component in found.components for row in component.rows]
    assert sorted(counted) == [Decimal(15000), Decimal(18000)]


def test_a_look_at_a_day_to_come_freezes_nothing(followed: Workspace) -> None:
    report = evaluate(followed, on=AFTER, closing=False)

    assert report.closed == ()
    assert {one.state for one in every(followed)} == {State.ACTIVE}


def test_what_closed_late_is_final_since_its_end(followed: Workspace) -> None:
    found = standing(followed, datetime.date(2025, 6, 30))

    assert found["team"].since == AFTER
