"""How an account wants to be told of alerts, and what was sent to it."""

from __future__ import annotations

from dataclasses import dataclass

from jalon.records import notice_rows
from jalon.records.notice_rows import Logged, Wishes

__all__ = ["Notices", "Wishes", "notices"]


@dataclass(frozen=True, slots=True)
class Notices:
    """The wishes of an account and the log of what was sent to it."""

    wishes: Wishes
    log: tuple[Logged, ...]


def notices(user: int) -> Notices:
    """Return the wishes and the last deliveries of an account."""
    return Notices(notice_rows.wishes_of(user), notice_rows.log_of(user))
