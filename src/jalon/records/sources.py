"""Sources connected, their runs, and when each is due.

A run is a row before it is work: whoever turns WAITING into RUNNING does it, and a
source has one run for each moment it is due, however many schedulers look.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ConnectedSource(models.Model):
    """A source: its kind, settings, choices, the state reached, when it is read.

    `secrets` is sealed (`jalon.workspace.vault`). `every` is in minutes, 0 for by hand.
    `state` is what the next run starts from. `writes_back` lets targets be written to
    it. `told_late_at` is when people were told that it is late, None while it is not.
    """

    name = models.SlugField(max_length=60, primary_key=True)
    kind = models.CharField(max_length=40)
    settings = models.JSONField(default=dict)
    secrets = models.TextField(blank=True)
    stages = models.JSONField(default=dict)
    fields = models.JSONField(default=dict)
    state = models.JSONField(default=dict)
    every = models.PositiveIntegerField(default=0)
    hook = models.CharField(max_length=64, blank=True)
    checked = models.JSONField(null=True)
    checked_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    swept_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    writes_back = models.BooleanField(default=False)
    told_late_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.kind})"


class RunState(models.TextChoices):
    """Where a run stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Why(models.TextChoices):
    """What asked for a run."""

    HAND = "hand"
    SCHEDULE = "schedule"
    WEBHOOK = "webhook"


class SourceRun(models.Model):
    """One reading of a source: why, when, what came of it, what went wrong.

    `due_at` is the moment of the schedule it answers; `counts` holds the rows;
    `fault` is a sentence with its parameters; `said` what the source had to say.
    """

    source = models.ForeignKey(
        ConnectedSource, on_delete=models.CASCADE, related_name="runs"
    )
    why = models.CharField(max_length=20, choices=Why, default=Why.HAND)
    by = models.CharField(max_length=200)
    state = models.CharField(max_length=20, choices=RunState, default=RunState.WAITING)
    due_at = models.DateTimeField()
    not_before = models.DateTimeField()
    sweep = models.BooleanField(default=False)
    attempts = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    generation = models.CharField(max_length=40, blank=True)
    fault = models.JSONField(null=True)
    said = models.JSONField(default=list)

    class Meta:
        """Once for each moment due; one waiting at a time; states are one of four."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["source", "due_at"], name="source_run_once_a_moment"
            ),
            models.UniqueConstraint(
                fields=["source"],
                condition=models.Q(state="waiting"),
                name="source_run_waits_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=RunState.values),
                name="source_run_state_known",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "not_before"], name="source_run_next"),
            models.Index(fields=["source", "-started_at"], name="source_run_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.due_at:%Y-%m-%d %H:%M} {self.state}"


class WrittenTarget(models.Model):
    """The target of an objective as it was last written to a source, and its id there.

    `values` is what was sent, to the letter.
    """

    source = models.ForeignKey(
        ConnectedSource, on_delete=models.CASCADE, related_name="written"
    )
    objective = models.CharField(max_length=200)
    remote = models.CharField(max_length=200)
    values = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        """An objective has one target a source."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["source", "objective"], name="written_target_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objective} in {self.source_id}: {self.remote}"
