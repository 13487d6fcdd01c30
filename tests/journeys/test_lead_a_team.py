"""Lead a team: sort its board, read its weeks, see the sum, take it away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit

pytestmark = pytest.mark.browser
Window = Callable[..., Visit]


def test_a_manager_sorts_the_board_in_place_and_takes_it_away(
    visit: Window, tmp_path: Path
) -> None:
    window = visit()
    page = window.page
    window.log_in("mona")
    window.open("/team/?team=nouveaux&kpi=revenue")
    page.evaluate("window.sameDocument = true")
    expect(page.locator(".board tbody tr th a").first).to_have_text("Bob Durand")

    page.get_by_role("link", name="Écart").click()
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Écart")
    page.get_by_role("link", name="Écart").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Écart")
    expect(page.locator(".board tbody tr th a").first).to_have_text("Inès Faure")
    expect(page.locator("svg.heat")).to_be_visible()
    assert page.evaluate("window.sameDocument")

    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    file = tmp_path / "board.csv"
    download.value.save_as(file)
    assert "Total;;54000;8000;" in file.read_text("utf-8-sig")


def test_a_manager_opens_the_sum_with_the_keyboard(visit: Window) -> None:
    window = visit(width=390)
    page = window.page
    window.log_in("mona")
    window.open("/pacing/")

    page.locator(".see-sum summary").first.focus()
    page.keyboard.press("Enter")

    expect(page.locator(".sum").first).to_contain_text("= Reste à faire")


def test_a_director_unfolds_the_cascade_with_the_keyboard(visit: Window) -> None:
    window = visit()
    page = window.page
    window.log_in("alice")
    window.open("/direction/")
    team = page.locator(".cascade li li details").first
    expect(team).not_to_have_attribute("open", "")

    team.locator("summary").first.focus()
    page.keyboard.press("Enter")

    expect(team).to_have_attribute("open", "")
