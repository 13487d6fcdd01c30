"""The plan of an objective: who writes it, who says it is done, what is left of it."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.test import Client

from jalon.records import objective_rows
from jalon.records.audit import AuditLine
from jalon.records.views import Undoable
from jalon.workspace.folder import Workspace

Reader = Callable[[str], Client]
BOB = "/objectives/ca-t2-bob/plan/"
CHASE = "Relancer les propositions de mai"


def _plan(name: str = "ca-t2-bob") -> tuple[object, ...]:
    return objective_rows.load([name])[name].actions


def test_bob_adds_an_action_with_its_lever_and_its_effect(reader: Reader) -> None:
    answer = reader("bob").post(
        BOB,
        {
            "do": "plan",
            "action": "Appeler dix anciens clients",
            "owner": "person:ines",
            "due": "2025-06-25",
            "lever": "Les ventes complémentaires",
            "effect": "Deux affaires",
        },
    )

    assert answer.status_code == 302
    assert answer["Location"] == "/objectives/ca-t2-bob/#plan"
    *_, added = _plan()
    assert (added.action, added.owner) == ("Appeler dix anciens clients", "person:ines")
    assert added.due == datetime.date(2025, 6, 25)
    assert (added.lever, added.effect) == (
        "Les ventes complémentaires",
        "Deux affaires",
    )
    line = AuditLine.objects.latest("id")
    assert (line.by, line.verb, line.noun) == ("bob@exemple.fr", "plan", "plan")


def test_an_action_done_is_dated_signed_and_says_what_it_gave(reader: Reader) -> None:
    client = reader("bob")
    client.post(
        BOB,
        {"do": "finish", "rank": 0, "known": CHASE, "result": "Une signature"},
    )

    (done,) = _plan()
    assert (done.done, done.done_on) == (True, datetime.date(2025, 6, 16))
    assert (done.done_by, done.result) == ("person:bob", "Une signature")
    page = client.get(BOB).content.decode()
    assert "fait le 16 juin 2025 · Bob Durand" in page
    assert "Une signature" in page


def test_an_action_given_to_somebody_is_theirs_to_finish(reader: Reader) -> None:
    """Bob may not write the team's plan, but the first line of it is his."""
    team = "/objectives/ca-t2-nouveaux/plan/"
    bob = reader("bob")

    assert bob.post(team, {"do": "plan", "action": "Rien"}).status_code == 403
    finished = bob.post(team, {"do": "finish", "rank": 0, "known": CHASE})

    assert finished.status_code == 302
    assert _plan("ca-t2-nouveaux")[0].done


def test_charlie_reads_the_published_plan_and_changes_nothing(reader: Reader) -> None:
    client = reader("charlie")

    page = client.get(BOB)
    refused = client.post(BOB, {"do": "drop", "rank": 0, "known": CHASE})

    assert page.status_code == 200
    assert '<form class="form"' not in page.content.decode()
    assert refused.status_code == 403
    assert len(_plan()) == 1


def test_a_plan_changed_meanwhile_is_not_changed_by_mistake(reader: Reader) -> None:
    answer = reader("bob").post(
        BOB, {"do": "drop", "rank": 0, "known": "Un autre texte"}
    )

    assert answer.status_code == 422
    assert "Le plan a changé entre-temps" in answer.content.decode()
    assert len(_plan()) == 1


def test_an_action_cannot_be_given_to_a_stranger(reader: Reader) -> None:
    answer = reader("bob").post(
        BOB, {"do": "plan", "action": "Appeler", "owner": "person:charlie"}
    )

    assert answer.status_code == 422
    assert "Choisissez quelqu’un de la liste." in answer.content.decode()


def test_an_objective_without_a_plan_is_flagged(reader: Reader) -> None:
    page = reader("charlie").get("/objectives/ca-t2-charlie/plan/").content.decode()

    assert "un objectif sans actions est un vœu" in page


def test_what_is_due_is_mine_or_nobodys_on_what_i_carry(company: Workspace) -> None:
    from jalon.queries.actions import due
    from jalon.queries.viewers import viewer
    from tests.worlds import followed

    def texts(person: str, role: str) -> list[tuple[str, str]]:
        who = viewer(company, person_id=person, role=role, on=followed.ON)
        return [(one.objective, one.text) for one in due(company, who, followed.ON)]

    assert texts("bob", "salesperson") == [
        ("ca-t2-bob", CHASE),
        ("ca-t2-nouveaux", CHASE),
    ]
    assert texts("charlie", "salesperson") == []
    assert texts("mona", "manager") == []  # hers is done already


def test_what_was_done_to_a_plan_is_taken_back_unless_it_changed_since(
    reader: Reader,
) -> None:
    bob, former = reader("bob"), _plan()
    bob.post(BOB, {"do": "drop", "rank": 0, "known": CHASE})
    assert _plan() == ()
    page = bob.get("/objectives/ca-t2-bob/").content.decode()
    number = Undoable.objects.latest("pk").pk
    assert f'action="/undo/{number}/"' in page

    assert reader("mona").post(f"/undo/{number}/").status_code == 404
    bob.post(f"/undo/{number}/")
    assert _plan() == former

    bob.post(BOB, {"do": "drop", "rank": 0, "known": CHASE})
    number = Undoable.objects.latest("pk").pk
    reader("mona").post(BOB, {"do": "plan", "action": "Revoir le dossier"})
    bob.post(f"/undo/{number}/")
    assert [one.action for one in _plan()] == ["Revoir le dossier"]
