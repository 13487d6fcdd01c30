"""Coming in by a link, changing one's password, being closed: what a browser meets."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from jalon.queries.accounts import active_account_of
from jalon.workspace.folder import Workspace
from tests.worlds.followed import PASSWORD

Reader = Callable[[str], Client]
FRESH = "trois-lievres-bleus"
EMIL = {
    "email": "emil@exemple.fr",
    "name": "Emil Garnier",
    "role": "salesperson",
    "person_id": "emil",
    "language": "fr",
}


def link_in(text: str) -> str:
    found = re.search(r"https?://testserver(/[^\s<]+)", unescape(text))
    assert found, text
    return found[1]


def test_without_a_mail_server_the_link_is_shown_and_lets_in(reader: Reader) -> None:
    page = reader("mona").post("/accounts/invite/", EMIL).content.decode()
    path = link_in(page)
    assert link_in(mail.outbox[0].body) == path

    newcomer = Client()
    assert "emil@exemple.fr" in newcomer.get(path).content.decode()
    told = {"name": "Emil", "password": FRESH, "again": FRESH, "language": "fr"}
    response = newcomer.post(path, told)

    assert (response.status_code, response["Location"]) == (302, "/")
    assert newcomer.get("/").status_code == 200
    assert Client().get(path).status_code == 410


def test_two_passwords_that_differ_are_told(reader: Reader) -> None:
    path = link_in(reader("alice").post("/accounts/invite/", EMIL).content.decode())

    response = Client().post(
        path, {"name": "Emil", "password": FRESH, "again": "autre", "language": "fr"}
    )

    assert response.status_code == 400
    assert "Les deux mots de passe diffèrent." in response.content.decode()


def test_a_manager_lists_the_accounts_of_the_teams_led(reader: Reader) -> None:
    page = reader("mona").get("/accounts/").content.decode()

    assert "bob@exemple.fr" in page
    assert "charlie@exemple.fr" not in page
    assert "alice@exemple.fr" not in page


def test_a_closed_account_is_out_at_once(reader: Reader) -> None:
    bob, alice = reader("bob"), reader("alice")
    account = active_account_of("bob@exemple.fr")
    assert account is not None

    alice.post(f"/accounts/{account.id}/active/", {"active": "0"})

    assert bob.get("/")["Location"].startswith("/login/")


def test_logging_out_everywhere_ends_the_other_browser_too(reader: Reader) -> None:
    desk, phone = reader("bob"), reader("bob")

    desk.post("/account/log-out/")

    assert phone.get("/").status_code == 302


def test_a_new_password_ends_other_sessions_and_keeps_this_one(reader: Reader) -> None:
    desk, phone = reader("bob"), reader("bob")
    told = {"former": PASSWORD, "password": FRESH, "again": FRESH}

    assert desk.post("/account/password/", told).status_code == 302

    assert desk.get("/").status_code == 200
    assert phone.get("/").status_code == 302


def test_the_present_password_is_asked_and_guesses_are_counted(reader: Reader) -> None:
    bob = reader("bob")
    wrong = {"former": "wrong", "password": FRESH, "again": FRESH}
    for _ in range(5):
        assert bob.post("/account/password/", wrong).status_code == 400

    right = {**wrong, "former": PASSWORD}
    assert "cinq minutes" in bob.post("/account/password/", right).content.decode()


def test_a_forgotten_password_is_chosen_anew_by_a_link_once(company: Workspace) -> None:
    Client().post("/password/", {"email": "Bob@exemple.fr"})
    path = link_in(mail.outbox[0].body)

    told = {"password": FRESH, "again": FRESH}
    assert Client().post(path, told).status_code == 302

    assert Client().post(path, told).status_code == 410
    assert Client().login(username="bob@exemple.fr", password=FRESH)


def test_asking_for_a_stranger_says_the_same_and_sends_nothing(
    company: Workspace,
) -> None:
    known = Client().post("/password/", {"email": "bob@exemple.fr"})
    mail.outbox.clear()
    unknown = Client().post("/password/", {"email": "bib@exemple.fr"})

    assert mail.outbox == []
    assert known.status_code == unknown.status_code == 200
    plain = [
        re.sub(r"csrf\w*\" value=\"\w+|b[oi]b@", "", page.content.decode())
        for page in (known, unknown)
    ]
    assert plain[0] == plain[1]


def test_mails_asked_for_one_address_stay_few(company: Workspace) -> None:
    for _ in range(8):
        Client().post("/password/", {"email": "bob@exemple.fr"})

    assert len(mail.outbox) == 5


def test_the_session_key_changes_on_logging_in(company: Workspace) -> None:
    client = Client()
    client.get("/login/")
    session = client.session
    session["kept"] = True
    session.save()
    client.cookies["jalon_session"] = session.session_key
    before = session.session_key

    client.post("/login/", {"username": "bob@exemple.fr", "password": PASSWORD})

    assert client.session.session_key != before


def test_the_last_visit_is_kept(reader: Reader) -> None:
    reader("bob").get("/")

    account = active_account_of("bob@exemple.fr")
    assert account is not None
    assert account.seen_at is not None


@pytest.mark.parametrize("path", ["/people/", "/accounts/", "/journal/"])
def test_the_number_of_queries_does_not_grow_with_rows(
    reader: Reader, path: str, django_assert_max_num_queries: Any
) -> None:
    client = reader("alice")
    client.get(path)

    with django_assert_max_num_queries(12):
        assert client.get(path).status_code == 200


def test_the_journal_is_filtered_and_downloaded_without_formulas(
    reader: Reader,
) -> None:
    alice = reader("alice")
    alice.post("/accounts/invite/", {**EMIL, "email": "=cmd@exemple.fr"})

    page = alice.get("/journal/?noun=account").content.decode()
    assert "=cmd@exemple.fr" in page
    assert "ca-t2-bob" not in page
    sheet = alice.get("/journal/csv/?noun=account").content.decode("utf-8-sig")
    assert ";'=cmd@exemple.fr;" in sheet
    assert "Alice Martin" in sheet


def test_the_menu_shows_what_a_role_may_open(reader: Reader) -> None:
    def menu(who: str) -> set[str]:
        page = reader(who).get("/").content.decode()
        side = page.partition('<nav class="side"')[2].partition("</nav>")[0]
        return set(re.findall(r'href="([^"]+)"', side))

    assert {"/journal/", "/accounts/", "/data/", "/people/"} <= menu("alice")
    assert {"/accounts/", "/people/"} <= menu("mona")
    assert "/journal/" not in menu("mona")
    assert not {"/journal/", "/accounts/", "/data/"} & menu("bob")
    assert {"/", "/objectives/", "/people/"} <= menu("rene")
