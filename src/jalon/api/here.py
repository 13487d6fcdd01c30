"""The clock and the workspace of the API, as the pages have theirs."""

from __future__ import annotations

import datetime
import os
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from jalon.workspace.folder import Workspace, opened


def workspace() -> Workspace:
    """Return the workspace served, its settings as they are now."""
    given: Workspace = settings.WORKSPACE
    return opened(given.folder)


def now() -> datetime.datetime:
    """Return the moment it is."""
    return timezone.now()


def today(of: Workspace) -> datetime.date:
    """Return the day answers are given as of: the company's, or `JALON_TODAY`."""
    if named := os.environ.get("JALON_TODAY"):
        return datetime.date.fromisoformat(named)
    return now().astimezone(ZoneInfo(of.settings.timezone)).date()
