"""HubSpot's and Salesforce's tables as a loader delivers them, mapped and imported.

Expected counts and sums come from the files, read here with the csv module alone.
"""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.truth.desk import SHARED, Desk, prepared

pytestmark = pytest.mark.truth

FILES = {
    "hubspot": {
        "accounts": "company_data.csv",
        "leads": "contact_data.csv",
        "deals": "deal_data.csv",
        "stage_changes": "deal_stage_data.csv",
        "tickets": "ticket_data.csv",
    },
    "salesforce": {
        "accounts": "sf_account_data.csv",
        "leads": "sf_lead_data.csv",
        "deals": "sf_opportunity_data.csv",
        "stage_changes": "sf_opportunity_history_data.csv",
        "activities": "sf_task_data.csv",
    },
}
USED = {"hubspot": ["owner_data.csv"], "salesforce": ["sf_user_data.csv"]}
BESIDE = {"hubspot": ["deal_pipeline_stage_data.csv"], "salesforce": []}


def lines(vendor: str, file: str) -> list[dict[str, str]]:
    path = SHARED / "connector_seeds" / vendor / file
    with path.open(encoding="utf-8-sig", newline="") as found:
        return list(csv.DictReader(found))


@pytest.fixture(scope="module", params=FILES)
def vendor(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def desk(vendor: str, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    names = [*FILES[vendor].values(), *USED[vendor], *BESIDE[vendor]]
    return prepared(
        tmp_path_factory.mktemp(vendor),
        "connector_seeds",
        mapping=f"connector_seeds/{vendor}.toml",
        files=[f"{vendor}/{name}" for name in names],
    )


def query(desk: Desk, question: str) -> list[tuple[Any, ...]]:
    current = (desk.workspace / "warehouse" / "CURRENT").read_text("utf-8").strip()
    path = Path(desk.workspace / "warehouse" / current).with_suffix(".duckdb")
    with duckdb.connect(str(path), read_only=True) as found:
        return found.execute(question).fetchall()


def test_every_row_of_the_loader_is_there_once(desk: Desk, vendor: str) -> None:
    for table, file in FILES[vendor].items():
        (count,) = query(desk, f"SELECT count(*) FROM {table}")[0]
        assert count == len(lines(vendor, file)), table
    assert [one for one in desk.report["files"] if one["rejected"]] == []
    assert desk.report["rejects"] == []


def test_outcomes_come_from_the_flags(desk: Desk, vendor: str) -> None:
    found = dict(query(desk, "SELECT outcome, count(*) FROM deals GROUP BY 1"))

    if vendor == "salesforce":
        rows = lines(vendor, "sf_opportunity_data.csv")
        told = Counter(
            "won"
            if one["is_won"] == "true"
            else "lost"
            if one["is_closed"] == "true"
            else "open"
            for one in rows
        )
        assert found == told
        assert len(told) == 3, "the file has all three"
    else:
        assert found == {"open": len(lines(vendor, "deal_data.csv"))}, (
            "no stage is given"
        )


def test_money_is_what_the_file_says(desk: Desk, vendor: str) -> None:
    field = "amount" if vendor == "salesforce" else "property_amount"
    amounts = [
        Decimal(one[field])
        for one in lines(vendor, FILES[vendor]["deals"])
        if one[field]
    ]

    ((found,),) = query(desk, "SELECT coalesce(sum(amount), 0) FROM deals")

    assert found == sum(amounts, Decimal(0))
