"""Where somebody is logged in, what proves it is them, who they are elsewhere.

The secret of a second factor is sealed; of a recovery code only the digest is kept.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class OpenSession(models.Model):
    """One browser somebody logged in with; gone when the session is."""

    key = models.CharField(max_length=40, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="open_sessions"
    )
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    agent = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=45, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id} since {self.began_at:%Y-%m-%d %H:%M}"


class SecondFactor(models.Model):
    """A code that changes every thirty seconds; it counts once it was proven.

    `last_step` is the last thirty seconds whose code was used: none is used twice.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="second_factor"
    )
    secret = models.TextField()
    proven_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=0)
    recovery = models.JSONField(default=list, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id} {'proven' if self.proven_at else 'asked'}"


class Identity(models.Model):
    """Who an account is for the company's identity provider."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="identities"
    )
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        """An identity is one account's."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["issuer", "subject"], name="identity_of_one_account"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} at {self.issuer}"
