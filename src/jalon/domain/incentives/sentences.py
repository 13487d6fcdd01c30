"""Arithmetic in words: a sentence with placeholders, and the figures that fill it.

Sentences are English; doors look their translation up and write figures as people do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """How a figure is written: money to the cent, a share as a percentage."""

    MONEY = "money"
    SHARE = "share"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Figure:
    """An exact number and how it is written."""

    number: Decimal
    kind: Kind


Filler = Figure | str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a computation, as a sentence."""

    sentence: str
    fillers: tuple[tuple[str, Filler], ...] = ()

    def told(
        self, translated: Callable[[str], str], written: Callable[[Figure], str]
    ) -> str:
        """Return the sentence in the reader's language, its figures written."""
        filled = {
            name: written(value) if isinstance(value, Figure) else value
            for name, value in self.fillers
        }
        return translated(self.sentence).format(**filled)


def step(sentence: str, **fillers: Filler) -> Step:
    """Return a step; fillers are figures or names."""
    return Step(sentence, tuple(fillers.items()))


def money(number: Decimal) -> Figure:
    """Return an amount of money."""
    return Figure(number, Kind.MONEY)


def share(number: Decimal) -> Figure:
    """Return a fraction, written as a percentage."""
    return Figure(number, Kind.SHARE)


def plain(number: Decimal) -> Figure:
    """Return a number without unit."""
    return Figure(number, Kind.NUMBER)
