"""Accounts shared out in the small company: drafts, locks, caps, decisions.

On 16 June 2025, in « Nouveaux clients », Bob holds acme, dune, kilo, lima, nora, papa
and tara, and gala, which has no owner, by its last deal; Inès mano and oslo. iris was
Emil's, who left in March; its last deal is Bob's, but the account has an owner.
"""

from __future__ import annotations

import csv
import datetime
import io
from decimal import Decimal

import pytest

from jalon.domain.people.permission import Act, Viewer
from jalon.domain.people.roles import Role
from jalon.domain.refusals import Refusal
from jalon.domain.territories.states import DecidedError
from jalon.queries.territories import Asked, ground
from jalon.queries.territory_plans import PlanPage, plan, plans
from jalon.records.audit import AuditLine
from jalon.reports.territory_moves import written
from jalon.usecases.acting import OPERATOR, SYSTEM, Actor, ForbiddenError
from jalon.usecases.territories import (
    Decision,
    apply,
    draw_anew,
    draw_up,
    drop,
)
from jalon.workspace.folder import Workspace
from tests.worlds.followed import AT, ON

pytestmark = pytest.mark.django_db
TEAM = Asked(scope="team:nouveaux")
MARC = Actor(
    Viewer(Role.MANAGER, "marc", frozenset({"fidelite"}), frozenset({"charlie"})),
    "marc@exemple.fr",
)


def _drawn(company: Workspace, asked: Asked = TEAM) -> PlanPage:
    number = draw_up(company, "Juin", asked, actor=SYSTEM, on=ON, at=AT)
    return _shown(company, number)


def _shown(company: Workspace, number: int) -> PlanPage:
    found = plan(company, number, OPERATOR.viewer, on=ON)
    assert found is not None
    return found


def test_a_team_holds_the_accounts_of_its_people_and_of_who_left_it(
    company: Workspace,
) -> None:
    found = ground(company, TEAM, on=ON)
    holders = {one.id: one.owner for one in found.accounts}
    assert holders == {
        **dict.fromkeys(
            ("acme", "dune", "gala", "kilo", "lima", "nora", "papa", "tara"), "bob"
        ),
        **dict.fromkeys(("mano", "oslo"), "ines"),
        "iris": "emil",
    }
    assert {one.id for one in found.people} == {"bob", "ines"}


def test_potential_is_what_was_signed_in_twelve_months_and_what_is_open(
    company: Workspace,
) -> None:
    """kilo: 30 000 signed in March 2025, 20 000 open; oslo: 1 000 signed in June."""
    found = {one.id: one for one in ground(company, TEAM, on=ON).accounts}
    assert found["kilo"].potential == pytest.approx(50000)
    assert found["oslo"].potential == pytest.approx(1000)


def test_workload_counts_activities_through_deals_and_leads(
    company: Workspace,
) -> None:
    """papa: two calls through a lead and a meeting; those to come do not count."""
    found = {one.id: one for one in ground(company, TEAM, on=ON).accounts}
    assert found["papa"].workload == 3
    assert found["mano"].workload == 1
    assert found["nora"].workload == 0


def test_the_company_shares_out_accounts_without_an_owner_too(
    company: Workspace,
) -> None:
    """Of gala the last deal tells who holds it; Bob's with juno comes in July only."""
    found = ground(company, Asked(), on=ON)
    holders = {one.id: one.owner for one in found.accounts}
    assert len(holders) == 17
    assert holders["gala"] == "bob"
    assert holders["juno"] == ""
    assert found.from_deals == 1


def test_a_draft_keeps_before_and_after_and_the_facts_it_was_drawn_from(
    company: Workspace,
) -> None:
    found = _drawn(company)
    people = {one.id: one for one in found.people}
    assert people["bob"].before.accounts == 8
    assert sum(one.after.accounts for one in found.people) == 11
    assert sum(one.after.potential for one in found.people) == sum(
        one.before.potential for one in found.people
    ) + sum((one.potential for one in found.moves if one.given), Decimal(0))
    assert found.snapshot
    assert found.gap is not None
    assert [one.account for one in found.moves if one.given] == ["iris"]


def test_no_more_moves_than_asked_and_locked_accounts_stay(company: Workspace) -> None:
    free = _drawn(company)
    assert free.taken > 0
    first = free.moves[0].account
    locked = _drawn(company, Asked(scope="team:nouveaux", locks=frozenset({first})))
    assert first not in {one.account for one in locked.moves}
    none = _drawn(company, Asked(scope="team:nouveaux", most_moves=0))
    assert none.taken == 0
    assert none.given == 1


def test_accounts_with_an_open_deal_can_all_stay(company: Workspace) -> None:
    """Open that day with a present holder: papa, kilo and nora."""
    found = _drawn(company, Asked(scope="team:nouveaux", lock_open=True))
    assert found.locked == 3
    moved = {one.account for one in found.moves}
    assert not moved & {"papa", "kilo", "nora"}


def test_drawn_anew_it_keeps_its_number_and_says_so(company: Workspace) -> None:
    former = _drawn(company)
    asked = Asked(scope="team:nouveaux", most_moves=0, regions={"ines": "Bretagne"})
    draw_anew(company, former.id, asked, actor=SYSTEM, on=ON, at=AT)
    found = _shown(company, former.id)
    assert found.taken == 0
    assert found.asked == asked
    assert {one.id: one.region for one in found.people}["ines"] == "Bretagne"
    line = AuditLine.objects.get(noun="territories", verb="draw_anew")
    assert line.key == str(former.id)


def test_a_decision_is_kept_with_its_reason_and_each_hand(company: Workspace) -> None:
    former = _drawn(company)
    day = datetime.date(2025, 7, 1)
    apply(former.id, Decision(day, "Inès prend l'ouest"), actor=OPERATOR, at=AT)
    found = _shown(company, former.id)
    assert (found.stage, found.effective_on) == ("applied", day)
    line = AuditLine.objects.get(noun="territories", verb="apply")
    assert line.by == "operator"
    assert line.details["after"]["hands"]["iris"][0] == "emil"
    with pytest.raises(DecidedError):
        drop(former.id, actor=OPERATOR, on=ON, at=AT)
    with pytest.raises(DecidedError):
        draw_anew(company, former.id, TEAM, actor=OPERATOR, on=ON, at=AT)


def test_a_draft_can_be_dropped(company: Workspace) -> None:
    former = _drawn(company)
    drop(former.id, actor=OPERATOR, on=ON, at=AT)
    assert _shown(company, former.id).stage == "dropped"


def test_a_decision_without_a_reason_is_refused(company: Workspace) -> None:
    former = _drawn(company)
    with pytest.raises(Refusal, match="why accounts change hands"):
        apply(former.id, Decision(ON, "  "), actor=OPERATOR, at=AT)


def test_who_leads_another_team_neither_draws_nor_sees(company: Workspace) -> None:
    former = _drawn(company)
    with pytest.raises(ForbiddenError):
        draw_up(company, "", TEAM, actor=MARC, on=ON, at=AT)
    with pytest.raises(ForbiddenError):
        apply(former.id, Decision(ON, "oui"), actor=MARC, at=AT)
    assert plans(company, MARC.viewer, on=ON) == ()
    assert plan(company, former.id, MARC.viewer, on=ON) is None
    assert Act.DECIDE not in MARC.viewer.grants


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        pytest.param(Asked(scope="team:nope"), "no team nope", id="no team"),
        pytest.param(Asked(locks=frozenset({"zz"})), "zz", id="a stranger locked"),
        pytest.param(Asked(most_moves=-1), "-1", id="moves below 0"),
        pytest.param(Asked(tolerance=7), "7", id="a tolerance above 1"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(
    company: Workspace, asked: Asked, said: str
) -> None:
    with pytest.raises(Refusal, match=said):
        draw_up(company, "", asked, actor=SYSTEM, on=ON, at=AT)


def test_the_file_of_moves_says_who_held_each_and_who_shall(company: Workspace) -> None:
    found = _drawn(company)
    text = written(found, kind="csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len(found.moves)
    iris = next(row for row in rows if row["account_id"] == "iris")
    assert iris["former_owner"] == "Emil Garnier"
    assert iris["target_that_follows"] == ""
    assert iris["reason"]
    assert written(found, kind="xlsx")[:2] == b"PK"
    with pytest.raises(Refusal, match=r"\.csv or \.xlsx"):
        written(found, kind="pdf", name="moves.pdf")
