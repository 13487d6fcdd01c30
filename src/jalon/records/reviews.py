"""Reviews, the words of both sides, decisions, and what was learnt; tags of points.

A review keeps what was prepared as one document (`prepared`), so that its page reads no
fact; frozen, it changes no more and `digest` is the SHA-256 of what it says.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from jalon.domain.reviews.review import HIGHEST, LOWEST, Kind, Side, State


class Review(models.Model):
    """One review of one owner over one period."""

    owner = models.CharField(max_length=200, db_index=True)
    kind = models.CharField(max_length=10)
    first = models.DateField()
    after = models.DateField()
    state = models.CharField(max_length=8, default=State.OPEN.value)
    prepared = models.JSONField(default=dict)
    prepared_on = models.DateField()
    notes = models.JSONField(default=dict)
    opened_by = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    frozen_by = models.CharField(max_length=200, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        """One review an owner and period; kinds and states are known."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["owner", "kind", "first"], name="review_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=[one.value for one in Kind]),
                name="review_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state=State.OPEN.value)
                | models.Q(state=State.FROZEN.value, frozen_at__isnull=False),
                name="review_frozen_has_its_day",
            ),
            models.CheckConstraint(
                condition=models.Q(after__gt=models.F("first")),
                name="review_period_not_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner} {self.kind} {self.first}"


class ReviewWord(models.Model):
    """What the owner, or who leads them, says of the period."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="words")
    side = models.CharField(max_length=5)
    level = models.PositiveSmallIntegerField()
    proud = models.TextField(blank=True)
    harder = models.TextField(blank=True)
    needs = models.TextField(blank=True)
    lang = models.CharField(max_length=2, default="fr")
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        """One word a side."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["review", "side"], name="review_word_once"),
            models.CheckConstraint(
                condition=models.Q(side__in=[one.value for one in Side]),
                name="review_word_side",
            ),
            models.CheckConstraint(
                condition=models.Q(level__range=(LOWEST, HIGHEST)),
                name="review_word_level",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.side}"


class ReviewDecision(models.Model):
    """What was decided, who carries it, on which KPI, and whether it was kept."""

    review = models.ForeignKey(
        Review, on_delete=models.CASCADE, related_name="decisions"
    )
    text = models.TextField()
    owner = models.CharField(max_length=200)
    kpi = models.CharField(max_length=100, blank=True)
    due = models.DateField(null=True, blank=True)
    lang = models.CharField(max_length=2, default="fr")
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    kept = models.BooleanField(null=True, blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Read by review, in the order they were taken."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["review", "id"], name="decision_review")
        ]

    def __str__(self) -> str:
        return self.text


class Learning(models.Model):
    """What was tried, on which KPI and in which context, and what it gave.

    `figures` are before and after as they were counted that day, with their interval.
    """

    kpi = models.CharField(max_length=100, db_index=True)
    owner = models.CharField(max_length=200, db_index=True)
    tried = models.TextField()
    context = models.TextField(blank=True)
    gave = models.TextField()
    next_time = models.TextField(blank=True)
    carried_by = models.CharField(max_length=200, blank=True)
    changed_on = models.DateField()
    before_first = models.DateField()
    after_after = models.DateField()
    figures = models.JSONField(default=dict)
    review = models.ForeignKey(
        Review,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="learnings",
    )
    lang = models.CharField(max_length=2, default="fr")
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        """What changed lies inside what is compared."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(changed_on__gt=models.F("before_first"))
                & models.Q(after_after__gt=models.F("changed_on")),
                name="learning_change_inside",
            )
        ]

    def __str__(self) -> str:
        return self.tried


class PointTag(models.Model):
    """The class somebody gave to the shared part of a point."""

    check_in = models.OneToOneField(
        "records.CheckIn", on_delete=models.CASCADE, related_name="tag"
    )
    tag = models.CharField(max_length=60)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.check_in_id}: {self.tag}"
