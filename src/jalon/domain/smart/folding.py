"""Text as the lexer reads it: lower case, no accents, plain quotes and dashes.

`folded` gives the text and, for each of its characters, its place in the original.
"""

from __future__ import annotations

import unicodedata
from functools import cache

_KEPT = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "`": "'",
    "´": "'",
    "“": '"',
    "”": '"',
    "«": '"',
    "»": '"',
    "‐": "-",
    "‑": "-",
    "−": "-",
    "–": "–",
    "—": "—",
    "…": "…",
    "œ": "oe",
    "æ": "ae",
    "ß": "ss",
    "€": "€",
    "£": "£",
    "×": "×",
    "≥": ">",
    "≤": "<",
    "⩾": ">",
    "⩽": "<",
    "➔": "→",
    "➜": "→",
    "⇒": "→",
    "➡": "→",
    "→": "→",
}


@cache
def _plain(character: str) -> str:
    known = _KEPT.get(character)
    if known is not None:
        return known
    if character.isspace():
        return " "
    parts = unicodedata.normalize("NFKD", character)
    kept = "".join(part for part in parts if not unicodedata.combining(part)).lower()
    return kept.replace(" ", "") or " "


def folded(text: str) -> tuple[str, list[int]]:
    """Return the folded text, and where each of its characters stood."""
    if text.isascii():
        lowered = "".join(" " if each.isspace() else each for each in text.lower())
        return lowered, list(range(len(text)))
    out: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        plain = character.lower() if character.isascii() else _plain(character)
        plain = " " if plain.isspace() else plain
        out.append(plain)
        places.extend([place] * len(plain))
    return "".join(out), places


def fold(text: str) -> str:
    """Return the folded text alone."""
    return folded(text)[0]
