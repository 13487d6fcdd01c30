"""Words that go together: three themes told apart, always the same, never one voice."""

from __future__ import annotations

import random

from jalon.domain.feedback.themes import Voice
from jalon.domain.feedback.topics import topics

THEMES = (
    "prix remise tarif élevé",
    "formation équipe support réponse",
    "contrat juriste clause résiliation",
)


def voices(*, authors: int = 9) -> list[Voice]:
    dice = random.Random(7)
    return [
        Voice(f"p{rank % authors}", tuple(dice.sample(THEMES[rank % 3].split(), 3)))
        for rank in range(45)
    ]


def test_three_themes_are_told_apart() -> None:
    found = topics(voices(), number=3)

    told = [set(" ".join(one.words).split()) for one in found]
    assert [one.said for one in found] == [15, 15, 15]
    for theme in THEMES:
        assert sum(words <= set(theme.split()) for words in told) == 1


def test_the_same_comments_always_give_the_same_topics() -> None:
    assert topics(voices()) == topics(voices())


def test_a_topic_of_two_people_is_told_to_nobody() -> None:
    assert topics(voices(authors=2)) == ()


def test_a_dozen_comments_are_needed() -> None:
    assert topics(voices()[:11]) == ()
