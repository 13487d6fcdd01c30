"""Each CRM through a whole refresh: its rows in the warehouse are what it holds.

Money, dates and won deals are asked of DuckDB, and expected of the simulator's world.
"""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from jalon.records.sources import ConnectedSource, RunState
from jalon.usecases import refresh as reading
from jalon.usecases import runs
from jalon.usecases.acting import OPERATOR
from jalon.workspace.folder import Workspace
from tests.connectors.sources import CASES, Stand, stand
from tests.simulators.world import World
from tests.worlds.crm_in_sql import AT, ON, query

pytestmark = pytest.mark.django_db


def connected(crm: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JALON_PRIVATE_HOSTS", "127.0.0.1")
    monkeypatch.setattr(reading, "source_of", lambda _kind: crm.ledger.source)
    ConnectedSource.objects.create(
        name="crm",
        kind=crm.ledger.source.kind,
        settings=dict(crm.ledger.account.settings),
        made_at=AT,
        made_by="olga",
    )


def refreshed(workspace: Workspace, hours: int) -> runs.Done:
    at = AT + timedelta(hours=hours)
    return runs.refresh(
        workspace, "crm", actor=OPERATOR, clock=lambda: at, on=ON, sweep=hours > 0
    )


def held(workspace: Workspace) -> set[tuple[object, ...]]:
    columns = "deal_id, name, amount, owner_id, account_id, stage, outcome, created_on"
    rows = query(workspace, f"SELECT {columns} FROM deals")
    return {(*row[:2], Decimal(str(row[2])), *row[3:]) for row in rows}


def true(world: World) -> set[tuple[object, ...]]:
    local = ZoneInfo("Europe/Paris")
    return {
        (id_, *row, world.deals[int(id_)].created.astimezone(local).date())
        for id_, row in world.truth().items()
    }


@pytest.mark.parametrize("kind", [one for one in CASES if one != "odoo 16"])
def test_the_warehouse_holds_what_the_crm_holds(
    kind: str, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stand(kind, tmp_path) as crm:
        connected(crm, monkeypatch)
        first = refreshed(workspace, 0)
        assert first.state == RunState.DONE, first
        assert held(workspace) == true(crm.world)
        rng = random.Random(4)
        for _ in range(8):
            crm.world.anything(rng)

        second = refreshed(workspace, 1)

        assert second.state == RunState.DONE, second
        assert held(workspace) == true(crm.world)
        (undated,) = query(
            workspace,
            "SELECT count(*) FROM deals WHERE (outcome = 'open') <> (closed_on IS NULL)",
        )
        assert undated == (0,), "a deal is dated when it is closed, and only then"
        (kept,) = query(workspace, "SELECT count(*), min(updates) FROM crm_usage")
        assert kept[0] > 0, "without a log of use, updates are counted from events"
        assert kept[1] > 0
        origins = query(workspace, "SELECT DISTINCT origin FROM stage_changes")
        assert (("observed",) in origins) == crm.case.history
