"""Who was erased: a pseudonym, and digests that know the person again, not names."""

from __future__ import annotations

from django.db import models


class Erasure(models.Model):
    """One person erased; `digests` are keyed digests of their key, e-mails and names.

    An import or a refresh that brings them back is answered with the pseudonym.
    """

    pseudonym = models.CharField(max_length=40, unique=True)
    digests = models.JSONField(default=list)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.pseudonym
