"""Accounts from a list and erasing, on their pages: shown first, then done."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from jalon.records.accounts import Invitation

pytestmark = pytest.mark.django_db
LIST = "e-mail;nom;rôle\nzoe@exemple.fr;Zoé Lenoir;commerciale\npas une adresse;X;\n"
Reader = Callable[[str], Client]


def test_a_list_is_shown_then_done_and_bad_lines_are_told(reader: Reader) -> None:
    alice = reader("alice")
    empty = alice.get("/accounts/import/")
    shown = alice.post("/accounts/import/", {"list": LIST}).content.decode()

    assert empty.status_code == 200
    assert "zoe@exemple.fr" in shown
    assert "Ligne 3" in shown
    assert not Invitation.objects.exists()

    done = alice.post("/accounts/import/", {"list": LIST, "accept": "1"})
    assert "La liste est faite" in done.content.decode()
    assert Invitation.objects.get().email == "zoe@exemple.fr"


def test_a_list_without_headings_is_refused_in_one_line(reader: Reader) -> None:
    answer = reader("alice").post("/accounts/import/", {"list": "zoe\nbob\n"})
    assert answer.status_code == 400
    assert "La première ligne doit nommer les colonnes" in answer.content.decode()


def test_nobody_is_erased_before_their_name_is_typed(reader: Reader) -> None:
    alice = reader("alice")
    page = alice.get("/people/of/bob/erase/").content.decode()
    refused = alice.post("/people/of/bob/erase/", {"name": "Rob"})

    assert "pour confirmer" in page
    assert refused.status_code == 400
    assert "Tapez le nom tel qu’il est écrit" in refused.content.decode()
    assert get_user_model().objects.filter(person_id="bob", is_active=True).exists()


def test_nobody_but_a_director_erases(reader: Reader) -> None:
    assert "/erase/" in reader("alice").get("/people/of/bob/").content.decode()
    for who in ("mona", "olga", "bob"):
        assert reader(who).get("/people/of/bob/erase/").status_code == 403
        assert "/erase/" not in reader(who).get("/people/of/bob/").content.decode()
