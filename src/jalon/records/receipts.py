"""Receipts: who took note of a new target, and when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from jalon.records.objectives import Objective


class Receipt(models.Model):
    """Somebody has read the re-target of that rank of an objective."""

    objective = models.ForeignKey(
        Objective, on_delete=models.CASCADE, related_name="receipts"
    )
    rank = models.PositiveIntegerField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        """A re-target is acknowledged once by somebody."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["objective", "rank", "by"], name="receipt_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.objective_id} #{self.rank} by {self.by}"
