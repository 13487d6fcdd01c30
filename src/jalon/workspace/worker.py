"""Who is at work in a folder, and how far they are.

A worker holds the lock of its folder as long as it lives: the system frees it with the
process, however it ended, so that a state "at work" without a held lock means that the
work was interrupted. The file descriptor may be handed on to a child.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

LOCK, PROGRESS = "worker.lock", "progress.json"
PAUSE = 0.02  # seconds between two tries


@dataclass(frozen=True, slots=True)
class Progress:
    """What a worker is at: a code of `import.step.*`, a name, the share done."""

    step: str = "reading"
    name: str = ""
    share: float = 0.0


def hold(folder: Path) -> int | None:
    """Take the lock of a folder; return its descriptor, None where it is held."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def hold_soon(folder: Path, *, within: float = 5.0) -> int | None:
    """Take the lock of a folder as `hold`, trying again for some seconds.

    A former worker may be ending; whoever looks (`is_held`) holds it for an instant.
    """
    until = time.monotonic() + within
    descriptor = hold(folder)
    while descriptor is None and time.monotonic() < until:
        time.sleep(PAUSE)
        descriptor = hold(folder)
    return descriptor


def is_held(folder: Path) -> bool:
    """Return whether somebody is at work in the folder."""
    if not (folder / LOCK).exists():
        return False
    descriptor = hold(folder)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


def tell(folder: Path, progress: Progress) -> None:
    """Write how far the work is, in one replacement."""
    told = {"step": progress.step, "name": progress.name, "share": progress.share}
    aside = folder / f"{PROGRESS}.{os.getpid()}"
    aside.write_text(json.dumps(told), "utf-8")
    aside.replace(folder / PROGRESS)


def told(folder: Path) -> Progress:
    """Return how far the work is; at its beginning where nothing was told."""
    try:
        found = json.loads((folder / PROGRESS).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return Progress()
    return Progress(found["step"], found["name"], float(found["share"]))
