"""Webhooks as their page shows them: where they go, what left, what did not."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from urllib.parse import urlsplit

from jalon.records.hook_rows import KINDS
from jalon.records.machines import Hook, HookDelivery

__all__ = ["KINDS", "DeliveryLine", "HookLine", "hook", "hooks"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine:
    """One message: what of, what came of it."""

    id: int
    event: str
    kind: str
    about: str
    state: str
    due_at: datetime.datetime
    sent_at: datetime.datetime | None
    tries: int
    status: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HookLine:
    """One webhook; its address without the part that may hold a key."""

    id: int
    address: str
    account: str
    events: tuple[str, ...]
    made_at: datetime.datetime
    stopped_at: datetime.datetime | None
    deliveries: tuple[DeliveryLine, ...] = ()


def hooks() -> tuple[HookLine, ...]:
    """Return all, the newest first."""
    rows = Hook.objects.select_related("user").order_by("-pk")
    return tuple(_line(row) for row in rows)


def hook(wanted: int, *, most: int = 100) -> HookLine | None:
    """Return one with its last messages, None where there is none."""
    row = Hook.objects.select_related("user").filter(pk=wanted).first()
    if row is None:
        return None
    sent = (
        HookDelivery.objects.filter(hook=row)
        .select_related("event")
        .order_by("-pk")[:most]
    )
    return _line(row, tuple(_delivery(one) for one in sent))


def _line(row: Hook, deliveries: tuple[DeliveryLine, ...] = ()) -> HookLine:
    parts = urlsplit(row.url)
    return HookLine(
        id=row.pk,
        address=f"{parts.scheme}://{parts.netloc}{parts.path}",
        account=row.user.email,
        events=tuple(row.events),
        made_at=row.made_at,
        stopped_at=row.stopped_at,
        deliveries=deliveries,
    )


def _delivery(row: HookDelivery) -> DeliveryLine:
    body = row.event.body
    about = next(
        (
            str(body[name])
            for name in ("objective", "source", "review", "alert")
            if body.get(name)
        ),
        row.event.owner,
    )
    return DeliveryLine(
        id=row.pk,
        event=f"evt_{row.event_id}",
        kind=row.event.kind,
        about=about,
        state=row.state,
        due_at=row.due_at,
        sent_at=row.sent_at,
        tries=row.tries,
        status=row.status,
        reason=row.reason,
    )
