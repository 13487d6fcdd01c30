"""`{{ at|moment }}`: a day and an hour in the company's time zone; small numbers."""

from __future__ import annotations

import datetime
from decimal import Decimal

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


@register.filter
def hundred(share: Decimal) -> str:
    """Return a share in percent as a field holds it: 0.8 is 80."""
    return f"{(share * 100).normalize():f}"
