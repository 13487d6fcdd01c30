"""Evaluations: objective x date x snapshot, kept for ever.

`definition` is the fingerprint of what was evaluated (target in force, bands, phasing),
so that the same key always names the same figures.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from jalon.records.objectives import Objective, amount


class Evaluation(models.Model):
    """What one objective showed on one day, read from one snapshot."""

    objective = models.ForeignKey(
        Objective, on_delete=models.CASCADE, related_name="evaluations"
    )
    on = models.DateField()
    snapshot = models.CharField(max_length=40)
    definition = models.CharField(max_length=64)
    baseline = amount(null=True)
    target = amount(null=True)
    original_target = amount(null=True)
    joined_target = amount(null=True)
    actual = amount(null=True)
    numerator = amount(null=True)
    denominator = amount(null=True)
    expected = amount(null=True)
    attainment = amount(null=True)
    original_attainment = amount(null=True)
    gap = amount(null=True)
    status = models.CharField(max_length=12)
    reason = models.CharField(max_length=200, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    landing_p10 = amount(null=True)
    landing_p50 = amount(null=True)
    landing_p90 = amount(null=True)
    probability = amount(null=True)
    margin = amount(null=True)
    trust = models.JSONField(default=dict)
    frozen = models.BooleanField(default=False)

    class Meta:
        """One figure for a day, a snapshot and a definition."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["objective", "on", "snapshot", "definition"],
                name="evaluation_once",
            ),
            models.UniqueConstraint(
                fields=["objective"],
                condition=models.Q(frozen=True),
                name="evaluation_frozen_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objective_id} {self.on} {self.status}"
