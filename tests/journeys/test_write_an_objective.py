"""Bob writes an objective by keyboard, in French then in English, corrects it, sets it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from jalon.records.objectives import Objective
from tests.journeys.conftest import Visit
from tests.journeys.readable import assert_readable_anywhere

pytestmark = pytest.mark.browser
PAGES = (
    "/new-objective/",
    "/new-objective/?text=Augmenter+les+ventes",
    "/new-objective/?text=Augmenter+de+10+%25+le+taux+de+closing+d%27ici+fin+juin",
    "/new-objective/list/",
)


def test_the_screen_is_readable(visit: Callable[..., Visit]) -> None:
    window = visit()
    window.log_in("mona")
    for path in PAGES:
        window.open(path)
        assert_readable_anywhere(window, path)


@pytest.mark.parametrize(
    ("typed", "said", "kpi"),
    [
        pytest.param(
            "Passer 60 appels par semaine",
            "Obtenir 60 appels sortants par mois.",
            "calls",
            id="in French",
        ),
        pytest.param(
            "Book 12 customer meetings per week",
            "Reach 12 customer meetings per month.",
            "meetings",
            id="in English",
        ),
    ],
)
def test_an_objective_is_written_corrected_and_seen(
    visit: Callable[..., Visit], typed: str, said: str, kpi: str
) -> None:
    window = visit()
    window.log_in("bob")
    page = window.page
    window.open("/new-objective/")
    page.keyboard.type(typed)  # the field has the focus from the start
    expect(page.locator("#rhythm")).to_have_value("week")
    page.locator("#rhythm").focus()
    page.keyboard.press("ArrowDown")  # from the week to the month, as a person would
    expect(page.locator("#sentence")).to_have_value(said)
    button = page.get_by_role("button", name="Fixer cet objectif")
    expect(button).to_be_visible()
    button.focus()
    page.keyboard.press("Enter")
    guard, home = page.locator("#overrule"), f"{window.origin}/"
    for _ in range(100):  # the answer is one page or the other
        if page.url == home or guard.count():
            break
        page.wait_for_timeout(100)
    if guard.count():  # the focus guard asks why
        guard.fill("Demandé par Mona pour le salon")
        page.keyboard.press("Enter")
    expect(page).to_have_url(home)
    made = Objective.objects.get(kpi=kpi, owner="person:bob")
    assert made.statement == said
    expect(page.locator(f"a[href='/objectives/{made.id}/']").first).to_be_visible()


def test_a_list_is_settled_line_by_line(visit: Callable[..., Visit]) -> None:
    window = visit()
    window.log_in("mona")
    page = window.page
    window.open("/new-objective/list/")
    page.fill("#pasted", "Augmenter les ventes\nSigner 4 contrats ce trimestre")
    page.click("text=Lire la liste")
    ticks = page.locator("input[name=ticked]")
    expect(ticks).to_have_count(2)
    expect(ticks.nth(0)).to_be_disabled()
    expect(ticks.nth(1)).to_be_checked()
    page.get_by_role("link", name="Régler Augmenter les ventes").click()
    expect(page.locator("#sentence")).to_have_value("Augmenter les ventes")
