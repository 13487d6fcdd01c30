"""How an account wants to be told, and what was sent to it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from jalon.domain.people.permission import Act, Viewer, within
from jalon.queries.alerts import AlertLine, told
from jalon.queries.owners import owner_names
from jalon.records import alert_rows, notice_rows
from jalon.records.notice_rows import (
    LATE,
    MAIL,
    REMINDER,
    TARGET,
    TRY,
    Logged,
    Wishes,
)
from jalon.records.surveys import Digest
from jalon.records.weekly import WeeklyMail
from jalon.workspace.folder import Workspace

__all__ = ["LATE", "REMINDER", "TARGET", "TRY", "Notices", "Wishes", "notices"]
MOST = 30
ALERT, WEEK, TEAM = "alert", "week", "team"
SENT, FAILED = "sent", "failed"
NONE = "none"  # nothing to say that week, or the address took none
AGAIN = frozenset({FAILED, "sending"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One message of the log: an alert, a week, a target, a point due, a late source.

    `about` is what a message without an alert speaks of (records/notices.py). `alert`
    is None where the reader may not see it any more; `again` is the delivery that may
    be sent once more, 0 where there is none.
    """

    kind: str
    at: datetime.datetime
    way: str
    state: str
    tries: int = 0
    reason: str = ""
    alert: AlertLine | None = None
    about: str = ""
    week: str = ""
    team: str = ""
    again: int = 0


@dataclass(frozen=True, slots=True)
class Notices:
    """The wishes of an account and the log of what was sent to it, newest first."""

    wishes: Wishes
    log: tuple[Entry, ...]


def notices(
    workspace: Workspace, user: int, *, viewer: Viewer, on: datetime.date
) -> Notices:
    """Return the wishes and the last deliveries of an account."""
    log = [
        *_alerts(workspace, user, viewer, on),
        *_weeks(user),
        *_teams(workspace, user, on),
        *_messages(user),
    ]
    log.sort(key=lambda one: one.at, reverse=True)
    return Notices(notice_rows.wishes_of(user), tuple(log[:MOST]))


def _alerts(
    workspace: Workspace, user: int, viewer: Viewer, on: datetime.date
) -> Iterator[Entry]:
    log = notice_rows.log_of(user, most=MOST)
    seen = within(viewer, Act.SEE_ALERTS)
    kept = alert_rows.some(seen, ids={one.alert for one in log}) if log else ()
    lines = {one.id: one for one in told(workspace, kept, on=on)}
    for one in log:
        yield _alert(one, lines.get(one.alert))


def _alert(one: Logged, line: AlertLine | None) -> Entry:
    return Entry(
        kind=ALERT,
        at=one.sent_at or one.due_at,
        way=one.label,
        state=one.state,
        tries=one.tries,
        reason=one.reason,
        alert=line,
        again=one.id if one.state in AGAIN and line else 0,
    )


def _weeks(user: int) -> Iterator[Entry]:
    for one in Digest.objects.filter(user_id=user).order_by("-at")[:MOST]:
        yield _mailed(WEEK, one.at, one.week, unsent=one.unsent)


def _teams(workspace: Workspace, user: int, on: datetime.date) -> Iterator[Entry]:
    rows = list(WeeklyMail.objects.filter(user_id=user).order_by("-at")[:MOST])
    names = owner_names(workspace, on=on) if rows else {}
    for one in rows:
        team = names.get(one.team, one.team)
        yield _mailed(TEAM, one.at, one.week, unsent=one.unsent, team=team)


def _messages(user: int) -> Iterator[Entry]:
    for one in notice_rows.messages_of(user, most=MOST):
        yield Entry(
            kind=one.kind,
            at=one.at,
            way=one.way,
            state=one.state,
            reason=one.reason,
            about=one.about,
        )


def _mailed(
    kind: str, at: datetime.datetime, week: str, *, unsent: bool, team: str = ""
) -> Entry:
    return Entry(
        kind=kind,
        at=at,
        way=MAIL,
        state=FAILED if unsent else SENT,
        reason=NONE if unsent else "",
        week=week,
        team=team,
    )
