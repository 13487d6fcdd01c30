"""Tell people of alerts, by mail and chat: when they wish, once, and keep the log.

An alert goes to whom it is for: the person or the manager of the owner, the director
for the company; to whoever may see it, where they asked for everything. A message is
marked before it leaves, so that two workers never send it twice, nor one cut short.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import override

from jalon.domain.drift.alerts import Change
from jalon.domain.people.permission import COMPANY, Act, Subject, Viewer, may
from jalon.domain.people.roles import Role
from jalon.notifications import chat, mail
from jalon.notifications.alert_words import message
from jalon.notifications.mail import UnsentError
from jalon.notifications.quiet import due
from jalon.queries.alerts import AlertLine, told
from jalon.queries.viewers import viewer as viewer_of
from jalon.records import alert_rows, notice_rows
from jalon.records.alert_rows import Kept
from jalon.records.notice_rows import (
    FAILED,
    MAIL,
    WAITING,
    Account,
    Planned,
    Taken,
    Wishes,
)
from jalon.usecases.hearing import awake, hours_of
from jalon.workspace.folder import Workspace

FRESH = datetime.timedelta(days=3)  # older alerts are read in the list only
WAIT = datetime.timedelta(minutes=15)  # before trying again, twice as long each time
TRIES = 5
GONE = "gone"  # the way was taken away meanwhile
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Told:
    """How many messages left, how many alerts they carried, and what did not leave."""

    messages: int
    alerts: int
    unsent: int


def tell_alerts(workspace: Workspace, *, at: datetime.datetime, link: str) -> Told:
    """Plan what is new for everybody, then send what is due at that moment.

    `link` is the address of the list of alerts. Asked again, nothing goes twice.
    """
    people = {one.id: one for one in notice_rows.accounts()}
    local = at.astimezone(ZoneInfo(workspace.settings.timezone))
    notice_rows.plan(_planned(workspace, list(people.values()), local))
    messages = alerts = unsent = 0
    for user, channel in notice_rows.ways_due(at):
        some = _still(workspace, people.get(user), user, channel, at=local)
        if not some:
            continue
        if _sent(workspace, people[user], channel, some, at=local, link=link):
            messages, alerts = messages + 1, alerts + len(some)
        else:
            unsent += len(some)
    return Told(messages, alerts, unsent)


def _still(
    workspace: Workspace,
    person: Account | None,
    user: int,
    channel: str,
    *,
    at: datetime.datetime,
) -> list[Taken]:
    """Take what is due by one way; what says nothing to its reader now is taken back.

    Between an alert and Monday's mail one may change teams, or take note of it.
    """
    taken = notice_rows.take(user, channel, at)
    wanted: set[int] = set()
    if person is not None and taken:
        viewer = _viewer(workspace, person, at)
        kept = alert_rows.some(None, ids=[one.alert for one in taken], most=MOST)
        wanted = {one.id for one in kept if _wanted(one, viewer, person.wishes)}
    notice_rows.drop([one.id for one in taken if one.alert not in wanted])
    return [one for one in taken if one.alert in wanted]


def channel_of(address: str) -> str:
    """Return what names an Apprise address in the log: a digest, nothing secret."""
    return hashlib.sha256(address.encode()).hexdigest()[:16]


def is_for(viewer: Viewer, owner: str) -> bool:
    """Return whether an alert of that owner is the viewer's own business."""
    if owner == COMPANY:
        return viewer.role is Role.DIRECTOR
    if viewer.role is Role.DIRECTOR:
        return owner == f"person:{viewer.person_id}"
    return may(viewer, Act.SEE_ALERTS, subject=Subject(owner))


def _planned(
    workspace: Workspace, people: Sequence[Account], now: datetime.datetime
) -> Iterator[Planned]:
    since = now.date() - FRESH
    fresh = alert_rows.some(None, since=since, most=MOST)
    if not fresh:
        return
    known = notice_rows.planned_since(since)
    for one in people:
        ways = _ways(one.wishes)
        if not ways:
            continue
        viewer = _viewer(workspace, one, now)
        moment = due(hours_of(one.wishes), now)
        for alert in fresh:
            if not _wanted(alert, viewer, one.wishes):
                continue
            for channel, label in ways:
                if (alert.id, one.id, channel) not in known:
                    yield Planned(
                        alert=alert.id,
                        user=one.id,
                        channel=channel,
                        label=label,
                        due_at=moment,
                    )


def _viewer(workspace: Workspace, one: Account, now: datetime.datetime) -> Viewer:
    return viewer_of(
        workspace,
        person_id=one.person_id,
        role=one.role,
        grants=one.grants,
        on=now.date(),
    )


def _wanted(alert: Kept, viewer: Viewer, wishes: Wishes) -> bool:
    if alert.change == Change.RECOVERING.value and not wishes.recoveries:
        return False
    if any(deed.kind == alert_rows.NOTED for deed in alert.deeds):
        return False
    if wishes.everything:
        return may(viewer, Act.SEE_ALERTS, subject=Subject(alert.owner))
    return is_for(viewer, alert.owner)


def _ways(wishes: Wishes) -> list[tuple[str, str]]:
    ways = [(MAIL, MAIL)] if wishes.mail else []
    return ways + [(channel_of(one), chat.veiled(one)) for one in wishes.channels]


def _sent(
    workspace: Workspace,
    person: Account,
    channel: str,
    group: Sequence[Taken],
    *,
    at: datetime.datetime,
    link: str,
) -> bool:
    """Send one message for these deliveries and write what came of it."""
    ids = [one.id for one in group]
    kept = alert_rows.some(None, ids=[one.alert for one in group], most=MOST)
    try:
        with override(person.language):
            lines = told(workspace, kept, on=at.date())
            _send(workspace, person, channel, lines, link=link)
    except UnsentError as error:
        tries = max(one.tries for one in group) + 1
        again = not error.permanent and tries < TRIES
        notice_rows.mark_unsent(
            ids,
            state=WAITING if again else FAILED,
            reason=str(error),
            tries=tries,
            due_at=awake(person.wishes, at + WAIT * 2 ** (tries - 1)),
        )
        return False
    notice_rows.mark_sent(ids, at=at)
    return True


def _send(
    workspace: Workspace,
    person: Account,
    channel: str,
    lines: Sequence[AlertLine],
    *,
    link: str,
) -> None:
    subject, text = message(
        lines,
        company=workspace.settings.company,
        link=link,
        lang=person.language,
        currency=workspace.settings.currency,
    )
    if channel == MAIL:
        mail.send(person.email, subject=subject, text=text)
        return
    for address in person.wishes.channels:
        if channel_of(address) == channel:
            chat.send(address, subject=subject, text=text)
            return
    raise UnsentError(GONE, permanent=True)
