"""Distributions of accounts among people: what was asked, what was found, the decision.

A draft is drawn up anew as often as wished; a decision is kept as it was taken. The CRM
stays the master of who holds what: a decision is a list of moves to carry out there.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

STATES = ("draft", "applied", "dropped")


class TerritoryPlan(models.Model):
    """One distribution; `asked` and `answer` are kept as JSON, decimals as texts."""

    title = models.CharField(max_length=200)
    scope = models.CharField(max_length=200)
    on = models.DateField()
    snapshot = models.CharField(max_length=40)
    asked = models.JSONField(default=dict)
    answer = models.JSONField(default=dict)
    state = models.CharField(max_length=12, default="draft")
    created_by = models.CharField(max_length=200)
    drawn_at = models.DateTimeField()
    decided_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    effective_on = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        """A decision has its date, a draft has none."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(state__in=STATES), name="territory_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", decided_at__isnull=True)
                | (~models.Q(state="draft") & models.Q(decided_at__isnull=False)),
                name="territory_decision_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.title}"
