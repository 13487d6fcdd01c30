"""People who read, for Locust: a director, a manager, a salesperson, page after page.

`locust -f benchmarks/locustfile.py --host http://127.0.0.1:8000` plays them on a served
workspace made by `jalon demo`. What was met goes to the file that JALON_MET names;
JALON_SESSIONS holds cookies by role, so that no log-in is measured.
"""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

from locust import HttpUser, between, events, task

from benchmarks.readers import OPENED, PEOPLE, logged_in


class Reader(HttpUser):
    """Somebody who logs in, then opens one page after another."""

    abstract = True
    wait_time = between(1.0, 3.0)
    role = ""

    def on_start(self) -> None:
        """Log in, or go on as somebody who has."""
        known = json.loads(os.environ.get("JALON_SESSIONS", "{}")).get(self.role)
        if known:
            self.client.cookies.update(known)
        else:
            logged_in(self.client, *PEOPLE[self.role])

    @task
    def read(self) -> None:
        """Open a page of the role."""
        page = random.choice(OPENED[self.role])
        self.client.get(page, name=f"{self.role} {page}")


class Director(Reader):
    """Reads the whole company."""

    role = "director"


class Manager(Reader):
    """Reads a team."""

    role = "manager"


class Salesperson(Reader):
    """Reads what is theirs."""

    role = "salesperson"


@events.quitting.add_listener
def _written(environment: Any, **_: Any) -> None:  # noqa: ANN401 - Locust's
    """Keep what was met: pages of readers, and all of them together."""
    if not (place := os.environ.get("JALON_MET")):
        return
    stats = environment.stats
    pages = [
        one for one in stats.entries.values() if one.name.startswith(tuple(OPENED))
    ]
    times: dict[int, int] = {}
    for one in pages:
        for took, count in one.response_times.items():
            times[took] = times.get(took, 0) + count
    found = {one.name: _told(one.response_times) for one in pages}
    found["all"] = _told(times)
    Path(place).write_text(json.dumps(found), "utf-8")
    if stats.total.num_failures:
        environment.process_exit_code = 1


def _told(times: dict[int, int]) -> dict[str, float]:
    """Return how many were asked, their middle and 95th percentile, in ms."""
    ranked = sorted(took for took, count in times.items() for _ in range(count))
    last = len(ranked) - 1
    return {
        "asked": len(ranked),
        "p95": ranked[max(0, round(len(ranked) * 0.95) - 1)] if ranked else 0,
        "middle": ranked[last // 2] if ranked else 0,
    }
