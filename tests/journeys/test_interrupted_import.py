"""A worker killed in the middle of an import: it is said, nothing is half imported."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from tests.journeys.test_first_run import (
    WAIT,
    Newcomer,
    newcomer,
    numbers,
    serve,
    tell_the_company,
    told,
)

pytestmark = pytest.mark.browser
__all__ = ["newcomer", "serve"]
ROWS, MIDWAY = 120_000, 1.0  # seconds after the worker is born


def workers(key: str) -> set[int]:
    """Return the processes that work on an upload."""
    found = set()
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it is gone
            words = place.read_bytes().split(b"\0")
            if b"jalon.jobs.imports" in words and key.encode() in words:
                found.add(int(place.parent.name))
    return found


class Killer(Thread):
    """Kills the next process that works on an upload, a moment after it is born.

    The one that recognised the files may still be ending: it is not meant.
    """

    def __init__(self, key: str) -> None:
        super().__init__(daemon=True)
        self.struck = False
        self._key, self._former = key, workers(key)

    def run(self) -> None:
        end = time.monotonic() + 60
        while not self.struck and time.monotonic() < end:
            for one in workers(self._key) - self._former:
                time.sleep(MIDWAY)
                with suppress(OSError):
                    os.kill(one, signal.SIGKILL)
                    self.struck = True
            time.sleep(0.01)


def test_a_killed_import_is_said_and_started_again(
    newcomer: Callable[..., Newcomer], tmp_path: Path
) -> None:
    if not Path("/proc/self/cmdline").exists():
        pytest.skip("needs /proc to find the worker")
    file = tmp_path / "affaires.csv"
    with file.open("w", encoding="utf-8") as out:
        out.write("N° affaire;Commercial;Étape;Montant;Créée le;Date de clôture\n")
        out.writelines(
            f"{rank};Bob;Gagnée;{rank % 900};2025-01-02;2025-02-20\n"
            for rank in range(ROWS)
        )
    who = newcomer("2025-06-16")
    tell_the_company(who, "La petite entreprise")
    who.give([file])
    who.click("main form.panel button[type=submit]")
    who.page.wait_for_selector("#checking", timeout=WAIT)
    key = who.page.url.rstrip("/").rpartition("/")[2]

    killer = Killer(key)
    killer.start()
    who.click("#checking .head button")
    killer.join()

    assert killer.struck
    who.page.wait_for_selector("text=Le travail a été interrompu", timeout=WAIT)
    assert not (tmp_path / "company" / "warehouse" / "CURRENT").exists()
    who.readable()
    who.click("text=Recommencer")
    assert "Import de vos fichiers" in told(who, "main")
    who.page.reload()
    who.page.wait_for_selector(".sum-line", timeout=WAIT)
    assert numbers(who) == [ROWS, ROWS, 0, 0]
