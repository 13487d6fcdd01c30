"""A list as people paste it: any usual order, a bad line never hides the good ones."""

from __future__ import annotations

import datetime

import pytest

from jalon.domain.people.pasted import Entry, planned, read_people, role_of
from jalon.domain.people.roles import Role
from jalon.domain.people.roster import Membership, Person, Roster, Team

MARCH = datetime.date(2024, 3, 1)
ON = datetime.date(2025, 1, 6)
MARIE = Entry(
    1, "Marie Dupont", "marie@exemple.fr", "Grands comptes", "commerciale", MARCH
)


@pytest.mark.parametrize(
    "line",
    [
        "Marie Dupont; marie@exemple.fr; Grands comptes; commerciale; 01/03/2024",
        "Marie Dupont;marie@exemple.fr;Grands comptes;commerciale;2024-03-01",
        "marie@exemple.fr; Marie Dupont; commerciale; Grands comptes; 1.3.2024",
        "Marie Dupont\tGrands comptes\tcommerciale\t01/03/2024\tmarie@exemple.fr",
        "Marie Dupont, Marie@Exemple.fr, Grands comptes, commerciale, 01/03/2024",
        '"Marie Dupont" | marie@exemple.fr | Grands comptes | commerciale | 01/03/2024',
    ],
)
def test_cells_are_known_by_their_shape(line: str) -> None:
    assert read_people(line).entries == (MARIE,)


def test_headings_give_the_order() -> None:
    text = "Équipe;Depuis;Nom;Manager\nGrands comptes;;Marie Dupont;Paul Henry"

    assert read_people(text).entries == (
        Entry(2, "Marie Dupont", team="Grands comptes", manager="Paul Henry"),
    )


def test_a_name_alone_is_enough_and_empty_lines_are_passed_over() -> None:
    found = read_people("Marie Dupont\n\n# les autres viendront\n  Paul Henry  \n")

    assert [(one.line, one.name) for one in found.entries] == [
        (1, "Marie Dupont"),
        (4, "Paul Henry"),
    ]


def test_a_bad_line_is_told_and_hides_no_good_one() -> None:
    text = "Nom;e-mail;depuis\nMarie;marie@exemple.fr;31/02/2024\n;x@y.fr;\nPaul;;"

    found = read_people(text)

    assert [one.name for one in found.entries] == ["Paul"]
    assert [str(fault) for fault in found.faults] == [
        "Line 2: 31/02/2024 is no day. Expected e.g. 01/03/2024.",
        "Line 3: no name. Expected e.g. Marie Dupont; marie@exemple.fr; Grands comptes.",
    ]


@pytest.mark.parametrize(
    ("words", "role"),
    [
        ("Directrice commerciale", Role.DIRECTOR),
        ("Responsable d'agence", Role.MANAGER),
        ("Vendeuse", Role.SALESPERSON),
        ("SDR", Role.SALESPERSON),
        ("Sales Ops", Role.REVOPS),
        ("Lyon", None),
    ],
)
def test_a_job_tells_a_role(words: str, role: Role | None) -> None:
    assert role_of(words) is role


def test_a_namesake_with_another_address_is_somebody_else() -> None:
    now = Roster({"Marie": Person(person_id="Marie", name="Marie", email="a@x.fr")})

    found = planned(now, [Entry(1, "Marie", "b@x.fr")], on=ON)

    assert [one.person_id for one in found.people] == ["Marie 2"]


def test_another_team_is_a_move_from_the_day_told() -> None:
    teams = {key: Team(team_id=key, name=key) for key in ("Nord", "Sud")}
    stay = Membership("Marie", "Nord", MARCH)
    now = Roster(
        {"Marie": Person(person_id="Marie", name="Marie", team_id="Nord")},
        teams,
        (stay,),
    )

    found = planned(now, [Entry(1, "marie", team="SUD", since=ON)], on=ON)

    assert set(found.memberships) == {
        Membership("Marie", "Nord", MARCH, ON),
        Membership("Marie", "Sud", ON),
    }
