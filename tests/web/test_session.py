"""Logging in and out, the language and the theme."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import get_hasher
from django.test import Client

from jalon.workspace.folder import Workspace
from tests.worlds.followed import PASSWORD

Reader = Callable[[str], Client]


def log_in(client: Client, password: str = PASSWORD, **more: str) -> int:
    """Try to log Bob in; return the status."""
    pair = {"username": "Bob@exemple.fr", "password": password}
    return client.post("/login/", pair | more).status_code


def test_the_right_pair_opens_my_objectives(company: Workspace) -> None:
    client = Client()

    assert log_in(client) == 302
    assert client.get("/").status_code == 200


def test_a_wrong_pair_says_so_without_saying_which(company: Workspace) -> None:
    response = Client().post(
        "/login/", {"username": "nobody@exemple.fr", "password": "x"}
    )

    assert (
        "Cette adresse et ce mot de passe ne vont pas ensemble."
        in response.content.decode()
    )


def test_an_unknown_account_costs_as_much_as_a_wrong_password(
    company: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who tries addresses learns nothing from the time an answer takes."""
    hashed: list[str] = []
    hasher = get_hasher()
    encode = type(hasher).encode

    def counted(self: object, password: str, salt: str) -> str:
        hashed.append(password)
        return str(encode(self, password, salt))  # type: ignore[arg-type]

    monkeypatch.setattr(type(hasher), "encode", counted)
    log_in(Client(), "wrong")
    known = len(hashed)
    Client().post("/login/", {"username": "nobody@exemple.fr", "password": "wrong"})

    assert known >= 1
    assert len(hashed) - known == known


def test_after_five_failures_even_the_right_password_waits(company: Workspace) -> None:
    client = Client()
    for _ in range(5):
        log_in(client, "wrong")

    assert log_in(client) == 200
    assert (
        "Attendez cinq minutes"
        in client.post(
            "/login/", {"username": "bob@exemple.fr", "password": PASSWORD}
        ).content.decode()
    )


def test_failures_of_one_do_not_stop_another(company: Workspace) -> None:
    client = Client()
    for _ in range(5):
        log_in(client, "wrong")

    pair = {"username": "ines@exemple.fr", "password": PASSWORD}
    assert client.post("/login/", pair).status_code == 302


def test_after_logging_in_one_is_sent_nowhere_else(company: Workspace) -> None:
    pair = {
        "username": "bob@exemple.fr",
        "password": PASSWORD,
        "next": "https://elsewhere.example/",
    }

    assert Client().post("/login/", pair)["Location"] == "/"


def test_logging_out_closes_the_pages(reader: Reader) -> None:
    client = reader("bob")
    client.post("/logout/")

    assert client.get("/").status_code == 302


@pytest.mark.parametrize("path", ["/language/", "/theme/", "/logout/"])
def test_what_changes_something_is_no_link(company: Workspace, path: str) -> None:
    assert Client().get(path).status_code == 405


def test_the_language_is_remembered_and_leads_back(company: Workspace) -> None:
    client = Client()
    response = client.post("/language/", {"language": "en", "next": "/login/"})

    assert response["Location"] == "/login/"
    assert "Log in" in client.get("/login/").content.decode()


def test_french_is_first_whatever_the_browser_prefers(company: Workspace) -> None:
    text = (
        Client().get("/login/", headers={"Accept-Language": "en-US"}).content.decode()
    )

    assert "Se connecter" in text


def test_the_theme_is_a_class_of_the_page(company: Workspace) -> None:
    client = Client()
    client.post("/theme/", {"theme": "dark"})

    assert (
        '<html lang="fr" class="theme-dark">' in client.get("/login/").content.decode()
    )


def test_an_unknown_theme_or_language_changes_nothing(company: Workspace) -> None:
    client = Client()
    client.post("/theme/", {"theme": "<script>"})
    client.post("/language/", {"language": "xx"})

    assert "jalon_theme" not in client.cookies
    assert "jalon_language" not in client.cookies


def test_the_way_back_stays_here(company: Workspace) -> None:
    response = Client().post(
        "/theme/", {"theme": "dark", "next": "//elsewhere.example/"}
    )

    assert response["Location"] == "/"


def test_the_policy_allows_nothing_but_our_own(company: Workspace) -> None:
    policy = Client().get("/login/")["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_cookies_are_closed_to_scripts(company: Workspace) -> None:
    client = Client()
    client.get("/login/")
    log_in(client)

    assert client.cookies["jalon_session"]["httponly"]
    assert client.cookies["jalon_csrf"]["httponly"]
    assert client.cookies["jalon_session"]["samesite"] == "Lax"


def test_the_form_refuses_a_post_without_its_token(company: Workspace) -> None:
    client = Client(enforce_csrf_checks=True)

    assert log_in(client) == 403


def test_the_first_page_weighs_less_than_100_kilobytes(reader: Reader) -> None:
    client = reader("alice")
    page = client.get("/objectives/", headers={"Accept-Encoding": "gzip"})
    found = page.content
    total = len(found)
    for asset in ("app.css", "mark.svg", "django_htmx/htmx-2.min.js"):
        response = client.get(f"/static/{asset}", headers={"Accept-Encoding": "gzip"})
        assert response.status_code == 200, asset
        total += len(b"".join(response))  # type: ignore[arg-type]

    assert total < 100_000
