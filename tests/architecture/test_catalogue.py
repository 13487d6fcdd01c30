"""The data of the trade is complete: KPIs and models, in both languages, with sources."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
import pytest

from jalon.domain.objectives.models import models

SOURCE = Path(__file__).parents[2] / "src" / "jalon"
CATALOGUE = SOURCE / "domain" / "kpis" / "catalogue"
FILES = {
    path.stem: tomllib.loads(path.read_text("utf-8"))
    for path in CATALOGUE.glob("*.toml")
}
LANGUAGES = ("fr", "en")

# Every key of the table of the domain, its last line included.
PROMISED = """
    revenue revenue_growth gross_margin gross_margin_rate revenue_share new_customers
    active_customers lead_conversion_rate cac cost_per_lead win_rate stage_conversion_rate
    sales_cycle_days retention_rate churn_rate nrr grr renewal_rate subscription_months
    mrr arr mrr_new mrr_expansion mrr_contraction mrr_churn mrr_reactivation
    average_basket revenue_per_customer upsell_rate offer_adoption_rate
    leads qualified_leads qualification_rate prospects_contacted calls meetings proposals
    interactions_before_win nps csat recommendation_rate complaint_rate market_share
    attainment_rate crm_adoption rep_retention_rate team_engagement pipeline_value coverage
    deals_won units_sold expansion_revenue ltv ltv_cac_ratio cac_payback_months
    marketing_roi repeat_purchase_rate forecast_accuracy sales_velocity web_conversion_rate
""".split()  # noqa: SIM905 - read as a list by people


def test_every_promised_kpi_is_in_the_catalogue() -> None:
    assert set(PROMISED) - set(FILES) == set()


@pytest.mark.parametrize("key", sorted(FILES))
def test_a_kpi_says_what_it_is_in_both_languages(key: str) -> None:
    for part in ("label", "question", "excluded"):
        for language in LANGUAGES:
            assert FILES[key][part][language].strip(), f"{key}: {part}.{language}"
    for language in LANGUAGES if "caution" in FILES[key] else ():
        assert FILES[key]["caution"][language].strip(), f"{key}: caution.{language}"


@pytest.mark.parametrize("key", sorted(FILES))
def test_a_kpi_says_where_its_definition_comes_from(key: str) -> None:
    assert len(FILES[key]["reference"]) > 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_kpis_share_a_label(language: str) -> None:
    labels = [said["label"][language] for said in FILES.values()]
    assert len(labels) == len(set(labels))


def test_a_french_question_is_typeset_in_french() -> None:
    for key, said in FILES.items():
        assert said["question"]["fr"].endswith((" ?", "\u202f?", "\u00a0?")), key
        assert said["question"]["en"].endswith("?"), key


def test_every_kpi_has_a_worked_example_but_the_survival_mean() -> None:
    assert {key for key, said in FILES.items() if "example" not in said} == {
        "subscription_months"
    }


def test_there_are_ten_models_numbered_from_one_to_ten() -> None:
    assert [model.number for model in models()] == list(range(1, 11))


@pytest.mark.parametrize("model", models(), ids=lambda model: model.key)
def test_a_model_is_complete_in_both_languages(model: Any) -> None:
    for language in LANGUAGES:
        assert model.label[language]
        assert model.statement[language].endswith(".")
        for part in (model.actions, model.levers, model.questions):
            assert len(part[language]) >= 3
            assert len(part["fr"]) == len(part["en"])


@pytest.mark.parametrize("model", models(), ids=lambda model: model.key)
def test_a_model_measures_kpis_of_the_catalogue(model: Any) -> None:
    assert model.kpi == model.kpis[0]
    assert set(model.kpis) - set(FILES) == set()
    assert model.direction == FILES[model.kpi]["better"]
    assert model.target is not None or model.change


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_the_three_axes_are_translated(language: str) -> None:
    known = {
        entry.msgid
        for entry in polib.pofile(str(SOURCE / "locale" / language / "models.po"))
    }
    assert set(_codes()) - known == set()


def _codes() -> Iterator[str]:
    for model in models():
        yield f"model.nature.{model.nature}"
        yield f"model.horizon.{model.horizon}"
        yield from (f"model.stage.{stage}" for stage in model.stages)


def test_the_catalogue_is_plain_data() -> None:
    """TOML dates and the like would not survive a journey through JSON."""
    json.dumps(FILES)
