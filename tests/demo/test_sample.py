"""The rows of the sample company: complete, coherent, the same for the same day."""

from __future__ import annotations

import itertools
from collections import defaultdict
from datetime import date, datetime, timedelta

import pytest

from jalon.demo.rows import Row, Rows
from jalon.demo.sample import sample
from jalon.domain.facts.tables import TABLES

ON = date(2026, 11, 22)
# A range may end, a contract may fall due, a close may be hoped for, after the day.
AHEAD = {
    ("deals", "expected_close_on"),
    ("stage_changes", "expected_close_on"),
    ("subscriptions", "renewal_due_on"),
    ("markets", "after"),
    ("spend", "after"),
    ("absences", "after"),
}
LINKS = {
    "person_id": "people",
    "owner_id": "people",
    "manager_id": "people",
    "team_id": "teams",
    "parent_id": "teams",
    "account_id": "accounts",
    "deal_id": "deals",
    "lead_id": "leads",
    "product_id": "products",
}
KEYS = {name: next(iter(table.keys)) for name, table in TABLES.items()}


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def test_every_canonical_table_has_rows(rows: Rows) -> None:
    assert set(rows) == set(TABLES)
    assert [name for name, found in rows.items() if not found] == []


def test_rows_hold_only_canonical_columns(rows: Rows) -> None:
    for name, found in rows.items():
        known = {column.name for column in TABLES[name].columns} | {"attributes"}
        assert {key for row in found for key in row} <= known, name


def test_every_column_is_filled_somewhere(rows: Rows) -> None:
    never = [
        f"{name}.{column.name}"
        for name, table in TABLES.items()
        for column in table.columns
        if all(row.get(column.name) in (None, "") for row in rows[name])
    ]
    assert never == []


@pytest.mark.parametrize("name", sorted(TABLES))
def test_keys_are_unique(name: str, rows: Rows) -> None:
    keys = [tuple(row[key] for key in TABLES[name].keys) for row in rows[name]]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("name", sorted(TABLES))
def test_columns_of_few_values_hold_no_other(name: str, rows: Rows) -> None:
    for column in TABLES[name].columns:
        if column.allowed:
            found = {row.get(column.name) for row in rows[name]} - {None}
            assert found <= set(column.allowed)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_no_event_is_in_the_future(name: str, rows: Rows) -> None:
    late = [
        (column.name, row)
        for row in rows[name]
        for column in TABLES[name].columns
        if (name, column.name) not in AHEAD and (_day(row.get(column.name)) or ON) > ON
    ]
    assert late == []


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_reference_resolves(name: str, rows: Rows) -> None:
    for column in TABLES[name].columns:
        target = LINKS.get(column.name)
        if target is None or (target == name and column.name == KEYS[name]):
            continue
        known = {row[KEYS[target]] for row in rows[target]}
        found = {row.get(column.name) for row in rows[name]} - {None}
        assert found <= known, f"{name}.{column.name}"


def test_the_same_day_gives_the_same_rows(rows: Rows) -> None:
    assert sample(ON) == rows


def test_another_seed_gives_other_rows(rows: Rows) -> None:
    assert sample(ON, seed=7)["deals"] != rows["deals"]


def test_a_leap_day_has_its_three_years() -> None:
    rows = sample(date(2028, 2, 29))
    closed = [row["closed_on"] for row in rows["deals"] if row["closed_on"]]
    assert min(closed) >= date(2025, 2, 28)
    assert max(closed) <= date(2028, 2, 29)


def test_four_teams_have_their_salespeople_and_a_manager(rows: Rows) -> None:
    here = [row for row in rows["people"] if row["left_on"] is None]
    sellers = [row for row in here if row["role"] not in ("director", "manager")]
    assert len(sellers) == 25
    assert len({row["team_id"] for row in sellers}) == 4
    assert sum(row["role"] == "manager" for row in here) == 4
    assert sum(row["role"] == "director" for row in here) == 1


def test_each_team_history_is_one_unbroken_stay(rows: Rows) -> None:
    people = {row["person_id"]: row for row in rows["people"]}
    stays: dict[object, list[Row]] = defaultdict(list)
    for row in rows["memberships"]:
        stays[row["person_id"]].append(row)
    assert set(stays) == set(people)
    for who, found in stays.items():
        assert found[0]["first"] == people[who]["started_on"]
        assert found[-1]["after"] == people[who]["left_on"]
        assert found[-1]["team_id"] == people[who]["team_id"]
        for before, after in itertools.pairwise(found):
            assert before["after"] == after["first"]


def test_one_moved_one_left_two_arrived(rows: Rows) -> None:
    counts: dict[object, int] = defaultdict(int)
    for row in rows["memberships"]:
        counts[row["person_id"]] += 1
    assert sorted(counts.values())[-2:] == [1, 2]
    assert sum(row["left_on"] is not None for row in rows["people"]) == 1
    recent = ON - timedelta(days=100)
    assert sum(_day(row["started_on"]) >= recent for row in rows["people"]) == 2


def test_deals_are_led_by_people_of_that_day(rows: Rows) -> None:
    people = {row["person_id"]: row for row in rows["people"]}
    for deal in rows["deals"]:
        owner = people[deal["owner_id"]]
        assert owner["started_on"] <= deal["created_on"]
        last = deal["closed_on"] or ON
        assert owner["left_on"] is None or last < owner["left_on"]


def test_nobody_works_on_a_day_off_or_a_weekend(rows: Rows) -> None:
    off = {
        (row["person_id"], row["first"] + timedelta(days=rank))
        for row in rows["absences"]
        for rank in range((row["after"] - row["first"]).days)
    }
    for row in rows["activities"]:
        day = row["done_at"].date()
        assert (row["person_id"], day) not in off
        assert day.weekday() < 5


def test_the_fourteenth_of_july_is_a_holiday(rows: Rows) -> None:
    days = {row["done_at"].date() for row in rows["activities"]}
    assert date(2026, 7, 14) not in days
    assert date(2026, 7, 15) in days


def test_closed_deals_end_their_history_where_they_closed(rows: Rows) -> None:
    last = {
        row["deal_id"]: row
        for row in sorted(rows["stage_changes"], key=lambda r: r["at"])
    }
    for deal in rows["deals"]:
        step = last[deal["deal_id"]]
        assert step["stage"] == deal["stage"]
        if deal["outcome"] != "open":
            assert step["at"].date() == deal["closed_on"]
            assert deal["created_on"] <= deal["closed_on"]


def test_shares_of_a_deal_make_a_whole(rows: Rows) -> None:
    shares: dict[object, float] = defaultdict(float)
    for row in rows["deal_shares"]:
        shares[row["deal_id"]] += float(str(row["share"]))
    assert all(abs(total - 1) < 1e-9 for total in shares.values())


def test_swiss_customers_pay_in_francs(rows: Rows) -> None:
    country = {row["account_id"]: row["country"] for row in rows["accounts"]}
    for name in ("deals", "order_lines", "subscriptions"):
        for row in rows[name]:
            swiss = country[row["account_id"]] == "CH"
            assert row["currency"] == ("CHF" if swiss else "EUR")


def test_terms_of_a_contract_follow_one_another(rows: Rows) -> None:
    terms: dict[str, list[Row]] = defaultdict(list)
    for row in rows["subscriptions"]:
        terms[str(row["subscription_id"]).rsplit("-", 1)[0]].append(row)
    for chain in terms.values():
        for before, after in itertools.pairwise(chain):
            assert before["after"] == after["first"]
            assert before["renewed"] is True
        assert chain[-1]["renewed"] is not True


def test_a_credit_note_gives_back_what_was_invoiced(rows: Rows) -> None:
    invoices = {
        row["order_id"]: row for row in rows["order_lines"] if row["line_id"] == "1"
    }
    notes = [row for row in rows["order_lines"] if float(str(row["amount"])) < 0]
    assert notes
    for note in notes:
        invoice = invoices[str(note["order_id"]).removeprefix("AV-")]
        assert invoice["on"] < note["on"]
        assert -float(str(note["amount"])) <= float(str(invoice["amount"]))
