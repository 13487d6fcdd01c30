"""The only clock of the pages: today in the company's time zone, or `JALON_TODAY`."""

from __future__ import annotations

import datetime
import os
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from jalon.workspace.folder import Workspace


def today() -> datetime.date:
    """Return the day the pages are read on."""
    if named := os.environ.get("JALON_TODAY"):
        return datetime.date.fromisoformat(named)
    zone = ZoneInfo(workspace().settings.timezone)
    return timezone.now().astimezone(zone).date()


def workspace() -> Workspace:
    """Return the workspace the pages serve."""
    found: Workspace = settings.WORKSPACE
    return found
