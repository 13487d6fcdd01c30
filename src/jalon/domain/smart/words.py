"""The lexicon, compiled once: what each KPI, direction and filter is called.

A vocabulary is many small patterns. Each has a literal that any match must hold, so
that a sentence is first searched for literals, which is fast, and only the few
patterns that can match are run.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

_SHORTEST = 2  # letters a literal must have to tell anything


class Vocabulary:
    """Words and turns of one kind, found anywhere between word boundaries."""

    def __init__(self, words: Iterable[str]) -> None:
        plain = sorted({word.replace("~", "s?") for word in words}, key=len)
        self._entries = [
            (literal_of(word), re.compile(rf"(?<!\w)(?:{word})(?!\w)"))
            for word in reversed(plain)
        ]

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield every match of every pattern; they may overlap."""
        for literal, pattern in self._entries:
            if literal in text:
                yield from pattern.finditer(text)

    def search(
        self, text: str, begin: int = 0, end: int | None = None
    ) -> re.Match[str] | None:
        """Return the earliest match from a place on, the longest there."""
        stop = len(text) if end is None else end
        best: re.Match[str] | None = None
        for literal, pattern in self._entries:
            if literal in text:
                match = pattern.search(text, begin, stop)
                if match and (best is None or _before(match, best)):
                    best = match
        return best

    def match(self, text: str, begin: int = 0) -> re.Match[str] | None:
        """Return the longest match right at a place."""
        best: re.Match[str] | None = None
        for literal, pattern in self._entries:
            if literal in text:
                match = pattern.match(text, begin)
                if match and (best is None or match.end() > best.end()):
                    best = match
        return best


def literal_of(pattern: str) -> str:
    """Return the longest run of letters that any match of a pattern must hold.

    Groups, classes and whatever may be absent are left out; "" where nothing is sure.
    """
    runs = [""]
    depth = 0
    rank = 0
    while rank < len(pattern):
        letter = pattern[rank]
        width = 2 if letter == "\\" else 1
        if letter == "[":
            width = pattern.index("]", rank + 1) + 1 - rank
        follower = pattern[rank + width : rank + width + 1]
        depth += (letter == "(") - (letter == ")")
        if letter == "|" and depth == 0:
            return ""
        sure = depth == 0 and (letter.isalnum() or letter in " '-/&")
        if sure and follower not in {"?", "*", "{"}:
            runs[-1] += letter
        else:
            runs.append("")
        rank += width
    best = max(runs, key=len)
    return best if len(best) >= _SHORTEST else ""


@cache
def document(name: str) -> dict[str, Any]:
    """Return a lexicon file as TOML gives it."""
    text = files("jalon.domain.smart.lexicon").joinpath(name).read_text("utf-8")
    return tomllib.loads(text)


@cache
def measures() -> tuple[tuple[str, Vocabulary], ...]:
    """Return each KPI's words, in the order of the file."""
    return tuple(
        (key, Vocabulary(entry["words"]))
        for key, entry in document("measures.toml").items()
    )


@cache
def extra(key: str, name: str) -> Vocabulary:
    """Return a KPI's second list of words (who leads, what is won or kept)."""
    return Vocabulary(document("measures.toml")[key][name])


@cache
def directions() -> tuple[tuple[str, Vocabulary], ...]:
    """Return the words of each direction."""
    return tuple(
        (name, Vocabulary(words)) for name, words in document("directions.toml").items()
    )


@cache
def others() -> Vocabulary:
    """Return the quantities outside the catalogue."""
    return Vocabulary(document("others.toml")["quantities"])


@cache
def wishes() -> Vocabulary:
    """Return those that alone are but a wish."""
    return Vocabulary(document("others.toml")["wishes"])


@cache
def filters() -> tuple[tuple[str, Vocabulary], ...]:
    """Return the values of each dimension."""
    return tuple(
        (name, Vocabulary(entry["words"]))
        for name, entry in document("filters.toml").items()
    )


@cache
def non_commercial() -> Vocabulary:
    """Return the words of other trades."""
    return Vocabulary(document("domains.toml")["non_commercial"])


def _before(match: re.Match[str], best: re.Match[str]) -> bool:
    return (match.start(), -match.end()) < (best.start(), -best.end())
