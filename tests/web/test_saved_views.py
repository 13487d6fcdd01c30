"""Views kept and shared, one's own tiles, and the last write taken back."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from jalon.records.accounts import User
from jalon.records.alerts import AlertDeed
from jalon.records.audit import AuditLine
from jalon.records.views import SavedView, Tiles, Undoable
from tests.worlds import followed

Reader = Callable[[str], Client]
ALL = {"screen": "objectives", "name": "Tout", "query": "when=all&page=3"}


def kept(client: Client) -> SavedView:
    assert client.post("/views/", ALL).status_code == 302
    return SavedView.objects.get()


def change(client: Client, view: SavedView, do: str, **more: str) -> Client:
    answer = client.post(f"/views/{view.pk}/change/", {"do": do, **more})
    assert answer.status_code == 302
    return client


def last() -> int:
    return int(Undoable.objects.latest("pk").pk)


def told(client: Client, path: str) -> str:
    return unescape(client.get(path, follow=True).content.decode())


def test_a_list_is_kept_without_the_page_one_was_on(reader: Reader) -> None:
    bob = reader("bob")
    view = kept(bob)

    assert bob.get(f"/views/{view.pk}/")["Location"] == "/objectives/?when=all"
    assert f'href="/views/{view.pk}/"' in told(bob, "/views/")


def test_the_list_filtered_without_a_new_page_is_the_one_kept(reader: Reader) -> None:
    came = "http://testserver/objectives/?status=off_track"
    page = reader("bob").get(
        "/views/?screen=objectives&q=when%3Dall", headers={"referer": came}
    )

    assert page.context["query"] == "status=off_track"


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"name": "  "}, id="no name"),
        pytest.param({"name": "x" * 81}, id="a name too long"),
        pytest.param({"screen": "accounts"}, id="a page that is no list"),
        pytest.param({"query": "owner=" + "x" * 2001}, id="too many filters"),
        pytest.param({}, id="a name used already"),
    ],
)
def test_what_cannot_be_kept_is_said(reader: Reader, wrong: dict[str, str]) -> None:
    bob = reader("bob")
    kept(bob)

    answer = bob.post("/views/", ALL | wrong)

    assert answer.status_code == 422
    assert answer.context["fault"]
    assert SavedView.objects.count() == 1


def test_a_link_gives_the_screen_and_no_more_rights(reader: Reader) -> None:
    bob, charlie = reader("bob"), reader("charlie")
    view = kept(bob)
    assert charlie.get(f"/views/{view.pk}/").status_code == 404
    change(bob, view, "share")
    link = SavedView.objects.get().link

    page = told(charlie, f"/views/shared/{link}/")

    assert "Signer 20000" in page or "ca-t2-charlie" in page
    assert "ca-t3-bob" not in page  # a draft of Bob's, which Bob himself reads there
    assert "ca-t3-bob" in told(bob, f"/views/{view.pk}/")
    change(bob, view, "unshare")
    assert charlie.get(f"/views/shared/{link}/").status_code == 404


def test_the_link_of_somebody_who_left_opens_nothing(reader: Reader) -> None:
    bob = reader("bob")
    change(bob, kept(bob), "share")
    link = SavedView.objects.get().link
    User.objects.filter(email="bob@exemple.fr").update(is_active=False)

    assert reader("charlie").get(f"/views/shared/{link}/").status_code == 404


def test_a_view_deleted_comes_back_once(reader: Reader) -> None:
    bob = reader("bob")
    page = change(bob, kept(bob), "drop").get("/views/").content.decode()
    assert f'action="/undo/{last()}/"' in page
    assert not SavedView.objects.exists()

    bob.post(f"/undo/{last()}/", {"next": "/views/"})

    assert SavedView.objects.get().query == "when=all"
    assert AuditLine.objects.filter(verb="undo", noun="view").count() == 1
    bob.post(f"/undo/{last()}/", {"next": "/views/"})
    assert "déjà été annulé" in told(bob, "/views/")
    assert SavedView.objects.count() == 1


def test_nobody_undoes_for_another_nor_too_late_nor_over_what_came_since(
    reader: Reader,
) -> None:
    bob, mona = reader("bob"), reader("mona")
    change(bob, kept(bob), "drop")
    assert mona.post(f"/undo/{last()}/").status_code == 404

    kept(bob)  # the name is used again
    bob.post(f"/undo/{last()}/")
    assert "un autre changement a suivi" in told(bob, "/views/")

    former = Undoable.objects.latest("pk")
    former.at -= datetime.timedelta(minutes=16)
    former.save()
    SavedView.objects.all().delete()
    bob.post(f"/undo/{last()}/")
    assert "trop tard" in told(bob, "/views/")
    assert not SavedView.objects.exists()


def test_undoing_leads_nowhere_else(reader: Reader) -> None:
    bob = reader("bob")
    change(bob, kept(bob), "drop")

    answer = bob.post(f"/undo/{last()}/", {"next": "https://ailleurs.exemple/"})

    assert answer["Location"] == "/"


def test_an_alert_taken_note_of_waits_again(reader: Reader) -> None:
    alert, bob = followed.alert_of_bob(), reader("bob")
    bob.post(f"/alerts/{alert}/note/", {"text": "Vu"})
    assert AlertDeed.objects.filter(kind="noted").count() == 1

    bob.post(f"/undo/{last()}/", {"next": "/alerts/"})

    assert not AlertDeed.objects.filter(kind="noted").exists()
    assert AuditLine.objects.filter(verb="acknowledge").exists()  # what was is told


def order(client: Client) -> list[str]:
    page = client.get("/").content.decode()
    marks = {"cards": 'class="cards"', "tree": 'class="panel-head"'}
    found = {page.find(mark): name for name, mark in marks.items() if mark in page}
    return [name for _place, name in sorted(found.items())]


def test_tiles_are_moved_put_away_and_as_they_come(reader: Reader) -> None:
    bob = reader("bob")
    tiles = ["alert", "cards", "tree", "due", "actions"]
    assert order(bob) == ["cards", "tree"]

    bob.post("/tiles/", {"tile": tiles, "shown": tiles, "do": "up:tree"})
    assert order(bob) == ["tree", "cards"]
    assert order(reader("ines")) != ["tree", "cards"]  # everybody has their own

    bob.post("/tiles/", {"tile": tiles, "shown": ["tree", "nothing"], "do": "keep"})
    assert order(bob) == ["tree"]
    bob.post("/tiles/", {"do": "keep", "tile": [*tiles, "nothing"]})
    assert "Toutes les tuiles sont rangées" in told(bob, "/")

    bob.post("/tiles/", {"do": "reset"})
    assert order(bob) == ["cards", "tree"]
    bob.post(f"/undo/{last()}/")
    assert Tiles.objects.get().hidden == tiles


def test_an_arranged_page_asks_no_more_and_tells_the_same_figures(
    reader: Reader, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    alice = reader("alice")
    before = alice.get("/").context["cards"]
    tiles = ["tree", "cards"]
    alice.post("/tiles/", {"tile": tiles, "shown": tiles, "do": "keep"})
    with django_assert_max_num_queries(33):
        after = alice.get("/").context["cards"]

    assert [line.id for line in before] == [line.id for line in after]
    assert [line.actual for line in before] == [line.actual for line in after]
