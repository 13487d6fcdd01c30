"""Three people and one target: proposed, contested, settled, published, re-targeted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.conftest import Visit
from tests.journeys.readable import assert_readable

pytestmark = pytest.mark.browser
GRID = "/planning/ca-du-semestre/"
AGREEMENT = f"{GRID}agreement/"
NARROW = "\u202f"
RETARGET = "/objectives/ca-t2-nouveaux/retarget/"
FIRST = 'tr[data-owner="person:bob"] input[data-month="0"]'


def _planned(window: Visit) -> None:
    window.open("/planning/")
    assert_readable(window, "/planning/")
    page = window.page
    page.fill("#new-title", "CA du semestre")
    page.fill("#new-target", "240 000")
    page.select_option("#new-period", "2026")
    page.get_by_role("button", name="Répartir").click()
    page.wait_for_url(f"**{GRID}")


def test_from_the_first_figure_to_the_receipt(visit: Callable[..., Visit]) -> None:
    alice, mona, bob = visit(), visit(width=768), visit(width=390, scheme="dark")
    for window, who in ((alice, "alice"), (mona, "mona"), (bob, "bob")):
        window.log_in(who)
    _planned(alice)
    assert_readable(alice, GRID)
    alice.page.get_by_role("button", name="Proposer ces chiffres").click()
    alice.page.get_by_text("chiffres proposés").wait_for()
    _contested(bob)
    alice.open(AGREEMENT)
    alice.page.get_by_text("1 contestation attend une réponse").wait_for()
    assert not alice.page.get_by_role("button", name="Publier les objectifs").count()
    _answered(mona)
    bob.open(AGREEMENT)
    bob.page.get_by_role("button", name="Accepter ce chiffre").click()
    bob.page.locator(".badge", has_text="accepté").first.wait_for()
    _published(alice)
    bob.open("/objectives/ca-du-semestre-person-bob/")
    assert f"60{NARROW}000" in bob.page.inner_text("h1")
    _retargeted(mona)
    bob.open("/")
    bob.page.get_by_role("link", name="Lire pourquoi et en prendre acte").click()
    bob.page.get_by_role("button", name="J’en ai pris connaissance").click()
    bob.page.get_by_text("en a pris connaissance le").wait_for()
    bob.page.get_by_role("link", name="Dossier de preuve").click()
    bob.page.get_by_text("Deux comptes gèlent leurs budgets").wait_for()
    assert_readable(bob, "/evidence/bob/")
    with bob.page.expect_download() as download:
        bob.page.get_by_role("link", name="PDF").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def _contested(bob: Visit) -> None:
    bob.open(AGREEMENT)
    bob.page.get_by_text("Le contester").click()
    bob.page.get_by_label("Ce en quoi je crois").first.fill("50 000")
    bob.page.get_by_label("Pourquoi").fill("Acme ferme son site en mars")
    assert_readable(bob, AGREEMENT)
    bob.page.get_by_role("button", name="Contester").click()
    bob.page.locator(".badge", has_text="contesté").first.wait_for()


def _answered(mona: Visit) -> None:
    mona.open(AGREEMENT)
    assert_readable(mona, AGREEMENT)
    mona.page.get_by_label("Nouveau chiffre").fill("60 000")
    mona.page.get_by_role("button", name="Proposer ce chiffre").click()
    mona.page.get_by_text("60 000 €").first.wait_for()


def _published(alice: Visit) -> None:
    alice.open(AGREEMENT)
    alice.page.get_by_label("Raison", exact=True).fill("Le semestre commence")
    alice.page.get_by_role("button", name="Publier les objectifs").click()
    alice.page.get_by_text("objectifs publiés").wait_for()


def _retargeted(mona: Visit) -> None:
    mona.open(RETARGET)
    mona.page.get_by_label("Nouvelle cible").fill("40 000")
    mona.page.get_by_label("En une phrase").fill("Deux comptes gèlent leurs budgets")
    mona.page.get_by_role("button", name="Voir ce qui change").click()
    mona.page.get_by_role("button", name="Changer ces cibles").wait_for()
    assert_readable(mona, RETARGET)
    mona.page.get_by_role("button", name="Changer ces cibles").click()
    mona.page.get_by_text("cibles modifiées").wait_for()


def test_the_grid_is_edited_by_the_keyboard_pasted_into_and_undone(
    visit: Callable[..., Visit],
) -> None:
    window = visit()
    window.log_in("alice")
    _planned(window)
    page = window.page
    before = page.input_value(FIRST)

    page.click(FIRST)
    page.keyboard.type("12345")
    page.keyboard.press("ArrowRight")
    page.locator(f"{FIRST}[value='12{NARROW}345']").wait_for()
    page.keyboard.press("Control+z")
    page.locator(f"{FIRST}[value='{before}']").wait_for()

    page.click(FIRST)
    page.evaluate(
        """selector => {
            const data = new DataTransfer();
            data.setData('text/plain', '100\\t200\\n300\\t400');
            document.querySelector(selector).dispatchEvent(
                new ClipboardEvent('paste', {clipboardData: data, bubbles: true}));
        }""",
        FIRST,
    )
    page.locator(f"{FIRST}[value='100']").wait_for()
    assert (
        page.input_value('tr[data-owner="person:bob"] input[data-month="1"]') == "200"
    )

    window.expected.add(422)
    page.fill(FIRST, "beaucoup")
    page.keyboard.press("Tab")
    page.get_by_role("alert").get_by_text("beaucoup").wait_for()
    assert page.input_value(FIRST) == "100"
    window.faults.clear()  # the browser says by itself that an answer was 422
