"""Between the rows of webhooks and what is sent: events, deliveries, their log."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from jalon.records.alerts import Alert
from jalon.records.audit import AuditLine
from jalon.records.evaluations import Evaluation
from jalon.records.machines import Hook, HookDelivery, HookEvent
from jalon.records.objectives import Objective
from jalon.records.reviews import Review
from jalon.records.sources import SourceRun

WAITING, SENDING, SENT, FAILED, DROPPED = (
    "waiting",
    "sending",
    "sent",
    "failed",
    "dropped",
)
TARGET, STATE, REACHED = "target.changed", "objective.moved", "objective.reached"
ALERT, REVIEW, REFRESH = "alert.raised", "review.frozen", "refresh.failed"
KINDS = (REACHED, TARGET, STATE, ALERT, REVIEW, REFRESH)
_VERBS = {"retarget": TARGET, "move": STATE}
_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Something that happened, by the record that says so."""

    source: str
    kind: str
    at: datetime.datetime
    owner: str
    published: bool = True
    body: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A delivery taken to be sent, by nobody else."""

    id: int
    hook: int
    url: str
    secret: str
    event: dict[str, Any]
    tries: int


def events_since(
    at: datetime.datetime, *, now: datetime.datetime, published: Collection[str]
) -> list[Happened]:
    """Return what happened since a moment: targets, states, alerts, reviews, runs."""
    found = [*_audited(at, published), *_reached(at, now, published)]
    for alert in Alert.objects.filter(fired_on__gte=at.date()).order_by("pk"):
        told = {
            "alert": alert.pk,
            "objective": alert.objective_id,
            "state": alert.state,
            "former": alert.former,
            "change": alert.change,
            "since": alert.since.isoformat(),
        }
        found.append(
            Happened(
                source=f"alert:{alert.pk}",
                kind=ALERT,
                at=now,
                owner=alert.owner,
                body=told,
            )
        )
    for review in Review.objects.filter(frozen_at__gte=at).order_by("pk"):
        told = {
            "review": review.pk,
            "kind": review.kind,
            "first": review.first.isoformat(),
            "after": review.after.isoformat(),
            "digest": review.digest,
        }
        found.append(
            Happened(
                source=f"review:{review.pk}",
                kind=REVIEW,
                at=review.frozen_at or now,
                owner=review.owner,
                body=told,
            )
        )
    runs = SourceRun.objects.filter(state="failed", ended_at__gte=at)
    found.extend(
        Happened(
            source=f"run:{run.pk}",
            kind=REFRESH,
            at=run.ended_at or now,
            owner="company",
            body={"source": run.source.name, "run": run.pk},
        )
        for run in runs.select_related("source").order_by("pk")
    )
    return found


def record(found: Iterable[Happened]) -> None:
    """Write events; one written already stays as it was."""
    HookEvent.objects.bulk_create(
        [
            HookEvent(
                source=one.source,
                kind=one.kind,
                at=one.at,
                owner=one.owner,
                published=one.published,
                body=one.body,
            )
            for one in found
        ],
        batch_size=_BATCH,
        ignore_conflicts=True,
    )


def undelivered(hook: Hook) -> list[HookEvent]:
    """Return the events since a webhook was made that are not planned for it."""
    rows = HookEvent.objects.filter(at__gte=hook.made_at, kind__in=hook.events)
    return list(rows.exclude(deliveries__hook=hook).order_by("pk"))


def plan(hook: int, events: Iterable[int], *, at: datetime.datetime) -> None:
    """Write deliveries to come."""
    HookDelivery.objects.bulk_create(
        [HookDelivery(hook_id=hook, event_id=event, due_at=at) for event in events],
        batch_size=_BATCH,
        ignore_conflicts=True,
    )


def take(at: datetime.datetime, *, most: int) -> list[Outgoing]:
    """Return deliveries due, marked as being sent so that nobody else does."""
    with transaction.atomic():
        rows = list(
            HookDelivery.objects.select_for_update(of=("self",))
            .filter(state=WAITING, due_at__lte=at, hook__stopped_at=None)
            .select_related("hook", "event")
            .order_by("pk")[:most]
        )
        HookDelivery.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=SENDING
        )
    return [
        Outgoing(
            id=row.pk,
            hook=row.hook_id,
            url=row.hook.url,
            secret=row.hook.secret,
            event=document(row.event),
            tries=row.tries,
        )
        for row in rows
    ]


def document(event: HookEvent) -> dict[str, Any]:
    """Return an event as it is sent."""
    return {
        "id": f"evt_{event.pk}",
        "type": event.kind,
        "at": event.at.isoformat(),
        "owner": event.owner,
        "data": event.body,
    }


def mark(one: int, **values: object) -> None:
    """Write what came of a delivery."""
    HookDelivery.objects.filter(pk=one).update(**values)


def _audited(at: datetime.datetime, published: Collection[str]) -> list[Happened]:
    lines = list(
        AuditLine.objects.filter(
            Q(noun="objective", verb__in=list(_VERBS)), at__gte=at
        ).order_by("pk")
    )
    owners = _owners({line.key for line in lines})
    return [
        Happened(
            source=f"audit:{line.pk}",
            kind=_VERBS[line.verb],
            at=line.at,
            owner=owners[line.key][0],
            published=owners[line.key][1] in published,
            body={
                "objective": line.key,
                "before": line.details.get("before"),
                "after": line.details.get("after"),
                "reason": line.details.get("reason"),
                "by": line.by,
            },
        )
        for line in lines
        if line.key in owners
    ]


def _reached(
    at: datetime.datetime, now: datetime.datetime, published: Collection[str]
) -> list[Happened]:
    rows = (
        Evaluation.objects.filter(status="reached", on__gte=at.date())
        .order_by("on", "pk")
        .values_list("objective_id", "target", "actual", "on")
    )
    owners = _owners({row[0] for row in rows})
    return [
        Happened(
            source=f"reached:{objective}:{target}",
            kind=REACHED,
            at=now,
            owner=owners[objective][0],
            published=owners[objective][1] in published,
            body={
                "objective": objective,
                "target": None if target is None else float(target),
                "actual": None if actual is None else float(actual),
                "on": on.isoformat(),
            },
        )
        for objective, target, actual, on in rows
    ]


def _owners(ids: Collection[str]) -> dict[str, tuple[str, str]]:
    rows = Objective.objects.filter(id__in=list(ids))
    return {key: (owner, state) for key, owner, state in rows.values_list(
        "id", "owner", "state"
    )}  # fmt: skip
