"""Words of recognition: proposed by a rule, said by somebody, or let go.

A merit is proposed once; thanks have none. A word is on no wall unless `wall` is set
and the person agrees to be shown.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from jalon.domain.recognition.merits import Kind

PROPOSED, SAID, LET_GO, WITHDRAWN = "proposed", "said", "let_go", "withdrawn"
STATES = (PROPOSED, SAID, LET_GO, WITHDRAWN)


class Word(models.Model):
    """One word to one person: why, in which state, by whom, in which words."""

    person_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    merit = models.CharField(max_length=260, blank=True)
    objective = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict)
    earned_on = models.DateField()
    state = models.CharField(max_length=10, default=PROPOSED)
    text = models.TextField(blank=True)
    lang = models.CharField(max_length=2, default="fr")
    wall = models.BooleanField(default=False)
    by = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    cheered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Kinds and states are known; a word said has its text and its author."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["merit"],
                condition=~models.Q(merit=""),
                name="word_merit_once",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=[one.value for one in Kind]),
                name="word_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=STATES), name="word_state_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=SAID)
                | (~models.Q(text="") & ~models.Q(by="")),
                name="word_said_by_somebody",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "-at"], name="word_state_at"),
            models.Index(fields=["person_id", "state"], name="word_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}: {self.state}"


class Shown(models.Model):
    """What somebody agrees to: on the wall by name (yes), compared (no)."""

    person_id = models.CharField(max_length=200, unique=True)
    wall = models.BooleanField(default=True)
    compared = models.BooleanField(default=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.person_id


class Screen(models.Model):
    """A screen on a wall that shows the successes without logging in, by its link."""

    digest = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=80)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.label


class Cheer(models.Model):
    """A chat room where the words on the wall are told: an Apprise address, sealed."""

    sealed = models.TextField()
    label = models.CharField(max_length=80)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.label
