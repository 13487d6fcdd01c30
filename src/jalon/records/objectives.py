"""Objectives as people set them, with every former target, move and action.

`first` is inside the period, `after` the first day outside. Amounts are Decimals in the
KPI's unit, a share as a fraction. The row keeps what was asked (`baseline_rule`,
`change`) beside the number it gave (`baseline`, `original_target`).
"""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models

STATES = (
    "draft",
    "proposed",
    "agreed",
    "contested",
    "active",
    "reached",
    "missed",
    "abandoned",
)
CLOSED = ("reached", "missed", "abandoned")


def amount(
    *, null: bool = False, blank: bool = False
) -> models.DecimalField[Decimal | None, Decimal | None]:
    """Return a field for a figure in any unit: 16 digits before the point, 12 after."""
    return models.DecimalField(max_digits=28, decimal_places=12, null=null, blank=blank)


class Objective(models.Model):
    """One objective of one owner over one period."""

    id = models.CharField(max_length=200, primary_key=True)
    series = models.CharField(max_length=200, blank=True, db_index=True)
    statement = models.TextField(blank=True)
    lang = models.CharField(max_length=5, default="fr")
    kpi = models.CharField(max_length=100, db_index=True)
    owner = models.CharField(max_length=200, db_index=True)
    where = models.JSONField(default=list)
    first = models.DateField()
    after = models.DateField()
    direction = models.CharField(max_length=10)
    baseline_rule = models.CharField(max_length=20, blank=True)
    baseline = amount(null=True, blank=True)
    baseline_snapshot = models.CharField(max_length=40, blank=True)
    change = models.CharField(max_length=40, blank=True)
    original_target = amount(null=True, blank=True)
    target = amount(null=True, blank=True)
    plan = models.JSONField(default=list)
    minimum = amount(null=True, blank=True)
    excellent = amount(null=True, blank=True)
    phasing = models.CharField(max_length=10, default="season")
    phasing_weights = models.JSONField(default=list)
    weight = amount()
    nature = models.CharField(max_length=20, default="quantitative")
    parent = models.CharField(max_length=200, blank=True, db_index=True)
    state = models.CharField(max_length=12, default="active", db_index=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_snapshot = models.CharField(max_length=40, blank=True)
    model = models.CharField(max_length=100, blank=True)
    levels = models.JSONField(default=list)
    overruled = models.TextField(blank=True)

    class Meta:
        """A period lasts a day at least; states and directions are known."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(after__gt=models.F("first")),
                name="objective_period_not_empty",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=STATES), name="objective_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(direction__in=("up", "down", "maintain")),
                name="objective_direction_known",
            ),
            models.CheckConstraint(
                condition=models.Q(weight__gte=0), name="objective_weight_not_negative"
            ),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")),
                name="objective_not_its_own_parent",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("reached", "missed"))
                | models.Q(closed_on__isnull=False),
                name="objective_closed_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return self.id


class Revision(models.Model):
    """A re-target: the former and the new target, both kept with their dates."""

    objective = models.ForeignKey(
        Objective, on_delete=models.CASCADE, related_name="revisions"
    )
    rank = models.PositiveIntegerField()
    former = amount(null=True)
    new = amount()
    effective_on = models.DateField()
    reason = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    by = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(null=True)
    effort_credited = amount(null=True, blank=True)
    priorities = models.TextField(blank=True)
    message = models.TextField(blank=True)

    class Meta:
        """Revisions of an objective are numbered without hole or twin."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["objective", "rank"], name="revision_rank_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.objective_id} #{self.rank}: {self.former} -> {self.new}"


class Move(models.Model):
    """A change of state: from, to, who, when, why."""

    objective = models.ForeignKey(
        Objective, on_delete=models.CASCADE, related_name="moves"
    )
    former = models.CharField(max_length=12)
    new = models.CharField(max_length=12)
    by = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(null=True)
    on = models.DateField()
    comment = models.TextField(blank=True)

    class Meta:
        """Read by objective, oldest first."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["objective", "on", "id"], name="move_objective_on")
        ]

    def __str__(self) -> str:
        return f"{self.objective_id}: {self.former} -> {self.new}"


class Action(models.Model):
    """One line of the plan of actions."""

    objective = models.ForeignKey(
        Objective, on_delete=models.CASCADE, related_name="actions"
    )
    rank = models.PositiveIntegerField()
    action = models.TextField()
    owner = models.CharField(max_length=200, blank=True)
    due = models.DateField(null=True, blank=True)
    done = models.BooleanField(default=False)
    lever = models.TextField(blank=True)
    effect = models.TextField(blank=True)
    done_on = models.DateField(null=True, blank=True)
    done_by = models.CharField(max_length=200, blank=True)
    result = models.TextField(blank=True)

    class Meta:
        """Actions of an objective are numbered without twin."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["objective", "rank"], name="action_rank_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.objective_id} #{self.rank}: {self.action}"


class Assessment(models.Model):
    """What one side says of a graded statement on a day: a level, the evidence."""

    objective = models.ForeignKey(
        Objective, on_delete=models.CASCADE, related_name="assessments"
    )
    rank = models.PositiveIntegerField()
    side = models.CharField(max_length=10)
    level = models.PositiveSmallIntegerField()
    on = models.DateField()
    evidence = models.TextField(blank=True)
    by = models.CharField(max_length=200, blank=True)

    class Meta:
        """A level is one of four, said by the owner or the manager."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["objective", "rank"], name="assessment_rank_once"
            ),
            models.CheckConstraint(
                condition=models.Q(level__gte=1, level__lte=4),
                name="assessment_level_known",
            ),
            models.CheckConstraint(
                condition=models.Q(side__in=("owner", "manager")),
                name="assessment_side_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objective_id} {self.side} {self.on}: {self.level}"
