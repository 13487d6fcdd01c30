"""Misspelt words: one letter too many, too few, wrong or swapped.

Only words of the lexicon are proposed, only for words it does not know, and only long
ones; a reading keeps the mended text when it understands more of it.
"""

from __future__ import annotations

import re
from functools import cache

from jalon.domain.smart.words import document, named

SHORTEST = 5  # letters below which a word is left as it is
_FILES = (
    "measures.toml",
    "directions.toml",
    "others.toml",
    "filters.toml",
)
_KINDS = ("measure", "direction", "other", "filter", "won", "trade")
_USUAL = (
    "augmenter reduire diminuer atteindre ameliorer developper conquerir decrocher "
    "obtenir generer realiser maintenir accroitre fideliser trimestre semestre annee "
    "semaine semaines mensuel commercial commerciaux vendeur vendeurs chiffre affaires "
    "clients client nouveaux nouvelle qualifies decembre janvier fevrier septembre "
    "octobre novembre juillet increase decrease reduce improve achieve generate maintain "
    "quarter quarterly monthly customers customer revenue revenues pipeline retention "
    "conversion satisfaction december january february september october november "
    "august meetings proposals opportunities opportunity qualified renewal renewals"
)


def mended(text: str) -> str:
    """Return a folded text with its misspelt words put right; itself if none is."""
    read = [(one.start, one.end) for kind in _KINDS for one in named(kind, text)]

    def right(match: re.Match[str]) -> str:
        start, end = match.span()
        if any(low <= start and end <= high for low, high in read):
            return match.group(0)
        return _mended(match.group(0))

    return re.sub(r"[a-z]{5,}", right, text)


def _mended(word: str) -> str:
    known, near = _lexicon()
    if word in known or word.rstrip("s") in known:
        return word
    for shorter in (word, *_without_one(word)):
        meant = near.get(shorter)
        if meant is not None and meant[0] == word[0]:
            return meant
    return word


@cache
def _lexicon() -> tuple[frozenset[str], dict[str, str]]:
    """Return the words known, and the word meant by each of its shortened forms."""
    known = set(_USUAL.split())
    for name in _FILES:
        known |= set(re.findall(r"(?<![\\a-z])[a-z]{5,}", str(document(name))))
    near: dict[str, str] = {}
    for word in sorted(known):
        if len(word) >= SHORTEST:
            near[word] = word
            for shorter in _without_one(word):
                near.setdefault(shorter, word)
    return frozenset(known), near


def _without_one(word: str) -> list[str]:
    return [word[:place] + word[place + 1 :] for place in range(len(word))]
