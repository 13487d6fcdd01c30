"""The ten models on the small company; its quarters are added up by hand below."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from jalon.domain.objectives.adapting import Place
from jalon.domain.objectives.models import models
from jalon.domain.objectives.objective import BaselineRule
from jalon.queries.model_adaptation import adapt, beside, choices, drafted
from jalon.queries.models import model_named
from jalon.workspace.folder import Workspace
from tests.worlds.small import ON

# Signed by quarter: 28,800 (left out: the facts may begin in its middle), then
QUARTERS = {
    "2024-04-01": 4000 + 20000,
    "2024-07-01": 8000,
    "2024-10-01": 3000 + 6000,
    "2025-01-01": Decimal(15000 + 5000 + 2500 + 30000) + Decimal("0.96") * 10000,
    "2025-04-01": Decimal(7000 + 10000 + 9000 + 6000 + 1000) + Decimal("0.92") * 5000,
}


def test_revenue_is_compared_with_the_same_quarter_a_year_before(
    company: Workspace,
) -> None:
    """12 % over 8,000 is 8,960, less than three quarters in four: 37,600 is proposed."""
    found = adapt(company, model_named(company, "revenue_growth"), on=ON)

    assert found.period.first == datetime.date(2025, 7, 1)
    assert (found.baseline, found.baseline_rule) == (8000, BaselineRule.LAST_YEAR)
    assert found.asked == 8960
    assert {str(one.period.first): one.value for one in found.history} == QUARTERS
    assert found.usual is not None
    assert (found.usual.easy, found.usual.usual) == (9000, 24000)
    assert (found.usual.ambitious, found.usual.best) == (37600, 62100)
    assert found.place is Place.EASY
    assert found.proposal == 37600
    assert found.so_far == 3300  # d26; d28 closes after the day


def test_the_sentence_says_the_companys_own_figures(company: Workspace) -> None:
    found = adapt(company, model_named(company, "1"), on=ON)

    assert found.statement["fr"] == (
        "Augmenter de 370\u202f% le chiffre d'affaires par rapport à l'an dernier, "
        "d'ici le 30\u202fseptembre\u202f2025, soit 37\u202f600\u202f€ au lieu de "
        "8\u202f000\u202f€."
    ).replace("30\u202fseptembre\u202f2025", "30 septembre 2025")
    assert "€37,600 instead of €8,000" in found.statement["en"]


def test_a_filter_the_company_does_not_know_gives_way_to_its_own(
    company: Workspace,
) -> None:
    """Twelve months: industrie 63,600, services 43,400, santé 10,000.

    A new sector is the smallest one; any other model takes the largest.
    """
    assert choices(company, "sector", on=ON) == (
        ("industrie", 63600),
        ("services", 43400),
        ("santé", 10000),
    )
    sector = model_named(company, "new_sector")
    customers = model_named(company, "new_sme_customers")
    unknown = ("sector=lune",)

    assert adapt(company, sector, on=ON).where == ("sector=santé",)
    assert adapt(company, replace(sector, where=unknown), on=ON).where == (
        "sector=santé",
    )
    assert adapt(company, replace(customers, where=unknown), on=ON).where == (
        "sector=industrie",
    )


def test_one_person_has_their_own_history(company: Workspace) -> None:
    """Charlie's quarters: 4,000; then 0.3 of 10,000 and 4,600."""
    found = adapt(
        company, model_named(company, "revenue_growth"), on=ON, owner="person:charlie"
    )

    told = {str(one.period.first): one.value for one in found.history}
    assert told["2025-04-01"] == Decimal("0.3") * 10000 + 4600
    assert found.baseline == 0


def test_a_target_per_person_is_multiplied_by_the_people(company: Workspace) -> None:
    """Thirty leads a month for each of the two prospectors of the team: sixty."""
    model = model_named(company, "qualified_leads")
    team = adapt(company, model, on=ON, owner="team:prospection")
    alone = adapt(company, model, on=ON, owner="person:fanny")

    assert (team.people, team.asked) == (2, 60)
    assert (alone.people, alone.asked) == (1, 30)


@pytest.mark.django_db
@pytest.mark.parametrize("model", models(), ids=lambda model: model.key)
def test_each_model_says_a_target_or_why_it_cannot(
    company: Workspace, model: Any
) -> None:
    found = adapt(company, model, on=ON)

    assert found.proposal is not None or found.reason
    assert found.usual is not None or found.reason
    for language in ("fr", "en"):
        assert found.statement[language].endswith(".")
        assert "{" not in found.statement[language]
    for one in beside(found, company, on=ON):
        assert one.value is not None or one.reason


def test_before_the_first_import_a_model_is_only_itself(workspace: Workspace) -> None:
    model = model_named(workspace, "revenue_growth")
    found = adapt(workspace, model, on=ON)

    assert (found.baseline, found.usual, found.proposal) == (None, None, None)
    assert found.reason == "reason.no_facts_yet"
    assert found.statement == model.statement


def test_the_draft_keeps_the_target_the_person_chose(company: Workspace) -> None:
    found = adapt(company, model_named(company, "revenue_growth"), on=ON)
    draft = drafted(found, id="x", lang="en", target=Decimal(12000))

    assert draft.original_target == 12000
    assert draft.model == "revenue_growth"
    assert draft.baseline == 8000
    assert "€12,000 instead of €8,000" in draft.statement
    assert draft.state.value == "draft"
