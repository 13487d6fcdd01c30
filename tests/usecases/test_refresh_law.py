"""A law: however often a source was refreshed, the snapshot is that of one import."""

from __future__ import annotations

import datetime
import random
from pathlib import Path

import pytest

from jalon.domain.facts.tables import PROVENANCE, TABLES
from jalon.records.sources import RunState
from jalon.usecases import runs
from jalon.usecases.acting import OPERATOR
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace, opened
from tests.worlds.crm_in_sql import AT, ON, OWNERS, STAGES, Crm, held, query

pytestmark = pytest.mark.django_db
STEPS, HALF = 6, datetime.timedelta(minutes=30)
RICHER = {"stage_changes", "crm_usage"}  # what only who looked all along can tell


@pytest.mark.parametrize("seed", range(4))
def test_refreshes_end_where_one_import_of_the_last_state_does(
    seed: int, workspace: Workspace, tmp_path: Path
) -> None:
    chance, crm = random.Random(seed), Crm(tmp_path / "crm")
    crm.connected(workspace)
    stages: dict[object, list[object]] = {}
    for step in range(STEPS):
        at = AT + datetime.timedelta(hours=step)
        gone = _changed(crm, chance, at)
        if step and chance.random() < 0.3:
            _fails_and_changes_nothing(workspace, crm, at - HALF)
        _refreshed(workspace, "crm", at, sweep=gone)
        assert held(workspace) == crm.truth()
        assert Generations(workspace.warehouse).verify() == []
        for key, _owner, _amount, stage, _outcome in crm.truth():
            seen = stages.setdefault(key, [])
            seen += [] if seen[-1:] == [stage] else [stage]

    (tmp_path / "once" / "warehouse").mkdir(parents=True)
    once = opened(tmp_path / "once")
    crm.connected(once, "once")
    _refreshed(once, "once", AT + datetime.timedelta(hours=STEPS))

    for table in TABLES.keys() - RICHER - {"people"}:
        assert _rows(workspace, table) == _rows(once, table), table
    assert set(_rows(once, "people")) <= set(_rows(workspace, "people"))
    lines = query(workspace, 'SELECT deal_id, stage FROM stage_changes ORDER BY "at"')
    for key, seen in stages.items():
        told = [stage for deal, stage in lines if deal == key]
        kept = [one for n, one in enumerate(told) if told[n - 1 : n] != [one]]
        assert kept == (seen if len(seen) > 1 or kept else []), key


def _changed(crm: Crm, chance: random.Random, at: datetime.datetime) -> bool:
    """Change, add and delete some deals; return whether one is gone."""
    now, gone = f"{at:%Y-%m-%d %H:%M:%S}", False
    for _ in range(chance.randrange(4)):
        deal = chance.choice(crm.truth())[0]
        match chance.choice(["move", "amount", "owner", "close", "new", "delete"]):
            case "move":
                _set(crm, deal, now, "etape", chance.choice(STAGES))
            case "amount":
                _set(crm, deal, now, "montant", chance.randrange(1, 9000))
            case "owner":
                _set(crm, deal, now, "proprietaire", chance.choice(OWNERS))
            case "close":
                _set(crm, deal, now, "issue", chance.choice(["won", "lost"]))
                _set(crm, deal, now, "clos", now[:10])
            case "new":
                key = f"N{at:%H}{chance.randrange(10**6):06d}"
                crm.do(
                    "INSERT INTO affaires VALUES (?, ?, ?, ?, ?, ?, NULL, 'open', ?)",
                    *(key, "Neuve", chance.choice(OWNERS), 50, STAGES[0]),
                    *(now[:10], now),
                )
            case "delete":
                crm.do("DELETE FROM affaires WHERE id = ?", deal)
                gone = True
    return gone


def _set(crm: Crm, deal: object, now: str, column: str, value: object) -> None:
    crm.do(f"UPDATE affaires SET {column} = ?, maj = ? WHERE id = ?", value, now, deal)


def _refreshed(
    workspace: Workspace, name: str, at: datetime.datetime, *, sweep: bool = False
) -> None:
    done = runs.refresh(
        workspace,
        name,
        actor=OPERATOR,
        clock=lambda: at,
        on=ON,
        sweep=sweep,
        force=sweep,
    )
    assert done.state == RunState.DONE


def _fails_and_changes_nothing(
    workspace: Workspace, crm: Crm, at: datetime.datetime
) -> None:
    before, aside = held(workspace), crm.path.with_suffix(".away")
    crm.path.rename(aside)
    done = runs.refresh(workspace, "crm", actor=OPERATOR, clock=lambda: at, on=ON)
    aside.rename(crm.path)
    assert done.state != RunState.DONE
    assert held(workspace) == before


def _rows(workspace: Workspace, table: str) -> list[tuple[object, ...]]:
    names = [one.name for one in TABLES[table].columns]
    told = {one.name for one in PROVENANCE}
    cells = ", ".join(f'"{name}"' for name in names if name not in told)
    return query(workspace, f'SELECT {cells} FROM "{table}" ORDER BY ALL')
