"""The planning grid of a rate behind a client: typed in percent, means shown."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jalon.records import planning_rows
from jalon.records.plannings import Planning, PlanningEdit
from jalon.web.planning.numbers import read, shown

Reader = Callable[[str], Client]
NEW = {
    "title": "Closing 2026",
    "kpi": "win_rate",
    "period": "2026",
    "target": "60 %",
    "method": "history",
    "spread": "season",
    "step": "100",
}
GRID = "/planning/closing-2026/"
EDIT = f"{GRID}edit/"
NARROW = "\u202f"


@pytest.fixture
def alice(reader: Reader) -> Client:
    """Return Alice's client, who planned a win rate."""
    client = reader("alice")
    assert client.post("/planning/", NEW)["Location"] == GRID
    return client


def test_a_rate_is_typed_and_shown_in_percent(alice: Client) -> None:
    assert Planning.objects.get().target == Decimal("0.6")
    page = alice.get(GRID).content.decode()
    assert 'value="60"' in page
    assert "moyenne des membres" in page
    fields = {"do": "cells", "owner": "person:bob", "month": "0", "text": "72,5 %"}
    answer = alice.post(EDIT, fields, headers={"X-Requested-With": "planning"})
    assert 'value="72,5"' in answer.content.decode()
    (row,) = planning_rows.load("closing-2026", owners=["person:bob"])
    assert row.months[0] == Decimal("0.725")


def test_saving_what_is_shown_changes_nothing(alice: Client) -> None:
    rows = planning_rows.load("closing-2026")
    cells = {
        f"cell/{row.owner}/{rank}": shown(value, "share", "fr")
        for row in rows
        for rank, value in enumerate(row.months)
    }
    alice.post(EDIT, {"do": "save", **cells})
    assert planning_rows.load("closing-2026") == rows
    assert not PlanningEdit.objects.exists()


def test_the_spreadsheet_comes_back_the_same(alice: Client) -> None:
    rows = planning_rows.load("closing-2026")
    book = alice.get(f"{GRID}sheet/").content
    file = SimpleUploadedFile("grid.xlsx", book)
    alice.post(f"{GRID}import/", {"file": file})
    assert planning_rows.load("closing-2026") == rows


def test_the_agreement_tells_gaps_in_points(alice: Client) -> None:
    alice.post(EDIT, {"do": "propose"})
    page = alice.get(f"{GRID}agreement/").content.decode()
    assert f"60{NARROW}%" in page


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        pytest.param("28", "share", "0.28", id="a share without its sign"),
        pytest.param("28,5 %", "share", "0.285", id="a share with its sign"),
        pytest.param("12,5 k", "money", "12500", id="money"),
    ],
)
def test_a_figure_is_read_in_the_unit_of_its_kpi(
    text: str, unit: str, value: str
) -> None:
    assert read(text, unit) == Decimal(value)
