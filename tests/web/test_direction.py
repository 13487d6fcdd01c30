"""Direction: who opens it, shares, the gap by team, the segments against N-1."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import duckdb
import pytest
from django.test import Client

from jalon.queries import direction
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace

Reader = Callable[[str], Client]
D = Decimal
REVENUE_BY = """
SELECT coalesce(d.segment, a.segment), sum(d.amount * coalesce(r.rate, 1)), count(*)
FROM (SELECT *, NULL AS segment FROM deals) d LEFT JOIN accounts a USING (account_id)
ASOF LEFT JOIN rates r ON d.currency = r.currency AND d.closed_on >= r."on"
WHERE d.outcome = 'won' AND d.closed_on >= $1 AND d.closed_on < $2 GROUP BY 1
"""


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("alice", 200),
        ("mona", 200),
        ("olga", 200),
        ("rene", 200),
        ("bob", 403),
        ("charlie", 403),
    ],
)
def test_the_course_of_the_company_is_for_those_who_lead_or_read_it(
    reader: Reader, who: str, code: int
) -> None:
    assert reader(who).get("/direction/").status_code == code


def test_each_node_says_its_share_of_its_parent(reader: Reader) -> None:
    (root,) = [
        node
        for node in reader("alice").get("/direction/").context["direction"].roots
        if node.line.id == "ca-2025"
    ]
    (quarter,) = root.children
    shares = {node.line.id: node.share for node in quarter.children}

    assert quarter.share == D(110000) / D(240000)
    assert shares["ca-t2-fidelite"] == D(40000) / D(110000)
    assert shares["ca-t2-nouveaux"] == D(45000) / D(110000)


def test_a_wide_branch_shows_its_first_and_says_where_the_others_are(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(direction, "BRANCHES_MOST", 1)

    answer = reader("alice").get("/direction/")

    (root,) = [one for one in answer.context["direction"].roots if one.children]
    (quarter,) = root.children
    assert len(quarter.shown) == 1
    assert quarter.others == len(quarter.children) - 1 == 1
    assert "et 1 autre, sur sa page" in answer.content.decode()


def test_the_parts_make_the_gap_exactly(reader: Reader) -> None:
    fall = reader("alice").get("/direction/").context["direction"].fall
    parts = {line.id: amount for line, amount in fall.parts}

    assert fall.head.id == "ca-t2"
    assert fall.head.actual == fall.actual
    assert set(parts) == {"ca-t2-nouveaux", "ca-t2-fidelite"}
    assert sum(parts.values(), fall.rest) == fall.actual - fall.expected
    assert all(line.actual - line.expected == amount for line, amount in fall.parts)


def test_horizons_hold_no_person(reader: Reader) -> None:
    horizons = dict(reader("alice").get("/direction/").context["direction"].horizons)

    assert [line.id for line in horizons["medium"]] == ["ca-2025"]
    assert {line.level for line in horizons["short"]} == {"company", "team"}
    assert horizons["long"] == ()


def test_the_year_is_the_company_s_over_the_fiscal_year(reader: Reader) -> None:
    found = reader("alice").get("/direction/").context["direction"]

    assert [line.id for line in found.year] == ["ca-2025"]


def test_segments_equal_independent_sql(reader: Reader, company: Workspace) -> None:
    found = reader("alice").get("/direction/").context["direction"].segments
    slices = {
        one.label: one
        for one in (*found.over, *found.under, *found.small)
        if one.dimension == "segment"
    }
    cursor = Generations(company.warehouse).reader(None)
    assert isinstance(cursor, duckdb.DuckDBPyConnection)
    now = cursor.execute(REVENUE_BY, ["2025-01-01", "2025-06-17"]).fetchall()

    assert now
    for label, amount, count in now:
        assert abs(slices[label].now - amount) < D("0.01"), label
        assert slices[label].sales_now == count, label


def test_few_sales_are_flagged_and_not_ranked(reader: Reader) -> None:
    client = reader("alice")
    found = client.get("/direction/").context["direction"].segments
    text = client.get("/direction/").content.decode()

    assert found.over == found.under == ()  # a company of thirty deals
    assert "Trop peu de ventes pour le dire" in text


def test_a_draft_is_in_no_part_of_the_page(reader: Reader) -> None:
    assert "ca-t3-bob" not in reader("alice").get("/direction/").content.decode()


def test_the_partial_equals_the_full_reload(reader: Reader) -> None:
    client = reader("alice")
    whole = client.get("/direction/").content.decode()
    part = client.get("/direction/", headers={"HX-Request": "true"}).content.decode()

    assert part.strip() in whole
    assert "<html" not in part


def test_the_number_of_queries_is_small(
    reader: Reader, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = reader("alice")
    client.get("/direction/")
    with django_assert_max_num_queries(17):  # type: ignore[attr-defined]
        client.get("/direction/")
