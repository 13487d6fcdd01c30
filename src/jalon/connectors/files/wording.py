"""How two headers are told to be the same words.

Words are compared without case, accents or punctuation; `dealName`, `Deal - Name` and
`deal_name` are one; what stands between brackets (a unit) may be left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

SAME, SAME_WORDS, WITHIN = 0.95, 0.85, 0.6
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_EMPTY_WORDS = frozenset(
    {"a", "au", "d", "de", "des", "du", "en", "la", "le", "les", "l", "of", "the"}
)


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """Return the words of a text in lower case, without accents or punctuation."""
    spaced = _CAMEL.sub(" ", text)
    plain = unicodedata.normalize("NFKD", spaced)
    kept = "".join(
        letter if letter.isalnum() else " "
        for letter in plain
        if not unicodedata.combining(letter)
    )
    return " ".join(kept.casefold().split())


@lru_cache(maxsize=8192)
def literal(text: str) -> str:
    """Return a text without case, accents or outer spaces; punctuation is kept."""
    plain = unicodedata.normalize("NFKD", text.strip())
    kept = "".join(one for one in plain if not unicodedata.combining(one))
    return " ".join(kept.casefold().replace("’", "'").split())


def likeness(header: str, wording: str) -> float:
    """Return how surely a header means a wording, from 0 (not at all) to 1."""
    wanted = folded(wording)
    forms = _forms(header)
    if wanted in forms:
        return SAME
    if any(_full_words(form) == _full_words(wanted) for form in forms):
        return SAME_WORDS
    several = " " in wanted
    return WITHIN if several and any(holds(form, wanted) for form in forms) else 0.0


def best(
    headers: Iterable[str], wordings: Sequence[str]
) -> list[tuple[float, int, str]]:
    """Return (likeness, rank of the wording, header), the best first, no misses."""
    found = [
        (likeness(header, wording), rank, header)
        for header in headers
        for rank, wording in enumerate(wordings)
    ]
    return sorted(
        (one for one in found if one[0] > 0), key=lambda one: (-one[0], one[1])
    )


def holds(text: str, phrase: str) -> bool:
    """Return whether folded words hold a folded phrase, whole words only."""
    return f" {phrase} " in f" {text} "


@lru_cache(maxsize=1024)
def _forms(header: str) -> frozenset[str]:
    return frozenset({folded(header), folded(_BRACKETS.sub(" ", header))} - {""})


@lru_cache(maxsize=8192)
def _full_words(text: str) -> frozenset[str]:
    return frozenset(text.split()) - _EMPTY_WORDS
