"""Who keeps the CRM up to date: each beside their own past, read by the two of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import duckdb
import pytest
from django.test import Client

from jalon.queries.crm_use import CrmUse, crm_use
from jalon.queries.trust import trust
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace, opened

ON = date(2026, 3, 18)  # a Wednesday: the last whole weeks begin on 16 Feb…9 March
PEOPLE = (
    ("bob", "Bob Durand", "salesperson"),
    ("zoe", "Zoé Adam", "salesperson"),
    ("lea", "Léa Petit", "salesperson"),
    ("mia", "Mia Roux", "manager"),
)
# Bob: 5 a week before, then 5, 5, 5 and 2. Zoé: 8 before, then 1 a week. Léa: away.
LAST = ("2026-02-16", "2026-02-23", "2026-03-02", "2026-03-09")
BEFORE = (
    *("2025-12-22", "2025-12-29", "2026-01-05", "2026-01-12"),
    *("2026-01-19", "2026-01-26", "2026-02-02", "2026-02-09"),
)


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("used")
    (folder / "warehouse").mkdir()
    found = opened(folder)
    Generations(found.warehouse).publish(_told)
    return found


def _told(connection: duckdb.DuckDBPyConnection) -> bool:
    connection.executemany(
        "INSERT INTO people (person_id, name, role, started_on) "
        "VALUES (?, ?, ?, DATE '2020-01-01')",
        [list(one) for one in PEOPLE],
    )
    rows = [("bob", day, 5) for day in (*BEFORE, *LAST[:3])]
    rows += [("bob", LAST[3], 2), ("mia", LAST[3], 40), ("lea", LAST[3], 3)]
    rows += [("zoe", day, 8) for day in BEFORE] + [("zoe", day, 1) for day in LAST]
    connection.executemany(
        'INSERT INTO crm_usage (person_id, "on", updates) '
        "VALUES (?, CAST(? AS DATE), ?)",
        [list(one) for one in rows],
    )
    connection.execute(
        'INSERT INTO absences (person_id, "first", "after") '
        "VALUES ('lea', DATE '2026-02-16', DATE '2026-03-09')"
    )
    return True


def by_name(use: CrmUse) -> dict[str, tuple[tuple[int, ...], str]]:
    return {one.name: (one.weeks, one.compared) for one in use.people}


def test_each_is_beside_their_own_past_and_leave_is_said(used: Workspace) -> None:
    found = crm_use(used, on=ON, of=None)

    assert by_name(found) == {
        "Bob Durand": ((5, 5, 5, 2), "as_usual"),  # 4.25 a week beside 5
        "Zoé Adam": ((1, 1, 1, 1), "fewer"),  # 1 beside 8
        "Léa Petit": ((0, 0, 0, 3), "away"),
    }, "managers are not in it"
    assert found.people[0].usual == Decimal(5)


def test_the_share_counts_from_three_updates(used: Workspace) -> None:
    """Three people should: Bob in the first weeks; in the last, Léa's three, not his two."""
    found = crm_use(used, on=ON, of=())

    assert [one.share and round(one.share, 4) for one in found.weeks] == [
        Decimal("0.3333")
    ] * 4
    assert found.people == ()


def test_weeks_that_begin_on_sunday_hold_the_sunday_before(used: Workspace) -> None:
    """Every update is on a Monday: the same weeks, each begun a day earlier."""
    company = replace(used, settings=replace(used.settings, week_start="sunday"))

    found = crm_use(company, on=ON, of=None)

    assert [one.first for one in found.weeks] == [
        *(date(2026, 2, 15), date(2026, 2, 22), date(2026, 3, 1), date(2026, 3, 8))
    ]
    assert by_name(found)["Bob Durand"] == ((5, 5, 5, 2), "as_usual")


def test_trust_holds_the_share_of_the_four_weeks(used: Workspace) -> None:
    """Four weeks kept by one of three people: 4 of 12."""
    assert trust(used, on=ON)["crm_adoption"] == pytest.approx(0.333333)


def test_without_any_event_nothing_is_known_rather_than_zero(used: Workspace) -> None:
    assert trust(used, on=date(2024, 1, 10))["crm_adoption"] is None
    assert not crm_use(used, on=date(2024, 1, 10), of=None).known


def test_a_salesperson_reads_nobody_elses_line(
    reader: Callable[[str], Client], used: Workspace, settings: object
) -> None:
    settings.WORKSPACE = used  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as today:
        today.setenv("JALON_TODAY", ON.isoformat())
        page = reader("bob").get("/data/adoption/").content.decode()

    assert "Bob Durand" in page
    assert "Zoé Adam" not in page
