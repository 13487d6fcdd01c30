"""Files given from the pages, from their arrival to their import; and the first run.

The bytes lie in the workspace's `uploads/<id>/`, under numbers; names are only words.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class UploadState(models.TextChoices):
    """Where an upload stands; the two that end in -ing have a worker."""

    RECOGNISING = "recognising"
    RECOGNISED = "recognised"
    IMPORTING = "importing"
    IMPORTED = "imported"
    REFUSED = "refused"


class Upload(models.Model):
    """Files given together: `found` is what they hold, `mapping` what is made of it.

    `found`, `report` and `refusal` are JSON documents; `mapping` is a mapping file.
    """

    key = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    first_run = models.BooleanField(default=False)
    state = models.CharField(
        max_length=20, choices=UploadState, default=UploadState.RECOGNISING
    )
    files = models.JSONField(default=list)
    found = models.JSONField(null=True)
    mapping = models.TextField(blank=True)
    report = models.JSONField(null=True)
    refusal = models.JSONField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """States are one of five, in the database too."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(state__in=UploadState.values),
                name="upload_state_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"


class FirstRun(models.Model):
    """How far the first run got: the next step, empty once it is over."""

    step = models.CharField(max_length=20, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.step or "over"
