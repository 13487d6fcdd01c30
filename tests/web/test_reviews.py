"""Reviews on screen and as files: who reads what, and that frozen is frozen."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client

from jalon.domain.people.permission import Viewer
from jalon.domain.reviews.review import Kind, Side, Word
from jalon.queries.viewers import viewer
from jalon.usecases import review as use_case
from jalon.usecases.acting import SYSTEM, Actor, ForbiddenError
from jalon.workspace.folder import Workspace
from tests.worlds import followed

pytestmark = pytest.mark.django_db
OVER = datetime.date(2025, 7, 2)


def who(company: Workspace, key: str) -> Actor:
    name, role = followed.USERS[key]
    found: Viewer = viewer(company, person_id=key, role=role, on=followed.ON)
    return Actor(found, f"{name}")


@pytest.fixture
def bobs(company: Workspace) -> int:
    """An open quarterly review of Bob."""
    return use_case.prepare(
        company,
        "person:bob",
        Kind.QUARTERLY,
        actor=who(company, "mona"),
        on=followed.ON,
        at=followed.AT,
        first=followed.QUARTER.first,
    )


def test_results_are_told_against_both_targets(
    company: Workspace, reader: Callable[[str], Client]
) -> None:
    number = followed.review_of_the_team(company)

    page = reader("mona").get(f"/reviews/{number}/").content.decode()

    row = page.split("Nouveaux clients, Chiffre")[1].split("</tr>")[0]
    assert "<s" in row
    assert "60\u202f000\u202f€" in row  # the first target, struck through
    assert "45\u202f000\u202f€" in row  # the one in force since 12 May
    assert "reporté à l" in row


def give(company: Workspace, review: int, key: str, side: Side, proud: str) -> None:
    use_case.give_word(
        review,
        Word(side, 3, proud, "", ""),
        lang="fr",
        actor=who(company, key),
        at=followed.AT,
    )


def test_a_word_is_read_by_the_other_side_once_both_were_given(
    company: Workspace, bobs: int, reader: Callable[[str], Client]
) -> None:
    give(company, bobs, "bob", Side.OWNER, "Trois comptes ouverts")
    before = reader("mona").get(f"/reviews/{bobs}/").content.decode()
    own = reader("bob").get(f"/reviews/{bobs}/").content.decode()
    give(company, bobs, "mona", Side.LEAD, "Une belle écoute")
    after = reader("mona").get(f"/reviews/{bobs}/").content.decode()
    to_bob = reader("bob").get(f"/reviews/{bobs}/").content.decode()

    assert "Trois comptes ouverts" not in before
    assert "Trois comptes ouverts" in own
    assert "Trois comptes ouverts" in after
    assert "Une belle écoute" in to_bob


@pytest.mark.parametrize("key", ["ines", "charlie", "marc", "olga", "rene"])
def test_the_review_of_a_person_is_nobody_elses(
    bobs: int, reader: Callable[[str], Client], key: str
) -> None:
    client = reader(key)

    assert client.get(f"/reviews/{bobs}/").status_code == 404
    assert client.get(f"/reviews/{bobs}/export/xlsx/").status_code == 404
    assert f"/reviews/{bobs}/" not in client.get("/reviews/").content.decode()


def test_nobody_gives_the_word_of_the_other_side(company: Workspace, bobs: int) -> None:
    with pytest.raises(ForbiddenError):
        give(company, bobs, "mona", Side.OWNER, "À sa place")


def test_a_review_is_frozen_once_its_period_is_over_and_then_changes_no_more(
    company: Workspace,
) -> None:
    number = followed.review_of_the_team(company)
    with pytest.raises(use_case.ReviewRefusedError, match="ends on"):
        use_case.freeze(company, number, actor=SYSTEM, on=followed.ON, at=followed.AT)

    use_case.freeze(company, number, actor=SYSTEM, on=OVER, at=followed.AT)

    with pytest.raises(use_case.ReviewRefusedError, match="frozen"):
        use_case.keep_note(number, "results", "Après", actor=SYSTEM, at=followed.AT)
    with pytest.raises(use_case.ReviewRefusedError, match="frozen"):
        use_case.prepare(
            company,
            "team:nouveaux",
            Kind.QUARTERLY,
            actor=SYSTEM,
            on=OVER,
            at=followed.AT,
            first=followed.QUARTER.first,
        )
    assert use_case.unchanged(number)


def test_a_frozen_review_of_a_team_is_everybodys_without_its_private_part(
    company: Workspace, reader: Callable[[str], Client]
) -> None:
    number = followed.review_of_the_team(company)
    use_case.keep_note(number, "results", "Entre nous", actor=SYSTEM, at=followed.AT)
    give(company, number, "mona", Side.OWNER, "Le mot de Mona")
    give(company, number, "alice", Side.LEAD, "Le mot d'Alice")
    use_case.freeze(company, number, actor=SYSTEM, on=OVER, at=followed.AT)

    page = reader("charlie").get(f"/reviews/{number}/").content.decode()
    told = reader("alice").get(f"/reviews/{number}/").content.decode()

    for private in ("Entre nous", "Le mot de Mona", "Le mot d"):
        assert private not in page
        assert private in told


def test_what_was_decided_is_answered_for_in_the_next_review(
    company: Workspace, reader: Callable[[str], Client]
) -> None:
    mona = who(company, "mona")
    former = use_case.prepare(
        company,
        "team:nouveaux",
        Kind.QUARTERLY,
        actor=mona,
        on=followed.ON,
        at=followed.AT,
        first=datetime.date(2025, 1, 1),
    )
    decision = use_case.decide(
        company,
        former,
        use_case.Decision(text="Relancer sous huit jours", owner="person:bob"),
        lang="fr",
        actor=mona,
        on=followed.ON,
        at=followed.AT,
    )
    use_case.freeze(company, former, actor=mona, on=followed.ON, at=followed.AT)
    number = followed.review_of_the_team(company)
    use_case.answer_for(
        decision,
        kept=True,
        answer="Douze relances",
        actor=who(company, "bob"),
        at=followed.AT,
    )

    page = reader("mona").get(f"/reviews/{number}/").content.decode()

    assert "Engagements tenus\u202f: 1 sur 1" in page
    assert "Douze relances" in page


def test_the_workbook_holds_numbers_and_both_targets(
    company: Workspace, reader: Callable[[str], Client]
) -> None:
    number = followed.review_of_the_team(company)

    answer = reader("mona").get(f"/reviews/{number}/export/xlsx/")

    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    (team,) = [row for row in rows if row[0] == "Nouveaux clients" and row[7] == 60000]
    assert team[8] == 45000
    assert isinstance(team[6], int | float)


def test_the_slides_have_charts_of_their_own(
    company: Workspace, reader: Callable[[str], Client]
) -> None:
    from pptx import Presentation

    number = followed.review_of_the_team(company)

    answer = reader("mona").get(f"/reviews/{number}/export/pptx/")

    deck = Presentation(io.BytesIO(answer.content))
    charts = [
        shape.chart
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_chart
    ]
    assert charts
    both = [list(one.values) for one in charts[0].plots[0].series]
    assert len(both) == 2
    team = list(charts[0].plots[0].categories).index(
        "Nouveaux clients, Chiffre d’affaires"
    )
    first, in_force = both[0][team], both[1][team]
    assert Decimal(str(in_force)) / Decimal(str(first)) == pytest.approx(
        Decimal(60000) / Decimal(45000)
    )


def test_the_pdf_is_one(company: Workspace, reader: Callable[[str], Client]) -> None:
    number = followed.review_of_the_team(company)

    answer = reader("mona").get(f"/reviews/{number}/export/pdf/")

    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"].endswith('.pdf"')
