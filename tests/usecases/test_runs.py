"""Runs: due once, claimed once, retried, reaped, asked for from outside."""

from __future__ import annotations

import datetime
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from jalon.connectors.contract import LimitReachedError
from jalon.domain.people.permission import Viewer
from jalon.domain.people.roles import Role
from jalon.records.sources import ConnectedSource, RunState, SourceRun, Why
from jalon.usecases import runs
from jalon.usecases.acting import OPERATOR, Actor
from jalon.usecases.refresh import place_of
from jalon.usecases.sources import (
    UnknownSourceError,
    open_hook,
    schedule,
)
from jalon.workspace import worker
from jalon.workspace.folder import Workspace
from tests.worlds.crm_in_sql import AT, ON, Crm, clock, held

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


def test_a_moment_is_made_due_once(workspace: Workspace, crm: Crm) -> None:
    schedule("crm", 60, actor=OPERATOR, at=AT)

    made = [runs.make_due(at=AT + datetime.timedelta(minutes=n)) for n in (1, 2, 59)]

    assert made == [1, 0, 0]
    assert SourceRun.objects.get().due_at == AT


def test_the_hours_of_the_schedule_neither_repeat_nor_vanish_in_autumn() -> None:
    """2026-10-25 has two 02:30 in Paris; in UTC each moment comes once."""
    start = datetime.datetime(2026, 10, 24, 22, 0, tzinfo=datetime.UTC)
    moments = {
        runs.due_moment(60, at=start + datetime.timedelta(minutes=n))
        for n in range(24 * 60)
    }
    assert len(moments) == 24


def test_a_run_that_fails_for_now_waits_longer_each_time(
    workspace: Workspace, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs.ask("crm", actor=OPERATOR, at=AT)
    crm.path.unlink()
    at, waits = AT, []
    for _ in range(runs.MOST_ATTEMPTS):
        now = at
        done = runs.work_next(workspace, clock=lambda now=now: now, on=ON)
        assert done is not None
        run = SourceRun.objects.get()
        waits.append((run.not_before - at).total_seconds())
        at = run.not_before

    assert run.state == RunState.FAILED
    assert [60 * 2**n <= wait <= 75 * 2**n for n, wait in enumerate(waits[:-1])] == (
        [True] * (runs.MOST_ATTEMPTS - 1)
    )


def test_a_quota_of_the_day_is_not_insisted_upon(
    workspace: Workspace, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise LimitReachedError("The quota of the day is used up.", daily=True)

    monkeypatch.setattr(runs, "read_source", refuse)
    runs.ask("crm", actor=OPERATOR, at=AT)

    runs.work_next(workspace, clock=clock, on=ON)

    assert SourceRun.objects.get().not_before == datetime.datetime(
        2026, 3, 3, 0, 5, tzinfo=datetime.UTC
    )


def test_a_run_whose_process_died_is_put_back_and_one_that_lives_is_left(
    workspace: Workspace, crm: Crm
) -> None:
    runs.ask("crm", actor=OPERATOR, at=AT)
    SourceRun.objects.update(state=RunState.RUNNING, attempts=1)
    lock = worker.hold(place_of(workspace, "crm"))
    assert lock is not None

    alive = runs.reap(workspace, at=AT)
    os.close(lock)
    dead = runs.reap(workspace, at=AT)

    assert (alive, dead) == (0, 1)
    assert SourceRun.objects.get().state == RunState.WAITING


def test_a_run_that_dies_each_time_is_closed(workspace: Workspace, crm: Crm) -> None:
    runs.ask("crm", actor=OPERATOR, at=AT)
    SourceRun.objects.update(state=RunState.RUNNING, attempts=runs.MOST_ATTEMPTS)

    runs.reap(workspace, at=AT)

    assert SourceRun.objects.get().state == RunState.FAILED


def test_asking_twice_waits_once(workspace: Workspace, crm: Crm) -> None:
    first = runs.ask("crm", actor=OPERATOR, at=AT)

    assert runs.ask("crm", actor=OPERATOR, at=AT + HOUR) == first


def test_a_knock_at_the_secret_address_asks_for_a_refresh(
    workspace: Workspace, crm: Crm
) -> None:
    word = open_hook("crm", actor=OPERATOR, at=AT)

    runs.knock("crm", word, at=AT)

    assert SourceRun.objects.get().why == Why.WEBHOOK
    for name, given in (("crm", word + "x"), ("other", word), ("crm", "")):
        with pytest.raises(UnknownSourceError):
            runs.knock(name, given, at=AT)


def test_a_webhook_sent_again_and_again_does_nothing_twice(
    workspace: Workspace, crm: Crm
) -> None:
    """Five at once make one run; one more, once all is read, publishes nothing."""
    word = open_hook("crm", actor=OPERATOR, at=AT)
    moments = [AT - datetime.timedelta(seconds=n) for n in range(5)]

    asked = {runs.knock("crm", word, at=at) for at in moments}
    done = [runs.work_next(workspace, clock=clock, on=ON) for _ in range(3)]
    before = held(workspace)
    runs.knock("crm", word, at=AT + 2 * HOUR)
    again = runs.work_next(workspace, clock=lambda: AT + 3 * HOUR, on=ON)

    assert len(asked) == 1
    assert [one and one.generation for one in done] == ["g00000001", None, None]
    assert again is not None
    assert (again.state, again.generation) == (RunState.DONE, "")
    assert held(workspace) == before == crm.truth()


@pytest.mark.django_db(transaction=True)
def test_several_schedulers_and_workers_do_each_run_once(
    workspace: Workspace, crm: Crm
) -> None:
    schedule("crm", 60, actor=OPERATOR, at=AT)
    made: list[int] = []
    done: list[int] = []

    def turn() -> None:
        try:
            made.append(runs.make_due(at=AT))
            found = runs.work_next(workspace, clock=clock, on=ON)
            done.extend([found.run_id] if found else [])
        finally:
            connection.close()

    threads = [threading.Thread(target=turn) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sum(made) == 1
    assert len(done) == 1
    assert held(workspace) == crm.truth()
