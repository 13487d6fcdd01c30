"""Misspelt words are read as what they stand for; known words are left alone."""

from __future__ import annotations

import pytest

from jalon.domain.smart.reading import read
from jalon.domain.smart.spelling import mended


@pytest.mark.parametrize(
    ("text", "kpi", "value", "deadline"),
    [
        (
            "Augmanter le chifre d'affaires de 10 % d'ici fin du trimeste",
            "revenue",
            10,
            "end_of_quarter",
        ),
        (
            "Atteindre un taux de retantion de 90 % d'ici juin",
            "retention_rate",
            90,
            "month",
        ),
        ("Increse revenu by 20% this quater", "revenue", 20, "end_of_quarter"),
        ("Reduce chrun to 3% by Q2", "churn_rate", 3, "quarter"),
        ("Signer 12 nouvaux clients en janvier", "new_customers", 12, "month"),
    ],
)
def test_a_misspelt_sentence_is_understood(
    text: str, kpi: str, value: float, deadline: str
) -> None:
    found = read(text)
    assert found.kpi == kpi
    assert found.amount is not None
    assert found.amount.value == value
    assert found.deadline is not None
    assert found.deadline.kind == deadline
    assert found.text == text


def test_a_word_of_the_lexicon_is_never_mended() -> None:
    text = "augmenter la retention des clients et la conversion du site"
    assert mended(text) == text
