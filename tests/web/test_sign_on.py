"""The company's own log-in, against a real provider: who comes in, as what, who not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from joserfc.jwk import RSAKey

from jalon.domain.people.sign_on import SignOn, sign_on_of
from jalon.workspace.folder import Workspace
from tests.simulators import identity
from tests.simulators.identity import Provider

GROUPS = "direction=director; chefs=manager; ventes=salesperson"
BOB = {
    "sub": "u-17",
    "email": "bob@exemple.fr",
    "email_verified": True,
    "name": "Bob Durand",
    "groups": ["ventes"],
}


@pytest.fixture(scope="module")
def served() -> Iterator[Provider]:
    with identity.running() as provider:
        yield provider


@pytest.fixture
def provider(served: Provider, company: Workspace, settings: Any) -> Provider:
    served.person, served.tamper, served.signing = dict(BOB), {}, served.key
    served.asked.clear()
    settings.SIGN_ON = _setting(served)
    return served


def _setting(provider: Provider, **more: str) -> SignOn | None:
    told = {
        "ISSUER": provider.issuer,
        "CLIENT": identity.CLIENT,
        "SECRET": identity.SECRET,
        "NAME": "Exemple SA",
        "ROLES": GROUPS,
        **more,
    }
    return sign_on_of({f"JALON_OIDC_{name}": value for name, value in told.items()})


def left(client: Client, path: str = "/sign-on/") -> str:
    """Return where the provider sends the browser back, as its path here."""
    leaving = client.get(path)
    assert leaving.status_code == 302, leaving.content.decode()
    answer = httpx.get(leaving["Location"])
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def user(email: str) -> Any:
    return get_user_model().objects.get(email=email)


def test_a_verified_address_comes_in_and_pkce_was_asked(provider: Provider) -> None:
    client = Client()

    response = client.get(left(client, "/sign-on/?next=/objectives/"))

    assert (response.status_code, response["Location"]) == (302, "/objectives/")
    assert "Bob Durand" in client.get("/").content.decode()
    authorize, token = provider.asked
    assert authorize["code_challenge_method"] == "S256"
    assert len(token["code_verifier"]) >= 43
    assert token["code_verifier"] not in authorize.values()


def test_the_groups_give_the_role_at_each_log_in(provider: Provider) -> None:
    client = Client()
    client.get(left(client))
    assert user("bob@exemple.fr").role == "salesperson"

    provider.person = {**BOB, "groups": ["ventes", "chefs"]}
    again = Client()
    again.get(left(again))

    assert user("bob@exemple.fr").role == "manager"


def test_the_last_director_stays_whatever_the_groups_say(provider: Provider) -> None:
    provider.person = {**BOB, "sub": "a", "email": "alice@exemple.fr"}
    client = Client()

    client.get(left(client))

    assert user("alice@exemple.fr").role == "director"


def test_the_identity_is_known_again_under_another_address(provider: Provider) -> None:
    first = Client()
    first.get(left(first))
    provider.person = {**BOB, "email": "robert@exemple.fr"}
    second = Client()

    second.get(left(second))

    assert "Bob Durand" in second.get("/").content.decode()


def test_a_newcomer_has_an_account_where_newcomers_are_let_in(
    provider: Provider, settings: Any
) -> None:
    provider.person = {**BOB, "sub": "n", "email": "neuf@exemple.fr", "name": "Neuf"}
    client = Client()
    refused = client.get(left(client))
    assert refused.status_code == 403
    assert "neuf@exemple.fr" in refused.content.decode()

    settings.SIGN_ON = _setting(provider, NEWCOMERS="1")
    client.get(left(client))

    assert user("neuf@exemple.fr").role == "salesperson"


@pytest.mark.parametrize(
    ("person", "tamper"),
    [
        pytest.param({"email_verified": False}, {}, id="an address not verified"),
        pytest.param({"groups": ["cuisine"]}, {}, id="no group has a role"),
        pytest.param({}, {"aud": "another"}, id="a token for another client"),
        pytest.param({}, {"iss": "https://else"}, id="a token of another provider"),
        pytest.param({}, {"exp": 1}, id="a token that is over"),
        pytest.param({}, {"nonce": "of-before"}, id="a token of another log-in"),
    ],
)
def test_is_not_let_in(
    provider: Provider, person: dict[str, Any], tamper: dict[str, Any]
) -> None:
    provider.person, provider.tamper = {**BOB, **person}, tamper
    client = Client()

    response = client.get(left(client))

    assert response.status_code == 403
    assert client.get("/")["Location"].startswith("/login/")


def test_a_token_signed_by_somebody_else_is_not_believed(provider: Provider) -> None:
    provider.signing = RSAKey.generate_key(2048, {"kid": "k1"}, private=True)
    client = Client()

    assert client.get(left(client)).status_code == 403


def test_coming_back_without_having_left_leads_to_the_log_in(
    provider: Provider,
) -> None:
    victim, thief = Client(), Client()
    path = left(thief)

    response = victim.get(path)

    assert response["Location"] == "/login/"
    assert parse_qs(urlsplit(path).query)["state"]


def test_a_closed_account_stays_out(
    provider: Provider, reader: Callable[[str], Client]
) -> None:
    account = user("bob@exemple.fr")
    reader("alice").post(f"/accounts/{account.pk}/active/", {"active": "0"})
    client = Client()

    assert client.get(left(client)).status_code == 403


def test_the_log_in_page_offers_it_by_name(provider: Provider, settings: Any) -> None:
    assert "Exemple SA" in Client().get("/login/").content.decode()
    settings.SIGN_ON = None
    assert "Exemple SA" not in Client().get("/login/").content.decode()
    assert Client().get("/sign-on/")["Location"] == "/login/"
