"""The screen that writes objectives: what it shows, corrects, keeps and refuses."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.test import Client

from jalon.records.objectives import Objective

pytestmark = pytest.mark.django_db
SENTENCE = "Signer 4 contrats d'ici la fin du trimestre"
PATH = "/new-objective/"


@pytest.fixture
def bob(reader: Callable[[str], Client]) -> Client:
    return reader("bob")


def typed(client: Client, text: str, **given: str) -> str:
    return client.get(
        PATH, {"text": text, **given}, headers={"HX-Request": "true"}
    ).content.decode()


def test_what_is_understood_stands_in_lists(bob: Client) -> None:
    page = typed(bob, SENTENCE)
    assert '<option value="deals_won" selected>' in page
    assert '<option value="end_of_quarter" selected>' in page
    assert 'value="4"' in page


def test_a_correction_writes_the_sentence_again(bob: Client) -> None:
    page = typed(bob, SENTENCE, kpi="deals_won", deadline="end_of_year")
    assert "Obtenir 4 contrats signés d&#x27;ici la fin de l&#x27;année." in page
    assert 'hx-swap-oob="true"' in page


def test_what_is_missing_is_one_press_away(bob: Client) -> None:
    page = typed(bob, "Augmenter les ventes")
    assert quote("end_of_quarter") in page
    assert page.count('class="idea"') == 6  # three meanings, three ends


def test_bob_proposes_an_objective_for_himself(bob: Client) -> None:
    answer = bob.post(PATH, {"text": "Passer 30 appels par semaine"})
    kept = Objective.objects.get(kpi="calls", owner="person:bob")
    assert answer.status_code in {302, 422}
    assert kept.state == "proposed"


def test_bob_writes_for_nobody_else(bob: Client) -> None:
    answer = bob.post(PATH, {"text": SENTENCE, "owner": "person:charlie"})
    assert answer.status_code == 403


def test_a_vague_sentence_is_not_kept(bob: Client) -> None:
    before = Objective.objects.count()
    answer = bob.post(PATH, {"text": "Augmenter les ventes", "owner": "person:bob"})
    assert answer.status_code == 422
    assert Objective.objects.count() == before
