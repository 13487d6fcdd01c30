"""The words of a comment that may carry a theme, as lemmas (simplemma)."""

from __future__ import annotations

import re
from functools import cache

import simplemma

from jalon.domain.feedback import themes

LANGUAGES = ("fr", "en")
WORD = re.compile(r"[^\W\d_]{2,}", re.UNICODE)
SHORTEST = 3  # letters of a word that may carry a theme


def lemmas(text: str, *, lang: str) -> tuple[str, ...]:
    """Return the words of a text that may carry a theme, as lemmas in lower case."""
    known = lang if lang in LANGUAGES else LANGUAGES[0]
    found = (_lemma(word.lower(), known) for word in WORD.findall(text))
    empty = themes.empty_words()
    return tuple(word for word in found if len(word) >= SHORTEST and word not in empty)


@cache
def _lemma(word: str, lang: str) -> str:
    return simplemma.lemmatize(word, lang=lang).lower()
