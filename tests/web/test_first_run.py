"""The first run: who may begin it, what it keeps, where it leads."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from jalon.domain.objectives.states import State
from jalon.records import objective_rows
from jalon.records.accounts import User
from jalon.records.audit import AuditLine
from jalon.records.uploads import FirstRun
from jalon.workspace.folder import Workspace, opened
from tests.web.fresh import COMPANY, director

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(
    workspace: Workspace, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Workspace:
    settings.WORKSPACE = workspace
    settings.IMPORTS_HERE = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setenv("JALON_TODAY", "2025-06-16")
    return workspace


def test_a_fresh_workspace_leads_to_the_first_run() -> None:
    answer = Client().get("/", follow=True)

    assert answer.redirect_chain[-1][0] == "/start/"
    assert answer.status_code == 200
    assert Client().get("/login/")["Location"] == "/start/"


def test_the_first_account_is_the_director_and_is_logged_in(fresh: Workspace) -> None:
    client = director()

    user = User.objects.get()
    assert (user.email, user.role) == ("alice@exemple.fr", "director")
    assert client.get("/").status_code == 200
    told = opened(fresh.folder).settings
    assert (told.company, told.fiscal_first_month) == ("La petite entreprise", 4)
    assert AuditLine.objects.filter(verb="start").count() == 1


def test_the_settings_hold_at_once(fresh: Workspace) -> None:
    client = director()

    client.post("/start/", COMPANY | {"company": "Une autre", "language": "en"})

    page = client.get("/start/").content.decode()
    assert "Une autre" in page
    assert opened(fresh.folder).settings.language == "en"


def test_nobody_makes_a_second_first_account() -> None:
    director()

    answer = Client().post("/start/", COMPANY | {"email": "mallory@exemple.fr"})

    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        pytest.param({"email": "alice"}, "pas une adresse e-mail", id="no e-mail"),
        pytest.param({"password": "court"}, "trop court", id="a short password"),
        pytest.param(
            {"password": "qwertyuiop"}, "en premier", id="a password all know"
        ),
        pytest.param({"name": " "}, "Votre nom manque", id="no name"),
        pytest.param({"company": " "}, "company", id="no company"),
        pytest.param({"country": "XX"}, "country", id="no country"),
        pytest.param({"month": "13"}, "fiscal_first_month", id="no month"),
        pytest.param({"currency": "euro"}, "currency", id="no currency"),
    ],
)
def test_a_bad_answer_is_said_and_nothing_is_written(
    wrong: dict[str, str], said: str, fresh: Workspace
) -> None:
    answer = Client().post("/start/", COMPANY | wrong)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not User.objects.exists()
    assert not (fresh.folder / "jalon.toml").exists()


@pytest.mark.parametrize("step", ["data", "people", "objectives", "resume"])
def test_no_step_comes_before_the_first(step: str) -> None:
    assert Client().get(f"/start/{step}/")["Location"] == "/start/"


@pytest.mark.parametrize("role", ["manager", "salesperson", "reader"])
@pytest.mark.parametrize("step", ["", "data/", "people/", "objectives/", "resume/"])
def test_others_than_the_director_may_not_return(role: str, step: str) -> None:
    director()
    User.objects.create_user("bob@exemple.fr", "objectifs-2025", role=role)
    client = Client()
    assert client.login(username="bob@exemple.fr", password="objectifs-2025")

    assert client.get(f"/start/{step}").status_code == 403
    assert client.post(f"/start/{step}", COMPANY).status_code in {403, 405}


def test_it_is_taken_up_again_where_it_was_left() -> None:
    client = director()
    assert client.get("/start/resume/")["Location"] == "/start/data/"
    assert "/start/resume/" in client.get("/").content.decode()

    client.post("/start/end/", {"step": "people"})
    assert client.get("/start/resume/")["Location"] == "/start/people/"

    client.post("/start/end/")
    assert FirstRun.objects.get().step == ""
    assert client.get("/start/resume/")["Location"] == "/"
    assert "/start/resume/" not in client.get("/").content.decode()


def test_people_are_typed_or_pasted() -> None:
    client = director()

    answer = client.post(
        "/start/people/",
        {"people": "Nom; équipe\nBob Durand; Nord\nInès Faure; Nord\n"},
        follow=True,
    )

    page = answer.content.decode()
    assert "2 personnes sont ajoutées" in page
    assert "Bob Durand, Inès Faure" in page


def test_a_line_that_is_nobody_is_said_and_kept_in_the_form() -> None:
    client = director()
    typed = "Nom; équipe; depuis\n; Nord; 01/02/2025\n"

    answer = client.post("/start/people/", {"people": typed})

    assert answer.status_code == 422
    assert "; Nord; 01/02/2025" in answer.content.decode()


def test_without_data_a_model_asks_for_a_target_and_takes_it() -> None:
    client = director()
    page = client.get("/start/objectives/").content.decode()
    assert page.count('name="model"') == 10

    refused = client.post(
        "/start/objectives/",
        {
            "do": "set",
            "model": "revenue_growth",
            "owner-revenue_growth": "company",
            "aim-revenue_growth": "+12 %",
        },
    )
    assert refused.status_code == 422
    assert "sans chiffre de départ" in refused.content.decode()

    done = client.post(
        "/start/objectives/",
        {
            "do": "set",
            "model": "revenue_growth",
            "owner-revenue_growth": "company",
            "aim-revenue_growth": "120 000",
        },
        follow=True,
    )
    assert "1 objectif est fixé" in done.content.decode()
    (one,) = objective_rows.load().values()
    assert (one.kpi, one.owner, one.target) == ("revenue", "company", 120000)
    assert one.state is State.ACTIVE
    assert one.lang == "fr"


def test_the_form_needs_its_token() -> None:
    client = Client(enforce_csrf_checks=True)

    assert client.post("/start/", COMPANY).status_code == 403
    assert not User.objects.exists()
