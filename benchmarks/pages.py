"""Promise: a page costs the server less than 100 ms, whatever the number of rows.

`python -m benchmarks.pages` makes the sample company × 40 (a thousand salespeople),
gives each person who sells a target of their own, evaluates them, then reads every page
as its three readers do, through Django's test client: the whole server side, from the
address to the last byte of the answer. Printed for each page: the 95th percentile and
the middle by the clock and of processor time, the queries to the database, the size as
it is and compressed as it is sent; `--keep` writes `benchmarks/results/pages.json` too.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

ON = date(2026, 11, 20)
GOAL_MS = 100
RESULTS = Path("benchmarks/results/pages.json")
JALON = [sys.executable, "-c", "from jalon.cli.main import main; main()"]
PAGES = {
    "my objectives": "/",
    "objectives": "/objectives/",
    "objectives, all": "/objectives/?when=all",
    "an objective": "/objectives/{objective}/",
    "its rows": "/objectives/{objective}/explain/",
    "its plan": "/objectives/{objective}/plan/",
    "its gap": "/objectives/{objective}/gap/",
    "its field": "/objectives/{objective}/field/",
    "its re-target": "/objectives/{objective}/retarget/",
    "new objective": "/new-objective/",
    "models": "/models/",
    "direction": "/direction/",
    "team": "/team/",
    "team, company": "/team/?team=company",
    "pacing": "/pacing/",
    "balance": "/balance/",
    "cascade": "/cascade/",
    "planning": "/planning/",
    "territories": "/territories/",
    "weekly": "/weekly/",
    "funnel": "/funnel/",
    "coaching": "/coaching/{person}/",
    "evidence": "/evidence/{person}/",
    "forecast": "/forecast/",
    "alerts": "/alerts/",
    "notifications": "/notifications/",
    "check-in": "/check-in/",
    "team check-ins": "/check-in/team/",
    "themes": "/themes/",
    "wall": "/wall/",
    "words": "/wall/words/",
    "reviews": "/reviews/",
    "learnings": "/learnings/",
    "surveys": "/surveys/",
    "pay": "/pay/",
    "pay plans": "/pay/plans/",
    "people": "/people/",
    "a person": "/people/of/{person}/",
    "accounts": "/accounts/",
    "account": "/account/",
    "settings": "/settings/",
    "journal": "/journal/",
    "search": "/search/?q=cl",
    "explorer": "/explorer/",
    "data": "/data/",
    "quarantine": "/data/quarantine/",
    "quality": "/data/quality/",
    "adoption": "/data/adoption/",
    "sources": "/data/sources/",
    "catalogue": "/kpis/",
    "a KPI": "/kpis/win_rate/",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What one page cost: milliseconds, queries to the database, bytes sent."""

    page: str
    role: str
    p95: float
    middle: float
    cpu: float
    queries: int
    kib: float
    sent_kib: float
    status: int


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages")
    parser.add_argument("--folder", type=Path, help="where the company is kept")
    parser.add_argument("--scale", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--only", default="", help="pages whose name holds this")
    parser.add_argument("--keep", action="store_true", help=f"write {RESULTS}")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as aside:
        made(chosen.folder or Path(aside) / "company", chosen.scale)
        found = measured(chosen.rounds, only=chosen.only)
    print("\n".join(table(found)))
    if chosen.keep:
        rows = [asdict(one) for one in found]
        RESULTS.write_text(json.dumps(rows, indent=1), "utf-8")
    slow = [one for one in found if one.p95 >= GOAL_MS]
    if slow:
        sys.exit(f"{len(slow)} readings are not under {GOAL_MS} ms.")


def made(place: Path, scale: int) -> Path:
    """Return the folder of the sample company, made where there is none.

    This process is Django's on that company from then on.
    """
    folder = place.resolve()
    if not (folder / "demo.json").exists():
        _made(folder, scale)
    _ready(folder)
    return folder


def _made(folder: Path, scale: int) -> None:
    """Make the sample company in a process of its own."""
    asked = ["demo", str(folder), "--scale", str(scale), "--no-serve"]
    command = [*JALON, *asked, "--on", ON.isoformat()]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _ready(folder: Path) -> None:
    """Make Django ready on the company, each person of it with a target."""
    os.environ |= {
        "JALON_WORKSPACE": str(folder),
        "JALON_TODAY": ON.isoformat(),
        "DJANGO_SETTINGS_MODULE": "jalon.config.settings",
        "JALON_HOSTS": "testserver",
    }
    import django  # noqa: PLC0415 - once the workspace is known

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    _each_with_a_target(folder)


def _each_with_a_target(folder: Path) -> None:
    from jalon.queries.organisation import people_of  # noqa: PLC0415
    from jalon.records import objective_rows  # noqa: PLC0415
    from jalon.usecases.evaluate import evaluate  # noqa: PLC0415
    from jalon.workspace.folder import opened  # noqa: PLC0415

    workspace = opened(folder)
    known = objective_rows.load()
    example = next(
        one
        for one in known.values()
        if one.owner.startswith("person:") and one.period.first <= ON < one.period.after
    )
    lacking = [
        replace(example, id=name, owner=f"person:{person.person_id}", actions=())
        for person in people_of(workspace, on=ON)
        if (name := f"bench-{person.person_id}") not in known
    ]
    if lacking:
        objective_rows.save(lacking)
        evaluate(workspace, on=ON)


def measured(rounds: int, *, only: str = "") -> list[Reading]:
    """Return what each page costs each of its readers."""
    from django.test import Client  # noqa: PLC0415

    from jalon.records.models import User  # noqa: PLC0415
    from jalon.records.objectives import Objective  # noqa: PLC0415

    found = []
    example = (
        Objective.objects.filter(owner="company", first__lte=ON, after__gt=ON)
        .order_by("id")
        .values_list("id", flat=True)[0]
    )
    person = (
        Objective.objects.filter(owner__startswith="person:")
        .order_by("owner")
        .values_list("owner", flat=True)[0]
        .removeprefix("person:")
    )
    for user in User.objects.order_by("id"):
        if user.email.startswith("bench"):
            continue
        client = Client()
        client.force_login(user)
        for name, address in PAGES.items():
            if only in name:
                asked = address.format(objective=example, person=person)
                found.append(_read(client, str(user.role), name, asked, rounds))
    return found


def _read(client: Any, role: str, name: str, address: str, rounds: int) -> Reading:  # noqa: ANN401 - Django's client
    from django.db import connection  # noqa: PLC0415

    queries: list[str] = []

    def noted(execute: Any, sql: str, *rest: Any) -> Any:  # noqa: ANN401 - Django's
        queries.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(noted):
        answer = client.get(address)
    walls, cpus = [], []
    for _ in range(rounds if answer.status_code == 200 else 1):
        wall, cpu = time.perf_counter(), time.process_time()
        client.get(address)
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    walls.sort()
    return Reading(
        page=name,
        role=role,
        p95=walls[max(0, round(len(walls) * 0.95) - 1)],
        middle=statistics.median(walls),
        cpu=statistics.median(cpus),
        queries=len(queries),
        kib=len(answer.content) / 1024,
        sent_kib=len(gzip.compress(answer.content, 6)) / 1024,
        status=answer.status_code,
    )


def table(found: list[Reading]) -> list[str]:
    """Return the readings as lines of a Markdown table."""
    return [
        "| page | reader | p95, ms | middle, ms | CPU, ms | queries | KiB | sent | |",
        "| --- | --- | --: | --: | --: | --: | --: | --: | --: |",
        *(
            f"| {one.page} | {one.role} | {one.p95:.0f} | {one.middle:.0f} "
            f"| {one.cpu:.0f} | {one.queries} | {one.kib:.0f} | {one.sent_kib:.0f} "
            f"| {one.status} |"
            for one in found
        ),
    ]


if __name__ == "__main__":
    main()
