"""Whether somebody may be told now, by their own quiet hours."""

from __future__ import annotations

import datetime
from dataclasses import replace

from jalon.notifications.quiet import EACH, Hours, due
from jalon.records.accounts import User
from jalon.records.notice_rows import Wishes, wishes_in


def hours_of(wishes: Wishes) -> Hours:
    """Return the rhythm and the quiet hours of wishes."""
    return Hours(
        rhythm=wishes.rhythm,
        digest_at=wishes.digest_at,
        quiet_from=wishes.quiet_from,
        quiet_to=wishes.quiet_to,
        quiet_weekends=wishes.quiet_weekends,
    )


def awake(wishes: Wishes, moment: datetime.datetime) -> datetime.datetime:
    """Return the first moment from this one outside quiet hours, whatever the rhythm.

    Moments are in the company's time zone.
    """
    return due(replace(hours_of(wishes), rhythm=EACH), moment)


def may_hear(user: User, local: datetime.datetime) -> bool:
    """Return whether somebody may be told at a moment of the company's time zone."""
    return awake(wishes_in(user), local) == local
