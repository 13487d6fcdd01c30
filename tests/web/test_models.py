"""The models as pages: the table, one on the company's data, own models."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from jalon.queries.models import models_of
from jalon.workspace.folder import Workspace

Reader = Callable[[str], Client]
TYPED = {
    "label": "Ouvrir la Bretagne",
    "statement": "Signer 5 clients en Bretagne ce trimestre.",
    "kpi": "new_customers",
    "target": "5",
    "period": "quarter",
    "where": "region=Bretagne",
    "nature": "quantitative",
    "cadence": "weekly",
    "stages": ["closing"],
    "questions": "Qui y va ?\nAvec quelle offre ?",
}


@pytest.fixture
def emptied(company: Workspace) -> Workspace:
    """The company without models of its own, before and after."""
    for file in company.models.glob("*.toml"):
        file.unlink()
    yield company  # type: ignore[misc]
    for file in company.models.glob("*.toml"):
        file.unlink()


def _text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_table_places_the_ten_on_three_axes(reader: Reader) -> None:
    page = _text(reader("rene"), "/models/")

    assert page.count('<span class="model-number"') == 10
    assert "Garder nos clients" in page
    # nature and horizon: one dot a model each; customer cycle: 13 in all, by hand
    assert page.count('class="axis-dot"') == 10 + 10 + 13


def test_a_model_is_filled_from_the_company_and_says_what_to_ask(
    reader: Reader,
) -> None:
    page = _text(reader("alice"), "/models/revenue_growth/")

    assert "Cible proposée" in page
    assert "Même période un an plus tôt" in page
    assert "24\u202f000\u202f€" in page  # signed in the second quarter of 2024
    assert "Que cesserons-nous de faire pour y arriver" in page


def test_bob_fills_a_model_for_himself_and_for_nobody_else(reader: Reader) -> None:
    client = reader("bob")
    his = _text(client, "/models/revenue_growth/?owner=person:bob")
    others = _text(client, "/models/revenue_growth/?owner=person:charlie")

    assert '<option value="person:bob" selected>' in his
    assert 'value="person:charlie"' not in others
    assert '<option value="company" selected>' in others


def test_an_unknown_model_is_no_page(reader: Reader) -> None:
    assert reader("bob").get("/models/moon/").status_code == 404
    assert reader("alice").get("/models/revenue_growth/edit/").status_code == 404


def test_mona_keeps_a_model_changes_it_and_removes_it(
    emptied: Workspace, reader: Reader
) -> None:
    mona = reader("mona")
    kept = mona.post("/models/new/", TYPED)
    assert kept["Location"] == "/models/ouvrir_la_bretagne/"
    page = _text(mona, kept["Location"])
    assert "Avec quelle offre\u202f?" in page

    form = _text(mona, "/models/ouvrir_la_bretagne/edit/")
    assert "Qui y va ?\nAvec quelle offre ?" in form.replace("&#10;", "\n")
    mona.post("/models/ouvrir_la_bretagne/edit/", {**TYPED, "target": "7"})
    assert models_of(emptied)[-1].target == 7

    asked = _text(mona, "/models/ouvrir_la_bretagne/remove/")
    assert "Ouvrir la Bretagne" in asked
    mona.post("/models/ouvrir_la_bretagne/remove/")
    assert len(models_of(emptied)) == 10


def test_a_model_with_a_fault_says_each_and_keeps_what_was_typed(
    emptied: Workspace, reader: Reader
) -> None:
    answer = reader("mona").post(
        "/models/new/", {**TYPED, "target": "", "change": "+12 %"}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Comparé à" in page
    assert "Signer 5 clients en Bretagne" in page
    assert len(models_of(emptied)) == 10


def test_bob_writes_no_model_for_the_company(reader: Reader) -> None:
    client = reader("bob")

    assert client.get("/models/new/").status_code == 403
    assert client.post("/models/new/", TYPED).status_code == 403
    assert "Nouveau modèle" not in _text(client, "/models/")


def test_the_balance_says_who_carries_how_many(reader: Reader) -> None:
    """On 16 June: the teams follow one and two KPIs; nothing reaches past a year."""
    page = _text(reader("rene"), "/balance/")

    assert "Aucun objectif au-delà d’un an" in page
    assert "Moins de trois KPI" in page
    assert "Bob Durand" in page
    assert "Signer 20000 € au deuxième trimestre" in page.replace("\u202f", " ")


def test_a_page_of_the_balance_takes_as_many_queries_for_many(
    company: Workspace, reader: Reader, django_assert_max_num_queries: object
) -> None:
    from dataclasses import replace

    from jalon.records import objective_rows

    client = reader("alice")
    (one,) = [o for o in objective_rows.load().values() if o.id == "ca-t2-bob"]
    client.get("/balance/")
    with django_assert_max_num_queries(12) as before:  # type: ignore[operator]
        client.get("/balance/")
    usual = len(before)
    objective_rows.save([replace(one, id=f"more-{rank}") for rank in range(40)])
    client.get("/balance/")  # what is new is read once, then kept
    with django_assert_max_num_queries(usual):  # type: ignore[operator]
        assert client.get("/balance/").status_code == 200


def test_the_menu_has_both_screens(reader: Reader) -> None:
    page = _text(reader("bob"), "/models/")

    assert 'href="/models/"' in page
    assert 'href="/balance/"' in page


def test_nothing_is_written_outside_the_folder_of_models(
    emptied: Workspace, reader: Reader, tmp_path: Path
) -> None:
    reader("mona").post("/models/new/", {**TYPED, "label": "../../dehors"})

    assert [file.name for file in emptied.models.glob("*")] == ["dehors.toml"]
