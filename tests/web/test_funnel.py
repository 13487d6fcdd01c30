"""Trends and bottlenecks: who reads whose funnel, and the counts against SQL."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jalon.queries.deal_lives import deal_lives
from jalon.queries.snapshots import snapshot
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace
from tests.worlds import followed

Reader = Callable[[str], Client]
PAGE = "/funnel/"


def test_closings_of_the_year_are_those_of_sql(
    reader: Reader, company: Workspace
) -> None:
    found = reader("alice").get(f"{PAGE}?months=12").context["read"].found
    path = Generations(company.warehouse).path(snapshot(company).name)
    with duckdb.connect(str(path), read_only=True) as facts:
        won, closed = facts.execute(
            "SELECT count(*) FILTER (WHERE outcome = 'won'), count(*) FROM deals "
            "WHERE outcome IN ('won', 'lost') AND created_on IS NOT NULL "
            "AND closed_on > DATE '2025-06-16' - 365 AND closed_on <= DATE '2025-06-16'"
        ).fetchall()[0]
    assert (found.closed.won, found.closed.tried) == (won, closed)


def test_stages_are_entered_in_order(company: Workspace) -> None:
    entered = deal_lives(company, on=followed.ON).lives.entered
    assert (entered[:, 1:] >= entered[:, :-1]).all()


def test_a_salesperson_reads_their_own_and_nobody_else_s(reader: Reader) -> None:
    bob = reader("bob")
    assert [one.owner for one in bob.get(PAGE).context["scopes"]] == ["person:bob"]
    for other in ("company", "person:ines", "team:nouveaux"):
        assert bob.get(PAGE, {"who": other}).status_code == 403


def test_a_manager_reads_the_teams_led(reader: Reader) -> None:
    mona = reader("mona")
    assert mona.get(PAGE, {"who": "person:bob"}).status_code == 200
    assert mona.get(PAGE, {"who": "team:nouveaux"}).status_code == 200
    assert mona.get(PAGE, {"who": "person:charlie"}).status_code == 403


def test_a_reader_sees_no_deal_by_name(reader: Reader) -> None:
    answer = reader("rene").get(PAGE)
    assert answer.status_code == 200
    assert answer.context["may_see_rows"] is False
    assert "Affaires qui stagnent" not in answer.content.decode()


def test_the_database_is_not_asked_more_for_more_deals(reader: Reader) -> None:
    alice = reader("alice")
    alice.get(PAGE)
    counts = []
    for who in ("company", "person:ines"):
        with CaptureQueriesContext(connection) as queries:
            alice.get(PAGE, {"who": who})
        counts.append(len(queries))
    assert counts[0] == counts[1]
