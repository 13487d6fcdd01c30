"""The only clock of the pages: today in the company's time zone, or `JALON_TODAY`."""

from __future__ import annotations

import datetime
import os
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from jalon.workspace.folder import Workspace, opened


def today() -> datetime.date:
    """Return the day the pages are read on."""
    if named := os.environ.get("JALON_TODAY"):
        return datetime.date.fromisoformat(named)
    zone = ZoneInfo(workspace().settings.timezone)
    return timezone.now().astimezone(zone).date()


_read: dict[str, tuple[int, Workspace]] = {}


def workspace() -> Workspace:
    """Return the workspace the pages serve, its settings as they are now.

    `jalon.toml` is read again when it changes: the first run writes it, and every
    process must know.
    """
    given: Workspace = settings.WORKSPACE
    path = given.folder / "jalon.toml"
    try:
        stamp = path.stat().st_mtime_ns
    except FileNotFoundError:
        return given
    kept = _read.get(str(path))
    if kept is None or kept[0] != stamp:
        kept = (stamp, opened(given.folder))
        _read[str(path)] = kept
    return kept[1]
