"""People typed by hand: facts like any other, a past that stays, a line for each."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from jalon.domain.kpis.question import Question
from jalon.domain.people.pasted import read_people
from jalon.domain.people.permission import Viewer
from jalon.domain.people.roles import Role
from jalon.domain.periods import Period
from jalon.domain.refusals import Refusal
from jalon.queries.kpi_values import value
from jalon.queries.organisation import organisation
from jalon.records.audit import AuditLine
from jalon.usecases.acting import OPERATOR, Actor, ForbiddenError
from jalon.usecases.import_data import import_data
from jalon.usecases.people import (
    PersonTold,
    add_people,
    add_team,
    change_person,
    move_person,
    preview_people,
    record_leaving,
    set_absence,
    withdraw_absence,
)
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace

pytestmark = pytest.mark.django_db
ON = datetime.date(2025, 7, 15)
AT = datetime.datetime(2025, 7, 15, 9, tzinfo=datetime.UTC)
SECOND_QUARTER = Period(datetime.date(2025, 4, 1), datetime.date(2025, 7, 1))
MONA = Actor(
    Viewer(
        Role.MANAGER,
        "mona",
        frozenset({"nouveaux"}),
        frozenset({"mona", "bob", "ines"}),
    ),
    "mona@exemple.fr",
)
LIST = """Nom; e-mail; équipe; rôle; depuis
Zoé Lambert; zoe@exemple.fr; Grands comptes; commerciale; 01/03/2024
Paul Henry; paul@exemple.fr; Grands comptes; manager;
"""


def team_on(workspace: Workspace, person: str, day: datetime.date) -> str | None:
    return organisation(workspace, on=day).team_of(person, day)


def test_a_list_pasted_on_an_empty_workspace_is_people_and_teams(
    workspace: Workspace,
) -> None:
    entries = read_people(LIST).entries

    report = add_people(workspace, entries, actor=OPERATOR, on=ON, at=AT)

    assert report.generation == "g00000001"
    assert report.people_added == ("Zoé Lambert", "Paul Henry")
    assert report.teams_added == ("Grands comptes",)
    found = organisation(workspace, on=ON)
    assert found.person["Zoé Lambert"].started_on == datetime.date(2024, 3, 1)
    assert team_on(workspace, "Zoé Lambert", ON) == "Grands comptes"
    rows = Generations(workspace.warehouse).reader()
    assert rows.execute("SELECT DISTINCT source FROM people").fetchall() == [("typed",)]
    assert rows.execute("SELECT files, accepted FROM imports").fetchall() == [
        ("typed", 4)
    ]


def test_the_same_list_again_changes_nothing(workspace: Workspace) -> None:
    entries = read_people(LIST).entries
    add_people(workspace, entries, actor=OPERATOR, on=ON, at=AT)

    again = add_people(workspace, entries, actor=OPERATOR, on=ON, at=AT)

    assert again.generation == ""
    assert Generations(workspace.warehouse).current() == "g00000001"
    assert AuditLine.objects.count() == 4


def test_a_preview_says_what_would_be_and_writes_nothing(company: Workspace) -> None:
    before = Generations(company.warehouse).current()

    found = preview_people(company, "bob@exemple.fr; Fidélisation\n" + LIST, on=ON)

    assert [str(fault) for fault in found.pasted.faults] == []
    assert Generations(company.warehouse).current() == before
    assert AuditLine.objects.count() == 0


def test_a_move_leaves_the_past_with_the_former_team(company: Workspace) -> None:
    """Bob sold 10000 x 0.7 in May and 9000 on 30 June in « Nouveaux clients »."""
    day = datetime.date(2025, 6, 1)
    before = by_team(company)

    move_person(company, "bob", "fidelite", since=day, actor=OPERATOR, at=AT)

    assert team_on(company, "bob", datetime.date(2025, 5, 31)) == "nouveaux"
    assert team_on(company, "bob", day) == "fidelite"
    after = by_team(company)
    assert before["nouveaux"] - after["nouveaux"] == 9000
    assert after["fidelite"] - before["fidelite"] == 9000


def by_team(workspace: Workspace) -> dict[str, int]:
    question = Question("revenue", SECOND_QUARTER, by=("team",))
    rows = value(workspace, question, on=datetime.date(2025, 7, 1)).rows
    return {str(row.keys["team_id"]): int(row.value or 0) for row in rows}


def test_somebody_without_membership_keeps_their_past_when_they_move(
    company: Workspace,
) -> None:
    """Hugo has no membership: only the team of his row tells where he was."""
    day = datetime.date(2025, 7, 1)

    move_person(company, "hugo", "nouveaux", since=day, actor=OPERATOR, at=AT)

    assert team_on(company, "hugo", datetime.date(2025, 6, 30)) == "fidelite"
    assert team_on(company, "hugo", day) == "nouveaux"


def test_a_leaver_is_known_to_the_day_and_their_stay_ends(company: Workspace) -> None:
    day = datetime.date(2025, 8, 1)

    record_leaving(company, "ines", left_on=day, actor=OPERATOR, at=AT)

    found = organisation(company, on=day)
    assert found.person["ines"].left_on == day
    assert [stay.after for stay in found.stays["ines"]] == [day]


def test_a_file_imported_later_fills_gaps_and_takes_nothing_back(
    company: Workspace, tmp_path: Path
) -> None:
    told = PersonTold(name="Bob Durand", email="bob@nouveau.fr", role="chasseur")
    change_person(company, "bob", told, actor=OPERATOR, at=AT)
    path = tmp_path / "people.csv"
    path.write_text(
        "person id,name,email,job title,manager,hire date\n"
        "bob,Robert Durand,bob@ancien.fr,salesperson,mona,2021-01-04\n",
        "utf-8",
    )

    first = import_data(company, [path], actor=OPERATOR, at=AT)
    again = import_data(company, [path], actor=OPERATOR, at=AT)

    bob = organisation(company, on=ON).person["bob"]
    assert (bob.name, bob.email, bob.role) == (
        "Bob Durand",
        "bob@nouveau.fr",
        "chasseur",
    )
    assert bob.manager_id == "mona"
    assert bob.started_on == datetime.date(2021, 1, 4)
    assert first.generation
    assert again.generation == ""


def test_an_absence_withdrawn_leaves_no_day_and_stays_in_the_audit(
    company: Workspace,
) -> None:
    first, after = datetime.date(2025, 8, 4), datetime.date(2025, 8, 25)
    set_absence(
        company, "bob", first=first, after=after, kind="leave", actor=MONA, at=AT
    )
    withdraw_absence(company, "bob", first=first, actor=MONA, at=AT)

    lines = list(AuditLine.objects.order_by("id"))
    assert [line.by for line in lines] == ["mona@exemple.fr"] * 2
    assert lines[1].details["before"] == {"first": "2025-08-04", "after": "2025-08-25"}
    assert lines[1].details["after"] == {"first": "2025-08-04", "after": "2025-08-04"}


@pytest.mark.parametrize(
    "attempt",
    [
        pytest.param(
            lambda c: move_person(
                c, "charlie", "nouveaux", since=ON, actor=MONA, at=AT
            ),
            id="somebody of another team",
        ),
        pytest.param(
            lambda c: move_person(c, "bob", "fidelite", since=ON, actor=MONA, at=AT),
            id="into another team",
        ),
        pytest.param(
            lambda c: add_team(c, "Export", actor=MONA, at=AT), id="a team of its own"
        ),
        pytest.param(
            lambda c: set_absence(
                c,
                "dora",
                first=ON,
                after=ON + datetime.timedelta(days=1),
                actor=MONA,
                at=AT,
            ),
            id="an absence elsewhere",
        ),
    ],
)
def test_a_manager_changes_the_teams_led_and_nothing_else(
    company: Workspace, attempt: object
) -> None:
    before = Generations(company.warehouse).current()

    with pytest.raises(ForbiddenError, match="change these people and teams"):
        attempt(company)  # type: ignore[operator]

    assert Generations(company.warehouse).current() == before
    assert AuditLine.objects.count() == 0


def test_nobody_is_above_their_own_manager(company: Workspace) -> None:
    told = PersonTold(name="Alice Martin", manager_id="bob")

    with pytest.raises(Refusal, match="above their own manager"):
        change_person(company, "alice", told, actor=OPERATOR, at=AT)


def test_a_ramp_told_for_somebody_is_the_one_used(company: Workspace) -> None:
    told = PersonTold(name="Inès Faure", started_on=datetime.date(2025, 5, 5))
    change_person(
        company,
        "ines",
        PersonTold(name=told.name, started_on=told.started_on, ramp_days=30),
        actor=OPERATOR,
        at=AT,
    )
    from jalon.queries.calendar import presences

    found = presences(company, on=ON)["ines"]
    assert found.ramp_days == 30
    assert found.share(datetime.date(2025, 6, 3)) == 1
    assert found.share(datetime.date(2025, 5, 19)) == pytest.approx(0.5)
