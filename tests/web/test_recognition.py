"""Successes in the followed company: proposed to who leads, said, shown, taken back."""

from __future__ import annotations

import datetime
import http.server
import json
import threading
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from jalon.domain.people.permission import Viewer
from jalon.domain.people.roles import Role
from jalon.records.audit import AuditLine
from jalon.records.check_ins import CheckIn
from jalon.records.recognition import Cheer, Word
from jalon.usecases.acting import SYSTEM, Actor
from jalon.usecases.cheer import cheer
from jalon.usecases.recognise import add_room, choose, propose
from jalon.workspace.folder import Workspace
from tests.worlds import followed

pytestmark = pytest.mark.django_db
AT = datetime.datetime.combine(followed.ON, datetime.time(9), tzinfo=datetime.UTC)
Reader = Callable[[str], Client]


@pytest.fixture
def word(company: Workspace) -> Word:
    """Bob shared a practice; the rule proposes a word once, however often it looks."""
    CheckIn.objects.create(
        person_id="bob",
        first=followed.ON - datetime.timedelta(days=7),
        rhythm="weekly",
        confidence=4,
        field="Rappeler à J+2 double les réponses",
        kind="good_practice",
        private="je doute de moi",
        written_at=AT,
        handed_at=AT,
    )
    propose(company, on=followed.ON, at=AT)
    assert propose(company, on=followed.ON, at=AT) == 0
    return Word.objects.get(person_id="bob", kind="practice")


def said(
    client: Client, word: Word, text: str = "Bravo Bob, on le reprend tous !"
) -> None:
    answer = client.post(f"/wall/words/{word.pk}/say/", {"text": text, "wall": "on"})
    assert answer.status_code == 302


def test_a_success_waits_for_the_manager_and_nothing_is_said_before(
    word: Word, reader: Reader
) -> None:
    waiting = reader("mona").get("/wall/words/").content.decode()
    on_wall = reader("charlie").get("/wall/").content.decode()

    assert "Rappeler à J+2 double les réponses" in waiting
    assert "je doute de moi" not in waiting
    assert "J+2" not in on_wall


@pytest.mark.parametrize("who", ["marc", "bob", "charlie", "olga", "rene"])
def test_who_does_not_lead_bob_neither_sees_nor_says_the_word(
    word: Word, reader: Reader, who: str
) -> None:
    client = reader(who)
    assert "J+2" not in client.get("/wall/words/").content.decode()
    answer = client.post(f"/wall/words/{word.pk}/say/", {"text": "x", "wall": "on"})
    word.refresh_from_db()
    assert answer.status_code == 403
    assert word.state == "proposed"


def test_a_word_is_said_in_the_name_and_the_words_of_who_says_it(
    word: Word, reader: Reader
) -> None:
    said(reader("mona"), word)

    page = reader("charlie").get("/wall/").content.decode()
    assert "Bravo Bob, on le reprend tous" in page
    assert "Mona" in page
    line = AuditLine.objects.get(verb="say", noun="word")
    assert line.by == "mona@exemple.fr"
    assert "Bravo" not in json.dumps(line.details)


def test_whoever_wants_no_name_on_the_wall_has_none(word: Word, reader: Reader) -> None:
    bob = reader("bob")
    bob.post("/wall/choose/", {"compared": "on"})
    said(reader("mona"), word)

    assert "Bravo Bob" not in reader("charlie").get("/wall/").content.decode()
    assert "Bravo Bob" in bob.get("/wall/").content.decode()


def test_a_word_is_taken_back_by_who_said_it_or_received_it_and_by_nobody_else(
    word: Word, reader: Reader
) -> None:
    said(reader("mona"), word)
    reader("charlie").post(f"/wall/words/{word.pk}/withdraw/")
    word.refresh_from_db()
    assert word.state == "said"

    reader("bob").post(f"/wall/words/{word.pk}/withdraw/")
    word.refresh_from_db()
    assert word.state == "withdrawn"


def test_a_proposal_let_go_is_not_made_again(
    word: Word, reader: Reader, company: Workspace
) -> None:
    reader("mona").post(f"/wall/words/{word.pk}/let-go/")

    assert propose(company, on=followed.ON, at=AT) == 0
    assert "J+2" not in reader("mona").get("/wall/words/").content.decode()


def test_colleagues_thank_each_other_and_nobody_thanks_themselves(
    reader: Reader,
) -> None:
    bob = reader("bob")
    bob.post(
        "/wall/thank/", {"person": "charlie", "text": "Merci Charlie", "wall": "on"}
    )
    refused = bob.post(
        "/wall/thank/", {"person": "bob", "text": "Bravo moi"}, follow=True
    )
    unknown = bob.post(
        "/wall/thank/", {"person": "nobody", "text": "Merci"}, follow=True
    )

    assert "Merci Charlie" in reader("ines").get("/wall/").content.decode()
    assert "On ne se remercie pas soi-même" in refused.content.decode()
    assert "personne de l’entreprise" in unknown.content.decode()


def test_a_screen_shows_the_wall_without_a_login_until_it_is_closed(
    word: Word, reader: Reader
) -> None:
    said(reader("mona"), word)
    director = reader("alice")
    page = director.post("/wall/screens/", {"label": "Hall"}).content.decode()
    link = page.partition("/wall/tv/")[2].partition("/")[0]
    tv = Client().get(f"/wall/tv/{link}/")

    assert "Bravo Bob" in tv.content.decode()
    assert tv.headers["Refresh"].startswith("20; url=?page=")
    assert link not in director.get("/wall/screens/").content.decode()
    director.post("/wall/screens/1/close/")
    number = (
        page.partition("/wall/screens/")[2].partition("/close/")[0].rpartition("/")[2]
    )
    director.post(f"/wall/screens/{number}/close/")
    assert Client().get(f"/wall/tv/{link}/").status_code == 404


def test_neighbours_are_shown_to_who_asked_among_who_asked(
    company: Workspace, reader: Reader
) -> None:
    bob = Actor(Viewer(Role.SALESPERSON, "bob"), "bob@exemple.fr")
    assert "Mes voisins" not in reader("bob").get("/wall/").content.decode()

    choose(wall=True, compared=True, actor=bob, at=AT)

    page = reader("bob").get("/wall/").content.decode()
    assert "Mes voisins" in page
    assert "cinq personnes" in page


@pytest.fixture
def room() -> Iterator[tuple[str, list[str]]]:
    """A chat room: a real HTTP server on loopback that keeps what it is told."""
    heard: list[str] = []

    class Room(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            heard.append(json.loads(self.rfile.read(length))["message"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Room)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"json://127.0.0.1:{server.server_port}/", heard
    server.shutdown()
    server.server_close()


def test_a_word_on_the_wall_is_told_once_in_the_chat_room(
    word: Word,
    reader: Reader,
    company: Workspace,
    room: tuple[str, list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address, heard = room
    monkeypatch.setenv("JALON_PRIVATE_HOSTS", "127.0.0.1")
    add_room(company, address, "#ventes", actor=SYSTEM, at=AT)
    said(reader("mona"), word)
    now = Word.objects.get(pk=word.pk).at
    on = now.date()

    told = [cheer(company, on=on, at=now) for _ in range(2)]

    assert told == [1, 0]
    assert len(heard) == 1
    assert "Bravo Bob" in heard[0]
    assert address not in Cheer.objects.get().sealed
