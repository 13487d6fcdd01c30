"""Mona fills a model, keeps her own, plans an action by keyboard, grades a statement."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from jalon.workspace.folder import Workspace
from tests.journeys.conftest import Visit
from tests.journeys.readable import assert_readable_anywhere

pytestmark = pytest.mark.browser
PAGES = (
    "/models/",
    "/models/revenue_growth/",
    "/models/collective_attainment/",
    "/models/new/?after=win_rate",
    "/balance/",
    "/objectives/ca-t2-nouveaux/plan/",
    "/statements/new/",
)


@pytest.fixture
def own(facts: Workspace) -> Iterator[Workspace]:
    """The company, its own models taken away afterwards."""
    yield facts
    for file in facts.models.glob("*.toml"):
        file.unlink()


def test_models_plans_and_statements_are_readable(visit: Callable[..., Visit]) -> None:
    window = visit()
    window.log_in("mona")
    for path in PAGES:
        window.open(path)
        assert_readable_anywhere(window, path)


def test_a_model_becomes_mona_s_own(
    own: Workspace, visit: Callable[..., Visit]
) -> None:
    window = visit()
    window.log_in("mona")
    window.open("/models/")
    window.page.click("text=Gagner de nouveaux clients PME")
    window.page.click("text=En faire le nôtre")
    window.page.fill("#label", "Gagner des PME bretonnes")
    window.page.fill("#where", "segment=PME; region=Bretagne")
    window.page.fill("#target", "4")
    window.page.click("main button:has-text('Enregistrer')")

    assert "Gagner des PME bretonnes" in window.page.inner_text("h1")
    window.open("/models/")
    assert window.page.locator("table.axes").count() == 2


def test_an_action_is_planned_with_the_keyboard_only(
    visit: Callable[..., Visit],
) -> None:
    window = visit()
    window.log_in("mona")
    window.open("/objectives/ca-t2-nouveaux/plan/")
    page = window.page
    page.focus("#action-new")
    page.keyboard.type("Appeler les trois prospects du salon")
    page.keyboard.press("Tab")
    page.keyboard.type("Bob")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")

    page.wait_for_url("**/#plan")
    assert page.url.endswith("/objectives/ca-t2-nouveaux/#plan")
    assert "Appeler les trois prospects du salon" in page.inner_text("#plan")


def test_a_statement_is_written_then_assessed(visit: Callable[..., Visit]) -> None:
    window = visit()
    window.log_in("mona")
    window.open("/statements/new/")
    page = window.page
    page.fill("#statement", "Nos comptes rendus servent au client")
    page.select_option("#owner", "person:ines")
    for level in range(1, 5):
        page.fill(f"#level{level}", f"Ce que l'on voit au niveau {level}")
    page.click('main button:has-text("L’écrire")')
    page.click("main a:has-text('Évaluer')")
    page.check("input[name=level][value='3']")
    page.fill("textarea[name=evidence]", "Trois clients les ont cités en juin")
    page.click("main button:has-text('Garder cette parole')")
    page.wait_for_selector("main q")

    assert "parole du manager" in page.inner_text("main")
    assert "Trois clients les ont cités en juin" in page.inner_text("main")
