"""Objectives over HTTP: what is read, what is written, once, and by whom."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytestmark = pytest.mark.django_db
BOB = "/objectives/ca-t2-bob"
NEW = {
    "id": "rdv-bob",
    "kpi": "deals_won",
    "owner": "person:bob",
    "first": "2025-07-01",
    "after": "2025-10-01",
    "target": 12,
    "statement": "Signer 12 affaires d'ici fin septembre",
}
LOWER = {
    "new": 40000,
    "effective_on": "2025-06-16",
    "reason": "market",
    "text": "Un appel d'offres reporté",
}


def test_an_objective_says_what_its_page_says(ask: Any) -> None:
    found = ask("bob").get(BOB).json()

    assert (found["owner_name"], found["kpi"], found["currency"]) == (
        "Bob Durand",
        "revenue",
        "EUR",
    )
    assert (found["original_target"], found["target"]) == (45000, 45000)
    assert found["actual"] == 7000  # the deals Bob won since 1 April
    assert found["revisions"] == []
    assert found["actions"][0]["rank"] == 0


def test_a_list_is_read_page_by_page_without_gap_or_double(ask: Any) -> None:
    whole = [one["id"] for one in ask("alice").get("/objectives").json()["items"]]
    met, address = [], "/objectives?limit=2"
    while address:
        answer = ask("alice").get(address)
        met += [one["id"] for one in answer.json()["items"]]
        assert len(answer.json()["items"]) <= 2
        link = answer.headers.get("Link", "")
        address = link.partition(">")[0].removeprefix("</api/v1")

    assert met == whole == sorted(whole)
    assert len(whole) > 4


def test_a_cursor_that_is_none_is_refused_in_one_line(ask: Any) -> None:
    answer = ask("bob").get("/objectives?cursor=hello")

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "\n" not in answer.json()["detail"]


@pytest.mark.parametrize(
    ("who", "status"), [("bob", 200), ("mona", 200), ("alice", 200), ("charlie", 403)]
)
def test_rows_are_their_owner_s_and_of_those_above(
    ask: Any, who: str, status: int
) -> None:
    assert ask(who).get(f"{BOB}/rows").status_code == status


def test_what_is_not_agreed_is_not_there_for_others(ask: Any) -> None:
    made = ask("bob").post("/objectives", NEW)
    assert made.status_code == 201, made.content
    assert made.headers["Location"] == "/api/v1/objectives/rdv-bob"

    assert ask("mona").get("/objectives/rdv-bob").json()["state"] == "draft"
    assert ask("charlie").get("/objectives/rdv-bob").status_code == 404


def test_a_write_sent_twice_is_done_once(ask: Any) -> None:
    first = ask("bob").post("/objectives", NEW, Idempotency_Key="mine")
    again = ask("bob").post("/objectives", NEW, Idempotency_Key="mine")
    other = ask("bob").post("/objectives", NEW | {"id": "b"}, Idempotency_Key="mine")
    key_of_another = ask("bob").post("/objectives", NEW)

    assert first.status_code == again.status_code == 201
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "other_request")
    assert (key_of_another.status_code, key_of_another.json()["code"]) == (
        409,
        "there_already",
    )


def test_a_write_without_key_is_refused_with_an_example(ask: Any) -> None:
    answer = ask("bob").post("/objectives", NEW, Idempotency_Key="")

    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["detail"]


def test_a_refused_write_may_be_mended_under_the_same_key(ask: Any) -> None:
    wrong = ask("bob").post("/objectives", NEW | {"target": "x"}, Idempotency_Key="k")
    mended = ask("bob").post("/objectives", NEW, Idempotency_Key="k")

    assert (wrong.status_code, mended.status_code) == (422, 201)


def test_every_fault_of_an_objective_is_told_at_once(ask: Any) -> None:
    wrong = NEW | {"kpi": "no_such", "owner": "person:nobody"}

    answer = ask("alice").post("/objectives", wrong, Accept_Language="fr")

    assert answer.status_code == 422
    assert {one["field"] for one in answer.json()["errors"]} == {"kpi", "owner"}


def test_a_target_is_changed_by_who_decides_with_the_version_they_read(
    ask: Any,
) -> None:
    mark = ask("mona").get(BOB).headers["ETag"]

    refused = ask("bob").post(f"{BOB}/targets", LOWER, If_Match=mark)
    blind = ask("mona").post(f"{BOB}/targets", LOWER)
    done = ask("mona").post(f"{BOB}/targets", LOWER, If_Match=mark)
    late = ask("alice").post(
        f"{BOB}/targets", LOWER | {"new": 39000}, If_Match=mark, Accept_Language="en"
    )

    assert refused.status_code == 403
    assert (blind.status_code, blind.json()["code"]) == (428, "mark_missing")
    assert done.status_code == 201, done.content
    assert (done.json()["original_target"], done.json()["target"]) == (45000, 40000)
    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")
    assert "by mona@exemple.fr" in late.json()["detail"]
    assert late.json()["current_etag"] == done.headers["ETag"]
    assert ask("bob").get(BOB).json()["target"] == 40000


def test_an_action_is_added_ticked_and_taken_up_again(ask: Any) -> None:
    bob = ask("bob")
    mark = bob.get(BOB).headers["ETag"]
    added = bob.post(f"{BOB}/actions", {"action": "Rappeler Ardoise"}, If_Match=mark)
    rank = added.json()["actions"][-1]["rank"]
    done = bob.send(
        "PATCH",
        f"{BOB}/actions/{rank}",
        {"done": True, "result": "Signé"},
        If_Match=added.headers["ETag"],
    )

    assert (added.status_code, done.status_code) == (201, 200)
    assert done.json()["actions"][-1] | {"due": None} == {
        "rank": rank,
        "action": "Rappeler Ardoise",
        "owner": "",
        "due": None,
        "done": True,
        "lever": "",
        "effect": "",
        "done_on": "2025-06-16",
        "done_by": "person:bob",
        "result": "Signé",
    }


def test_what_is_known_already_is_not_sent_again(ask: Any) -> None:
    mark = ask("bob").get(BOB).headers["ETag"]

    same = ask("bob").get(BOB, If_None_Match=f"W/{mark}")

    assert (same.status_code, same.content) == (304, b"")


def test_refusals_speak_the_language_asked(ask: Any) -> None:
    told = {
        lang: ask("bob").get("/objectives/none", Accept_Language=lang).json()["detail"]
        for lang in ("fr-FR,fr;q=0.9", "en;q=0.8,fr;q=0.1")
    }

    assert [text.split()[0] for text in told.values()] == ["Aucun", "No"]


def test_numbers_are_numbers(ask: Any) -> None:
    found = json.loads(ask("bob").get(BOB).content, parse_float=str, parse_int=str)

    assert found["target"] == "45000"
