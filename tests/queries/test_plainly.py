"""No column, table or code is left in what people read of a formula."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from jalon.domain.kpis.algebra import Kpi
from jalon.domain.kpis.catalogue import delivered
from jalon.domain.kpis.explain import words
from jalon.queries.formula_words import formula_said, term
from jalon.queries.plainly import plainly

CODE = re.compile(
    r"\b[a-z]+_[a-z_]+\b|\bon\b|\bcoalesce\b|\bleast\b|∅|attributes|\bactual\b"
    r"|\b(?:first|after|channel|target|level|forecast|remaining)\b"
)
KPIS = list(delivered().values())


@pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.key)
def test_a_formula_is_said_in_french_without_codes(kpi: Kpi) -> None:
    with translation.override("fr"):
        assert not CODE.search(formula_said(kpi, delivered()))


@pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.key)
def test_what_each_term_counts_is_said_in_french_without_codes(kpi: Kpi) -> None:
    parts = (kpi.components, *kpi.by_basis.values())
    with translation.override("fr"):
        told = [plainly(words(one, "fr")) for part in parts for one in part.values()]

    assert not [text for text in told if CODE.search(text)]


def test_a_rate_is_said_by_what_it_divides() -> None:
    with translation.override("fr"):
        said = formula_said(delivered()["win_rate"], delivered())

    assert said == "Taux de closing = gagnées ÷ (gagnées + perdues)"


def test_a_kpi_made_of_others_names_them() -> None:
    with translation.override("en"):
        said = formula_said(delivered()["ltv_cac_ratio"], delivered())

    assert "customer acquisition cost" in said


def test_an_own_name_stays_without_its_underscores() -> None:
    assert term("visites_salon") == "visites salon"
