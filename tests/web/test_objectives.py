"""The list of objectives: what a role sees of it, its filters, its order."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

Reader = Callable[[str], Client]


def ids(client: Client, query: str = "") -> list[str]:
    """Return the ids in the list, in their order."""
    return [line.id for line in client.get(f"/objectives/{query}").context["page"]]


def test_the_tree_goes_from_the_company_to_the_person(reader: Reader) -> None:
    assert ids(reader("alice"))[:7] == [
        "ca-2025", "ca-t2", "ca-t2-fidelite", "ca-t2-charlie", "ca-t2-nouveaux", "ca-t2-bob", "ca-t2-ines",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("bob", True),
        ("mona", True),
        ("alice", True),
        ("ines", False),
        ("charlie", False),
        ("rene", False),
    ],
)
def test_a_proposal_is_listed_for_its_owner_and_those_above(
    reader: Reader, who: str, seen: bool
) -> None:
    assert ("ca-t3-bob" in ids(reader(who), "?when=coming")) is seen


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("?owner=person:bob", ["ca-t2-bob", "closing-bob"], id="one owner"),
        pytest.param("?owner=INES", ["ca-t2-ines"], id="a part of a name, no accent"),
        pytest.param("?status=on_track", ["closing-bob"], id="one state"),
        pytest.param("?when=past", [], id="what has ended"),
        pytest.param(
            "?status=nonsense&owner=person:ines",
            ["ca-t2-ines"],
            id="an unknown state is no filter",
        ),
    ],
)
def test_the_filters_narrow_the_list(
    reader: Reader, query: str, expected: list[str]
) -> None:
    assert ids(reader("bob"), query) == expected


@pytest.mark.parametrize(
    "query", ["", "?owner=person:bob", "?status=watch", "?when=all"]
)
def test_the_partial_equals_the_full_reload(reader: Reader, query: str) -> None:
    client = reader("mona")
    whole = client.get(f"/objectives/{query}").content.decode()
    part = client.get(
        f"/objectives/{query}", headers={"HX-Request": "true"}
    ).content.decode()

    assert part.strip() in whole
    assert "<html" not in part


def test_states_have_a_word_and_a_sign(reader: Reader) -> None:
    text = reader("alice").get("/objectives/").content.decode()

    assert re.search(r'<span aria-hidden="true">!</span>En danger', text)
    assert re.search(r'<span aria-hidden="true">✓</span>En bonne voie', text)


def test_the_number_of_queries_does_not_grow_with_the_rows(
    reader: Reader, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for query in ("?owner=person:ines", "?when=all"):
        client = reader("alice")
        with django_assert_max_num_queries(24):  # type: ignore[attr-defined]
            client.get(f"/objectives/{query}")
