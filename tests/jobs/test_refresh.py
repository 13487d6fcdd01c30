"""Refreshing a source: what changed, once; nothing where it fails; nothing rewritten."""

from __future__ import annotations

import datetime
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from jalon.connectors.contract import UnreachableError
from jalon.domain.people.permission import Viewer
from jalon.domain.people.roles import Role
from jalon.records.audit import AuditLine
from jalon.records.sources import ConnectedSource, RunState, SourceRun
from jalon.usecases import runs
from jalon.usecases.acting import OPERATOR, Actor, ForbiddenError
from jalon.usecases.sources import (
    Given,
    UnableToConnectError,
    choose,
    connect,
    disconnect,
)
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace, opened
from jalon.workspace.vault import KeyLostError, key_file, unsealed
from tests.worlds.crm_in_sql import AT, ON, PASSWORD, Crm, clock, held, query

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
CHARLIE = Actor(Viewer(Role.SALESPERSON, person_id="charlie"), "charlie@exemple.fr")


@pytest.fixture
def crm(tmp_path: Path, workspace: Workspace) -> Crm:
    found = Crm(tmp_path / "crm")
    found.connected(workspace)
    return found


def refreshed(workspace: Workspace, **asked: Any) -> runs.Done:
    at = asked.pop("at", AT)
    return runs.refresh(
        workspace, "crm", actor=OPERATOR, clock=lambda: at, on=ON, **asked
    )


def state() -> Any:
    return ConnectedSource.objects.get(name="crm").state


# --- what a refresh brings


def test_the_first_refresh_brings_every_row_and_the_next_one_none(
    workspace: Workspace, crm: Crm
) -> None:
    first, again = refreshed(workspace), refreshed(workspace, at=AT + HOUR)

    assert held(workspace) == crm.truth()
    assert first.counts["accepted"] == 12
    assert (again.generation, again.state) == ("", RunState.DONE)


def test_changes_come_alone_late_ones_too_and_their_history_is_never_rewritten(
    workspace: Workspace, crm: Crm
) -> None:
    refreshed(workspace)
    crm.do(
        "UPDATE affaires SET etape = 'Proposition', montant = 9, "
        "maj = '2026-03-02 09:30:00' WHERE id = 'D000'"
    )
    first = refreshed(workspace, at=AT + HOUR)
    crm.do("UPDATE affaires SET etape = 'Négociation' WHERE id = 'D000'")
    crm.do(  # committed after the last refresh, with a moment before it
        "INSERT INTO affaires SELECT 'LATE', nom, proprietaire, montant, etape, cree, "
        "clos, issue, '2026-03-02 09:21:00' FROM affaires WHERE id = 'D000'"
    )

    second = refreshed(workspace, at=AT + 2 * HOUR)

    assert held(workspace) == crm.truth()
    assert (first.counts["accepted"], second.counts["accepted"]) == (1, 2)
    lines = query(
        workspace,
        "SELECT deal_id, stage, CAST(amount AS INTEGER), origin FROM stage_changes "
        'ORDER BY deal_id, "at"',
    )
    assert lines == [
        ("D000", "Qualification", 1000, "inferred"),
        ("D000", "Proposition", 9, "inferred"),
        ("D000", "Négociation", 9, "inferred"),
    ]


def test_a_sweep_removes_what_is_deleted_unless_it_is_too_much(
    workspace: Workspace, tmp_path: Path
) -> None:
    crm = Crm(tmp_path / "wide", deals=40)
    crm.connected(workspace)
    first = refreshed(workspace)
    crm.do("DELETE FROM affaires WHERE id > 'D029'")

    without = refreshed(workspace, at=AT + HOUR)
    refused = refreshed(workspace, at=AT + HOUR * 1.5, sweep=True)

    assert without.counts.get("removed", 0) == 0

    assert refused.state == RunState.FAILED
    assert refused.fault is not None
    assert refused.fault["parameters"]["gone"] == "10"
    assert Generations(workspace.warehouse).current() == first.generation
    forced = refreshed(workspace, at=AT + 2 * HOUR, sweep=True, force=True)
    assert forced.counts["removed"] == 10
    assert held(workspace) == crm.truth()


def test_a_run_that_fails_changes_nothing_and_says_why(
    workspace: Workspace, crm: Crm
) -> None:
    first, before = refreshed(workspace), state()
    crm.do("ALTER TABLE affaires RENAME TO autres")

    failed = refreshed(workspace, at=AT + HOUR)

    assert failed.state == RunState.FAILED
    assert failed.fault is not None
    assert "affaires" in str(failed.fault["parameters"]["why"])
    assert Generations(workspace.warehouse).current() == first.generation
    assert state() == before
    assert AuditLine.objects.filter(verb="fail_refresh", key="crm").count() == 1
    assert held(workspace)

    choose("crm", stages={"x": "won"}, fields={}, actor=OPERATOR, at=AT)
    assert state() == {}, "other choices have everything read again"
    disconnect(workspace, "crm", actor=OPERATOR, at=AT)
    assert len(held(workspace)) == 12, "what a source brought stays"
    assert not SourceRun.objects.exists()


# --- keys


def test_a_secret_is_sealed_and_in_no_line(workspace: Workspace, crm: Crm) -> None:
    kept = ConnectedSource.objects.get(name="crm")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM records_connectedsource")
        row = str(cursor.fetchall())
    lines = str(list(AuditLine.objects.order_by("pk").values()))

    assert PASSWORD not in row + lines
    assert unsealed(workspace, kept.secrets)["password"] == PASSWORD
    assert stat.S_IMODE(key_file(workspace).stat().st_mode) == 0o600


def test_a_secret_left_empty_stays(workspace: Workspace, crm: Crm) -> None:
    given = Given("sql", "crm", crm.settings() | {"password": ""})

    connect(workspace, given, actor=OPERATOR, at=AT)

    kept = ConnectedSource.objects.get(name="crm")
    assert unsealed(workspace, kept.secrets)["password"] == PASSWORD


def test_without_its_key_a_source_says_so(workspace: Workspace, crm: Crm) -> None:
    key_file(workspace).unlink()

    failed = refreshed(workspace)

    assert failed.fault is not None
    assert failed.fault["parameters"] == {"file": "sources.key"}
    with pytest.raises(KeyLostError):
        unsealed(workspace, ConnectedSource.objects.get(name="crm").secrets)


@pytest.mark.parametrize(
    ("kind", "name", "settings", "said"),
    [
        pytest.param("sql", "Mon CRM", {}, "no name", id="a name with a space"),
        pytest.param("sql", "crm2", {}, "needs url", id="a setting missing"),
        pytest.param("sql", "crm2", {"key": "1"}, "no setting key", id="unknown one"),
        pytest.param("folder", "f", {"path": "/no"}, "not a folder", id="no folder"),
    ],
)
def test_what_makes_no_source_is_refused_in_words(
    workspace: Workspace, kind: str, name: str, settings: dict[str, str], said: str
) -> None:
    with pytest.raises((UnableToConnectError, UnreachableError), match=said):
        connect(workspace, Given(kind, name, settings), actor=OPERATOR, at=AT)
    assert not ConnectedSource.objects.exists()


def test_only_whoever_may_connects_or_refreshes(workspace: Workspace, crm: Crm) -> None:
    with pytest.raises(ForbiddenError):
        connect(workspace, Given("sql", "x", {}), actor=CHARLIE, at=AT)
    with pytest.raises(ForbiddenError):
        runs.refresh(workspace, "crm", actor=CHARLIE, clock=clock, on=ON)
    with pytest.raises(ForbiddenError):
        disconnect(workspace, "crm", actor=CHARLIE, at=AT)


# --- killed


def test_a_refresh_killed_midway_ends_right_the_next_time(tmp_path: Path) -> None:
    """Real processes on a workspace of their own; `benchmarks/` kills 200 of them."""
    folder, crm = tmp_path / "killed", Crm(tmp_path / "crm", deals=400)
    place = {**os.environ, "JALON_WORKSPACE": str(folder), "DATABASE_URL": ""}
    settings = [f"{name}={value}" for name, value in crm.settings().items()]

    def jalon(*words: str) -> subprocess.Popen[bytes]:
        code = f"from jalon.cli.main import main; main({list(words)!r})"
        return subprocess.Popen([sys.executable, "-c", code], env=place)

    folder.mkdir()
    with jalon("sources", "add", "sql", "crm", *settings) as adding:
        assert adding.wait() == 0
    with jalon("sources", "refresh", "crm") as killed:
        while killed.poll() is None and not list(folder.rglob("*.building")):
            time.sleep(0.005)
        killed.send_signal(signal.SIGKILL)
    crm.do("UPDATE affaires SET etape = 'Signature' WHERE id < 'D050'")
    with jalon("sources", "refresh", "crm") as last:
        assert last.wait() == 0

    assert held(opened(folder)) == crm.truth()
    assert not list(folder.rglob("*.building"))
