"""A re-target on screen: Mona lowers her team's target, Bob takes note."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client

from jalon.records import objective_rows
from jalon.records.audit import AuditLine
from jalon.records.receipts import Receipt

Reader = Callable[[str], Client]
TEAM = "/objectives/ca-t2-nouveaux/retarget/"
BOB = "/objectives/ca-t2-bob/retarget/"
ASKED = {
    "new": "40 000",
    "effective_on": "2025-06-16",
    "reason": "market",
    "text": "Deux comptes gèlent leurs budgets",
    "message": "On tient le cap sur les renouvellements",
    "priorities": "Renouvellements d'abord",
    "carry": "1",
    "credit": "1",
    "do": "retarget",
}


def _objectives() -> dict[str, object]:
    return dict(objective_rows.load())


def test_what_would_change_is_shown_and_nothing_is_written(reader: Reader) -> None:
    before = _objectives()
    page = reader("mona").get(TEAM, ASKED).content.decode()
    assert "Ce qui change" in page
    assert "Inès Faure" in page
    assert _objectives() == before


def test_one_act_changes_the_team_and_its_people(reader: Reader) -> None:
    answer = reader("mona").post(TEAM, ASKED)
    assert answer.status_code == 302
    found = objective_rows.load()
    team, bob, ines = (
        found[key] for key in ("ca-t2-nouveaux", "ca-t2-bob", "ca-t2-ines")
    )
    assert team.target == 40_000
    assert team.original_target == 60_000
    assert [one.new for one in team.revisions] == [45_000, 40_000]
    # 45,000 + 9,000 for 45,000: together they carried 6/5, and still do.
    assert (bob.target or 0) + (ines.target or 0) == 48_000
    (revision,) = bob.revisions
    assert revision.former == 45_000
    assert revision.effort_credited is not None
    assert bob.target is not None
    assert bob.target >= revision.effort_credited
    assert (revision.message, revision.priorities) == (
        ASKED["message"],
        ASKED["priorities"],
    )
    lines = AuditLine.objects.filter(verb="retarget", by="mona@exemple.fr")
    assert lines.count() == 3


def test_without_carrying_the_people_keep_theirs(reader: Reader) -> None:
    asked = {name: value for name, value in ASKED.items() if name != "carry"}
    reader("mona").post(TEAM, asked)
    assert objective_rows.load()["ca-t2-bob"].target == 45_000
    assert objective_rows.load()["ca-t2-nouveaux"].target == 40_000


def test_who_is_concerned_is_told_and_takes_note_once(reader: Reader) -> None:
    reader("mona").post(TEAM, ASKED)
    bob = reader("bob")
    assert "Cible modifiée" in bob.get("/").content.decode()
    page = bob.get(BOB).content.decode()
    assert "On tient le cap" in page
    for _ in range(2):
        bob.post(BOB, {"do": "acknowledge", "rank": "1"})
    (receipt,) = Receipt.objects.order_by("id")
    assert (receipt.objective_id, receipt.by) == ("ca-t2-bob", "bob@exemple.fr")
    assert "Cible modifiée" not in bob.get("/").content.decode()
    assert "bob@exemple.fr" in reader("mona").get(BOB).content.decode()


def test_only_who_carries_it_takes_note(reader: Reader) -> None:
    reader("mona").post(TEAM, ASKED)
    answer = reader("ines").post(BOB, {"do": "acknowledge", "rank": "1"})
    assert answer.status_code == 403
    assert not Receipt.objects.exists()


def test_a_salesperson_sees_no_form_and_cannot_post_one(reader: Reader) -> None:
    bob = reader("bob")
    assert 'name="new"' not in bob.get(BOB).content.decode()
    assert bob.post(BOB, ASKED).status_code == 403
    assert objective_rows.load()["ca-t2-bob"].target == 45_000


@pytest.mark.parametrize(
    ("change", "word"),
    [
        pytest.param({"text": " "}, "phrase", id="no sentence"),
        pytest.param({"new": ""}, "cible", id="no target"),
        pytest.param({"new": "+12 %"}, "point de départ", id="change, no baseline"),
        pytest.param({"new": "45000"}, "45000", id="the same target"),
        pytest.param({"effective_on": "2025-09-01"}, "2025-07-01", id="outside"),
        pytest.param({"effective_on": "demain"}, "demain", id="no date"),
        pytest.param({"reason": "humeur"}, "humeur", id="unknown reason"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    reader: Reader, change: dict[str, str], word: str
) -> None:
    before = _objectives()
    answer = reader("mona").post(TEAM, {**ASKED, **change})
    assert answer.status_code == 422
    assert word in answer.content.decode()
    assert _objectives() == before


def test_a_rate_is_written_in_percent_or_in_points(reader: Reader) -> None:
    address = "/objectives/closing-bob/retarget/"
    reader("mona").post(address, {**ASKED, "new": "+10 pt"})
    assert objective_rows.load()["closing-bob"].target == Decimal("0.6")
    reader("mona").post(address, {**ASKED, "new": "65 %"})
    assert objective_rows.load()["closing-bob"].target == Decimal("0.65")


def test_those_concerned_are_told_by_mail_and_who_did_it_is_not(
    reader: Reader,
) -> None:
    page = reader("mona").post(TEAM, ASKED, follow=True).content.decode()
    told = {to: sent.body for sent in mail.outbox for to in sent.to}
    assert set(told) == {"bob@exemple.fr", "ines@exemple.fr"}
    assert "http://testserver/objectives/ca-t2-bob/retarget/" in told["bob@exemple.fr"]
    assert "On tient le cap" in told["bob@exemple.fr"]
    assert "2 e-mails" in page
