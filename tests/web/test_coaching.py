"""Coaching stays between a person and who leads them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

Reader = Callable[[str], Client]


@pytest.mark.parametrize("who", ["bob", "mona"])
def test_the_person_and_their_manager_read_it(reader: Reader, who: str) -> None:
    answer = reader(who).get("/coaching/bob/")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("who", ["alice", "marc", "ines", "charlie", "olga", "rene"])
def test_nobody_else_does(reader: Reader, who: str) -> None:
    client = reader(who)
    assert client.get("/coaching/bob/").status_code == 403
    assert "/coaching/" not in client.get("/people/of/bob/").content.decode()


def test_the_team_beside_is_without_the_person(reader: Reader) -> None:
    found = reader("mona").get("/coaching/bob/").context["read"].found
    alone = reader("mona").get("/coaching/ines/").context["read"].found
    assert found.closed_team.tried >= alone.closed.tried
    assert found.others == alone.others


def test_somebody_unknown_is_not_found_rather_than_shown(reader: Reader) -> None:
    assert reader("mona").get("/coaching/nobody/").status_code in {403, 404}
