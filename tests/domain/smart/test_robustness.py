"""Whatever is typed, an answer comes, and in time."""

from __future__ import annotations

import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from jalon.domain.smart.reading import read
from jalon.domain.smart.words import literals_of

WORDS = some.sampled_from(
    [
        "augmenter",
        "réduire",
        "de",
        "à",
        "12",
        "%",
        "3,5",
        "€",
        "k€",
        "d'ici",
        "fin",
        "T2",
        "mois",
        "le",
        "les",
        "taux",
        "closing",
        "CA",
        "leads",
        "from",
        "to",
        "by",
        "Q3",
        "revenue",
        "churn",
        "+",
        "→",
        "(",
        ")",
        "[X]",
        "-",
        "/",
        "par",
        "/",
        "31/12/2026",
        "0",
        "999999999999",
        "×",
        "5x",
        "deux",
        "cent",
        "vingt",
        "mille",
        "et",
        "and",
        ",",
        ";",
        ".",
        ":",
        "?",
        "!",
        "«",
        "»",
        "“",
        "”",
        "N",
        "A",
    ]
)


@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
@given(some.text(max_size=300) | some.lists(WORDS, max_size=40).map(" ".join))
def test_any_text_gets_an_answer(text: str) -> None:
    found = read(text)
    assert found.lang in {"fr", "en"}
    for span in found.spans:
        assert 0 <= span.start <= span.end <= len(text)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(some.text(min_size=8_000, max_size=10_000))
def test_ten_thousand_letters_get_an_answer(text: str) -> None:
    read(text)


def test_a_long_line_takes_a_time_in_proportion() -> None:
    def seconds(text: str) -> float:
        begin = time.process_time()
        read(text)
        return time.process_time() - begin

    read("warm up")
    phrase = "augmenter de 12 % le taux de closing de 3 à 4 % d'ici fin juin et "
    short = min(seconds(phrase * 4 + str(rank)) for rank in range(3))
    long = min(seconds(phrase * 150 + str(rank)) for rank in range(3))
    assert long < 60 * max(short, 0.002)


def test_a_pattern_is_filed_under_what_it_must_hold() -> None:
    assert literals_of("taux de closing") == ("taux de closing",)
    assert literals_of("ventes?") == ("vente",)
    assert set(literals_of("(?:win|close) rates?")) in ({" rate"}, {"win", "close"})
