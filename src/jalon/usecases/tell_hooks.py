"""Tell webhooks what happened: once, signed, tried again with longer and longer waits.

A message is marked before it leaves: one that is cut short may have arrived and is not
sent again by itself. What its account may not see does not leave.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from jalon.domain.people.permission import Act, Subject, Viewer, may
from jalon.notifications.webhook import Sent, send
from jalon.queries.pages import PUBLISHED
from jalon.queries.viewers import viewer as viewer_of
from jalon.records import hook_rows
from jalon.records.hook_rows import (
    ALERT,
    FAILED,
    REACHED,
    REFRESH,
    REVIEW,
    SENT,
    STATE,
    TARGET,
    WAITING,
    Outgoing,
)
from jalon.records.machines import Hook, HookEvent
from jalon.workspace.folder import Workspace
from jalon.workspace.vault import KeyLostError, unsealed

LOOK_BACK = datetime.timedelta(days=1)  # a worker may have been away
WAIT = datetime.timedelta(minutes=1)  # before trying again, four times longer each time
TRIES = 7  # over about a day
AT_ONCE = 50
_ACTS = {
    TARGET: Act.SEE_RESULT,
    STATE: Act.SEE_RESULT,
    REACHED: Act.SEE_RESULT,
    ALERT: Act.SEE_ALERTS,
    REVIEW: Act.DECIDE,
    REFRESH: Act.SEE_DATA,
}


@dataclass(frozen=True, slots=True)
class Told:
    """How many messages arrived, and how many did not yet."""

    sent: int
    unsent: int


def tell_hooks(
    workspace: Workspace, *, at: datetime.datetime, on: datetime.date
) -> Told:
    """Write what happened, plan it for each webhook, send what is due."""
    hooks = list(
        Hook.objects.filter(stopped_at=None, user__is_active=True).select_related(
            "user"
        )
    )
    if hooks:
        since = max(min(hook.made_at for hook in hooks), at - LOOK_BACK)
        hook_rows.record(hook_rows.events_since(since, now=at, published=PUBLISHED))
    for hook in hooks:
        _plan(workspace, hook, at=at, on=on)
    results = [_sent(workspace, one, at=at) for one in hook_rows.take(at, most=AT_ONCE)]
    return Told(sum(results), len(results) - sum(results))


def _plan(
    workspace: Workspace, hook: Hook, *, at: datetime.datetime, on: datetime.date
) -> None:
    events = hook_rows.undelivered(hook)
    if not events:
        return
    user = hook.user
    viewer = viewer_of(
        workspace,
        person_id=user.person_id,
        role=user.role,
        grants=user.grants,
        on=on,
    )
    seen = [event.pk for event in events if _sees(viewer, event)]
    hook_rows.plan(hook.pk, seen, at=at)


def _sees(viewer: Viewer, event: HookEvent) -> bool:
    subject = Subject(event.owner, published=event.published)
    return may(viewer, _ACTS[event.kind], subject=subject)


def _sent(workspace: Workspace, one: Outgoing, *, at: datetime.datetime) -> bool:
    try:
        secret = unsealed(workspace, one.secret)["secret"]
    except KeyLostError:
        found = Sent(None, "key_lost", permanent=True)
    else:
        found = send(one.url, one.event, secret=secret, at=at)
    tries = one.tries + 1
    again = not found.permanent and tries < TRIES
    if found.arrived:
        hook_rows.mark(
            one.id, state=SENT, sent_at=at, status=found.status, tries=tries, reason=""
        )
    else:
        hook_rows.mark(
            one.id,
            state=WAITING if again else FAILED,
            due_at=at + WAIT * 4**one.tries,
            status=found.status,
            reason=found.reason,
            tries=tries,
        )
    return found.arrived
