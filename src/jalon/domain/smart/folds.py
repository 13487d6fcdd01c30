"""A short name out of words: letters, digits and dashes only."""

from __future__ import annotations

import re

from jalon.domain.smart.text import folded

LONGEST = 60


def slug(words: str) -> str:
    """Return words as a name: "Chiffre d'affaires" gives "chiffre-d-affaires"."""
    return re.sub(r"[^a-z0-9]+", "-", folded(words)).strip("-")[:LONGEST]
