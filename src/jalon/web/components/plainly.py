"""A phrase with tables, columns and codes in it, said with the words of people."""

from __future__ import annotations

import re

from jalon.web.components.cells import worded

TECHNICAL = re.compile(
    r"\b(?:[a-z]+(?:_[a-z]+)+|deals|leads|activities|subscriptions|answers|tickets"
    r"|spend|amount|cost|outcome|held|won|lost|open)\b"
)


def plainly(phrase: str) -> str:
    """Return the phrase, each technical word replaced by people's where known."""
    return TECHNICAL.sub(_plain_word, phrase)


def _plain_word(found: re.Match[str]) -> str:
    name = found[0]
    for family in ("table", "column", "value"):
        told = worded(f"{family}.{name}", "")
        if told:
            return told
    return name
