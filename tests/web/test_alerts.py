"""The list of alerts: who saw it, who took note, which action it gave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from jalon.records import alert_rows, objective_rows
from jalon.records.alerts import Alert
from tests.worlds import followed

Reader = Callable[[str], Client]


def _page(client: Client, query: str = "") -> str:
    response = client.get(f"/alerts/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_the_menu_counts_what_was_not_seen_until_it_is(reader: Reader) -> None:
    number = followed.alert_of_bob()
    bob = reader("bob")
    assert 'class="count">1<' in bob.get("/").content.decode()
    assert "Bob Durand" in _page(bob)
    bob.post("/alerts/seen/", {"alert": [number]}, headers={"HX-Request": "true"})
    assert 'class="count"' not in bob.get("/").content.decode()
    assert "vue par Bob Durand" in _page(reader("mona"))
    assert 'class="count">1<' in reader("mona").get("/").content.decode()


def test_what_somebody_took_note_of_waits_no_longer_and_stays_in_the_list(
    reader: Reader,
) -> None:
    number = followed.alert_of_bob()
    mona = reader("mona")
    mona.post(f"/alerts/{number}/note/", {"text": "Vu avec Bob"})
    assert "Rien ne vous attend" in _page(mona)
    everything = _page(mona, "?show=all")
    assert "Mona Petit en a pris acte" in everything
    assert "Vu avec Bob" in everything


def test_an_action_goes_to_the_plan_and_is_told_under_the_alert(reader: Reader) -> None:
    number = followed.alert_of_bob()
    said = {
        "action": "Appeler les cinq plus gros",
        "objective": "ca-t2-bob",
        "due": "2025-06-20",
        "mine": "1",
    }
    mona = reader("mona")
    assert mona.post(f"/alerts/{number}/action/", said).status_code == 302
    planned = objective_rows.load(["ca-t2-bob"])["ca-t2-bob"].actions[-1]
    assert planned.action == "Appeler les cinq plus gros"
    assert (planned.owner, str(planned.due)) == ("person:mona", "2025-06-20")
    assert "Appeler les cinq plus gros" in _page(mona, "?show=all")


def test_an_action_for_another_objective_is_not_there(reader: Reader) -> None:
    number = followed.alert_of_bob()
    said = {"action": "Rien", "objective": "ca-t2-nouveaux"}
    assert reader("mona").post(f"/alerts/{number}/action/", said).status_code == 404


def test_a_stranger_can_neither_read_nor_mark_it(reader: Reader) -> None:
    number = followed.alert_of_bob()
    charlie = reader("charlie")
    assert "Bob" not in _page(charlie, "?show=all")
    charlie.post("/alerts/seen/", {"alert": [number]})
    assert alert_rows.some(None)[0].deeds == ()


def test_the_list_asks_as_many_questions_for_many_alerts_as_for_one(
    reader: Reader, django_assert_max_num_queries: Any
) -> None:
    followed.alert_of_bob()
    alice = reader("alice")
    _page(alice)
    with django_assert_max_num_queries(22) as one:
        _page(alice)
    for rank in range(20):
        Alert.objects.create(
            about=f"drift:team:{rank}",
            owner="team:nouveaux",
            state="left",
            former="back",
            change="worsening",
            since=followed.ON,
            fired_on=followed.ON,
        )
    with django_assert_max_num_queries(len(one.captured_queries)):
        _page(alice)


@pytest.mark.parametrize("who", ["bob", "rene"])
def test_everybody_chooses_how_to_be_told(reader: Reader, who: str) -> None:
    client = reader(who)
    wishes = {
        "rhythm": "weekly",
        "digest_at": "09:15",
        "quiet_from": "18:00",
        "quiet_to": "07:30",
        "everything": "1",
    }
    assert client.post("/notifications/", wishes).status_code == 302
    page = client.get("/notifications/").content.decode()
    assert 'value="weekly" selected' in page
    assert 'value="09:15"' in page


def test_a_wrong_hour_is_said_and_keeps_nothing(reader: Reader) -> None:
    wishes = {"rhythm": "daily", "digest_at": "25:00", "quiet_from": "", "quiet_to": ""}
    response = reader("bob").post("/notifications/", wishes)
    assert response.status_code == 422
    assert "18:30" in response.content.decode()
