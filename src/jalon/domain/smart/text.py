"""A sentence as it is matched: folded, letter for letter, so that places stay true.

Folding lowers letters, drops accents, straightens quotes and arrows, and turns every
space into a plain one; the folded text is as long as the original.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

LONGEST = 2_000  # letters read of a sentence: an objective is not a page
_SAME = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "`": "'",
    "´": "'",
    "–": "-",
    "—": "-",
    "−": "-",
    "‑": "-",
    "‐": "-",
    "→": "→",
    "➔": "→",
    "➜": "→",
    "⇒": "→",
    "➡": "→",
    "“": '"',
    "”": '"',
    "«": '"',
    "»": '"',
    "×": "x",
    "≥": ">",
    "≤": "<",
    "％": "%",
    "\u0153": "o",
    "æ": "a",
    "ß": "s",
}


def folded(text: str) -> str:
    """Return the text folded, at most its first letters."""
    return "".join(_folded(letter) for letter in text[:LONGEST])


@lru_cache(maxsize=4096)
def _folded(letter: str) -> str:
    if letter in _SAME:
        return _SAME[letter]
    if letter.isspace():
        return " "
    base = unicodedata.normalize("NFKD", letter)[:1].lower()
    return base if len(base) == 1 else letter
