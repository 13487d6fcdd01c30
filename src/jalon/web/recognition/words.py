"""Words of recognition on a page."""

from __future__ import annotations

from django import template

from jalon.notifications import recognition_words
from jalon.queries.recognition import WordLine
from jalon.web.language import current

register = template.Library()


@register.filter
def word_title(line: WordLine) -> str:
    """Return the kind in two or three words."""
    return recognition_words.title(line.kind)


@register.filter
def word_reason(line: WordLine) -> str:
    """Return why the person deserves a word."""
    return recognition_words.reason(line, lang=current())


@register.filter
def word_draft(line: WordLine) -> str:
    """Return words to start from."""
    return recognition_words.draft(line, lang=current())


@register.filter
def badge_name(name: str) -> str:
    """Return the name of a badge."""
    return recognition_words.badge(name)[0]


@register.filter
def badge_for(name: str) -> str:
    """Return what a badge is worn for."""
    return recognition_words.badge(name)[1]
