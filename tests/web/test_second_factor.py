"""A second factor set, asked, used once, lost; each browser listed and ended."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from html import unescape

from django.test import Client

from jalon.domain.people.second_factor import code_of, step_at
from jalon.usecases.second_factor import address
from jalon.workspace.folder import Workspace
from tests.worlds.followed import PASSWORD

Reader = Callable[[str], Client]
LOGIN = {"username": "bob@exemple.fr", "password": PASSWORD}


def code(secret: str, *, later: int = 0) -> str:
    return code_of(secret, step_at(int(time.time())) + later)


def turned_on(client: Client) -> tuple[str, list[str]]:
    """Set the factor of whoever is logged in; return its secret and recovery codes."""
    page = client.get("/account/second-factor/").content.decode()
    assert 'class="dots"' in page
    assert "style=" not in page
    secret = re.search(r'<code id="secret">([A-Z2-7 ]+)</code>', page)
    assert secret
    bare = secret[1].replace(" ", "")
    done = client.post("/account/second-factor/", {"code": code(bare, later=-1)})
    assert done.status_code == 200, done.content.decode()
    codes = re.findall(r"<li><code>([^<]+)</code>", done.content.decode())
    return bare, codes


def test_the_password_alone_no_longer_lets_in(reader: Reader) -> None:
    secret, codes = turned_on(reader("bob"))
    assert len(set(codes)) == 10
    client = Client()

    first = client.post("/login/", LOGIN)

    assert first["Location"] == "/login/code/"
    assert client.get("/")["Location"].startswith("/login/")
    wrong = client.post("/login/code/", {"code": "000000"})
    assert wrong.status_code == 400
    right = client.post("/login/code/", {"code": code(secret)})
    assert right["Location"] == "/"
    assert client.get("/").status_code == 200


def test_a_code_lets_in_once(reader: Reader) -> None:
    secret, _codes = turned_on(reader("bob"))
    told = {"code": code(secret)}
    first, second = Client(), Client()
    first.post("/login/", LOGIN)
    assert first.post("/login/code/", told).status_code == 302

    second.post("/login/", LOGIN)

    assert second.post("/login/code/", told).status_code == 400


def test_a_recovery_code_lets_in_once_however_it_is_typed(reader: Reader) -> None:
    _secret, codes = turned_on(reader("bob"))
    typed = {"code": codes[0].upper().replace("-", " ")}
    first, second = Client(), Client()
    first.post("/login/", LOGIN)
    assert first.post("/login/code/", typed).status_code == 302

    second.post("/login/", LOGIN)

    assert second.post("/login/code/", typed).status_code == 400
    page = unescape(first.get("/account/").content.decode())
    assert "9 codes de secours" in page


def test_six_wrong_codes_wait(reader: Reader) -> None:
    secret, _codes = turned_on(reader("bob"))
    client = Client()
    client.post("/login/", LOGIN)
    for _ in range(5):
        assert client.post("/login/code/", {"code": "1"}).status_code == 400

    assert client.post("/login/code/", {"code": code(secret)}).status_code == 429


def test_the_page_of_the_code_is_nobody_s_without_the_password(
    company: Workspace,
) -> None:
    assert Client().get("/login/code/")["Location"] == "/login/"
    assert Client().post("/login/code/", {"code": "1"})["Location"] == "/login/"


def test_a_wrong_code_does_not_turn_it_on(reader: Reader) -> None:
    bob = reader("bob")
    bob.get("/account/second-factor/")

    refused = bob.post("/account/second-factor/", {"code": "123"})

    assert refused.status_code == 400
    assert Client().post("/login/", LOGIN)["Location"] == "/"


def test_taking_it_away_asks_for_the_password(reader: Reader) -> None:
    bob = reader("bob")
    turned_on(bob)
    bob.post("/account/second-factor/off/", {"password": "faux"})
    assert Client().post("/login/", LOGIN)["Location"] == "/login/code/"

    bob.post("/account/second-factor/off/", {"password": PASSWORD})

    assert Client().post("/login/", LOGIN)["Location"] == "/"


def test_whoever_leads_helps_after_a_lost_phone_and_nobody_else(reader: Reader) -> None:
    bob = reader("bob")
    turned_on(bob)
    number = bob.get("/").wsgi_request.user.pk
    path = f"/accounts/{number}/second-factor/"
    assert reader("charlie").post(path).status_code == 403
    assert reader("marc").post(path).status_code == 404

    reader("mona").post(path)

    assert Client().post("/login/", LOGIN)["Location"] == "/"


def test_another_browser_is_listed_and_logged_out_alone(reader: Reader) -> None:
    desk, phone = Client(), Client()
    agents = {
        desk: "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
        phone: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1",
    }
    reader("bob")
    for client, agent in agents.items():
        client.defaults["HTTP_USER_AGENT"] = agent
        client.post("/login/", LOGIN)
        client.get("/")

    page = desk.get("/account/").content.decode()
    assert "Firefox · Linux" in page
    assert "Safari · iOS" in page
    ends = re.findall(r'action="(/account/sessions/\d+/log-out/)"', page)
    assert len(ends) == 1

    assert reader("charlie").post(ends[0]).status_code == 404
    desk.post(ends[0])

    assert phone.get("/")["Location"].startswith("/login/")
    assert desk.get("/").status_code == 200
    assert "Safari" not in desk.get("/account/").content.decode()


def test_the_address_is_what_applications_read() -> None:
    assert address("ABC", account="bob@exemple.fr", issuer="Jalon Été") == (
        "otpauth://totp/Jalon%20%C3%89t%C3%A9:bob%40exemple.fr"
        "?secret=ABC&issuer=Jalon%20%C3%89t%C3%A9"
    )
