"""Sentences of our own, the ten models, odd spellings: what each one sets."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from jalon.domain.smart.reading import Reading, read

SENTENCES = tomllib.loads(
    Path(__file__).with_name("sentences.toml").read_text("utf-8")
)["sentence"]
# (kpi, kind, value, from, unit, deadline): the ten models of the article
MODELS = (
    ("Augmenter de 12 % le chiffre d’affaires global au T2", "revenue", "relative_percent", 12, None, "%", ("quarter", "Q2")),
    ("Signer 15 nouveaux clients PME d’ici la fin du trimestre", "new_customers", "count", 15, None, "count", ("end_of_quarter", None)),
    ("Passer de 22 % à 28 % le taux de conversion des opportunités d’ici la fin du semestre", "win_rate", "from_to", 28, 22, "%", ("end_of_half", None)),
    ("Atteindre 92 % de rétention client d’ici la fin de l’année", "retention_rate", "absolute", 92, None, "%", ("end_of_year", None)),
    ("Augmenter de 10 % le panier moyen grâce aux offres premium", "average_basket", "relative_percent", 10, None, "%", None),
    ("Générer 30 leads qualifiés par mois et par commercial", "qualified_leads", "count", 30, None, "count", None),
    ("Réduire le cycle de vente de 45 à 35 jours sur les deals de moins de 10 000 €", "sales_cycle_days", "from_to", 35, 45, "day", None),
    ("Atteindre un NPS de +50 d’ici six mois", "nps", "absolute", 50, None, "score", ("in_months", 6)),
    ("Générer 10 % du chiffre d’affaires sur le secteur médical d’ici 12 mois", "revenue_share", "absolute", 10, None, "%", ("in_months", 12)),
    ("Atteindre un taux d’atteinte collectif de 95 % des objectifs mensuels", "attainment_rate", "absolute", 95, None, "%", None),
)  # fmt: skip


def empty(value: object) -> object:
    return None if value == "" else value


@pytest.mark.parametrize("row", SENTENCES, ids=[row["text"] for row in SENTENCES])
def test_a_sentence_sets_what_it_says(row: dict[str, Any]) -> None:
    found = read(row["text"])
    assert found.lang == row["lang"]
    assert found.kpi == row.get("kpi")
    assert found.direction == row.get("direction")
    assert amount_of(found) == (
        tuple(empty(one) for one in row["amount"]) if "amount" in row else None
    )
    said = found.deadline and (found.deadline.kind, found.deadline.value)
    assert said == (
        tuple(empty(one) for one in row["deadline"]) if "deadline" in row else None
    )
    per = tuple(empty(one) for one in row.get("per", ["", ""]))
    assert (found.per.period, found.per.who) == per
    filters = [[one.dimension, one.value] for one in found.filters]
    assert filters == row.get("filters", [])
    assert list(found.vague) == row.get("vague", [])


@pytest.mark.parametrize("row", MODELS, ids=[row[0] for row in MODELS])
def test_the_ten_models_are_understood(row: tuple[Any, ...]) -> None:
    text, kpi, kind, value, base, unit, deadline = row
    found = read(text)
    assert (found.kpi, amount_of(found)) == (kpi, (kind, value, base, unit))
    assert (found.deadline and (found.deadline.kind, found.deadline.value)) == deadline


def amount_of(found: Reading) -> tuple[Any, ...] | None:
    amount = found.amount
    return amount and (amount.kind, amount.value, amount.base, amount.unit)


@pytest.mark.parametrize(
    ("clean", "odd"),
    [
        ("Réduire le délai de closing à 40 jours d'ici fin juin", "reduire le delai de closing a 40 jours d'ici fin juin"),
        ("Générer 80 leads par mois", "GÉNÉRER 80 LEADS PAR MOIS !!"),
        ("Signer 12 contrats ce trimestre", "  signer   12 contrats\tce trimestre  "),
        ("Reach $40,000 MRR by October", "reach $40K mrr by october"),
    ],
    ids=["no accents", "capitals", "spaces", "thousands"],
)  # fmt: skip
def test_spelling_does_not_change_what_is_read(clean: str, odd: str) -> None:
    one, other = read(clean), read(odd)
    assert one.smart
    assert (one.kpi, one.direction, amount_of(one)) == (
        other.kpi,
        other.direction,
        amount_of(other),
    )


def test_two_goals_are_told_apart() -> None:
    found = read("Signer 20 contrats ce trimestre et réduire le churn à 4 %")
    assert found.compound
    assert [(one.kpi, one.amount and one.amount.value) for one in found.also] == [
        ("churn_rate", 4)
    ]


def test_how_it_is_done_is_no_goal() -> None:
    found = read("Atteindre 30 devis par mois grâce à 3 nouveaux commerciaux")
    assert (found.kpi, amount_of(found)) == ("proposals", ("count", 30, None, "count"))
    assert not found.compound


def test_each_part_knows_its_place() -> None:
    text = "Signer 20 contrats d'ici la fin du mois"
    found = {one.field: text[one.start : one.end] for one in read(text).spans}
    assert found["amount"].strip() == "20"
    assert found["kpi"] == "contrats"
    assert "fin du mois" in found["deadline"]
