"""People who log in: an e-mail, a role, and the person of the facts they are.

E-mails are kept in lower case; `person_id` is the key of `people` in the warehouse.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.crypto import salted_hmac


class Role(models.TextChoices):
    """What a user is in the company; rights follow from the domain's table."""

    DIRECTOR = "director"
    MANAGER = "manager"
    SALESPERSON = "salesperson"
    REVOPS = "revops"
    READER = "reader"


class Users(BaseUserManager["User"]):
    """Make users, their e-mail in lower case."""

    def create_user(self, email: str, password: str | None = None, **more: str) -> User:
        """Create and return a user; without password, nobody can log in as them."""
        user = self.model(email=email.strip().lower(), **more)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the user of an e-mail, however it was capitalised."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who logs in with an e-mail."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    person_id = models.CharField(max_length=200, blank=True, db_index=True)
    role = models.CharField(max_length=20, choices=Role, default=Role.SALESPERSON)
    language = models.CharField(max_length=5, default="fr")
    grants = models.JSONField(default=list, blank=True)  # acts of the table, over all
    seen_at = models.DateTimeField(null=True, blank=True)
    session_mark = models.CharField(max_length=32, blank=True)  # anew: logged out
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)

    objects = Users()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        """Roles are one of five, in the database too."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="user_role_known"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """Return what a session must carry: another password or mark ends it."""
        salt = "jalon.records.accounts.User.session"
        told = f"{self.password}{self.session_mark}"
        return salted_hmac(salt, told, secret=secret, algorithm="sha256").hexdigest()


class Invitation(models.Model):
    """A link sent to somebody; of its token only the digest is kept."""

    digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField(db_index=True)
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=20, choices=Role)
    person_id = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=5, default="fr")
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """One open invitation an e-mail; roles are one of five."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="invitation_role_known"
            ),
            models.UniqueConstraint(
                fields=["email"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="invitation_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} ({self.role})"
