"""Columns that hold secrets: sealed in the database, open in Python."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import models

from jalon.workspace.vault import KeyLostError, sealed, unsealed


class SealedTexts(models.TextField):  # type: ignore[type-arg]
    """A list of texts, sealed by the key of the workspace; an empty list is empty.

    Without the key that sealed them they read as none: their owner gives them again.
    """

    def from_db_value(self, value: str | None, *_: object) -> list[str]:
        """Return the texts of a sealed column."""
        try:
            found = unsealed(settings.WORKSPACE, value or "")
        except KeyLostError:
            return []
        return [found[rank] for rank in sorted(found, key=int)]

    def get_prep_value(self, value: Sequence[str] | None) -> str:
        """Return the sealed column of texts."""
        texts = {str(rank): text for rank, text in enumerate(value or ())}
        return sealed(settings.WORKSPACE, texts) if texts else ""
