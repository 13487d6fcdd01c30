"""What is new in what the field says, by at least three people."""

from __future__ import annotations

import math
import random

import pytest

from benchmarks import themes as bench
from jalon.domain.feedback.themes import Voice, classed, objections, rising, wordings

USUAL = (
    "client demander démonstration équipe",
    "rendez-vous reporter semaine prochain",
    "devis envoyer relance prévoir",
    "direction demander référence secteur",
    "essai démarrer équipe content",
    "contrat relire juridique attendre",
    "budget voter janvier prochain",
    "formation demander équipe support",
)


def voices(number: int, *, seed: int) -> list[Voice]:
    drawn = random.Random(seed)
    return [
        Voice(f"p{rank % 12}", tuple(drawn.choice(USUAL).split()))
        for rank in range(number)
    ]


def test_the_score_of_a_word_by_hand() -> None:
    now = [Voice("a", ("rival",)), Voice("b", ("rival",)), Voice("c", ("rival",))]
    before = [Voice("a", ("devis",)), Voice("b", ("devis",))]

    (theme,) = rising(now, before)

    # 3 of 3 now, 0 of 2 before, half a word of prior everywhere
    gap = math.log(3.5 / 0.5) - math.log(0.5 / 2.5)
    assert theme.score == pytest.approx(gap / math.sqrt(1 / 3.5 + 1 / 0.5))
    assert (theme.term, theme.said, theme.before, theme.authors) == ("rival", 3, 0, 3)


def test_two_people_are_not_a_theme_however_often_they_say_it() -> None:
    now = [Voice(author, ("rival",)) for author in "aabbaabb"]
    assert rising(now, voices(20, seed=1)) == ()


def test_a_word_said_as_before_is_not_new() -> None:
    same = voices(100, seed=2)
    assert rising(same, same) == ()


def test_of_a_pair_and_its_words_said_together_one_is_told() -> None:
    now = [Voice(author, ("offre", "gratuit")) for author in "abc"]
    assert [one.term for one in rising(now, voices(30, seed=3))] == ["offre gratuit"]


def test_a_new_theme_of_eight_in_128_comments_is_in_the_first_five() -> None:
    found = 0
    for trial in range(40):
        now, before = voices(120, seed=trial), voices(120, seed=1_000 + trial)
        theme = [
            Voice(f"p{rank}", ("zénith", "proposer", "forfait")) for rank in range(8)
        ]
        terms = {one.term for one in rising([*now, *theme], before)[:5]}
        found += any("zénith" in term for term in terms)
    assert found >= 38


def test_classes_count_voices_and_people_a_voice_may_be_in_several() -> None:
    said = [
        Voice("a", ("trop", "cher")),
        Voice("a", ("cher", "concurrent")),
        Voice("b", ("concurrent",)),
    ]
    classes = {
        "price": frozenset({"trop cher", "cher"}),
        "competitor": frozenset({"concurrent"}),
        "budget": frozenset({"gel"}),
    }
    assert classed(said, classes) == {
        "price": (2, 1),
        "competitor": (2, 2),
        "budget": (0, 0),
    }


def test_twelve_classes_of_objections_in_both_languages() -> None:
    shipped = objections()
    assert len(shipped) == 12
    assert all(
        set(one) == {"fr", "en"} and all(one.values()) for one in shipped.values()
    )


def test_a_new_theme_in_eight_of_128_comments_is_among_the_five_first() -> None:
    """A few trials of `python -m benchmarks.themes`, which makes two hundred."""
    trials = 20
    found = 0
    for seed in range(trials):
        theme = list(bench.THEMES)[seed % len(bench.THEMES)]
        now, before = bench.trial(theme, seed)
        found += bench.among(bench.by_log_odds(now, before), theme)

    assert found / trials >= 0.95


def test_terms_are_told_as_they_are_written_most_often() -> None:
    """Two of three write "perdus"; the pair follows its own count."""
    said = [
        Voice("a", ("client", "perdre"), ("clients", "perdus")),
        Voice("b", ("client", "perdre"), ("clients", "perdus")),
        Voice("c", ("client", "perdre"), ("client", "perdu")),
    ]

    assert wordings(said) == {
        "client": "clients",
        "perdre": "perdus",
        "client perdre": "clients perdus",
    }
