"""Who changed what, when: one line a change, written in the change's transaction."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class AuditLine(models.Model):
    """One change: who, when, the verb, what it touched, the details."""

    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    verb = models.CharField(max_length=60)
    noun = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    details = models.JSONField(default=dict)

    class Meta:
        """Read by what was touched, newest last."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["noun", "key", "at"], name="audit_noun_key_at")
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by} {self.verb} {self.noun} {self.key}"
