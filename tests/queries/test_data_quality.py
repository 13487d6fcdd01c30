"""Data quality on a dozen rows wrong by hand: each rule finds its own, counted here."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from jalon.domain.facts.tables import TABLES
from jalon.domain.kpis.catalogue import delivered
from jalon.queries.data_quality import RULES, quality, wrong_rows
from jalon.records.sources import ConnectedSource
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace, opened
from tests.worlds.crm_in_sql import AT

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 2)
STATEMENTS = """
INSERT INTO people (person_id, name, left_on, source) VALUES
    ('alice', 'Alice', NULL, 'hr.csv'), ('bob', 'Bob', '2026-02-01', 'hr.csv'),
    ('Zoé', 'Zoé', NULL, NULL);
INSERT INTO accounts (account_id, name) VALUES
    ('A1', 'Éts Martin'), ('A2', 'ets martin'), ('A3', 'Durand');
INSERT INTO deals (deal_id, name, account_id, owner_id, amount, outcome, created_on,
    closed_on, expected_close_on, stage, source) VALUES
    ('fine', 'Un', 'A1', 'alice', 10, 'open', '2026-01-01', NULL, '2026-04-01', 'b', ''),
    ('nobody', 'Deux', 'A1', NULL, 10, 'open', '2026-01-01', NULL, '2026-04-01', 'b', ''),
    ('named', 'Trois', 'A1', 'Zoé', 10, 'open', '2026-01-01', NULL, '2026-04-01', 'b', ''),
    ('left', 'Quatre', 'A1', 'bob', 10, 'open', '2026-01-01', NULL, '2026-04-01', 'b', ''),
    ('undated', 'Cinq', 'A1', 'alice', 10, 'won', '2026-01-01', NULL, NULL, 'c', ''),
    ('zero', 'Six', 'A1', 'alice', 0, 'open', '2026-01-01', NULL, '2026-04-01', 'b', ''),
    ('lost0', 'Sept', 'A1', 'alice', 0, 'lost', '2026-01-01', '2026-02-01', NULL, 'c', ''),
    ('late', 'Huit', 'A1', 'alice', 10, 'open', '2026-01-01', NULL, '2026-03-01', 'b', 'crm/deals.parquet'),
    ('never', 'Neuf', 'A1', 'alice', 10, 'open', '2026-01-01', NULL, NULL, 'b', ''),
    ('future', 'Dix', 'A1', 'alice', 10, 'won', '2026-01-01', '2026-03-03', NULL, 'c', ''),
    ('twin1', 'Onze', 'A2', 'alice', 10, 'open', '2026-01-01', NULL, '2026-04-01', 'b', ''),
    ('twin2', 'onze ', 'A2', 'alice', 10, 'open', '2026-01-31', NULL, '2026-04-01', 'b', ''),
    ('apart1', 'Douze', 'A2', 'alice', 10, 'open', '2026-01-01', NULL, '2026-04-01', 'b', ''),
    ('apart2', 'Douze', 'A2', 'alice', 10, 'open', '2026-02-01', NULL, '2026-04-01', 'b', '');
INSERT INTO stage_changes (deal_id, "at", stage, origin) VALUES
    ('fine', '2026-01-01', 'a', 'observed'), ('fine', '2026-01-02', 'b', 'observed'),
    ('left', '2026-01-01', 'a', 'observed'), ('left', '2026-01-02', 'b', 'observed'),
    ('late', '2026-01-01', 'a', 'observed'), ('late', '2026-01-02', 'b', 'observed'),
    ('zero', '2026-01-01', 'b', 'observed'), ('zero', '2026-01-02', 'a', 'observed');
INSERT INTO activities (activity_id, kind, person_id, done_at, held) VALUES
    ('a1', 'call', 'alice', '2026-03-01', true),
    ('a2', 'call', 'alice', '2026-03-05', true),
    ('a3', 'meeting', 'alice', '2026-03-05', false);
"""
# code: (rows wrong, among how many), counted on the rows above
EXPECTED = {
    "owner_missing": (1, 14),
    "owner_unknown": (1, 13),
    "owner_left": (1, 11),
    "closed_without_date": (1, 3),
    "amount_zero": (1, 13),
    "stage_backwards": (1, 14),
    "deal_repeated": (2, 14),
    "account_repeated": (2, 3),
    "closed_in_future": (1, 3),
    "activity_in_future": (1, 2),
    "overdue": (1, 11),
    "close_unknown": (1, 11),
}


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder: Path = tmp_path_factory.mktemp("faulty")

    def change(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute(STATEMENTS)

    Generations(folder / "warehouse").publish(change)
    return opened(folder)


def test_each_rule_finds_its_own_rows(faulty: Workspace) -> None:
    found = {one.code: (one.count, one.among) for one in quality(faulty, on=ON)}

    assert found == EXPECTED


def test_a_share_is_of_the_rows_it_could_be_true_of(faulty: Workspace) -> None:
    shares = {one.code: one.share for one in quality(faulty, on=ON)}

    assert shares["closed_without_date"] == Decimal(1) / Decimal(3)


@pytest.mark.parametrize(
    ("code", "keys"),
    [
        pytest.param("deal_repeated", ["twin1", "twin2"], id="thirty days apart"),
        pytest.param("account_repeated", ["A1", "A2"], id="accents and capitals"),
        pytest.param("stage_backwards", ["zero"], id="the other way is the usual one"),
        pytest.param("activity_in_future", ["a2"], id="one to come is not held yet"),
        pytest.param("owner_unknown", ["named"], id="known only by a name"),
    ],
)
def test_the_rows_of_a_rule(faulty: Workspace, code: str, keys: list[str]) -> None:
    found = wrong_rows(faulty, code, on=ON)

    assert found is not None
    assert [row.key for row in found.rows] == keys


def test_a_row_leads_into_the_crm_it_came_from(faulty: Workspace) -> None:
    checked: dict[str, Any] = {"links": {"deals": "https://crm.example/deal/{id}"}}
    ConnectedSource.objects.create(
        name="crm", kind="sql", checked=checked, made_at=AT, made_by="olga"
    )

    found = wrong_rows(faulty, "overdue", on=ON)

    assert found is not None
    assert [row.link for row in found.rows] == ["https://crm.example/deal/late"]


def test_no_link_runs_a_script(faulty: Workspace) -> None:
    checked: dict[str, Any] = {"links": {"deals": "javascript:alert({id})"}}
    ConnectedSource.objects.create(
        name="crm", kind="sql", checked=checked, made_at=AT, made_by="olga"
    )

    found = wrong_rows(faulty, "overdue", on=ON)

    assert found is not None
    assert found.rows[0].link == ""


def test_without_data_nothing_is_said(workspace: Workspace) -> None:
    assert quality(workspace, on=ON) == ()
    assert wrong_rows(workspace, "overdue", on=ON) is None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_bends_kpis_that_exist(rule: Any) -> None:
    assert set(rule.bends) <= set(delivered())
    assert set(rule.shown) <= {one.name for one in TABLES[rule.table].columns}
