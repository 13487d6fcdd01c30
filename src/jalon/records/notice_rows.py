"""Between the rows of the database and how people are told of alerts."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from django.db import models, transaction

from jalon.records.accounts import User
from jalon.records.notices import Delivery, Message, Wish
from jalon.records.objective_rows import BATCH

MAIL = "mail"
WAITING, SENDING, SENT, FAILED = "waiting", "sending", "sent", "failed"
DROPPED = "dropped"
TARGET, REMINDER, LATE, TRY = "target", "reminder", "late", "try"
ABOUT = 200  # characters kept of what a message speaks of


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How an account wants to be told; without a row, these."""

    mail: bool = True
    channels: tuple[str, ...] = ()
    rhythm: str = "daily"
    digest_at: datetime.time = datetime.time(8)
    quiet_from: datetime.time = datetime.time(19)
    quiet_to: datetime.time = datetime.time(8)
    quiet_weekends: bool = True
    recoveries: bool = True
    everything: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account that may be told: who they are, where, in which language."""

    id: int
    email: str
    name: str
    person_id: str
    role: str
    grants: tuple[str, ...]
    language: str
    wishes: Wishes


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One alert to send to somebody by one way."""

    alert: int
    user: int
    channel: str
    label: str
    due_at: datetime.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One delivery taken to be sent, by nobody else."""

    id: int
    alert: int
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One line of the log of deliveries."""

    id: int
    alert: int
    channel: str
    label: str
    state: str
    due_at: datetime.datetime
    sent_at: datetime.datetime | None
    tries: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """A message without an alert about to leave for an account."""

    user: int
    kind: str
    about: str = ""
    way: str = MAIL


def accounts() -> tuple[Account, ...]:
    """Return the active accounts and their wishes, in one query."""
    rows = User.objects.filter(is_active=True).select_related("wish").order_by("id")
    return tuple(
        Account(
            id=row.pk,
            email=row.email,
            name=row.name,
            person_id=row.person_id,
            role=row.role,
            grants=tuple(row.grants),
            language=row.language,
            wishes=wishes_in(row),
        )
        for row in rows
    )


def wishes_of(user: int) -> Wishes:
    """Return how an account wants to be told."""
    return _wishes(Wish.objects.filter(user_id=user).first())


def wishes_in(user: User) -> Wishes:
    """Return how an account wants to be told, from its row where it is read already."""
    return _wishes(getattr(user, "wish", None))


def keep_wishes(user: int, wishes: Wishes) -> None:
    """Write how an account wants to be told."""
    told = asdict(wishes) | {"channels": list(wishes.channels)}
    Wish.objects.update_or_create(user_id=user, defaults=told)


def plan(planned: Iterable[Planned]) -> None:
    """Write deliveries to come; one already written stays as it is."""
    Delivery.objects.bulk_create(
        [
            Delivery(
                alert_id=one.alert,
                user_id=one.user,
                channel=one.channel,
                label=one.label,
                due_at=one.due_at,
            )
            for one in planned
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def planned_since(day: datetime.date) -> set[tuple[int, int, str]]:
    """Return what is planned or sent already of alerts fired since a day."""
    rows = Delivery.objects.filter(alert__fired_on__gte=day)
    return set(rows.values_list("alert_id", "user_id", "channel"))


def ways_due(at: datetime.datetime) -> tuple[tuple[int, str], ...]:
    """Return the accounts and channels for which something is due."""
    rows = Delivery.objects.filter(state=WAITING, due_at__lte=at)
    ways = rows.order_by("user_id", "channel").distinct()
    return tuple(ways.values_list("user_id", "channel"))


def take(user: int, channel: str, at: datetime.datetime) -> tuple[Taken, ...]:
    """Return what is due by one way, now marked as being sent: nobody else has it."""
    with transaction.atomic():
        rows = list(
            Delivery.objects.select_for_update()
            .filter(state=WAITING, due_at__lte=at, user_id=user, channel=channel)
            .order_by("id")
        )
        mine = Delivery.objects.filter(id__in=[row.pk for row in rows])
        mine.update(state=SENDING, due_at=at)
    return tuple(Taken(id=row.pk, alert=row.alert_id, tries=row.tries) for row in rows)


def mark_sent(ids: Collection[int], *, at: datetime.datetime) -> None:
    """Say that these were sent."""
    Delivery.objects.filter(id__in=list(ids)).update(state=SENT, sent_at=at, reason="")


def mark_unsent(
    ids: Collection[int],
    *,
    state: str,
    reason: str,
    tries: int,
    due_at: datetime.datetime,
) -> None:
    """Say that these were not sent, why, and when to try again if `waiting`."""
    Delivery.objects.filter(id__in=list(ids)).update(
        state=state, reason=reason[:300], tries=tries, due_at=due_at
    )


def drop(ids: Collection[int]) -> None:
    """Take these back: their account is closed, or they say nothing to it any more."""
    Delivery.objects.filter(id__in=list(ids)).update(state=DROPPED)


def drop_waiting(user: int, *, keeping: Sequence[str] = ()) -> None:
    """Take back what still waits for an account by ways it no longer wants."""
    rows = Delivery.objects.filter(user_id=user, state=WAITING)
    rows.exclude(channel__in=list(keeping)).update(state=DROPPED)


def put_off(user: int, until: datetime.datetime) -> None:
    """Let what was never tried for an account wait until another moment."""
    rows = Delivery.objects.filter(user_id=user, state=WAITING, tries=0)
    rows.update(due_at=until)


def wait_again(
    delivery: int, user: int, *, at: datetime.datetime, cut_before: datetime.datetime
) -> bool:
    """Let an account's delivery wait once more; False where it may still be leaving.

    One given up always may; one being sent only if that began before `cut_before`.
    """
    given_up = models.Q(state=FAILED)
    cut_short = models.Q(state=SENDING, due_at__lt=cut_before)
    rows = Delivery.objects.filter(given_up | cut_short, pk=delivery, user_id=user)
    return bool(rows.update(state=WAITING, due_at=at, tries=0, reason=""))


def begin(leaving: Iterable[Leaving], *, at: datetime.datetime) -> tuple[int, ...]:
    """Write down messages about to leave; return their rows, in the same order."""
    rows = [
        Message(
            user_id=one.user, kind=one.kind, about=_cut(one.about), way=one.way, at=at
        )
        for one in leaving
    ]
    return tuple(row.pk for row in Message.objects.bulk_create(rows, batch_size=BATCH))


def left(ids: Collection[int]) -> None:
    """Say that these messages left."""
    Message.objects.filter(id__in=list(ids)).update(state=SENT)


def stayed(ids: Collection[int], *, reason: str) -> None:
    """Say that these messages did not leave, and why."""
    Message.objects.filter(id__in=list(ids)).update(state=FAILED, reason=reason[:300])


def messages_of(user: int, *, most: int = 30) -> tuple[Message, ...]:
    """Return the last messages without an alert to an account, the newest first."""
    return tuple(Message.objects.filter(user_id=user).order_by("-at", "-id")[:most])


def log_of(user: int, *, most: int = 30) -> tuple[Logged, ...]:
    """Return the last deliveries to an account, the newest first."""
    rows = Delivery.objects.filter(user_id=user).order_by("-due_at", "-id")[:most]
    return tuple(
        Logged(
            id=row.pk,
            alert=row.alert_id,
            channel=row.channel,
            label=row.label,
            state=row.state,
            due_at=row.due_at,
            sent_at=row.sent_at,
            tries=row.tries,
            reason=row.reason,
        )
        for row in rows
    )


def _cut(text: str) -> str:
    return text if len(text) <= ABOUT else text[: ABOUT - 1] + "…"


def _wishes(row: Wish | None) -> Wishes:
    if row is None:
        return Wishes()
    found = {name: getattr(row, name) for name in Wishes.__dataclass_fields__}
    return replace(Wishes(), **found | {"channels": tuple(row.channels)})
