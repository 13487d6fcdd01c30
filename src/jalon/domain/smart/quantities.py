"""What a number of the sentence is, before anything is known of its role."""

from __future__ import annotations

from dataclasses import dataclass

PERCENT, POINTS, MONEY, NUMBER = "p", "t", "m", "n"
LONG, SHORT, SCORE, RATIO, TIMES, YEAR, DAY = "d", "h", "s", "r", "x", "y", "c"


@dataclass(frozen=True, slots=True)
class Measured:
    """A number as written: its kind (one letter), value and unit.

    `value` is None for a placeholder (« A % »). `signed` is "+" or "-" where one
    stands before it. `words` says the number was spelt. A `DAY` carries its date as
    `text`, 2026-12-31 or 12-31.
    """

    kind: str
    value: float | None
    unit: str | None = None
    signed: str = ""
    words: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a number of the skeleton, and where it stands in the sentence."""

    shape: str
    start: int
    end: int
    measured: Measured | None = None
