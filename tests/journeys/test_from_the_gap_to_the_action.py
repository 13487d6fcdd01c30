"""From a gap to its driver, its lever, an action of somebody's, and what it gave."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.conftest import Visit

pytestmark = pytest.mark.browser
Window = Callable[..., Visit]
TEAM = "/objectives/ca-t2-nouveaux/"


@pytest.mark.parametrize("width", [390, 1440])
def test_a_lever_becomes_an_action_that_is_done_and_told(
    visit: Window, width: int
) -> None:
    """Mona gives the lever to Bob; Bob finds it on his first page and ends it."""
    mona, bob = visit(width=width), visit(width=width)
    mona.log_in("mona")
    advice = _given_to_bob(mona)

    bob.log_in("bob")
    due = bob.page.locator("section[aria-labelledby=due-title] li", has_text=advice)
    expect(due).to_contain_text("27 juin 2025")
    due.get_by_role("link").click()
    mine = bob.page.locator("#plan li", has_text=advice)
    mine.get_by_text("C’est fait").click()
    mine.get_by_label("Ce que cela a donné").fill("Deux affaires signées")
    mine.get_by_role("button", name="Fait aujourd’hui").click()

    mona.open(f"{TEAM}plan/")
    done = mona.page.locator("#plan li", has_text=advice)
    expect(done).to_contain_text("fait le 16 juin 2025 · Bob Durand")
    expect(done).to_contain_text("Deux affaires signées")


def _given_to_bob(mona: Visit) -> str:
    """Give the heaviest driver's lever to Bob from the page of the gap; return it."""
    page = mona.page
    mona.open(TEAM)
    page.locator(f'main a[href="{TEAM}gap/"]').first.click()
    mona.check_style()
    assert not Axe().run(page).response["violations"]
    lever = page.locator("section[aria-labelledby=levers-title] li").first
    driver = lever.locator("strong").inner_text()
    effect = lever.locator(".number").inner_text()
    assert effect.startswith("−")
    name, advice = lever.locator("small").inner_text().split(" · ")

    lever.get_by_label("Qui").select_option(label="Bob Durand")
    lever.get_by_label("Pour le").fill("2025-06-27")
    lever.get_by_role("button").click()
    page.wait_for_url(f"**{TEAM}#plan")
    planned = page.locator("#plan li", has_text=advice)
    expect(planned).to_contain_text("Bob Durand · pour le 27 juin 2025")
    expect(planned).to_contain_text(f"Levier : {name}")
    expect(planned).to_contain_text(f"{driver} {effect}")
    return advice


def test_the_meeting_of_the_week_is_led_part_by_part(visit: Window) -> None:
    """Five parts, fifteen minutes in all, from the figures to the decisions."""
    window = visit()
    window.log_in("mona")
    window.open("/weekly/?team=team:nouveaux")
    window.page.get_by_role("link", name="Réunion, 15 minutes").click()
    minutes, titles = 0, []
    for step in range(1, 6):
        said = window.page.get_by_text(re.compile(rf"^Partie\s{step}\s"))
        (lasting,) = re.findall(r"(\d+)\s+min", said.inner_text())
        minutes += int(lasting)
        titles.append(window.page.locator("#part-title").inner_text())
        if step < 5:
            window.page.get_by_role("link", name="Partie suivante").click()
    assert minutes == 15
    assert titles[0] == "Où nous en sommes"
    assert titles[-1] == "Trois décisions à prendre"
    window.page.get_by_role("link", name="Finir la réunion").click()
    expect(window.page.locator("h1")).to_have_text("Point hebdo")
