"""Tokens, webhooks and who sees what, on their pages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from jalon.api.reference import paragraphs
from jalon.api.urls import api
from jalon.domain.people.permission import Act
from jalon.usecases.acting import DEEDS
from tests.architecture.messages import catalogue

Reader = Callable[[str], Client]


def test_a_token_is_shown_once_opens_the_api_and_is_taken_back(reader: Reader) -> None:
    bob = reader("bob")
    made = bob.post(
        "/account/tokens/", {"name": "Power BI", "scope": ["read"], "days": "30"}
    ).content.decode()
    (token,) = re.findall(r'value="(jalon_[\w-]{43})"', made)
    later = bob.get("/account/tokens/").content.decode()
    asked = {"headers": {"Authorization": f"Bearer {token}"}}

    assert token not in later
    assert f"…{token[-4:]}" in later
    assert bob.get("/api/v1/me", **asked).json()["email"] == "bob@exemple.fr"
    (back,) = re.findall(r'action="(/account/tokens/\d+/revoke/)"', later)
    assert reader("charlie").post(back).status_code == 404
    bob.post(back)
    assert bob.get("/api/v1/me", **asked).status_code == 401


def test_a_token_without_name_or_use_is_refused_on_the_page(reader: Reader) -> None:
    answer = reader("bob").post("/account/tokens/", {"name": "", "days": "30"})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_a_session_is_no_token(reader: Reader) -> None:
    """The pages' cookie opens nothing of the API: no site can write through it."""
    assert reader("alice").get("/api/v1/objectives").status_code == 401


def test_a_webhook_is_made_with_its_secret_and_listed(reader: Reader) -> None:
    olga = reader("olga")
    told = {"url": "https://1.1.1.1/jalon?key=abc", "event": ["target.changed"]}
    made = olga.post("/account/webhooks/", told).content.decode()
    (page,) = re.findall(r'href="(/account/webhooks/\d+/)"', made)[:1]
    shown = olga.get(page).content.decode()

    assert "whsec_" in made
    assert "whsec_" not in shown
    assert "https://1.1.1.1/jalon" in shown
    assert "abc" not in shown  # what follows the question mark may be a key
    olga.post(f"{page}change/", {"do": "stop"})
    assert "Arrêté" in olga.get(page).content.decode()


def test_a_private_address_is_refused_on_the_page(reader: Reader) -> None:
    told = {"url": "http://10.0.0.1/", "event": ["target.changed"]}

    answer = reader("olga").post("/account/webhooks/", told)

    assert answer.status_code == 422
    assert "10.0.0.1" in answer.content.decode()


def test_every_word_of_the_reference_has_its_french() -> None:
    french = catalogue("fr")
    document = api.get_openapi_schema(path_prefix="/api/v1/")
    told = [one for methods in document["paths"].values() for one in methods.values()]
    texts = [one.get("description") or one["summary"] for one in told]
    texts += [tag for one in told for tag in one["tags"]]
    texts += [
        field.get("description", "") for one in told for field in one["parameters"]
    ]

    said = {one for text in texts for one in paragraphs(text)}

    assert len(said) > 25
    assert sorted(one for one in said if not french.get(one)) == []


def test_the_reference_names_every_operation(reader: Reader) -> None:
    page = Client().get("/api/docs/").content.decode()

    for word in ("/api/v1/objectives/{wanted}/targets", "If-Match", "problem-token"):
        assert word in page


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("/people/", "Toute personne connectée"),
        ("/journal/", "lire le journal"),
        ("/login/", "Tout le monde"),
    ],
)
def test_each_page_says_who_sees_it(reader: Reader, page: str, said: str) -> None:
    bob = reader("bob")

    assert "/who-sees/?page=/people/" in bob.get("/people/").content.decode()
    assert said in bob.get("/who-sees/", {"page": page}).content.decode()


def test_every_act_of_the_table_is_said_in_words() -> None:
    assert set(DEEDS) == set(Act)
