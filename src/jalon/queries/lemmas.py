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
    return tuple(lemma for lemma, _written in words(text, lang=lang))


def words(text: str, *, lang: str) -> tuple[tuple[str, str], ...]:
    """Return the words that may carry a theme: the lemma, and the word as written."""
    known = lang if lang in LANGUAGES else LANGUAGES[0]
    written = (word.lower() for word in WORD.findall(text))
    found = ((_lemma(word, known), word) for word in written)
    empty = themes.empty_words()
    return tuple(
        (lemma, word)
        for lemma, word in found
        if len(lemma) >= SHORTEST and lemma not in empty
    )


@cache
def _lemma(word: str, lang: str) -> str:
    return simplemma.lemmatize(word, lang=lang).lower()
