"""How somebody wants to be told, and every message that left for them."""

from __future__ import annotations

import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models

from jalon.records.alerts import Alert
from jalon.records.sealed import SealedTexts


class Wish(models.Model):
    """How one account wants to be told of alerts; without a row, the defaults.

    `channels` are Apprise addresses, which may hold secrets: they are sealed. `rhythm`
    is "each", "daily" or "weekly". Nothing is sent from `quiet_from` until `quiet_to`,
    nor at the week-end where `weekends` is quiet.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="wish"
    )
    mail = models.BooleanField(default=True)
    channels = SealedTexts(default=list, blank=True)
    rhythm = models.CharField(max_length=8, default="daily")
    digest_at = models.TimeField(default=datetime.time(8))
    quiet_from = models.TimeField(default=datetime.time(19))
    quiet_to = models.TimeField(default=datetime.time(8))
    quiet_weekends = models.BooleanField(default=True)
    recoveries = models.BooleanField(default=True)
    everything = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.user_id} {self.rhythm}"


class Delivery(models.Model):
    """One alert for one account by one channel: waiting, sending, sent, failed.

    `sending` is written before the message leaves: one that stays so was cut short and
    is never sent again by itself, since it may have arrived.
    """

    alert = models.ForeignKey(
        Alert, on_delete=models.CASCADE, related_name="deliveries"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="deliveries"
    )
    channel = models.CharField(max_length=80)  # "mail", or the digest of an address
    label = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=8, default="waiting", db_index=True)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        """Nothing goes twice to somebody by the same way."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["alert", "user", "channel"], name="delivery_once"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["waiting", "sending", "sent", "failed", "dropped"]
                ),
                name="delivery_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} to {self.user_id}: {self.state}"


class Message(models.Model):
    """One message without an alert: of targets, a point due, a late source, a trial.

    `about` is what it speaks of, as its kind says it: objectives, the first day of a
    period, a source's name. Written as `sending` before it leaves: one that stays so
    was cut short. Weekly readings have rows of their own (`Digest`, `WeeklyMail`).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="messages"
    )
    kind = models.CharField(max_length=10)
    about = models.CharField(max_length=200, blank=True)
    way = models.CharField(max_length=80)  # "mail", or a chat's address veiled
    at = models.DateTimeField()
    state = models.CharField(max_length=8, default="sending")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        """What is read: the last of somebody."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "at"], name="message_last")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["target", "reminder", "late", "try"]),
                name="message_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["sending", "sent", "failed"]),
                name="message_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.user_id}: {self.state}"
