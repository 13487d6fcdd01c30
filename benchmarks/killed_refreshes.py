"""Refreshes killed with -9 at random: what readers see, what the next run gives.

python -m benchmarks.killed_refreshes [KILLS [SEED [SECONDS]]]

A simulated HubSpot changes between runs. Each round starts a refresh in a process of
its own, kills it, then refreshes to the end: the warehouse must hold what the CRM
holds. Another process reads all along. This one opens nothing, since it forks.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.simulators.server import Asked, Reply, Simulator, served
from tests.simulators.world import small

DEALS, CHANGES = 400, 12
READ = (
    "SELECT (SELECT count(*) FROM deals), "
    "(SELECT row_count FROM generation WHERE table_name = 'deals')"
)
HELD = "SELECT deal_id, name, amount, owner_id, account_id, stage, outcome FROM deals"
TWICE = (
    "SELECT count(*) FROM (SELECT 1 FROM stage_changes "
    'GROUP BY deal_id, "at" HAVING count(*) > 1)'
)


def main() -> int:
    """Print what happened, as JSON; 1 where anything went wrong."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 20261123
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else float("inf")
    with tempfile.TemporaryDirectory() as room:
        found = killed(Path(room), kills, seed, seconds)
    print(json.dumps(found))
    well = found["readers_failed"] + found["wrong_after"] + found["runs_failed"] == 0
    return 0 if well and found["struck"] else 1


def killed(
    room: Path, kills: int, seed: int, seconds: float = float("inf")
) -> dict[str, Any]:
    """Kill that many refreshes, or for so long; return what came of it."""
    chance, folder = random.Random(seed), room / "workspace"
    _set_up(folder)
    crm = _child(lambda: _serve(room, seed))
    url = _told(room / "url")
    assert _ended(_child(lambda: _connect(folder, url))) == 0
    assert _ended(_child(lambda: _refresh(folder))) == 0
    began = time.monotonic()
    _ask(url, "/change")
    assert _ended(_child(lambda: _refresh(folder))) == 0
    whole = time.monotonic() - began
    reader = _child(lambda: _read(folder, room / "stop"))
    rounds = struck = wrong = failed = 0
    until = time.monotonic() + seconds
    while struck < kills and rounds < 5 * kills and time.monotonic() < until:
        rounds += 1
        _ask(url, "/change")
        victim = _child(lambda: _refresh(folder))
        time.sleep(chance.uniform(0, whole))
        os.kill(victim, signal.SIGKILL)
        struck += os.waitstatus_to_exitcode(os.waitpid(victim, 0)[1]) < 0
        failed += _ended(_child(lambda: _refresh(folder))) != 0
        truth = _ask(url, "/truth")
        wrong += _ended(_child(lambda told=truth: _compare(folder, told))) != 0
    (room / "stop").touch()
    readers = int(_ended(reader) != 0)
    os.kill(crm, signal.SIGKILL)
    os.waitpid(crm, 0)
    return {
        "rounds": rounds,
        "struck": struck,
        "readers_failed": readers,
        "reads": int(_told(room / "stop.reads")),
        "runs_failed": failed,
        "wrong_after": wrong,
        "deals": DEALS,
        "seconds": round(time.monotonic() - began),
    }


def _set_up(folder: Path) -> None:
    (folder / "warehouse").mkdir(parents=True)
    os.environ |= {
        "JALON_WORKSPACE": str(folder),
        "JALON_PRIVATE_HOSTS": "127.0.0.1",
        "DJANGO_SETTINGS_MODULE": "jalon.config.settings",
    }
    import django  # noqa: PLC0415 - the workspace is named first

    django.setup()
    for name in ("jalon.usecases.runs", "tests.connectors.sources", "pandas"):
        import_module(name)  # so that what is killed is a refresh, not its imports


def _child(work: Callable[[], None]) -> int:
    """Do something in a process of its own; it ends with 1 where it raised."""
    made = os.fork()
    if made:
        return made
    try:
        work()
    except BaseException as error:  # noqa: BLE001 - told by the exit status
        print(repr(error), file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


def _ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _told(path: Path) -> str:
    """Wait for a file that another process leaves whole."""
    for _ in range(6000):
        if path.exists():
            return path.read_text("utf-8")
        time.sleep(0.01)
    raise TimeoutError(path)


def _leave(path: Path, text: str) -> None:
    aside = path.with_suffix(".tmp")
    aside.write_text(text, "utf-8")
    aside.rename(path)


def _serve(room: Path, seed: int) -> None:
    """Be the CRM; its own door tells the truth and has people work."""
    from tests.simulators.hubspot import HubSpotSimulator  # noqa: PLC0415

    world, rng = small(seed, DEALS), random.Random(seed)
    simulator = HubSpotSimulator(world)

    def change(_asked: Asked) -> Reply:
        for _ in range(CHANGES):
            world.anything(rng)
        return Reply(data={})

    def truth(_asked: Asked) -> Reply:
        rows = [[id_, *map(str, row)] for id_, row in world.truth().items()]
        return Reply(data=rows)

    simulator.route("GET", "/change", change)
    simulator.route("GET", "/truth", truth)
    with served(simulator) as url:
        _leave(room / "url", url)
        while True:
            time.sleep(60)


def _ask(url: str, path: str) -> Any:  # noqa: ANN401 - JSON
    key = {"Authorization": f"Bearer {Simulator.key}"}
    asked = urllib.request.Request(url + path, headers=key)  # noqa: S310 - loopback
    with urllib.request.urlopen(asked) as told:  # noqa: S310 - loopback
        return json.loads(told.read())


def _connect(folder: Path, url: str) -> None:
    from jalon.records.sources import ConnectedSource  # noqa: PLC0415
    from jalon.usecases.prepare_database import prepare_database  # noqa: PLC0415
    from jalon.workspace.folder import opened  # noqa: PLC0415

    prepare_database(opened(folder))
    ConnectedSource.objects.create(
        name="crm",
        kind="hubspot",
        settings={"url": url, "key": Simulator.key},
        made_at=_now(),
        made_by="benchmark",
    )


def _refresh(folder: Path) -> None:
    """Refresh as `jalon sources refresh` does, impatiently."""
    from jalon.connectors.hubspot.source import HubSpot  # noqa: PLC0415
    from jalon.usecases import refresh, runs  # noqa: PLC0415
    from jalon.usecases.acting import OPERATOR  # noqa: PLC0415
    from jalon.workspace.folder import opened  # noqa: PLC0415
    from tests.connectors.sources import HASTY  # noqa: PLC0415

    refresh.source_of = lambda _kind: HubSpot(HASTY)  # type: ignore[assignment]
    done = runs.refresh(
        opened(folder), "crm", actor=OPERATOR, clock=_now, on=_now().date()
    )
    if done.state != "done":
        raise RuntimeError(done.fault)


def _read(folder: Path, stop: Path) -> None:
    """Read until told: each snapshot holds as many deals as it says."""
    from jalon.warehouse.generations import Generations  # noqa: PLC0415

    generations, reads = Generations(folder / "warehouse"), 0
    while not stop.exists():
        deals, recorded = generations.reader().execute(READ).fetchall()[0]
        if deals != recorded or not deals:
            raise RuntimeError((deals, recorded))
        reads += 1
        time.sleep(0.005)
    _leave(stop.with_suffix(".reads"), str(reads))


def _compare(folder: Path, truth: list[list[str]]) -> None:
    from jalon.warehouse.generations import Generations  # noqa: PLC0415

    reader = Generations(folder / "warehouse").reader()
    held = {
        (row[0], row[1], Decimal(row[2]), *row[3:])
        for row in reader.execute(HELD).fetchall()
    }
    true = {(row[0], row[1], Decimal(row[2]), *row[3:]) for row in truth}
    ((twice,),) = reader.execute(TWICE).fetchall()
    if held != true or twice:
        raise RuntimeError((len(held - true), len(true - held), twice))


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - a door


if __name__ == "__main__":
    sys.exit(main())
