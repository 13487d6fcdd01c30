"""The diagram of the cascade: today, on a day that is over, folded and on paper."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from jalon.queries.direction import Node
from jalon.workspace.folder import Workspace
from tests.web.test_retarget import ASKED, TEAM
from tests.worlds import followed

Reader = Callable[[str], Client]
D = Decimal


def nodes(client: Client, query: str = "") -> dict[str, Node]:
    found: dict[str, Node] = {}

    def walk(node: Node) -> None:
        found[node.line.id] = node
        for child in node.children:
            walk(child)

    for root in client.get(f"/cascade/{query}").context["diagram"].roots:
        walk(root)
    return found


def test_today_each_box_stands_under_what_it_serves_with_its_share(
    reader: Reader,
) -> None:
    found = nodes(reader("bob"))

    assert [one.line.id for one in found["ca-2025"].children] == ["ca-t2"]
    assert found["ca-t2"].share == D(110000) / D(240000)
    # since 12 May the team's target is 45,000 instead of 60,000
    assert found["ca-t2-nouveaux"].share == D(45000) / D(110000)
    assert found["ca-t2-ines"].share == D(9000) / D(45000)


def test_on_a_day_that_is_over_the_target_is_the_one_of_that_day(
    reader: Reader,
) -> None:
    found = nodes(reader("alice"), "?on=2025-05-11")

    assert found["ca-t2-nouveaux"].line.target == 60_000
    assert found["ca-t2-nouveaux"].share == D(60000) / D(110000)
    assert nodes(reader("alice"), "?on=2025-05-12")["ca-t2-nouveaux"].line.target == (
        45_000
    )


def test_without_an_evaluation_kept_the_reason_stands_in_the_box(
    reader: Reader,
) -> None:
    client = reader("alice")
    line = nodes(client, "?on=2025-05-11")["ca-t2"].line

    assert (line.status, line.attainment) == ("no_data", None)
    page = client.get("/cascade/?on=2025-05-11").content.decode()
    assert "aucune évaluation gardée ce jour-là" in page


def test_what_was_kept_that_day_is_shown_as_it_was(
    reader: Reader, company: Workspace
) -> None:
    from jalon.records.evaluations import Evaluation
    from jalon.usecases.evaluate import evaluate

    before = datetime.date(2025, 5, 20)
    evaluate(company, on=before)
    row = Evaluation.objects.get(objective_id="ca-t2", on=before)

    line = nodes(reader("alice"), "?on=2025-05-25")["ca-t2"].line

    assert line.evaluated_on == before
    assert (line.status, line.actual) == (row.status, row.actual)
    page = reader("alice").get("/cascade/?on=2025-05-25").content.decode()
    assert "évalué le 20 mai 2025" in page


def test_what_was_not_written_yet_is_not_there(reader: Reader) -> None:
    assert nodes(reader("alice"), "?on=2025-04-01") == {}  # written on 2 April
    assert "ca-t2" in nodes(reader("alice"), "?on=2025-04-02")


def test_steps_go_from_change_to_change_and_stop_today(reader: Reader) -> None:
    client = reader("alice")

    def steps(day: str) -> tuple[Any, Any]:
        found = client.get(f"/cascade/?on={day}").context["diagram"]
        return found.earlier, found.later

    may, today = datetime.date(2025, 5, 12), followed.ON
    assert steps("2025-05-20") == (may, today)
    assert steps("2025-05-12")[1] == today
    assert steps("2025-06-16")[1] is None


@pytest.mark.parametrize(
    ("asked", "word"), [("demain", "demain"), ("2031-01-01", "jour à venir")]
)
def test_a_day_that_cannot_be_shown_is_said(
    reader: Reader, asked: str, word: str
) -> None:
    answer = reader("alice").get(f"/cascade/?on={asked}")

    assert answer.status_code == 200
    assert answer.context["on"] == followed.ON
    assert word in answer.content.decode()


def test_everything_folds_and_unfolds_without_a_script(reader: Reader) -> None:
    client = reader("alice")

    def opened(query: str) -> int:
        return client.get(f"/cascade/{query}").content.decode().count("<details open")

    assert opened("?unfold=none") == 0
    assert opened("?unfold=all") == 4  # the year, the quarter, two teams
    assert opened("") == 4


def test_an_objective_only_proposed_is_not_drawn(reader: Reader) -> None:
    page = reader("ines").get("/cascade/?on=2025-06-16").content.decode()

    assert "ca-t3-bob" not in page


def test_the_queries_do_not_grow_with_the_objectives(
    reader: Reader, company: Workspace, django_assert_max_num_queries: Any
) -> None:
    client = reader("alice")
    client.get("/cascade/?on=2025-05-20")
    with django_assert_max_num_queries(30):
        client.get("/cascade/?on=2025-05-20")


def test_a_retarget_of_today_leaves_yesterday_as_it_was(reader: Reader) -> None:
    reader("mona").post(TEAM, ASKED)

    assert nodes(reader("alice"))["ca-t2-nouveaux"].line.target == 40_000
    before = nodes(reader("alice"), "?on=2025-06-15")["ca-t2-nouveaux"]
    assert before.line.target == 45_000
