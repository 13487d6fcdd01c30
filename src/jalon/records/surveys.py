"""Surveys by mail: who was asked, which links were opened, what was answered.

An engagement survey is anonymous here too: its request says only that it was answered,
and its answer stands alone, under a random key, without a moment and without a person.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from jalon.domain.feedback.asking import QUIET_DAYS, Kind, Trigger

PLANNED, SENT, BOUNCED, FAILED = "planned", "sent", "bounced", "failed"
STATES = (PLANNED, SENT, BOUNCED, FAILED)


class Survey(models.Model):
    """One survey: what is asked, after what, and how long an address rests."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12)
    trigger = models.CharField(max_length=8, default=Trigger.HAND.value)
    delay_days = models.PositiveSmallIntegerField(default=7)
    quiet_days = models.PositiveSmallIntegerField(default=QUIET_DAYS)
    active = models.BooleanField(default=True)
    since = models.DateField()  # what happened before it was made is not asked about
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        """Kinds and triggers are known."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(kind__in=[one.value for one in Kind]),
                name="survey_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(trigger__in=[one.value for one in Trigger]),
                name="survey_trigger_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Request(models.Model):
    """One mail that asks somebody; the answer of an engagement survey is not here."""

    survey = models.ForeignKey(
        Survey, on_delete=models.CASCADE, related_name="requests"
    )
    about = models.CharField(
        max_length=200
    )  # "deal:d12", "ticket:t3", "day:2026-07-01"
    address = models.CharField(max_length=254)
    name = models.CharField(max_length=200, blank=True)
    lang = models.CharField(max_length=2, default="fr")
    account_id = models.CharField(max_length=200, blank=True)
    person_id = models.CharField(max_length=200, blank=True)
    segment = models.CharField(max_length=200, blank=True)
    sector = models.CharField(max_length=200, blank=True)
    region = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, default=PLANNED)
    reason = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)
    score = models.SmallIntegerField(null=True)
    comment = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    confirmed = models.BooleanField(default=False)  # pressed, not only clicked
    answered = models.BooleanField(default=False)
    delivered = models.BooleanField(default=False)  # the warehouse has it as it is

    class Meta:
        """Nobody is asked twice about the same thing."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["survey", "about", "address"], name="survey_request_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=STATES), name="survey_request_state"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["address", "sent_at"], name="survey_request_address"),
            models.Index(fields=["answered", "delivered"], name="survey_to_deliver"),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.about}: {self.state}"


class Click(models.Model):
    """The link of a score that was opened: by a person, or by a robot."""

    request = models.ForeignKey(
        Request, on_delete=models.CASCADE, related_name="clicks"
    )
    score = models.SmallIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.request_id}: {self.score}"


class LeftAlone(models.Model):
    """An address that is not written to any more: it said so, or its mail came back."""

    address = models.CharField(max_length=254, unique=True)
    why = models.CharField(max_length=12)  # "unsubscribed" or "bounced"
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.why


class EngagementAnswer(models.Model):
    """One anonymous answer: no person, no moment, a key that tells no order."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(
        Survey, on_delete=models.CASCADE, related_name="anonymous"
    )
    team_id = models.CharField(max_length=200, blank=True)
    wave = models.DateField()
    score = models.SmallIntegerField()
    comment = models.TextField(blank=True)
    lang = models.CharField(max_length=2, default="fr")
    delivered = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.survey_id} {self.wave}"


class LoopAction(models.Model):
    """What is done about an answer: by whom, until when, and what it gave."""

    answer_id = models.CharField(max_length=200, db_index=True)
    person_id = models.CharField(max_length=200)  # whose customer answered
    owner_id = models.CharField(max_length=200)  # who does it
    text = models.CharField(max_length=300)
    due = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    result = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text


class Digest(models.Model):
    """The digest of one week for somebody: written before it leaves, once.

    `unsent` where it did not: nothing to say, or the address took none.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests"
    )
    week = models.CharField(max_length=8)  # "2026-W30"
    at = models.DateTimeField()
    unsent = models.BooleanField(default=False)

    class Meta:
        """Once a week."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "week"], name="digest_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.week}"


class NoDigest(models.Model):
    """Somebody who wants no digest."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="no_digest"
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.user_id)
