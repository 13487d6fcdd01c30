"""My objectives: what each reader carries, at most three cards, the next step."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from jalon.workspace.folder import Workspace

Reader = Callable[[str], Client]


def cards(client: Client) -> list[str]:
    """Return the ids of the objectives on cards."""
    return [line.id for line in client.get("/").context["cards"]]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        pytest.param("alice", ["ca-t2", "ca-2025"], id="the company for its director"),
        pytest.param(
            "mona", ["ca-t2-nouveaux", "cycle-nouveaux"], id="the team for its manager"
        ),
        pytest.param(
            "bob", ["ca-t2-bob", "closing-bob"], id="their own for a salesperson"
        ),
        pytest.param("charlie", ["ca-t2-charlie"], id="nothing of Bob's for Charlie"),
        pytest.param("rene", [], id="nothing for a reader"),
    ],
)
def test_each_reader_sees_what_they_carry(
    reader: Reader, who: str, expected: list[str]
) -> None:
    assert cards(reader(who)) == expected


def test_whoever_is_not_logged_in_is_sent_to_log_in(company: Workspace) -> None:
    response = Client().get("/")

    assert response.status_code == 302
    assert response["Location"] == "/login/?next=/"


def test_the_card_says_value_target_gap_and_next_action(reader: Reader) -> None:
    text = reader("bob").get("/").content.decode()

    assert "<strong>7\u202f000</strong>" in text
    assert "/ 45\u202f000\u202f€" in text
    assert "Il manque 38\u202f000\u202f€" in text
    assert "de retard sur la trajectoire" in text
    assert "14 jours" in text
    assert "historique insuffisant" in text
    assert "Relancer les propositions de mai" in text
    assert "20 juin 2025" in text


def test_the_greeting_counts_the_days_and_the_amount(reader: Reader) -> None:
    text = reader("bob").get("/").content.decode()

    assert "Bonjour Bob, il reste <em>14 jours</em> pour 38\u202f000\u202f€" in text


def test_the_page_is_complete_in_english(reader: Reader) -> None:
    client = reader("bob")
    client.cookies["jalon_language"] = "en"
    text = client.get("/").content.decode()

    assert 'lang="en"' in text
    assert "Hello Bob, <em>14 days</em> left for €38,000" in text
    assert "€38,000 to go" in text
    assert "20 June 2025" in text


def test_the_number_of_queries_does_not_grow_with_the_objectives(
    reader: Reader, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for who in ("charlie", "alice"):
        client = reader(who)
        with django_assert_max_num_queries(33):  # type: ignore[attr-defined]
            client.get("/")


@pytest.mark.parametrize("who", ["alice", "bob", "rene"])
def test_the_live_part_equals_the_full_reload(reader: Reader, who: str) -> None:
    client = reader(who)
    whole = client.get("/").content.decode()
    part = client.get("/", headers={"HX-Request": "true"}).content.decode()

    assert 'id="mine"' in part
    assert part.strip() in whole
    assert "<html" not in part
