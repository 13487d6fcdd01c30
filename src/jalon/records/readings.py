"""What is kept beside evaluations for the boards: pipeline, past win rate, weeks.

A reading is a JSON answer about one subject (`objective:<id>`, `segments:<id>`) on one
day from one snapshot; `definition` is the fingerprint of the objective it was made for.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Reading(models.Model):
    """One answer, kept for ever as it was."""

    about = models.CharField(max_length=140)
    on = models.DateField()
    snapshot = models.CharField(max_length=40)
    definition = models.CharField(max_length=64)
    answer = models.JSONField(default=dict)

    class Meta:
        """One answer for a subject, a day, a snapshot and a definition."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["about", "on", "snapshot", "definition"], name="reading_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.on}"
