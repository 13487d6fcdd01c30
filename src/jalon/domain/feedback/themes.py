"""Themes of what the field says: known classes by a lexicon, new words by log-odds.

What is new compares the words of a window with those of the window before: log-odds
ratio with a Dirichlet prior (Monroe, Colaresi and Quinn, Political Analysis 2008, eq.
15 to 22), flat, half a word a term, as a z score. A word needs three authors, so that
one voice is never a theme and nobody is profiled. Words are lemmas; who makes them is
not the rule's concern (`Lemmas`).
"""

from __future__ import annotations

import itertools
import math
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

Lemmas = Callable[[str], tuple[str, ...]]
AUTHORS = 3
PRIOR = 0.5  # weight of one word of the prior, in words
SIGNIFICANT = 1.96


@dataclass(frozen=True, slots=True)
class Voice:
    """What one person said once, as lemmas in their order, and as it was written."""

    author: str
    words: tuple[str, ...]
    written: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Theme:
    """A word or pair of words: how often, by how many people, how new (a z score)."""

    term: str
    said: int
    before: int
    authors: int
    score: float


def rising(
    now: Sequence[Voice],
    before: Sequence[Voice],
    *,
    authors: int = AUTHORS,
    stop: frozenset[str] = frozenset(),
    limit: int = 20,
) -> tuple[Theme, ...]:
    """Return the terms said more than in the window before, the newest first.

    A term counts once a voice. Only terms of at least `authors` people are returned,
    and of two terms said by the same voices the longer one alone.
    """
    new, old = _said(now, stop), _said(before, stop)
    counts = Counter({term: len(voices) for term, voices in new.items()})
    former = Counter({term: len(voices) for term, voices in old.items()})
    total, total_before = counts.total(), former.total()
    found = [
        Theme(
            term,
            counts[term],
            former[term],
            len({now[rank].author for rank in voices}),
            _log_odds(counts[term], total, former[term], total_before),
        )
        for term, voices in new.items()
    ]
    kept = [one for one in found if one.authors >= authors and one.score > 0]
    kept.sort(key=lambda one: (-one.score, -len(one.term), one.term))
    return _without_parts(kept, new)[:limit]


def classed(
    voices: Iterable[Voice], classes: Mapping[str, frozenset[str]]
) -> dict[str, tuple[int, int]]:
    """Return each class with how many voices fall in it and by how many authors.

    `classes` gives the terms (words, or pairs of words with a blank) of each class; a
    voice may fall in several.
    """
    found: dict[str, list[str]] = {name: [] for name in classes}
    for voice in voices:
        spoken = frozenset(terms(voice.words, frozenset()))
        for name, words in classes.items():
            if spoken & words:
                found[name].append(voice.author)
    return {name: (len(said), len(set(said))) for name, said in found.items()}


@cache
def objections() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the objection classes shipped: name, then language, to its terms."""
    file = resources.files("jalon.domain.feedback.lexicon") / "objections.toml"
    read = tomllib.loads(file.read_text("utf-8"))
    return {
        name: {language: tuple(terms) for language, terms in by_language.items()}
        for name, by_language in read.items()
    }


@cache
def empty_words() -> frozenset[str]:
    """Return the words that carry no theme, as lemmas, of both languages."""
    file = resources.files("jalon.domain.feedback.lexicon") / "empty.toml"
    read = tomllib.loads(file.read_text("utf-8"))
    return frozenset(word for words in read.values() for word in words.split())


def lemmatised(
    terms: Mapping[str, Iterable[str]], lemmas: Mapping[str, Lemmas]
) -> frozenset[str]:
    """Return the terms of a class as the lemmas comments are compared by."""
    return frozenset(
        " ".join(lemmas[language](term))
        for language, written in terms.items()
        if language in lemmas
        for term in written
    )


def _said(voices: Sequence[Voice], stop: frozenset[str]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for rank, voice in enumerate(voices):
        for term in terms(voice.words, stop):
            found.setdefault(term, set()).add(rank)
    return found


def terms(words: Sequence[str], stop: frozenset[str]) -> Iterable[str]:
    """Return the words and the pairs of neighbours, without words that say nothing."""
    kept = [word for word in words if word not in stop]
    yield from kept
    yield from (f"{one} {two}" for one, two in itertools.pairwise(kept))


def wordings(voices: Iterable[Voice]) -> dict[str, str]:
    """Return each term as people write it most often: "client perdu", no lemmas."""
    met: dict[str, Counter[str]] = {}
    every: frozenset[str] = frozenset()
    for one in voices:
        written = terms(one.written or one.words, every)
        for term, form in zip(terms(one.words, every), written, strict=True):
            met.setdefault(term, Counter())[form] += 1
    return {
        term: min(forms, key=lambda form: (-forms[form], form))
        for term, forms in met.items()
    }


def _log_odds(said: int, total: int, before: int, total_before: int) -> float:
    """Return Monroe's z score of a term, with a flat prior of `PRIOR` on both sides."""
    one, two = said + PRIOR, before + PRIOR
    rest = max(total - said, 0) + PRIOR
    rest_before = max(total_before - before, 0) + PRIOR
    gap = math.log(one / rest) - math.log(two / rest_before)
    return gap / math.sqrt(1 / one + 1 / two)


def _without_parts(
    themes: Sequence[Theme], voices: Mapping[str, set[int]]
) -> tuple[Theme, ...]:
    """Drop a term that only the voices of a longer one, kept already, say."""
    kept: list[Theme] = []
    for one in themes:
        inside = any(
            (one.term in other.term.split() or other.term in one.term.split())
            and voices[one.term] == voices[other.term]
            for other in kept
        )
        if not inside:
            kept.append(one)
    return tuple(kept)
