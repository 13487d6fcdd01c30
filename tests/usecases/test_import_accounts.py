"""A list of accounts: who is invited, changed, closed; bad lines told, good ones done."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model

from jalon.domain.people.permission import Viewer
from jalon.domain.people.roles import Role
from jalon.records.accounts import Invitation
from jalon.usecases.acting import OPERATOR, Actor
from jalon.usecases.import_accounts import Plan, import_accounts, plan_accounts
from tests.worlds import followed

pytestmark = pytest.mark.django_db
LIST = """e-mail;nom;rôle;personne;langue;actif
zoe@exemple.fr;Zoé Lenoir;commerciale;zoe;en;oui
bob@exemple.fr;Bob Durand;manager;bob;fr;oui
charlie@exemple.fr;;;;;non
alice@exemple.fr;Alice Martin;director;alice;fr;oui
"""


@pytest.fixture(autouse=True)
def company(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    for key, (name, role) in followed.USERS.items():
        get_user_model().objects.create_user(
            f"{key}@exemple.fr", "x", name=name, role=role, person_id=key
        )


def deeds(plan: Plan) -> dict[str, str]:
    return {step.wished.email.partition("@")[0]: step.deed for step in plan.steps}


def user(key: str) -> Any:
    return get_user_model().objects.get(email=f"{key}@exemple.fr")


def test_a_plan_says_what_would_be_done_and_writes_nothing() -> None:
    plan = plan_accounts(LIST)

    assert deeds(plan) == {
        "zoe": "invite",
        "bob": "change",
        "charlie": "close",
        "alice": "same",
    }
    assert user("bob").role == "salesperson"
    assert not Invitation.objects.exists()


def test_done_once_asking_again_changes_nothing() -> None:
    done = import_accounts(plan_accounts(LIST), actor=OPERATOR, at=followed.AT)

    assert set(done.tokens) == {"zoe@exemple.fr"}
    assert not done.refused
    invitation = Invitation.objects.get()
    assert (invitation.role, invitation.person_id) == ("salesperson", "zoe")
    assert invitation.language == "en"
    assert user("bob").role == "manager"
    assert not user("charlie").is_active
    assert set(deeds(plan_accounts(LIST)).values()) == {"same"}


def test_who_is_missing_is_closed_where_it_is_asked_only() -> None:
    assert "mona" not in deeds(plan_accounts(LIST))

    plan = plan_accounts(LIST, close_missing=True)

    closed = {key for key, deed in deeds(plan).items() if deed == "close"}
    assert closed == {"charlie", "mona", "marc", "ines", "olga", "rene"}


def test_a_bad_line_hides_no_good_one_and_closes_nobody() -> None:
    text = LIST + "pas une adresse;X;;;;\nbob@exemple.fr;Bob;;;;\nx@y.fr;X;roi;;;\n"

    plan = plan_accounts(text, close_missing=True)

    assert [str(one) for one in plan.faults] == [
        "Line 6: pas une adresse is no e-mail. Expected e.g. marie@exemple.fr.",
        "Line 7: bob@exemple.fr was named above.",
        (
            "Line 8: roi is no role. Expected one of: director, manager, salesperson, "
            "revops, reader."
        ),
    ]
    assert len(plan.steps) == 4


@pytest.mark.parametrize("separator", [",", "\t", "|"])
def test_any_usual_separator_and_scim_s_own_names(separator: str) -> None:
    text = f"userName{separator}displayName{separator}externalId{separator}active\n"
    line = separator.join(("bob@exemple.fr", "Bob", "bob", "false"))

    assert deeds(plan_accounts("\ufeff" + text + line)) == {"bob": "close"}


def test_a_list_without_headings_is_told_so() -> None:
    (fault,) = plan_accounts("bob@exemple.fr;Bob").faults
    assert "first line must name the columns" in str(fault)


def test_the_last_director_and_others_roles_are_refused_one_by_one() -> None:
    text = "e-mail;actif\nalice@exemple.fr;non\ncharlie@exemple.fr;non\n"
    revops = Actor(Viewer(Role.REVOPS, "olga"), "olga@exemple.fr")

    done = import_accounts(plan_accounts(text), actor=revops, at=followed.AT)

    assert [str(one) for one in done.refused] == [
        "alice@exemple.fr: You may not give or take the role Director. Ask a director."
    ]
    assert not user("charlie").is_active
    assert user("alice").is_active
