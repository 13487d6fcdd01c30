"""The lexicon, compiled once: what each KPI, direction and filter is called."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

Pattern = re.Pattern[str]


@cache
def document(name: str) -> dict[str, Any]:
    """Return a lexicon file as TOML gives it."""
    text = files("jalon.domain.smart.lexicon").joinpath(name).read_text("utf-8")
    return tomllib.loads(text)


@cache
def measures() -> tuple[tuple[str, Pattern], ...]:
    """Return each KPI's pattern, in the order of the file."""
    return tuple(
        (key, anywhere(entry["words"])) for key, entry in document("measures.toml").items()
    )


@cache
def extra(key: str, name: str) -> Pattern:
    """Return a KPI's second list of words (who leads, what is won or kept)."""
    return anywhere(document("measures.toml")[key][name])


@cache
def directions() -> tuple[tuple[str, Pattern], ...]:
    """Return the pattern of each direction."""
    return tuple(
        (name, anywhere(words)) for name, words in document("directions.toml").items()
    )


@cache
def others() -> Pattern:
    """Return the pattern of quantities outside the catalogue."""
    return anywhere(document("others.toml")["quantities"])


@cache
def wishes() -> Pattern:
    """Return the pattern of those that alone are but a wish."""
    return anywhere(document("others.toml")["wishes"])


@cache
def filters() -> tuple[tuple[str, Pattern], ...]:
    """Return the pattern of each dimension's values."""
    return tuple(
        (name, anywhere(entry["words"])) for name, entry in document("filters.toml").items()
    )


@cache
def non_commercial() -> Pattern:
    """Return the pattern of words of other trades."""
    return anywhere(document("domains.toml")["non_commercial"])


def anywhere(words: Iterable[str]) -> Pattern:
    """Return one pattern of all words, between word boundaries, longest first."""
    ordered = sorted((word.replace("~", "s?") for word in words), key=len, reverse=True)
    return re.compile(rf"(?<![\w])(?:{'|'.join(ordered)})(?![\w])")
