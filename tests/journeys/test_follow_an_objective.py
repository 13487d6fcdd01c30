"""Log in, see my objectives, open one, have its figure explained, take the rows away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit

pytestmark = pytest.mark.browser
Window = Callable[..., Visit]


@pytest.mark.parametrize(
    ("who", "greeting", "objective"),
    [
        pytest.param("alice", "Bonjour Alice", "ca-t2", id="the director"),
        pytest.param("mona", "Bonjour Mona", "ca-t2-nouveaux", id="the manager"),
        pytest.param("bob", "Bonjour Bob", "ca-t2-bob", id="the salesperson"),
    ],
)
def test_from_the_log_in_to_the_rows_in_french(
    visit: Window, who: str, greeting: str, objective: str, tmp_path: Path
) -> None:
    window = visit()
    page = window.page
    window.log_in(who)
    expect(page.locator("h1")).to_contain_text(greeting)

    page.locator(f'.card h2 a[href="/objectives/{objective}/"]').click()
    page.wait_for_url(f"**/objectives/{objective}/")
    window.check_style()
    expect(page.get_by_role("heading", name="Réalisé et trajectoire")).to_be_visible()
    expect(page.locator(".path-wide svg")).to_be_visible()

    page.get_by_role("link", name="Expliquer ce chiffre").click()
    page.wait_for_url("**/explain/")
    window.check_style()
    expect(page.locator("table tbody tr").first).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    file = tmp_path / "rows.csv"
    download.value.save_as(file)
    text = file.read_text("utf-8-sig")
    assert "d20" in text  # Bob's 0.7 of it, in every figure above him too
    assert "d17" not in text  # closed in March


def test_from_the_log_in_to_the_rows_in_english(visit: Window) -> None:
    window = visit()
    page = window.page
    window.open("/login/")
    page.get_by_role("button", name="EN, read in English").click()
    expect(page.locator("h1")).to_have_text("Log in")
    window.log_in("bob")

    expect(page.locator("h1")).to_contain_text("Hello Bob, 14 days left for €38,000")
    page.locator(".card footer a").first.click()
    expect(page.locator("h1")).to_contain_text("comes from")
    with page.expect_download() as download:
        page.get_by_role("link", name="XLSX").click()
    assert download.value.suggested_filename == "ca-t2-bob.xlsx"


def test_the_filters_change_the_list_and_its_address_in_place(visit: Window) -> None:
    window = visit()
    page = window.page
    window.log_in("mona")
    window.open("/objectives/")
    page.evaluate("window.sameDocument = true")

    page.get_by_label("Porteur").fill("Bob Durand")
    page.get_by_label("Porteur").press("Tab")

    expect(page.locator("#lines h2")).to_have_text("2 objectifs")
    assert "owner=Bob" in page.url
    assert page.evaluate("window.sameDocument")
    page.reload()
    expect(page.locator("#lines h2")).to_have_text("2 objectifs")
    expect(page.get_by_label("Porteur")).to_have_value("Bob Durand")


def test_the_theme_is_chosen_and_kept(visit: Window) -> None:
    window = visit(scheme="light")
    page = window.page
    window.log_in("bob")
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)

    page.get_by_role("button", name="Thème").click()  # light
    page.get_by_role("button", name="Thème").click()  # dark

    assert page.locator("html").get_attribute("class") == "theme-dark"
    assert page.evaluate(background) != light
    window.open("/objectives/")
    assert page.locator("html").get_attribute("class") == "theme-dark"


def test_a_stranger_is_told_that_the_rows_are_not_theirs(visit: Window) -> None:
    window = visit()
    window.log_in("charlie")
    window.expected.add(403)
    window.page.goto(window.origin + "/objectives/ca-t2-bob/explain/")

    expect(window.page.locator("h1")).to_have_text("Cette page ne vous est pas ouverte")
    window.faults = [fault for fault in window.faults if "403" not in fault]


def test_the_keyboard_reaches_the_content_first(visit: Window) -> None:
    window = visit()
    window.log_in("bob")
    window.open("/objectives/")
    window.page.keyboard.press("Tab")

    skip = window.page.get_by_role("link", name="Aller au contenu")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    window.page.keyboard.press("Enter")
    expect(window.page.locator("#content")).to_be_focused()


def test_without_script_the_filters_still_work(
    a_browser: object, visit: Window
) -> None:
    window = visit()
    window.log_in("bob")
    state = window.page.context.storage_state()
    context = a_browser.new_context(java_script_enabled=False, storage_state=state)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(window.origin + "/objectives/")
    page.get_by_label("Porteur").fill("Inès Faure")
    page.get_by_role("button", name="Filtrer").click()

    expect(page.locator("#lines h2")).to_have_text("1 objectif")
    context.close()
