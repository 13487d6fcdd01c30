"""Alerts: what was said when a state changed, who saw it and what was done."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from jalon.records.objectives import Objective, amount


class Alert(models.Model):
    """One change of state of a subject, said once and kept as it was said.

    `about` is "objective:<id>" or "drift:<owner>"; `told` holds what it rests on:
    drivers off their path, objectives of people that this one is watched for.
    """

    about = models.CharField(max_length=220)
    owner = models.CharField(max_length=200, db_index=True)
    objective = models.ForeignKey(
        Objective, null=True, on_delete=models.CASCADE, related_name="alerts"
    )
    state = models.CharField(max_length=10)
    former = models.CharField(max_length=10)
    change = models.CharField(max_length=12)
    since = models.DateField()
    fired_on = models.DateField(db_index=True)
    probability = amount(null=True)
    told = models.JSONField(default=dict)
    snapshot = models.CharField(max_length=40, blank=True)

    class Meta:
        """A subject changes state once a day at most."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["about", "fired_on"], name="alert_once"),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.state} {self.fired_on}"


class AlertDeed(models.Model):
    """What somebody did about an alert: saw it, took note of it, planned an action."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="deeds")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="alert_deeds",
    )
    by = models.CharField(max_length=200)
    kind = models.CharField(max_length=12)  # seen, noted, action
    at = models.DateTimeField()
    text = models.TextField(blank=True)
    objective = models.CharField(max_length=200, blank=True)  # of the action

    class Meta:
        """An alert is seen once, and taken note of once, by somebody."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["alert", "by", "kind"],
                condition=models.Q(kind__in=["seen", "noted"]),
                name="alert_deed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.kind} by {self.by}"
