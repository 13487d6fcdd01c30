"""What was guessed is told line by line, with how sure it is and why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import translation

from jalon.cli.guesses_text import guess_lines
from jalon.connectors.files.guesses import REASONS
from jalon.connectors.files.mapping import SourceShape
from jalon.connectors.files.recognise import recognise

SOURCE = Path(__file__).parents[2] / "src" / "jalon"


def test_each_guess_says_why_and_what_is_left_is_listed() -> None:
    samples = {
        "ID affaire": ("1", "2"),
        "Étape": ("Gagné", "Blorp"),
        "Montant": ("1 200 €", "850 €"),
        "Humeur": ("bonne", "moins"),
    }
    shape = SourceShape("affaires.csv", tuple(samples), samples)
    with translation.override("fr"):
        lines = list(guess_lines(recognise(shape)))
    assert "   deals.amount = Montant  (95\u202f%, son en-tête le dit)" in lines
    assert "   deals.currency = EUR  (85\u202f%, le signe des montants)" in lines
    unsure = (
        " ? deals.outcome\u202f: «\u202fBlorp\u202f» → open"
        "  (40\u202f%, un mot inconnu\u202f: à vérifier)"
    )
    assert unsure in lines
    assert lines[-1] == "  Gardées comme attributs\u202f: Humeur"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_reason_has_its_sentence(language: str) -> None:
    sentences = (SOURCE / "locale" / language / "recognise.po").read_text("utf-8")
    told = set(re.findall(r'msgid "guess[.]([a-z_]+)"', sentences))
    assert told == set(REASONS)
