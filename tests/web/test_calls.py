"""Committed and best case: each side's own, kept apart, never over the landing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django.test import Client

from jalon.records.audit import AuditLine
from jalon.records.calls import Call

Reader = Callable[[str], Client]
PAGE = "/objectives/ca-t2-bob/calls/"
SAID = {"committed": "42 000", "best": "48000,50", "text": "Tara signe vendredi"}


def test_owner_and_manager_each_have_their_side(reader: Reader) -> None:
    reader("bob").post(PAGE, SAID)
    reader("mona").post(PAGE, {"committed": "38000", "best": "45000"})
    found = reader("mona").get(PAGE).context["found"]
    assert (found.owner.committed, found.owner.best) == (42000, Decimal("48000.5"))
    assert (found.manager.committed, found.manager.best) == (38000, 45000)
    assert AuditLine.objects.filter(verb="call", key="ca-t2-bob").count() == 2


def test_former_calls_stay(reader: Reader) -> None:
    bob = reader("bob")
    bob.post(PAGE, SAID)
    bob.post(PAGE, SAID | {"committed": "40000"})
    found = bob.get(PAGE).context["found"]
    assert [one.committed for one in found.former] == [40000, 42000]
    assert found.owner.committed == 40000


def test_an_impossible_call_is_refused_in_a_sentence(reader: Reader) -> None:
    bob = reader("bob")
    for wrong in ({"best": "41000"}, {"committed": "beaucoup"}, {"committed": "-3"}):
        answer = bob.post(PAGE, SAID | wrong)
        assert answer.status_code == 422
        assert answer.context["fault"]
    assert not Call.objects.exists()


def test_a_team_mate_neither_reads_nor_says(reader: Reader) -> None:
    ines = reader("ines")
    assert ines.get(PAGE).status_code == 403
    assert ines.post(PAGE, SAID).status_code == 403


def test_revops_reads_and_does_not_say(reader: Reader) -> None:
    olga = reader("olga")
    assert olga.get(PAGE).status_code == 200
    assert olga.post(PAGE, SAID).status_code == 403
    assert not Call.objects.exists()


def test_a_rate_is_not_called(reader: Reader) -> None:
    answer = reader("bob").post("/objectives/closing-bob/calls/", SAID)
    assert answer.status_code == 422
