"""Figures and reasons as people read them, in the language that is active."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from jalon.locale.figures import figure


def shown(value: Decimal | None, unit: str, currency: str | None, lang: str) -> str:
    """Return a figure with its unit, a dash where there is none."""
    if value is None:
        return "–"
    return figure(value, unit, lang=lang, currency=currency or "EUR")


def why_not(reason: str | None) -> str:
    """Return why there is no value."""
    return _(f"kpi.reason.{reason}") if reason else ""  # noqa: INT001 - a code
