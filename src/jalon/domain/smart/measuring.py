"""What is measured: the KPI a goal names, and where its words stand."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jalon.domain.smart.words import extra, measures, others, wishes

OTHER = "other"
AMBIGUOUS_ALONE = {"expansion_revenue", "recommendation_rate", "prospects_contacted", "repeat_purchase_rate"}
NAMED_SATISFACTION = re.compile(r"\bcsat\b|note|score|taux de satisfaction|satisfaction rate")
_SALES = re.compile(r"^(?:ventes?|sales|chiffre|revenu des ventes|bookings?)$")
_MARGIN = re.compile(r"^(?:marges?|margins?|marge commerciale)$")
_WINNING = re.compile(
    r"\b(?:sign\w*|gagn\w+|acqu\w+|conqu\w+|decroch\w+|win(?:ning)?|won|land\w*|close|clos\w+|add(?:ing)?|recrut\w+|attir\w+|attract\w*|onboard\w*|trouv\w+|capt\w+|sedui\w+|convain\w+|get|obten\w+|rempor\w+|vendre a|signer|bring in|embarqu\w+|apport\w+|conclu\w+|faut)\b"
)
_STRONG = 100


@dataclass(frozen=True, slots=True)
class Measure:
    """A KPI found, with the place of its words and how they were written."""

    key: str
    start: int
    end: int
    words: str


def found(text: str, hidden: list[tuple[int, int]]) -> list[Measure]:
    """Return the KPIs named, in order, without those inside longer names."""
    every = [
        Measure(key, match.start(), match.end(), match.group(0))
        for key, pattern in measures()
        for match in pattern.finditer(text)
        if not _inside(match.start(), match.end(), hidden)
    ]
    every.sort(key=lambda one: (-(one.end - one.start), one.start))
    kept: list[Measure] = []
    for one in every:
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _inside(start: int, end: int, hidden: list[tuple[int, int]]) -> bool:
    return any(low <= start and end <= high for low, high in hidden)


def leading(text: str) -> bool:
    """Return whether the goal is to lead a market."""
    return bool(extra("market_share", "leader").search(text))


def won_customers(text: str) -> Measure | None:
    """Return customers that somebody signs or wins, called by their bare name."""
    verb = _WINNING.search(text)
    if verb is None:
        return None
    match = extra("new_customers", "won").search(text, verb.end())
    if match is None:
        return None
    return Measure("new_customers", match.start(), match.end(), match.group(0))


def other(text: str) -> Measure | None:
    """Return a quantity outside the catalogue."""
    match = others().search(text)
    if match is None:
        return None
    return Measure(OTHER, match.start(), match.end(), match.group(0))


def ambiguous(measure: Measure, *, amounted: bool, text: str) -> bool:
    """Return whether the name leaves open what is measured."""
    key, words = measure.key, measure.words
    if key == "conversion_rate":
        return True
    if amounted:
        return False
    if key == "revenue":
        return bool(_SALES.match(words))
    if key == "gross_margin":
        return bool(_MARGIN.match(words))
    if key == "csat":
        return not NAMED_SATISFACTION.search(words)
    if key == "new_customers":
        return words in {"logos", "logo"}
    if key == OTHER:
        return bool(wishes().search(words))
    if key == "market_share":
        return leading(text) and "part" not in words and "share" not in words
    return key in AMBIGUOUS_ALONE
