"""Every page, at three widths and on paper: nothing beyond its window, nothing to click.

The addresses are those of `tests/web/test_every_address`, read by the director; whatever
answers something else than a page (a file, a part of a page) is left to other tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from jalon.workspace.folder import Workspace
from tests.journeys.readable import BEYOND, HEIGHT, WIDTHS, clicked_on_paper
from tests.web.test_every_address import ADDRESSES, World, filled, world_of
from tests.worlds import followed

pytestmark = pytest.mark.browser
READER = "D"
FILES = ("_pdf", "_csv", "_xlsx", "_json", "_sheet", "_export", "export_")
FEWEST = 80  # pages; fewer means that the list was lost on the way


@pytest.fixture
def whole(
    facts: Workspace,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    transactional_db: None,
) -> World:
    """The followed company with something behind every address."""
    settings.WORKSPACE = facts
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setenv("JALON_TODAY", followed.ON.isoformat())
    return world_of(facts)


@pytest.fixture
def window(a_browser: Browser, whole: World, live_server: Any) -> Iterator[Page]:
    """A window in which the director is logged in."""
    context = a_browser.new_context(accept_downloads=False)
    session = whole.clients[READER].cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session}
    context.add_cookies([{**cookie, "url": live_server.url}])  # type: ignore[typeddict-item]
    yield context.new_page()
    context.close()


def test_no_page_is_wider_than_its_window_nor_prints_a_button(
    whole: World, window: Page, live_server: Any
) -> None:
    paths = list(_pages(whole))
    faults = []
    for path in paths:
        window.goto(live_server.url + path, wait_until="load")
        faults += [f"{path} {fault}" for fault in _faults(window)]

    assert len(paths) >= FEWEST
    assert not faults, "\n".join(faults)


def _pages(whole: World) -> Iterator[str]:
    """Yield the addresses that answer a whole page to the director."""
    client = whole.clients[READER]
    for address, name in ADDRESSES:
        if any(word in name for word in FILES):
            continue
        path = filled(address, name, world=whole)
        response = client.get(path)
        is_html = response.headers.get("Content-Type", "").startswith("text/html")
        if response.status_code == HTTPStatus.OK and is_html and _whole(response):
            yield path


def _whole(response: Any) -> bool:
    return not response.streaming and b"<main" in response.content


def _faults(window: Page) -> Iterator[str]:
    for width in WIDTHS:
        window.set_viewport_size({"width": width, "height": HEIGHT})
        beyond = window.evaluate(BEYOND)
        if beyond > 0:
            yield f"is {beyond} px too wide at {width} px"
    yield from clicked_on_paper(window)
