"""What each person keeps of the screens: named addresses, tiles, their last writes."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class SavedView(models.Model):
    """A list as somebody filtered it: private, or open to whoever has its link."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views"
    )
    screen = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    query = models.TextField(blank=True)
    link = models.CharField(max_length=43, unique=True, null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        """A name is used once a screen."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "screen", "name"], name="saved_view_named_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.screen}: {self.name}"


class Tiles(models.Model):
    """The order of somebody's tiles on a screen, and those they put away."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="tiles"
    )
    screen = models.CharField(max_length=40)
    order = models.JSONField(default=list)
    hidden = models.JSONField(default=list)

    class Meta:
        """One arrangement a person and screen."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "screen"], name="tiles_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.screen}"


class Undoable(models.Model):
    """A write its author may take back for a while: what it was, and whether it was."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="undoables"
    )
    kind = models.CharField(max_length=40)
    former = models.JSONField(default=dict)  # what to put back
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind}"
