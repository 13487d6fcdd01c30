"""Calls: what people say a figure will be, kept for ever beside the model."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from jalon.records.objectives import Objective, amount


class Call(models.Model):
    """What somebody committed to, and hoped for at best, on one day.

    `side` is "owner" or "manager"; `landing` what the model said that day.
    """

    objective = models.ForeignKey(
        Objective, on_delete=models.CASCADE, related_name="calls"
    )
    side = models.CharField(max_length=8)
    committed = amount()
    best = amount()
    landing = amount(null=True)
    text = models.TextField(blank=True)
    by = models.CharField(max_length=200)
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        """At best is never below what is committed."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(best__gte=models.F("committed")),
                name="call_best_not_below_committed",
            ),
            models.CheckConstraint(
                condition=models.Q(side__in=("owner", "manager")), name="call_side"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["objective", "at"], name="call_of_objective"),
        ]

    def __str__(self) -> str:
        return f"{self.objective_id} {self.side} {self.on}"
