"""`{{ at|moment }}`: a day and an hour in the company's time zone."""

from __future__ import annotations

import datetime

from django import template
from django.utils import timezone

from jalon.locale import figures
from jalon.web.language import current

register = template.Library()


@register.filter
def moment(at: datetime.datetime | None) -> str:
    """Return `30 juin 2026, 14:05`; nothing where it never was."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return f"{figures.day(local.date(), lang=current())}, {local:%H:%M}"
