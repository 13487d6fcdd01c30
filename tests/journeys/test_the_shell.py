"""Every page in the frame: light enough, silent, readable, and the keyboard goes."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Error, Page, Request, Response, expect

from tests.journeys.conftest import Visit
from tests.journeys.readable import assert_readable, assert_readable_anywhere
from tests.web.test_every_address import (
    ADDRESSES,
    KEYS,
    KEYS_OF,
    MADE_UP,
    NOBODY,
    TABLE,
)

pytestmark = pytest.mark.browser
FIRST_LOAD = 100_000
NOT_FOUND = 404
FRAGMENTS = {  # no page of their own: htmx puts them in one
    "explorer_values",
    "kpi_value",
    "objective_field",
    "objective_path",
    "smart_card",
}
SENT = FRAGMENTS | {
    "evidence_json",
    "evidence_pdf",
    "explorer_rows",
    "export_board",
    "export_rows",
    "journal_csv",
    "journal_xlsx",
    "openapi-json",
    "quarantine_csv",
}
LAZY = {"explorer": 450_000}  # Vega-Lite loads here and nowhere else
MINE = (
    *("/people/", "/people/add/", "/people/of/bob/", "/accounts/", "/account/"),
    *("/accounts/import/", "/settings/", "/account/second-factor/"),
)


def pages() -> list[tuple[str, str]]:
    """Return the addresses that a director reads as a page, with their names.

    Those of what a test would have to make first are left out: they keep a `<`.
    """
    found = [
        (_filled(address, KEYS | KEYS_OF.get(name, {})), name)
        for address, name in ADDRESSES
        if TABLE.get(name, (NOBODY,))[0].startswith("D") and name not in SENT
    ]
    made_up = MADE_UP | {KEYS["kind"], "<"}
    return [(path, name) for path, name in found if not any(k in path for k in made_up)]


def _filled(address: str, keys: dict[str, str]) -> str:
    for part, key in keys.items():
        for kind in ("str", "path", "slug"):
            address = address.replace(f"<{kind}:{part}>", key)
    return address


class Traffic:
    """What a window asks for and receives; its own store of files is kept empty."""

    def __init__(self, page: Page) -> None:
        self.received: list[Response] = []
        self._page, self._waiting = page, 0
        page.context.new_cdp_session(page).send(
            "Network.setCacheDisabled", {"cacheDisabled": True}
        )
        page.on("request", self._ask)
        page.on("response", self._receive)
        for end in ("requestfinished", "requestfailed"):
            page.on(end, self._end)  # type: ignore[call-overload]

    def of(self, address: str) -> list[Response]:
        """Open an address; return all that came until the window asked no more."""
        self.received.clear()
        self._waiting = 0
        self._page.goto(address, wait_until="load")
        quiet = 0
        while quiet < 2:
            self._page.wait_for_timeout(25)
            quiet = 0 if self._waiting > 0 else quiet + 1
        return self.received

    def _ask(self, _request: Request) -> None:
        self._waiting += 1

    def _receive(self, response: Response) -> None:
        self.received.append(response)

    def _end(self, _request: Request) -> None:
        self._waiting -= 1


def _weight(one: Response) -> int:
    """Return what an answer weighs compressed; 0 for one of the page left behind."""
    try:
        return len(gzip.compress(one.body())) if one.ok else 0
    except Error:  # only what a window navigated away from has no body
        return 0


def test_the_first_load_of_each_page_is_light_and_silent(
    visit: Callable[..., Visit],
) -> None:
    window = visit()
    window.log_in("alice")
    window.page.wait_for_load_state("load")
    traffic = Traffic(window.page)
    heavy, read = {}, 0
    for path, name in pages():
        received = traffic.of(window.origin + path)

        if received[0].status == NOT_FOUND:  # this company has no such thing
            window.faults.clear()
            continue
        window.check_style()
        read += 1
        weights = {one.url: weight for one in received if (weight := _weight(one))}
        if sum(weights.values()) > LAZY.get(name, FIRST_LOAD):
            heavy[path] = weights
        assert not window.faults, path
    assert not heavy
    assert read > 40


@pytest.mark.django_db
def test_what_is_served_is_compressed_and_asked_for_once() -> None:
    """The live server of the tests sends plain files; the application does not."""
    response = Client().get("/static/app.css", headers={"accept-encoding": "gzip"})

    response.close()

    assert response["Content-Encoding"] == "gzip"
    assert response["Cache-Control"] == "max-age=315360000, public, immutable"


def test_people_accounts_and_journal_are_readable(visit: Callable[..., Visit]) -> None:
    window = visit()
    window.open("/password/")
    assert_readable_anywhere(window, "/password/")
    window.log_in("alice")
    for path in (*MINE, "/journal/"):
        window.open(path)
        assert_readable_anywhere(window, path)


def test_on_a_phone_the_menu_opens_without_a_script(
    visit: Callable[..., Visit],
) -> None:
    window = visit(width=390)
    window.log_in("mona")
    window.page.route("**/*.js*", lambda route: route.abort())
    window.open("/")

    window.page.click(".nav-menu summary")
    window.page.click(".nav-menu >> text=Personnes et équipes")

    expect(window.page.locator("h1")).to_have_text("Personnes et équipes")
    assert window.page.locator(".nav-menu [aria-current=page]").count() == 1
    window.faults.clear()  # the scripts that were held back


def test_the_keyboard_goes_from_screen_to_screen(visit: Callable[..., Visit]) -> None:
    window = visit()
    window.log_in("mona")
    window.page.wait_for_load_state("load")

    window.page.keyboard.press("g")
    window.page.keyboard.press("p")
    expect(window.page.locator("h1")).to_have_text("Personnes et équipes")
    window.page.wait_for_load_state("load")

    window.page.keyboard.press("/")
    expect(window.page.locator("#sheet-q")).to_be_focused()
    window.page.keyboard.type("gp")  # in a field a letter is a letter
    expect(window.page.locator("#sheet-q")).to_have_value("gp")


def test_the_first_tab_leads_to_the_content(visit: Callable[..., Visit]) -> None:
    window = visit()
    window.log_in("bob")
    window.page.wait_for_load_state("load")

    window.page.keyboard.press("Tab")
    expect(window.page.locator(".skip")).to_be_focused()
    window.page.keyboard.press("Enter")

    expect(window.page.locator("#content")).to_be_focused()


def test_an_invitation_goes_from_the_list_to_a_newcomer(
    visit: Callable[..., Visit],
) -> None:
    alice = visit()
    alice.log_in("alice")
    alice.open("/accounts/")
    alice.page.fill("#invite-email", "emil@exemple.fr")
    alice.page.select_option("#invite-person", label="Emil Garnier")
    alice.page.click("main >> text=Inviter >> nth=-1")
    link = alice.page.locator("code.link").inner_text()

    emil = visit(width=390)
    emil.page.goto(link)
    emil.check_style()
    assert_readable(emil, "the invitation")
    emil.page.fill("#name", "Emil Garnier")
    emil.page.fill("#password", "trois-lievres-bleus")
    emil.page.fill("#again", "trois-lievres-bleus")
    emil.page.click("main button")

    expect(emil.page.locator("h1")).to_contain_text("Emil")
