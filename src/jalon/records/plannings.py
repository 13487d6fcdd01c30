"""Planning grids: a target by owner and month, who said what of it, every edit.

Months and weights are lists of exact decimals kept as text, one for each month of the
planning; `locks` says which of them stay. A row's owner and parent are "company",
"team:<id>" or "person:<id>".
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from jalon.records.objectives import amount

STANDINGS = ("draft", "proposed", "agreed", "contested", "overruled")
WORDS = ("proposed", "accepted", "contested", "compromise", "overruled", "offered")


class Planning(models.Model):
    """One target for one KPI over some months, being shared out."""

    id = models.CharField(max_length=80, primary_key=True)
    title = models.CharField(max_length=200)
    kpi = models.CharField(max_length=100)
    first = models.DateField()
    after = models.DateField()
    target = amount()
    step = amount()
    parent = models.CharField(max_length=200, blank=True)
    created_by = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    published_on = models.DateField(null=True, blank=True)

    class Meta:
        """A planning lasts a day at least."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(after__gt=models.F("first")),
                name="planning_period_not_empty",
            ),
        ]

    def __str__(self) -> str:
        return self.id


class PlanningRow(models.Model):
    """The months of one owner, and where they stand with it."""

    planning = models.ForeignKey(
        Planning, on_delete=models.CASCADE, related_name="rows"
    )
    owner = models.CharField(max_length=200)
    parent = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200)
    rank = models.PositiveIntegerField()
    months = models.JSONField(default=list)
    locks = models.JSONField(default=list)
    season = models.JSONField(default=list)
    presence = models.JSONField(default=list)
    volumes = models.JSONField(default=list)  # of a rate: last year's denominators
    standing = models.CharField(max_length=12, default="draft")

    class Meta:
        """An owner has one row in a planning."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["planning", "owner"], name="planning_row_owner_once"
            ),
            models.CheckConstraint(
                condition=models.Q(standing__in=STANDINGS),
                name="planning_row_standing_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.planning_id} {self.owner}"


class PlanningWord(models.Model):
    """What somebody said of an owner's figure, and when."""

    planning = models.ForeignKey(
        Planning, on_delete=models.CASCADE, related_name="words"
    )
    owner = models.CharField(max_length=200)
    word = models.CharField(max_length=12)
    figure = amount(null=True, blank=True)
    confidence = amount(null=True, blank=True)
    text = models.TextField(blank=True)
    by = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    on = models.DateField()

    class Meta:
        """Read by owner, oldest first; nothing is ever overwritten."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["planning", "owner", "id"], name="word_planning_owner")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(word__in=WORDS), name="planning_word_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.planning_id} {self.owner}: {self.word}"


class PlanningEdit(models.Model):
    """One edit of the grid, as it was before and after, so that it can be undone."""

    planning = models.ForeignKey(
        Planning, on_delete=models.CASCADE, related_name="edits"
    )
    by = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    what = models.CharField(max_length=40)
    before = models.JSONField()
    after = models.JSONField()
    undone = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.planning_id} {self.what} by {self.by}"
