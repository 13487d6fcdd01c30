"""The lexicon, compiled once: what each KPI, direction and filter is called.

A vocabulary is many small patterns. Each has a literal that any match must hold, filed
under one of its trigrams: a sentence is looked up by its own trigrams, so that only the
few patterns that can match are run, whatever the size of the lexicon.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

_GRAM = 3
_REMEMBERED = 64  # texts whose matches are kept: a sentence is searched several times


class Match(NamedTuple):
    """Words found: of which label, where, and as folded."""

    label: str
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class _Entry:
    label: str
    rank: int
    literals: tuple[str, ...]
    pattern: re.Pattern[str]


class Vocabulary:
    """Words and turns of several labels, found anywhere between word boundaries."""

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        self._filed: dict[str, list[_Entry]] = defaultdict(list)
        self._always: list[_Entry] = []
        pairs = [(label, each) for label, every in words.items() for each in every]
        for rank, (label, word) in enumerate(pairs):
            plain = word.replace("~", "s?")
            pattern = re.compile(
                rf"(?<!\w)(?:{plain})(?!\w|-(?:centric|first|focused|facing|oriented|driven|led|sourced|generated|based))"
            )
            self._file(_Entry(label, rank, literals_of(plain), pattern))
        self.matches = lru_cache(maxsize=_REMEMBERED)(self._matches)

    def _file(self, entry: _Entry) -> None:
        for literal in entry.literals:
            grams = [literal[at : at + _GRAM] for at in range(len(literal) - _GRAM + 1)]
            if not grams:
                self._always.append(entry)
                return
        for literal in entry.literals:
            grams = [literal[at : at + _GRAM] for at in range(len(literal) - _GRAM + 1)]
            rarest = min(grams, key=lambda gram: len(self._filed[gram]))
            if entry not in self._filed[rarest]:
                self._filed[rarest].append(entry)

    def _matches(self, text: str) -> tuple[Match, ...]:
        """Return every match of every pattern, by place, longest first."""
        grams = {text[at : at + _GRAM] for at in range(len(text) - _GRAM + 1)}
        filed = self._filed
        entries = {entry.rank: entry for entry in self._always}
        for gram in grams & filed.keys():
            for entry in filed[gram]:
                entries[entry.rank] = entry
        found: list[tuple[int, int, int, str, str]] = []
        for entry in entries.values():
            for literal in entry.literals:
                if literal in text:
                    found += [
                        (one.start(), -one.end(), entry.rank, entry.label, one.group(0))
                        for one in entry.pattern.finditer(text)
                    ]
                    break
        found.sort()
        return tuple(
            Match(label, start, -less, words) for start, less, _, label, words in found
        )


def literals_of(pattern: str) -> tuple[str, ...]:
    """Return runs of letters, one of which any match of a pattern must hold.

    The longest run that is always there, or one run for each branch of a group.
    """
    parts = _parts(pattern)
    if "|" in parts:
        return tuple(run for part in _split(parts) for run in _needed(part))
    return _needed(parts)


def _needed(parts: Sequence[str]) -> tuple[str, ...]:
    choices: list[tuple[str, ...]] = [("",)]
    run = ""
    for rank, part in enumerate([*parts, "."]):
        follower = parts[rank + 1] if rank + 1 < len(parts) else ""
        optional = follower[:1] in {"?", "*", "{"}
        if _is_letter(part) and not optional:
            run += part
            continue
        choices.append((run,))
        run = ""
        if part.startswith("(?:") and not optional:
            choices.append(literals_of(part[3:-1]))
    return max(choices, key=lambda runs: min(map(len, runs)))


def _is_letter(part: str) -> bool:
    return len(part) == 1 and (part.isalnum() or part in " '-/&")


def _parts(pattern: str) -> list[str]:
    """Return a pattern cut into letters, whole groups, classes and signs."""
    parts: list[str] = []
    rank = 0
    while rank < len(pattern):
        width = _width(pattern, rank)
        parts.append(pattern[rank : rank + width])
        rank += width
    return parts


def _width(pattern: str, rank: int) -> int:
    letter = pattern[rank]
    if letter == "\\":
        return 2
    if letter == "[":
        return pattern.index("]", rank + 1) + 1 - rank
    if letter == "{":
        return pattern.index("}", rank) + 1 - rank
    if letter != "(":
        return 1
    end = rank + 1
    while pattern[end] != ")":
        end += _width(pattern, end)
    return end + 1 - rank


def _split(parts: Sequence[str]) -> list[list[str]]:
    branches: list[list[str]] = [[]]
    for part in parts:
        if part == "|":
            branches.append([])
        else:
            branches[-1].append(part)
    return branches


@cache
def document(name: str) -> dict[str, Any]:
    """Return a lexicon file as TOML gives it."""
    text = files("jalon.domain.smart.lexicon").joinpath(name).read_text("utf-8")
    return tomllib.loads(text)


@cache
def _every() -> Vocabulary:
    """Return the whole lexicon, each label with its kind: one look-up a sentence."""
    named = document("measures.toml")
    words: dict[str, Iterable[str]] = {}
    for key, entry in named.items():
        words[f"measure {key}"] = entry["words"]
    words["leader market_share"] = named["market_share"]["leader"]
    words["won new_customers"] = named["new_customers"]["won"]
    for name, turns in document("directions.toml").items():
        words[f"direction {name}"] = turns
    words["other other"] = document("others.toml")["quantities"]
    for name, entry in document("filters.toml").items():
        words[f"filter {name}"] = entry["words"]
    words["trade non_commercial"] = document("domains.toml")["non_commercial"]
    return Vocabulary(words)


@lru_cache(maxsize=_REMEMBERED)
def _sorted(text: str) -> dict[str, list[Match]]:
    kinds: dict[str, list[Match]] = defaultdict(list)
    for label, start, end, words in _every().matches(text):
        kind, _, name = label.partition(" ")
        kinds[kind].append(Match(name, start, end, words))
    return kinds


def named(kind: str, text: str) -> Sequence[Match]:
    """Return the words of a kind in a folded text, by place, longest first.

    Kinds: measure, direction, filter, other (a quantity outside the catalogue), leader
    and won (turns about markets and customers), trade (words of other trades).
    """
    return _sorted(text).get(kind, ())


def first(kind: str, text: str, begin: int = 0, end: int | None = None) -> Match | None:
    """Return the earliest of them between two places, the longest there."""
    stop = len(text) if end is None else end
    every = named(kind, text)
    return next((one for one in every if begin <= one.start and one.end <= stop), None)


@cache
def _wishes() -> Vocabulary:
    return Vocabulary({"wish": document("others.toml")["wishes"]})


def wished(words: str) -> bool:
    """Return whether a quantity alone is but a wish (errors, awareness)."""
    return bool(_wishes().matches(words))


@cache
def _definite() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(document('others.toml')['definite'])})")


def definite(words: str) -> bool:
    """Return whether a thing outside the catalogue is a quantity even uncounted."""
    return bool(_definite().search(words))
