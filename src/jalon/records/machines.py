"""What machines come in with and what goes out to them: tokens, keys, webhooks."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Token(models.Model):
    """A key to the API: it acts as an account, no further; only its digest is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens"
    )
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)  # its last characters, to tell it by
    scopes = models.JSONField(default=list)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} (…{self.hint}) of {self.user_id}"


class Answered(models.Model):
    """A write of the API and its answer: the same key again is answered the same.

    `status` 0 is a write under way since `at`.
    """

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="answered")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)

    class Meta:
        """A key is used once by a token."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["token", "key"], name="answered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.status}"


class Hook(models.Model):
    """An address told of events, as far as its account may see them.

    The secret its messages are signed with is sealed; `stopped` says why nothing
    leaves any more.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="hooks"
    )
    url = models.CharField(max_length=500)
    events = models.JSONField(default=list)
    secret = models.TextField()
    made_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped = models.CharField(max_length=40, blank=True)  # "by_hand", "failing"

    def __str__(self) -> str:
        return f"{self.url} of {self.user_id}"


class HookEvent(models.Model):
    """Something that happened, told once: `source` is the record that says so."""

    source = models.CharField(max_length=250, unique=True)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField(db_index=True)
    owner = models.CharField(max_length=200)
    published = models.BooleanField(default=True)
    body = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.kind} {self.source}"


class HookDelivery(models.Model):
    """One event to one address: waiting, sending, sent, failed, dropped."""

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(
        HookEvent, on_delete=models.CASCADE, related_name="deliveries"
    )
    state = models.CharField(max_length=8, default="waiting", db_index=True)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True, blank=True)  # HTTP's
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        """Nothing goes twice to an address; states are known."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hook", "event"], name="hook_delivery_once"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["waiting", "sending", "sent", "failed", "dropped"]
                ),
                name="hook_delivery_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} to {self.hook_id}: {self.state}"
