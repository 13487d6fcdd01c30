"""Formulas and references said in the reader's language, for every delivered KPI."""

from __future__ import annotations

import json

import pytest
from django.utils.translation import override

from jalon.domain.kpis.catalogue import delivered
from jalon.queries.formula_words import formula_said, reference_said, worded


@pytest.mark.parametrize("key", sorted(delivered()))
def test_a_reference_is_said_in_french_and_in_english(key: str) -> None:
    kpi = delivered()[key]
    with override("fr"):
        assert worded(f"reference.{key}", ""), key
    with override("en"):
        assert reference_said(kpi) == kpi.reference


def test_the_command_line_says_the_formula_in_words() -> None:
    from tests.truth.desk import run

    code, out, err = run("kpi", "show", "win_rate", "--json", "--lang", "fr")
    assert code == 0, err
    told = json.loads(out)
    assert told["formula_words"] == "Taux de closing = gagnées ÷ (gagnées + perdues)"
    assert told["reference"].startswith("gagnées ÷ (gagnées + perdues) par date")


def test_a_term_without_words_keeps_its_name() -> None:
    with override("en"):
        said = formula_said(delivered()["revenue"], delivered())
    assert said.startswith("Revenue = ")
