"""What the focus guard found, in words."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext

from jalon.domain.objectives.focus import Finding

register = template.Library()


@register.filter
def finding_words(finding: Finding) -> str:
    """Return the sentence of a finding."""
    return gettext(finding.value)
