"""The evidence file: who may read it, what it holds, its digest, its PDF in French."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from jalon.queries.evidence import evidence
from jalon.reports.printed import pdf
from jalon.workspace.folder import Workspace
from tests.web.test_retarget import ASKED, BOB, TEAM
from tests.worlds import followed

Reader = Callable[[str], Client]


def test_bob_reads_his_mona_her_peoples_and_nobody_else_does(reader: Reader) -> None:
    address = "/evidence/bob/"
    assert [reader(name).get(address).status_code for name in ("bob", "mona")] == [
        200,
        200,
    ]
    for name in ("ines", "charlie", "marc", "rene"):
        assert reader(name).get(address).status_code == 403
    assert reader("alice").get("/evidence/nobody/").status_code == 404


def test_it_holds_the_notice_the_change_its_reason_and_the_receipt(
    reader: Reader,
) -> None:
    reader("mona").post(TEAM, ASKED)
    reader("bob").post(BOB, {"do": "acknowledge", "rank": "1"})
    page = reader("bob").get("/evidence/bob/").content.decode()
    assert "au deuxième trimestre" in page
    assert "Deux comptes gèlent leurs budgets" in page
    assert "bob@exemple.fr en a pris connaissance le" in page
    assert "Inscrit" in page
    assert "aucune prise de connaissance conservée" in page
    assert "avis juridique" in page


def test_the_same_content_has_the_same_digest(
    reader: Reader, company: Workspace
) -> None:
    def digest() -> str:
        return evidence(company, "person:bob", followed.YEAR, on=followed.ON).digest

    before = digest()
    assert len(before) == 64
    assert digest() == before
    reader("mona").post(TEAM, ASKED)
    assert digest() != before


def test_the_pdf_is_french_and_carries_its_digest(reader: Reader) -> None:
    client = reader("mona")
    client.cookies["jalon_language"] = "en"
    answer = client.get("/evidence/bob/pdf/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert answer["X-Content-Digest"][:12] in answer["Content-Disposition"]


def test_a_printed_page_fetches_nothing() -> None:
    found = pdf('<p>1<img src="http://example.org/x.png"></p>', identifier="x")
    assert found.startswith(b"%PDF-")
    assert b"example.org" not in found


def test_what_one_takes_away_holds_ones_own_lines_and_nobody_else_takes_them(
    reader: Reader,
) -> None:
    said = {"confidence": "4", "blocks": "Le juridique", "private": "Je doute"}
    reader("bob").post("/check-in/", said)
    reader("bob").post(
        "/views/", {"screen": "objectives", "name": "Mes retards", "query": "when=all"}
    )

    mine = reader("bob").get("/evidence/bob/json/").json()
    above = reader("mona").get("/evidence/bob/json/").json()

    assert mine["mine_alone"]["points"][0]["private"] == "Je doute"
    assert mine["shared_words"]["points"][0]["blocks"] == "Le juridique"
    assert above["shared_words"]["points"][0]["blocks"] == "Le juridique"
    assert [one["name"] for one in mine["mine_alone"]["views"]] == ["Mes retards"]
    assert "mine_alone" not in above
    assert "Je doute" not in str(above)
