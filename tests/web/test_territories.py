"""The page of territories: drawn up, locked, decided; each manager's teams only."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from jalon.queries.territories import Asked
from jalon.records.territories import TerritoryPlan
from jalon.usecases.acting import SYSTEM
from jalon.usecases.territories import draw_up
from jalon.workspace.folder import Workspace
from tests.worlds.followed import AT, ON

Reader = Callable[[str], Client]
NEW = {"scope": "team:nouveaux", "title": "Été", "moves": "3", "tolerance": "5"}


def _drawn(company: Workspace) -> int:
    asked = Asked(scope="team:nouveaux")
    return draw_up(company, "Juin", asked, actor=SYSTEM, on=ON, at=AT)


def test_a_manager_draws_up_a_distribution_and_reads_it(reader: Reader) -> None:
    mona = reader("mona")
    assert "Nouvelle répartition" in mona.get("/territories/").content.decode()
    answer = mona.post("/territories/", NEW, follow=True)
    page = answer.content.decode()
    assert "<h1>Été</h1>" in page
    assert "Inès Faure" in page
    assert "Emil Garnier" in page
    assert TerritoryPlan.objects.get().asked["most_moves"] == 3


def test_an_account_ticked_is_locked_when_drawn_anew(
    reader: Reader, company: Workspace
) -> None:
    number = _drawn(company)
    first = TerritoryPlan.objects.get().answer["moves"]
    taken = next(move["account"] for move in first if not move["given"])
    mona = reader("mona")
    body = {"lock": taken, "moves": "", "tolerance": "5", "region/bob": "Occitanie"}
    mona.post(f"/territories/{number}/", body)
    found = TerritoryPlan.objects.get()
    assert found.asked["locks"] == [taken]
    assert taken not in {move["account"] for move in found.answer["moves"]}
    assert found.asked["regions"] == {"bob": "Occitanie"}
    mona.post(f"/territories/{number}/", {"unlock": taken, "lock_id": "kilo, nora"})
    assert TerritoryPlan.objects.get().asked["locks"] == ["kilo", "nora"]


def test_what_a_form_gets_wrong_is_said_and_nothing_is_written(
    reader: Reader, company: Workspace
) -> None:
    mona = reader("mona")
    answer = mona.post("/territories/", {**NEW, "moves": "beaucoup"})
    assert answer.status_code == 422
    assert "beaucoup" in answer.content.decode()
    number = _drawn(company)
    assert mona.post(f"/territories/{number}/", {"lock_id": "zz"}).status_code == 422
    assert TerritoryPlan.objects.get().asked["locks"] == []
    without = mona.post(f"/territories/{number}/decide/", {"do": "apply"})
    assert without.status_code == 422
    assert TerritoryPlan.objects.get().state == "draft"


def test_the_decision_is_shown_with_its_reason_and_the_file_is_offered(
    reader: Reader, company: Workspace
) -> None:
    number = _drawn(company)
    alice = reader("alice")
    body = {"do": "apply", "effective_on": "2025-07-01", "reason": "L'ouest à Inès"}
    page = alice.post(f"/territories/{number}/decide/", body, follow=True)
    told = page.content.decode()
    assert "alice@exemple.fr" in told
    assert "L&#x27;ouest à Inès" in told
    assert "Décider</button>" not in told
    file = alice.get(f"/territories/{number}/moves.csv")
    assert "iris" in file.content.decode("utf-8-sig")
    assert alice.get(f"/territories/{number}/moves.pdf").status_code == 404


def test_what_moves_opens_the_re_target_of_the_person(
    reader: Reader, company: Workspace
) -> None:
    """Bob's quarter asks for more: the part that follows is a re-target prepared."""
    number = _drawn(company)
    page = reader("mona").get(f"/territories/{number}/").content.decode()
    assert "/objectives/ca-t2-bob/retarget/?new=" in page
    people = TerritoryPlan.objects.get().answer["people"]
    assert sum(float(one["change"]) for one in people) == 0


def test_the_queries_of_a_page_do_not_grow_with_its_moves(
    reader: Reader,
    company: Workspace,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    number = _drawn(company)
    alice = reader("alice")
    with django_assert_max_num_queries(17):  # type: ignore[attr-defined]
        alice.get(f"/territories/{number}/")
