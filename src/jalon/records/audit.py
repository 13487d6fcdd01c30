"""Who changed what, when: one line a change, written in the change's transaction."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class LineKeptError(Exception):
    """A line of the audit was about to be changed or removed."""


class AppendOnly(models.QuerySet["AuditLine"]):
    """Lines are added and read, nothing else; the database refuses changes too."""

    def update(self, **values: object) -> int:
        """Refuse.

        Raises:
            LineKeptError: Always.
        """
        raise LineKeptError(values)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse.

        Raises:
            LineKeptError: Always.
        """
        raise LineKeptError


class AuditLine(models.Model):
    """One change: who, when, the verb, what it touched, the details."""

    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    verb = models.CharField(max_length=60)
    noun = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    details = models.JSONField(default=dict)

    objects = AppendOnly.as_manager()

    class Meta:
        """Read by what was touched, by whom, by day."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["noun", "key", "at"], name="audit_noun_key_at"),
            models.Index(fields=["by", "at"], name="audit_by_at"),
            models.Index(fields=["at"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by} {self.verb} {self.noun} {self.key}"

    def save(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's shape
        """Write a new line.

        Raises:
            LineKeptError: If it was written already.
        """
        if not self._state.adding:
            raise LineKeptError(self.pk)
        super().save(*args, **kwargs)

    def delete(self, *_args: object, **_kwargs: object) -> tuple[int, dict[str, int]]:
        """Refuse.

        Raises:
            LineKeptError: Always.
        """
        raise LineKeptError(self.pk)
