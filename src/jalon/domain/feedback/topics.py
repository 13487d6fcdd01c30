"""Topics to browse comments by: non-negative factors of the terms they are made of.

NMF by multiplicative updates (Lee and Seung, Nature 401, 1999) on TF-IDF, started from
the singular vectors (NNDSVD, Boutsidis and Gallopoulos, 2008) so that the same comments
always give the same topics: nothing is drawn by lot. A topic is told only where three
authors speak of it. (numpy.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jalon.domain.feedback.themes import AUTHORS, Voice, terms

Array = NDArray[np.float64]
TOPICS, ROUNDS, WORDS = 6, 120, 5
FEWEST = 12  # comments below which nothing is worth sorting
TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Topic:
    """Words that go together, how many comments are of it, by how many people."""

    words: tuple[str, ...]
    said: int
    authors: int
    voices: tuple[int, ...]  # their places, those most of it first


def topics(
    voices: Sequence[Voice],
    *,
    number: int = TOPICS,
    authors: int = AUTHORS,
    stop: frozenset[str] = frozenset(),
) -> tuple[Topic, ...]:
    """Return the topics said most first; each comment belongs to one, or to none."""
    if len(voices) < FEWEST:
        return ()
    names, weights = _weighted(voices, stop)
    if not names:
        return ()
    rank = min(number, len(names), len(voices))
    carried, words = _factors(weights, rank)
    share = carried * words.sum(axis=1)
    owner = share.argmax(axis=1)
    spoken = share.max(axis=1) > TINY
    found = []
    for topic in range(rank):
        mine = [
            int(one)
            for one in np.argsort(-share[:, topic], kind="stable")
            if spoken[one] and owner[one] == topic
        ]
        best = np.argsort(-words[topic], kind="stable")[:WORDS]
        told = tuple(names[one] for one in best if words[topic, one] > TINY)
        people = len({voices[one].author for one in mine})
        if people >= authors and told:
            found.append(Topic(told, len(mine), people, tuple(mine)))
    return tuple(sorted(found, key=lambda one: (-one.said, one.words)))


def _weighted(voices: Sequence[Voice], stop: frozenset[str]) -> tuple[list[str], Array]:
    """Return the terms of two comments at least, and comments x terms as TF-IDF."""
    said = [Counter(set(terms(one.words, stop))) for one in voices]
    known = Counter(term for one in said for term in one)
    names = sorted(term for term, number in known.items() if number > 1)
    place = {term: rank for rank, term in enumerate(names)}
    found = np.zeros((len(voices), len(names)))
    for row, one in enumerate(said):
        for term in one:
            if term in place:
                rarity = np.log((1 + len(voices)) / (1 + known[term])) + 1
                found[row, place[term]] = rarity
    norms = np.linalg.norm(found, axis=1, keepdims=True)
    return names, found / np.maximum(norms, TINY)


def _factors(weights: Array, rank: int) -> tuple[Array, Array]:
    """Return comments x topics and topics x terms, neither below 0."""
    left, right = _start(weights, rank)
    for _round in range(ROUNDS):
        right *= (left.T @ weights) / np.maximum(left.T @ left @ right, TINY)
        left *= (weights @ right.T) / np.maximum(left @ (right @ right.T), TINY)
    return left, right


def _start(weights: Array, rank: int) -> tuple[Array, Array]:
    u, s, v = np.linalg.svd(weights, full_matrices=False)
    left = np.full((weights.shape[0], rank), TINY)
    right = np.full((rank, weights.shape[1]), TINY)
    for one in range(min(rank, len(s))):
        positive = np.maximum(u[:, one], 0), np.maximum(v[one], 0)
        negative = np.maximum(-u[:, one], 0), np.maximum(-v[one], 0)
        sizes = [np.linalg.norm(a) * np.linalg.norm(b) for a, b in (positive, negative)]
        a, b = positive if sizes[0] >= sizes[1] else negative
        scale = np.sqrt(s[one] * max(sizes))
        left[:, one] += scale * a / max(float(np.linalg.norm(a)), TINY)
        right[one] += scale * b / max(float(np.linalg.norm(b)), TINY)
    return left, right
