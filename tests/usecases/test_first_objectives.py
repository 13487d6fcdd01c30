"""First objectives from the models: the past of each owner, targets that add up."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.utils import translation

from jalon.domain.kpis.question import Ask
from jalon.domain.objectives.states import State
from jalon.domain.people.permission import Viewer
from jalon.domain.people.roles import Role
from jalon.domain.periods import Period
from jalon.queries import kpi_values
from jalon.queries.first_objectives import (
    UnreadableAimError,
    Wish,
    owners,
    proposals,
)
from jalon.records import objective_rows
from jalon.records.evaluations import Evaluation
from jalon.usecases.acting import Actor, ForbiddenError
from jalon.usecases.first_objectives import (
    UnableToSetError,
    adding_up,
    parents,
    set_first_objectives,
)
from jalon.workspace.folder import Workspace
from tests.worlds import followed

pytestmark = pytest.mark.django_db

AT = datetime.datetime(2025, 6, 16, 9, 0, tzinfo=datetime.UTC)
ALICE = Actor(Viewer(Role.DIRECTOR, "alice"), "alice@exemple.fr")
BOB = Actor(Viewer(Role.SALESPERSON, "bob"), "bob@exemple.fr")
YEAR_AGO = Period(datetime.date(2024, 4, 1), datetime.date(2024, 7, 1))


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return followed.company(tmp_path_factory.mktemp("first"))


@pytest.fixture(autouse=True)
def here(company: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JALON_WORKSPACE", str(company.folder))


def sold(company: Workspace, owner: str) -> Decimal:
    """Return the revenue of the same quarter a year ago, as `jalon kpi value` says."""
    rows = kpi_values.measure(
        company, "revenue", [Ask("q", owner, YEAR_AGO, ())], on=followed.ON
    )
    return rows["q"].value or Decimal(0)


def wished(
    company: Workspace, wish: Wish, model: str = "revenue_growth"
) -> dict[str, Decimal]:
    set_first_objectives(
        company, {model: wish}, actor=ALICE, on=followed.ON, at=AT, lang="fr"
    )
    found = objective_rows.load().values()
    return {one.owner: one.target or Decimal(0) for one in found}


def test_a_change_is_applied_to_the_past_of_the_company(company: Workspace) -> None:
    past = sold(company, "company")
    assert past > 0

    targets = wished(company, Wish(aim="+10 %"))

    assert targets["company"] == pytest.approx(
        past * Decimal("1.1"), rel=Decimal("0.001")
    )


def test_the_targets_of_the_teams_make_the_company_s(company: Workspace) -> None:
    targets = wished(company, Wish(owner="company+teams", aim="+10 %"))

    assert len(targets) == 4  # the prospectors sell nothing themselves
    assert targets["team:commerce"] == targets["company"]
    under = ("team:nouveaux", "team:fidelite", "team:prospection")
    assert sum(targets.get(one, Decimal(0)) for one in under) == targets["company"]
    above = {one.owner: one.parent for one in objective_rows.load().values()}
    assert above["company"] == ""
    assert above["team:commerce"] == "revenue-growth-company-2025-04-01"
    assert above["team:nouveaux"] == "revenue-growth-team-commerce-2025-04-01"


def test_what_is_set_runs_and_is_evaluated_at_once(company: Workspace) -> None:
    wished(company, Wish(aim="50 000"))

    (one,) = objective_rows.load().values()
    assert one.state is State.ACTIVE
    assert one.target == 50000
    assert one.model == "revenue_growth"
    assert "50 000" in one.statement.replace("\u202f", " ")
    assert Evaluation.objects.filter(objective_id=one.id).exists()


def test_what_is_set_already_stays_as_it_is(company: Workspace) -> None:
    wished(company, Wish(aim="50 000"))
    targets = wished(company, Wish(aim="90 000"))

    assert targets == {"company": Decimal(50000)}


def test_a_salesperson_may_not_set_the_company_s(company: Workspace) -> None:
    with pytest.raises(ForbiddenError):
        set_first_objectives(
            company,
            {"revenue_growth": Wish()},
            actor=BOB,
            on=followed.ON,
            at=AT,
            lang="fr",
        )
    assert not objective_rows.load()


def test_nothing_ticked_is_said(company: Workspace) -> None:
    with pytest.raises(UnableToSetError, match="No model is ticked"):
        set_first_objectives(company, {}, actor=ALICE, on=followed.ON, at=AT, lang="fr")


@pytest.mark.parametrize(
    ("aim", "lang", "target"),
    [
        ("50 000", "fr", "50000"),
        ("50\u202f000 €", "fr", "50000"),
        ("50 k€", "fr", "50000"),
        ("1,5 M€", "fr", "1500000"),
        ("50,5", "fr", "50.5"),
        ("120,000", "en", "120000"),
        ("€120,000.50", "en", "120000.50"),
        ("1.5M", "en", "1500000"),
    ],
)
def test_a_target_is_read_as_people_type_it(
    company: Workspace, aim: str, lang: str, target: str
) -> None:
    with translation.override(lang):
        found = proposals(company, {"revenue_growth": Wish(aim=aim)}, on=followed.ON)

    told = {one.model.key: one for one in found}["revenue_growth"]
    assert told.fault is None
    assert told.target == Decimal(target)


@pytest.mark.parametrize("aim", ["beaucoup", "+", "12 pommes"])
def test_what_is_no_target_is_said_beside_it(company: Workspace, aim: str) -> None:
    found = {
        one.model.key: one
        for one in proposals(company, {"revenue_growth": Wish(aim=aim)}, on=followed.ON)
    }

    fault = found["revenue_growth"].fault
    assert isinstance(fault, UnreadableAimError)
    assert aim in str(fault)


def test_a_percentage_of_a_rate_is_ambiguous(company: Workspace) -> None:
    found = {
        one.model.key: one
        for one in proposals(company, {"win_rate": Wish(aim="+12 %")}, on=followed.ON)
    }

    assert "two readings" in str(found["win_rate"].fault)


def test_ten_models_are_offered_with_their_reasons(company: Workspace) -> None:
    found = proposals(company, {}, on=followed.ON)

    assert len(found) == 10
    assert all(
        one.adaptation.baseline is not None or one.adaptation.reason for one in found
    )


def test_owners_are_teams_with_people_and_people_who_lead_nobody(
    company: Workspace,
) -> None:
    known = owners(company, on=followed.ON)

    assert known.of("company") == ("company",)
    assert known.of("company+teams")[0] == "company"
    assert "person:bob" in known.of("people")
    assert "person:mona" not in known.of("people")
    assert known.of("team:nowhere") == ("company",)


@pytest.mark.parametrize(
    ("given", "known", "expected"),
    [
        pytest.param(
            {"company": 100, "team:a": 60, "team:b": 41},
            True,
            {"company": 100, "team:a": 59, "team:b": 41},
            id="rounding goes to the largest",
        ),
        pytest.param(
            {"company": 100, "team:a": 60, "team:b": 10},
            True,
            {"company": 100, "team:a": 60, "team:b": 10},
            id="a real difference stays, to be seen",
        ),
        pytest.param(
            {"company": 10, "team:a": 10, "team:b": 10, "team:c": 10},
            False,
            {"company": 10, "team:a": 4, "team:b": 3, "team:c": 3},
            id="equal parts without a past",
        ),
        pytest.param(
            {"team:a": 5, "team:b": 5},
            True,
            {"team:a": 5, "team:b": 5},
            id="no whole",
        ),
    ],
)
def test_parts_make_the_whole(
    given: dict[str, int], known: bool, expected: dict[str, int]
) -> None:
    told = {owner: Decimal(one) for owner, one in given.items()}

    above = parents(told, {})

    assert adding_up(told, above, known=known) == expected


def test_parts_of_parts_make_the_whole_too() -> None:
    told = {"company": 100, "team:a": 101, "team:a1": 60, "team:a2": 42}
    above = {"team:a1": "team:a", "team:a2": "team:a"}
    given = {owner: Decimal(one) for owner, one in told.items()}

    found = adding_up(given, parents(given, above), known=True)

    assert found == {"company": 100, "team:a": 100, "team:a1": 60, "team:a2": 42}
