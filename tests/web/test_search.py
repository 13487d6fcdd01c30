"""What holds the words typed, for whom; the page, the sheet, the list alone."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from jalon.queries.snapshots import snapshot
from jalon.workspace.folder import Workspace

Reader = Callable[[str], Client]
LIST = {"HX-Request": "true"}


def found(client: Client, text: str) -> str:
    response = client.get("/search/", {"q": text}, headers=LIST)
    assert response.status_code == 200
    return unescape(response.content.decode())


@pytest.mark.parametrize(
    ("text", "address"),
    [
        pytest.param("ines FAURE", "/people/of/ines/", id="a person, without accents"),
        pytest.param("fidelisation", "/team/?team=fidelite", id="a team"),
        pytest.param("signer 20000", "/objectives/ca-t2-charlie/", id="an objective"),
        pytest.param("win_rate", "/kpis/win_rate/", id="a KPI by its key"),
        pytest.param("rythme", "/pacing/", id="a screen"),
    ],
)
def test_it_is_found_by_whoever_looks(reader: Reader, text: str, address: str) -> None:
    assert f'href="{address}"' in found(reader("bob"), text)


def test_an_objective_not_agreed_yet_is_found_by_its_own_only(reader: Reader) -> None:
    for who, seen in {"bob": True, "mona": True, "charlie": False}.items():
        told = found(reader(who), "signer 30000")
        assert ("/objectives/ca-t3-bob/" in told) is seen, who


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        *(("bob", True), ("mona", True), ("alice", True), ("olga", True)),
        *(("charlie", False), ("marc", False), ("ines", False), ("rene", False)),
    ],
)
def test_a_deal_is_found_by_who_may_see_its_rows(
    reader: Reader, who: str, seen: bool, bobs_deal: str
) -> None:
    assert (f"<small>{bobs_deal}" in found(reader(who), bobs_deal)) is seen


@pytest.fixture
def bobs_deal(company: Workspace) -> str:
    """The account of a deal that Bob alone has, asked of the facts themselves."""
    row = (
        snapshot(company)
        .cursor()
        .execute(
            'SELECT a."name" FROM deals JOIN accounts a USING (account_id) '
            "GROUP BY a.\"name\" HAVING bool_and(deals.owner_id = 'bob' AND deal_id "
            "NOT IN (SELECT deal_id FROM deal_shares)) ORDER BY 1 LIMIT 1"
        )
        .fetchone()
    )
    assert row
    return str(row[0])


def test_nothing_found_says_what_to_try(reader: Reader) -> None:
    assert "Rien de ce que vous pouvez voir" in found(reader("bob"), "zzyzx")


@pytest.mark.parametrize("text", ["", "a", "  ", "%", "' OR 1=1 --", "x" * 5000])
def test_whatever_is_typed_is_answered(reader: Reader, text: str) -> None:
    assert "ca-t3-bob" not in found(reader("charlie"), text)


def test_the_page_holds_the_same_list_as_the_sheet(reader: Reader) -> None:
    bob = reader("bob")
    page = unescape(bob.get("/search/", {"q": "faure"}).content.decode())

    assert found(bob, "faure").strip() in page


def test_the_sheet_is_a_part_without_a_frame(reader: Reader) -> None:
    for path in ("/search/", "/shortcuts/"):
        told = reader("bob").get(path, headers=LIST).content.decode()
        assert "<html" not in told
        assert 'id="sheet-title"' in told


def test_the_keys_are_those_of_the_reader_s_own_screens(reader: Reader) -> None:
    bob, alice = (reader(who).get("/shortcuts/") for who in ("bob", "alice"))

    assert "<kbd>j</kbd>" in alice.content.decode()  # the journal
    assert "<kbd>j</kbd>" not in bob.content.decode()


def test_the_number_of_queries_is_that_of_a_page(
    reader: Reader, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    alice = reader("alice")
    found(alice, "signer")
    with django_assert_max_num_queries(6):
        found(alice, "signer")


def test_who_is_not_logged_in_finds_nothing(company: Any) -> None:
    assert Client().get("/search/?q=bob")["Location"].startswith("/login/")
