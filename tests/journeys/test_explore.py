"""Ask a KPI freely, share the answer, go down to its rows, write a KPI of one's own."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jalon.workspace.folder import Workspace, opened
from tests.journeys.conftest import Visit
from tests.journeys.readable import assert_readable_anywhere

pytestmark = pytest.mark.browser
Window = Callable[..., Visit]
SPAN = "period=custom&first=2025-01-01&last=2025-06-30"


@pytest.fixture
def facts(facts: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the company: a journey writes a KPI file in it."""
    shutil.copytree(facts.folder, tmp_path / "explored")
    return opened(tmp_path / "explored")


def test_a_question_is_asked_shared_drawn_and_taken_away(
    visit: Window, tmp_path: Path
) -> None:
    window = visit()
    page = window.page
    window.log_in("alice")
    window.open("/explorer/")

    page.select_option("#kpi", "win_rate")
    expect(page.locator("#explorer h2")).to_have_text("Taux de closing")
    settled(page)
    choose_half_a_year(page)
    page.get_by_label("Commercial", exact=True).check()
    expect(page.locator("table.answer tbody tr")).not_to_have_count(0)
    expect(page.locator("[data-chart][data-drawn=done] svg")).to_be_visible()
    settled(page)
    page.select_option("#dimension", "segment")
    settled(page)
    expect(page.locator("#values option").first).to_be_attached()
    page.fill("#value", "PME")
    page.locator("#value").press("Tab")
    expect(page.get_by_label("segment=PME")).to_be_checked()
    page.wait_for_url("**where=segment%3DPME**")

    assert rows_at(visit(), page.url) == page.locator("table.answer tbody").inner_text()
    with page.expect_download() as awaited:
        page.get_by_role("link", name="JSON").click()
    path = tmp_path / "answer.json"
    awaited.value.save_as(path)
    answer = json.loads(path.read_text("utf-8"))
    assert (answer["kpi"], answer["from"], answer["to"]) == (
        "win_rate",
        "2025-01-01",
        "2025-07-01",
    )
    assert len(answer["rows"]) == page.locator("table.answer tbody tr").count()


def settled(page: Page) -> None:
    """Wait for the answer: a change that overtakes it would abort it, said aloud."""
    expect(page.locator(".htmx-request")).to_have_count(0)


def choose_half_a_year(page: Page) -> None:
    page.select_option("#period", "custom")
    settled(page)
    page.fill("#first", "2025-01-01")
    page.locator("#first").press("Tab")
    settled(page)
    page.fill("#last", "2025-06-30")
    page.locator("#last").press("Tab")
    settled(page)


def rows_at(window: Visit, url: str) -> str:
    """Return what somebody else reads at a shared address."""
    window.log_in("alice")
    window.open(url.removeprefix(window.origin))
    return window.page.locator("table.answer tbody").inner_text()


def test_a_figure_leads_to_its_rows_and_their_file(
    visit: Window, tmp_path: Path
) -> None:
    window = visit()
    page = window.page
    window.log_in("bob")
    window.open(f"/explorer/?kpi=revenue&by=person&{SPAN}")
    expect(page.get_by_role("link", name="Expliquer")).to_have_count(1)

    page.get_by_role("link", name="Expliquer Bob Durand").click()
    page.wait_for_url("**/explorer/rows/**")
    window.check_style()
    expect(page.locator("h1")).to_contain_text("Chiffre d’affaires")
    with page.expect_download() as awaited:
        page.get_by_role("link", name="CSV").click()
    path = tmp_path / "rows.csv"
    awaited.value.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file, delimiter=";"))
    assert {line["deal_id"] for line in lines} >= {"d12", "d17", "d20"}


def test_a_kpi_of_ours_is_written_previewed_saved_and_found(visit: Window) -> None:
    window = visit()
    page = window.page
    window.log_in("alice")
    window.open("/kpis/")
    page.get_by_role("link", name="Ajouter un KPI maison").click()
    page.fill("#key", "demos")
    page.fill("#label_fr", "Démonstrations")
    page.fill("#question_fr", "Combien de démonstrations ?")
    page.fill("#part_name_1", "demos_faites")
    page.select_option("#part_source_1", "activities.done_at")
    page.fill("#part_where_1", "kind=demo")
    page.fill("#formula", "demos_faites")
    window.expected.add(422)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#faults li")).to_have_count(1)

    page.fill("#reference", "Direction, 2025")
    page.get_by_role("button", name="Voir la valeur").click()
    expect(page.locator("#preview")).to_contain_text("1")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url("**/kpis/demos/")
    expect(page.locator("h1")).to_have_text("Démonstrations")

    window.open("/kpis/")
    page.fill("#q", "demonstr")
    expect(page.locator(".shelf li")).to_have_count(1)
    page.get_by_role("link", name="Démonstrations").click()
    page.get_by_role("button", name="Supprimer ce KPI").click()
    page.wait_for_url("**/kpis/")
    window.faults[:] = [one for one in window.faults if "422" not in one]


PAGES = (
    "/explorer/",
    f"/explorer/?kpi=win_rate&by=person&against=N-1&{SPAN}",
    f"/explorer/?kpi=revenue&by=segment&grain=month&dimension=segment&{SPAN}",
    f"/explorer/?kpi=nps&by=product&{SPAN}",
    f"/explorer/rows/?kpi=revenue&by=segment&{SPAN}&at=segment%3DPME",
    "/kpis/",
    "/kpis/?q=xyzzy",
    "/kpis/win_rate/",
    "/kpis/web_conversion_rate/",
    "/kpis/new/",
    "/objectives/ca-t2-nouveaux/",
)


def test_axe_finds_nothing_and_nothing_overflows(visit: Window) -> None:
    window = visit()
    window.log_in("alice")
    for path in PAGES:
        window.open(path)
        if window.page.locator("[data-chart]").count():
            window.page.wait_for_selector("[data-drawn=done] svg")
        assert_readable_anywhere(window, path)


def test_the_chart_library_comes_only_where_something_is_drawn(visit: Window) -> None:
    window = visit()
    seen: list[str] = []
    window.page.on("request", lambda request: seen.append(request.url))
    window.log_in("alice")
    for path in ("/", "/kpis/", "/objectives/ca-t2/", "/explorer/?kpi=revenue"):
        window.open(path)
        window.page.wait_for_load_state("networkidle")
    assert not [url for url in seen if "vega" in url]

    window.open(f"/explorer/?kpi=revenue&by=segment&{SPAN}")
    window.page.wait_for_selector("[data-drawn=done] svg")
    assert len([url for url in seen if "vega" in url]) == 1
