"""Tags learnt from the users' own, by hand."""

from __future__ import annotations

import pytest

from jalon.domain.feedback.tagging import accuracy, learnt

TAGGED = [
    *((("prix", "cher", f"m{rank % 7}"), "price") for rank in range(30)),
    *((("juriste", "clause", f"m{rank % 7}"), "contract") for rank in range(30)),
]


def test_under_fifty_nothing_is_learnt() -> None:
    assert learnt(TAGGED[:20] + TAGGED[30:59]) is None
    assert accuracy(TAGGED[:20]) is None


def test_one_tag_teaches_nothing() -> None:
    assert learnt([(("prix",), "price")] * 60) is None


def test_probabilities_are_those_of_bayes_by_hand() -> None:
    found = learnt([(("prix",), "price"), (("clause", "prix"), "contract")], fewest=2)

    assert found is not None
    # half each; vocabulary of 2: (1+1)/(1+2) = 2/3 against (1+1)/(2+2) = 1/2
    assert found.chances(["prix"])["price"] == pytest.approx((2 / 3) / (2 / 3 + 1 / 2))


def test_the_likeliest_tag_is_suggested_where_it_is_sure() -> None:
    found = learnt(TAGGED)

    assert found is not None
    told = found.suggested(["prix", "cher"])
    assert told is not None
    assert told[0] == "price"
    assert found.suggested(["inconnu"]) is None
    assert found.suggested(["prix", "clause"]) is None
    assert accuracy(TAGGED) == 1
