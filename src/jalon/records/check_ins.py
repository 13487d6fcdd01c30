"""Points of people: one a person and period; its private part never leaves its author.

The questions of privacy are the queries': this only keeps. A draft is nobody's but its
author's until it is handed in.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from jalon.domain.feedback.checkins import HIGHEST, LOWEST


class CheckIn(models.Model):
    """What somebody answered for a period; `handed_at` empty while it is a draft."""

    person_id = models.CharField(max_length=200)
    first = models.DateField()
    rhythm = models.CharField(max_length=8)
    confidence = models.PositiveSmallIntegerField(null=True, blank=True)
    blocks = models.TextField(blank=True)
    field = models.TextField(blank=True)
    kind = models.CharField(max_length=20, blank=True)
    about = models.CharField(max_length=220, blank=True)
    private = models.TextField(blank=True)
    lang = models.CharField(max_length=2, default="fr")
    written_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True, blank=True)
    read_by = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        """One point a person and period; confidence on its scale."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person_id", "first", "rhythm"], name="check_in_once"
            ),
            models.CheckConstraint(
                condition=models.Q(confidence__isnull=True)
                | models.Q(confidence__range=(LOWEST, HIGHEST)),
                name="check_in_confidence",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["first", "person_id"], name="check_in_first"),
            models.Index(fields=["about"], name="check_in_about"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.first}"


class PointRhythm(models.Model):
    """How often one person takes their point, where it is not as the company does."""

    person_id = models.CharField(max_length=200, unique=True)
    rhythm = models.CharField(max_length=8)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id} {self.rhythm}"


class Reminder(models.Model):
    """A mail that asked somebody for the point of a period: bounded, never twice."""

    person_id = models.CharField(max_length=200)
    first = models.DateField()
    rank = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()

    class Meta:
        """Each reminder of a period leaves once."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person_id", "first", "rank"], name="reminder_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.first} #{self.rank}"
