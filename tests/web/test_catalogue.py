"""The catalogue's shelves, one KPI whole, and KPIs written on the page."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from jalon.cli.main import main
from jalon.domain.kpis.catalogue import delivered
from jalon.queries.kpi_values import catalogue
from jalon.workspace.folder import Workspace, opened
from tests.worlds import followed

Reader = Callable[[str], Client]
FORM = {
    "key": "rendez_vous_salon",
    "label_fr": "Rendez-vous de salon",
    "question_fr": "Combien de rendez-vous viennent des salons ?",
    "kind": "sum",
    "unit": "count",
    "better": "up",
    "formula": "meetings",
    "reference": "Direction commerciale, 2025",
    "part_name": ["meetings", ""],
    "part_source": ["activities.done_at", ""],
    "part_measure": ["count", "count"],
    "part_of": ["", ""],
    "part_where": ["kind=meeting\nheld=yes", ""],
    "face": "form",
    "former": "",
}


@pytest.fixture
def company(
    facts: Workspace, tmp_path: Path, settings: Any, monkeypatch: Any, db: None
) -> Workspace:
    """A copy of the followed company, for these tests write files in it."""
    folder = tmp_path / "company"
    shutil.copytree(facts.folder, folder)
    settings.WORKSPACE = opened(folder)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setenv("JALON_TODAY", followed.ON.isoformat())
    followed.people(settings.WORKSPACE)
    found: Workspace = settings.WORKSPACE
    return found


def test_every_kpi_is_on_the_list_with_what_it_lacks(reader: Reader) -> None:
    text = reader("rene").get("/kpis/").content.decode()

    assert all(f'href="/kpis/{key}/"' in text for key in delivered())
    assert "Mesurable" in text


@pytest.mark.parametrize("words", ["élu", "taux closing", "CLOSING", "win_rate"])
def test_a_search_folds_accents_and_capitals(reader: Reader, words: str) -> None:
    wanted = "Énoncé" if words == "élu" else "Taux de closing"
    searched = "enonce" if words == "élu" else words

    text = reader("bob").get("/kpis/", {"q": searched}).content.decode()

    assert wanted in text
    assert "Panier moyen" not in text


def test_a_search_that_finds_nothing_says_what_to_do(reader: Reader) -> None:
    text = reader("bob").get("/kpis/?q=xyzzy").content.decode()

    assert "Aucun KPI ne contient ces mots" in text


def test_the_part_sent_to_htmx_is_the_shelves_of_the_page(reader: Reader) -> None:
    client = reader("bob")
    part = client.get("/kpis/?q=taux", headers={"HX-Request": "true"})

    assert part.content.decode().strip() in client.get("/kpis/?q=taux").content.decode()


def test_every_kpi_has_its_page(reader: Reader) -> None:
    client = reader("bob")
    for key, kpi in delivered().items():
        text = client.get(f"/kpis/{key}/").content.decode()
        assert kpi.label["fr"].replace("'", "&#x27;") in text, key
        assert "Référence" in text, key


def test_the_value_is_the_one_of_the_command(
    reader: Reader, company: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    import json

    where = ["--workspace", str(company.folder), "--on", followed.ON.isoformat()]
    with pytest.raises(SystemExit):
        main(["kpi", "value", "deals_won", *where, "--json"])
    value = json.loads(capsys.readouterr().out)["rows"][0]["value"]

    assert f"<strong>{value}</strong>" in (
        reader("bob").get("/kpis/deals_won/value/").content.decode()
    )


def test_an_unknown_kpi_is_not_found(reader: Reader) -> None:
    client = reader("alice")

    assert client.get("/kpis/nothing/").status_code == 404
    assert client.get("/kpis/nothing/value/").status_code == 404


def test_a_kpi_without_value_says_why(reader: Reader) -> None:
    text = reader("bob").get("/kpis/coverage/value/").content.decode()

    assert "–" in text
    assert "objectif" in text


# -- own KPIs ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [("alice", 200), ("olga", 200), ("mona", 403), ("bob", 403), ("rene", 403)],
)
def test_only_whom_the_table_lets_writes_kpis(
    reader: Reader, company: Workspace, who: str, status: int
) -> None:
    client = reader(who)

    assert client.get("/kpis/new/").status_code == status
    assert client.post("/kpis/new/", FORM | {"action": "preview"}).status_code == status
    shown = "/kpis/new/" in client.get("/kpis/").content.decode()
    assert shown is (status == 200)


def test_a_kpi_is_previewed_then_saved_and_explored(
    reader: Reader, company: Workspace
) -> None:
    client = reader("alice")
    preview = client.post("/kpis/new/", FORM | {"action": "preview"})

    # Meetings held in 2025 until 16 June: v06 v11 v13 v15 v17 v20 v21 v26.
    assert '<strong class="number">8</strong>' in preview.content.decode()
    assert "rendez_vous_salon" not in catalogue(company)

    saved = client.post("/kpis/new/", FORM | {"action": "save"})
    assert (saved.status_code, saved["Location"]) == (302, "/kpis/rendez_vous_salon/")
    told = client.get(f"{saved['Location']}?value=1").content.decode()
    assert "<strong>8</strong>" in told
    explored = client.get("/explorer/?kpi=rendez_vous_salon&by=person")
    assert "Dora Simon" in explored.content.decode()


def test_every_fault_is_a_line_and_what_was_typed_stays(
    reader: Reader, company: Workspace
) -> None:
    bad = FORM | {
        "key": "Rendez-vous",
        "formula": "meetings +",
        "reference": "",
        "part_where": ["kind", ""],
        "action": "save",
    }

    response = reader("alice").post("/kpis/new/", bad)
    text = response.content.decode()

    assert response.status_code == 422
    faults = text[
        text.index('id="faults"') : text.index("</ul>", text.index('id="faults"'))
    ]
    assert faults.count("<li>") == 4
    assert 'value="meetings +"' in text
    assert not list(company.kpis.glob("*.toml"))


def test_another_part_keeps_what_was_typed(reader: Reader, company: Workspace) -> None:
    text = (
        reader("alice").post("/kpis/new/", FORM | {"action": "more"}).content.decode()
    )

    assert text.count('name="part_name"') == 3
    assert 'value="Rendez-vous de salon"' in text


def test_the_form_and_the_file_say_the_same(reader: Reader, company: Workspace) -> None:
    client = reader("alice")
    shown = client.post("/kpis/new/", FORM | {"action": "file"}).content.decode()
    assert "[components.meetings]" in shown

    client.post("/kpis/new/", FORM | {"action": "save"})
    text = client.get("/kpis/rendez_vous_salon/edit/").content.decode()
    for typed in ("Rendez-vous de salon", "kind=meeting\nheld=yes", "meetings"):
        assert typed in text


def test_a_kpi_changed_keeps_its_former_version(
    reader: Reader, company: Workspace
) -> None:
    client = reader("alice")
    client.post("/kpis/new/", FORM | {"action": "save"})
    page = client.get("/kpis/rendez_vous_salon/edit/").content.decode()
    former = page.split('name="former" value="')[1].split('"')[0]
    changed = FORM | {"label_fr": "Visites", "former": former, "action": "save"}
    assert client.post("/kpis/rendez_vous_salon/edit/", changed).status_code == 302

    text = client.get("/kpis/rendez_vous_salon/").content.decode()
    again = client.get("/kpis/rendez_vous_salon/edit/?version=1").content.decode()

    assert "Modifié" in text
    assert "Créé" in text
    assert "alice@exemple.fr" in text
    assert "Rendez-vous de salon" in again


def test_what_is_in_use_is_not_removed_and_says_by_what(
    reader: Reader, company: Workspace
) -> None:
    client = reader("alice")
    client.post("/kpis/new/", FORM | {"action": "save"})
    other = FORM | {"key": "double", "formula": "rendez_vous_salon * 2"}
    client.post("/kpis/new/", other | {"action": "save"})

    refused = client.post("/kpis/rendez_vous_salon/remove/")
    removed = client.post("/kpis/double/remove/")
    then = client.post("/kpis/rendez_vous_salon/remove/")

    assert refused.status_code == 409
    assert "double" in refused.content.decode()
    assert (removed.status_code, then.status_code) == (302, 302)
    assert not list(company.kpis.glob("*.toml"))


def test_a_delivered_kpi_is_neither_edited_nor_removed(
    reader: Reader, company: Workspace
) -> None:
    assert reader("alice").get("/kpis/win_rate/edit/").status_code == 404
    assert reader("alice").post("/kpis/win_rate/remove/").status_code == 409


def test_a_text_with_quotes_and_brackets_stays_text(
    reader: Reader, company: Workspace
) -> None:
    nasty = 'Le "vrai" taux\\ [components.x] <script>'
    client = reader("alice")
    client.post("/kpis/new/", FORM | {"label_fr": nasty, "action": "save"})

    assert catalogue(company)["rendez_vous_salon"].label["fr"] == nasty
    assert "<script>" not in client.get("/kpis/rendez_vous_salon/").content.decode()
