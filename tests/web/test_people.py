"""People and teams on a page: pasted, moved, away; the past stays where it was."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from jalon.queries.organisation import organisation
from jalon.workspace.folder import Workspace, opened
from tests.worlds import followed

Reader = Callable[[str], Client]
LIST = "Zoé Lambert; zoe@exemple.fr; Nouveaux clients; commerciale; 02/06/2025"


@pytest.fixture
def facts(facts: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the followed company: these tests write to its warehouse."""
    shutil.copytree(facts.folder, tmp_path / "copy")
    return opened(tmp_path / "copy")


def test_a_list_is_shown_first_and_entered_once_accepted(
    reader: Reader, facts: Workspace
) -> None:
    mona = reader("mona")

    page = mona.post("/people/add/", {"people": LIST}).content.decode()
    assert "Nouvelles personnes" in page
    assert "Zoé Lambert" not in organisation(facts, on=followed.ON).person

    mona.post("/people/add/", {"people": LIST, "accept": "1"})
    found = organisation(facts, on=followed.ON)
    assert found.team_of("Zoé Lambert", followed.ON) == "nouveaux"
    assert "Zoé Lambert" in mona.get("/people/").content.decode()


def test_a_manager_adds_nobody_to_another_team(
    reader: Reader, facts: Workspace
) -> None:
    marc = reader("marc")

    response = marc.post("/people/add/", {"people": LIST, "accept": "1"})

    assert response.status_code == 403
    assert "Demandez à qui le peut" in response.content.decode()
    assert "Zoé Lambert" not in organisation(facts, on=followed.ON).person


def test_a_bad_line_is_told_beside_the_good_ones(reader: Reader) -> None:
    text = "Nom;depuis\nZoé;32/01/2025\nPaul;"

    page = reader("alice").post("/people/add/", {"people": text}).content.decode()

    assert "Ligne 2" in page
    assert "Paul" in page


def test_somebody_moves_and_both_stays_are_shown(
    reader: Reader, facts: Workspace
) -> None:
    alice = reader("alice")

    alice.post("/people/of/bob/move/", {"team_id": "fidelite", "since": "2025-06-10"})

    page = alice.get("/people/of/bob/").content.decode()
    assert "Fidélisation" in page
    assert "Nouveaux clients" in page
    assert "10 juin 2025" in page


def test_a_day_that_is_none_is_refused_in_words(reader: Reader) -> None:
    response = reader("alice").post(
        "/people/of/bob/away/", {"first": "demain", "after": "2025-07-01"}
    )

    assert response.status_code == 400
    assert "demain n’est pas un jour" in response.content.decode()


def test_absences_are_for_oneself_and_those_above(reader: Reader) -> None:
    """Bob was on leave for a week of February."""
    seen = {
        who: "Absences" in reader(who).get("/people/of/bob/").content.decode()
        for who in ("alice", "mona", "bob", "ines", "charlie", "olga", "rene")
    }

    assert {who for who, sees in seen.items() if sees} == {
        "alice",
        "mona",
        "bob",
        "olga",
    }


def test_on_an_empty_workspace_the_page_says_what_to_do(
    reader: Reader, settings: Any, tmp_path: Path
) -> None:
    client = reader("alice")
    (tmp_path / "empty").mkdir()
    settings.WORKSPACE = opened(tmp_path / "empty")

    page = client.get("/people/").content.decode()
    assert "Personne n’est encore connu" in page
    client.post("/people/add/", {"people": LIST, "accept": "1"})
    assert "Zoé Lambert" in client.get("/people/").content.decode()
