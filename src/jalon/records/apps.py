"""The one Django app."""

from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """What people write: users, objectives, evaluations, the audit."""

    name = "jalon.records"
    label = "records"
