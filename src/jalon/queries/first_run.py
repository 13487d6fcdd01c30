"""How far the first run got, and whether anybody can log in yet."""

from __future__ import annotations

from jalon.records.accounts import User
from jalon.records.uploads import FirstRun

STEPS = ("company", "data", "people", "objectives")


def nobody_has_an_account() -> bool:
    """Return whether the workspace is fresh: nobody could log in."""
    return not User.objects.exists()


def next_step() -> str:
    """Return the step to take up again, "" once the first run is over or never was."""
    found = FirstRun.objects.order_by("-pk").first()
    return found.step if found else ""
