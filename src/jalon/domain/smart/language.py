"""French or English: the smaller words tell."""

from __future__ import annotations

import re

_FRENCH = frozenset(
    "le la les un une des du de d au aux nos notre et en par pour sur dans d'ici avec "
    "plus moins fin trimestre mois annee chaque clients ventes taux augmenter reduire "
    "atteindre passer faire obtenir gagner chiffre affaires leads l qu sans vers chez ce "
    "cette mes mon ma ses son se a".split()
)
_ENGLISH = frozenset(
    "the of to by from in on our with and for at per each every a an this next end "
    "quarter month year customers sales rate increase reduce reach grow win more fewer "
    "less new up down below under over within get lift raise cut keep hold is be".split()
)


def language(text: str) -> str:
    """Return "fr" or "en" for a folded text; French where nothing tells."""
    words = re.findall(r"[a-z]+", text)
    french = sum(word in _FRENCH for word in words)
    english = sum(word in _ENGLISH for word in words)
    return "en" if english > french else "fr"
