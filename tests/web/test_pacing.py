"""Pacing: the sum behind the pipeline needed, figures equal to the command's."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from jalon.domain.kpis.question import Ask, Question
from jalon.domain.periods import Period
from jalon.queries import kpi_values
from jalon.workspace.folder import Workspace
from tests.worlds import followed

Reader = Callable[[str], Client]
D = Decimal


def paces(client: Client, owner: str = "") -> dict[str, object]:
    """Return the paces of an owner, by objective."""
    found = client.get(f"/pacing/?owner={owner}").context["paces"]
    return {pace.line.id: pace for pace, _terms in found}


@pytest.mark.parametrize(
    ("who", "owner"),
    [
        ("alice", "company"),
        ("mona", "team:nouveaux"),
        ("bob", "person:bob"),
        ("rene", "company"),
    ],
)
def test_each_reader_first_sees_what_they_carry(
    reader: Reader, who: str, owner: str
) -> None:
    assert reader(who).get("/pacing/").context["owner"] == owner


def test_pipeline_and_coverage_equal_the_engine_s(
    reader: Reader, company: Workspace
) -> None:
    pace = paces(reader("mona"), "team:nouveaux")["ca-t2-nouveaux"]
    line = pace.line  # type: ignore[attr-defined]
    remaining = line.target - line.actual
    ask = Ask("x", line.owner, followed.QUARTER, (), {"remaining": remaining})
    told = kpi_values.measure(company, "coverage", [ask], on=followed.ON)["x"]

    assert pace.coverage == told.value  # type: ignore[attr-defined]
    assert pace.need.pipeline == told.numerator == 6000  # type: ignore[attr-defined]


def test_the_win_rate_of_the_last_twelve_months_is_the_command_s(
    reader: Reader, company: Workspace
) -> None:
    pace = paces(reader("alice"), "company")["ca-t2"]
    year = Period(datetime.date(2024, 6, 17), datetime.date(2025, 6, 17))
    answer = kpi_values.value(company, Question("win_rate", year), on=followed.ON)

    assert pace.past_period == year  # type: ignore[attr-defined]
    assert pace.past.won == answer.rows[0].numerator  # type: ignore[attr-defined]
    assert pace.past.closed == answer.rows[0].denominator  # type: ignore[attr-defined]


def test_too_few_closed_deals_give_words_and_no_number(reader: Reader) -> None:
    pace = paces(reader("bob"), "person:bob")["ca-t2-bob"]
    text = reader("bob").get("/pacing/").content.decode()

    assert pace.need.needed is None  # type: ignore[attr-defined]
    assert pace.need.reason == "pacing.too_few_closed"  # type: ignore[attr-defined]
    assert "historique insuffisant\u202f: " in text
    assert "Voir le calcul" in text


def test_rows_are_linked_only_for_those_who_may_see_them(reader: Reader) -> None:
    own = reader("bob").get("/pacing/?owner=person:bob").content.decode()
    other = reader("charlie").get("/pacing/?owner=person:bob").content.decode()

    assert "/explorer/rows/?kpi=pipeline_value" in own
    assert "/objectives/ca-t2-bob/explain/" in own
    assert "/explorer/rows/" not in other
    assert "/objectives/ca-t2-bob/explain/" not in other


def test_the_rows_behind_the_pipeline_open(reader: Reader) -> None:
    client = reader("bob")
    found = client.get("/pacing/?owner=person:bob").context["paces"]
    links = [term.link for _pace, terms in found for term in terms if term.link]

    assert len(links) == 2  # the actual and the pipeline: the rate is the company's
    assert [client.get(link).status_code for link in links] == [200, 200]


def test_the_rows_behind_the_company_s_win_rate_are_for_its_director(
    reader: Reader,
) -> None:
    client = reader("alice")
    found = client.get("/pacing/?owner=company").context["paces"]
    links = [term.link for _pace, terms in found for term in terms if term.link]

    assert any("kpi=win_rate" in link for link in links)
    assert {client.get(link).status_code for link in links} == {200}


def test_the_path_ends_on_the_figure_of_today(reader: Reader) -> None:
    pace = paces(reader("bob"), "person:bob")["ca-t2-bob"]
    actual, expected = pace.page.actual_path, dict(pace.page.expected_path)  # type: ignore[attr-defined]

    assert actual[-1] == (followed.ON, D(7000))
    assert expected[followed.ON] == pace.line.expected  # type: ignore[attr-defined]
    assert expected[datetime.date(2025, 6, 30)] == pace.line.target  # type: ignore[attr-defined]


def test_an_owner_nobody_knows_is_one_s_own(reader: Reader) -> None:
    assert (
        reader("bob").get("/pacing/?owner=person:nobody").context["owner"]
        == "person:bob"
    )


@pytest.mark.parametrize("query", ["", "?owner=company", "?owner=person:ines"])
def test_the_partial_equals_the_full_reload(reader: Reader, query: str) -> None:
    client = reader("mona")
    whole = client.get(f"/pacing/{query}").content.decode()
    part = client.get(f"/pacing/{query}", headers={"HX-Request": "true"})

    assert part.content.decode().strip() in whole


def test_the_number_of_queries_does_not_grow(
    reader: Reader, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = reader("alice")
    client.get("/pacing/")
    for owner in ("person:ines", "company"):
        with django_assert_max_num_queries(16):  # type: ignore[attr-defined]
            client.get(f"/pacing/?owner={owner}")
