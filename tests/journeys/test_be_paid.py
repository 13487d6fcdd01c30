"""A plan written, tried, published; an estimate, a question, then a credit note."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jalon.workspace.folder import Workspace, opened
from tests.journeys.conftest import Visit
from tests.journeys.readable import assert_readable
from tests.worlds import paid

pytestmark = pytest.mark.browser
TAKEN = "J’en ai pris connaissance"


@pytest.fixture
def facts(facts: Workspace, tmp_path: Path) -> Workspace:
    """The followed company's facts, a copy of one's own: a credit note changes them."""
    folder = tmp_path / "paid"
    shutil.copytree(facts.folder, folder)
    return opened(folder)


def test_from_the_plan_to_the_correction_of_a_credit_note(
    visit: Callable[..., Visit], facts: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, mona, bob = visit(), visit(width=768, scheme="dark"), visit(width=390)
    for window, who in ((alice, "alice"), (mona, "mona"), (bob, "bob")):
        window.log_in(who)
    _written(alice)
    _estimated(bob)
    monkeypatch.setenv("JALON_TODAY", paid.CLOSED.isoformat())
    paid.closed(facts)
    _run(alice, "2025-05-01")
    assert_readable(alice, "/pay/runs/")
    _asked(bob)
    _answered(mona)
    bob.page.reload()
    bob.page.get_by_text("La date de signature compte").wait_for()
    paid.credit_note(facts)
    monkeypatch.setenv("JALON_TODAY", paid.NEXT_CLOSED.isoformat())
    _run(alice, "2025-08-01")
    _corrected(bob)


def _written(alice: Visit) -> None:
    alice.open("/pay/plans/new/")
    page: Any = alice.page
    page.fill("#key", paid.PLAN)
    page.fill(
        "#text", paid.TEXT.replace('"revenue"\npays = "bonus"', '"?"\npays = "x"')
    )
    page.locator("#checks .note-risk").wait_for()
    page.fill("#text", paid.TEXT)
    page.locator("#checks .note-ok").wait_for()
    page.get_by_role("button", name="Écrire la version").click()
    page.wait_for_url(f"**/pay/plans/{paid.PLAN}/")
    page.select_option("#people", ["bob", "ines"])
    page.get_by_role("button", name="Mettre sous le plan").click()
    page.get_by_role("link", name="Inès Faure").wait_for()
    assert_readable(alice, f"/pay/plans/{paid.PLAN}/")
    alice.open("/pay/simulation/")
    page.get_by_role("button", name="Simuler").click()
    page.get_by_role("row", name="Bob Durand").wait_for()
    alice.open(f"/pay/plans/{paid.PLAN}/")
    page.fill("#notice", "5 % du chiffre d’affaires et une prime d’objectif.")
    page.get_by_role("button", name="Publier").click()
    page.get_by_text("publiée le").wait_for()


def _estimated(bob: Visit) -> None:
    bob.open("/pay/")
    bob.page.get_by_role("button", name=TAKEN).click()
    bob.page.get_by_role("button", name=TAKEN).wait_for(state="detached")
    bob.page.get_by_label("Et d’autres ventes pour").fill("9 000")
    bob.page.get_by_role("button", name="Voir ce que cela donne").click()
    told = bob.page.get_by_role("status").inner_text()
    assert "2\u202f222,22" in told
    assert_readable(bob, "/pay/")


def _run(alice: Visit, day: str) -> None:
    alice.open("/pay/runs/")
    alice.page.fill("#day", day)
    alice.page.get_by_role("button", name="Calculer").click()
    for step in ("Marquer comme relu", "Approuver", "Publier les relevés"):
        alice.page.get_by_role("button", name=step).click()
    alice.page.get_by_text("Export pour la paie").wait_for()


def _asked(bob: Visit) -> None:
    bob.open("/pay/")
    bob.page.get_by_role("link", name="T2").click()
    bob.page.fill("#text", "L’affaire Tara est-elle comptée ?")
    bob.page.get_by_role("button", name="Demander").click()
    bob.page.get_by_text("attend une réponse").wait_for()


def _answered(mona: Visit) -> None:
    mona.open("/pay/")
    mona.page.get_by_role("link", name="Bob Durand").click()
    mona.page.get_by_label("Pourquoi").fill("La date de signature compte : juillet.")
    mona.page.get_by_role("button", name="Répondre").click()
    mona.page.get_by_text("La ligne est maintenue").first.wait_for()


def _corrected(bob: Visit) -> None:
    bob.open("/pay/")
    bob.page.get_by_role("link", name="T3").click()
    bob.page.get_by_text("Correction d’une période passée").first.wait_for()
    told = bob.page.inner_text("main")
    assert "138,89" in told
    assert "16\u202f000 au moment du versement, 15\u202f000 maintenant" in told
