"""Each mail of a team's week: who had it, once."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class WeeklyMail(models.Model):
    """The reading of a team and week sent to somebody: written before it leaves."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="weekly_mails"
    )
    team = models.CharField(max_length=80)  # "team:north"
    week = models.CharField(max_length=8)  # "2026-W30"
    at = models.DateTimeField()
    unsent = models.BooleanField(default=False)

    class Meta:
        """Once a week for a team."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "team", "week"], name="weekly_mail_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.team} {self.week}"
