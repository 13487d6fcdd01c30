"""What a page owes everybody: no accessibility finding, nothing wider than its window."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.conftest import Visit

HEIGHT = 900
BEYOND = "document.documentElement.scrollWidth - window.innerWidth"
PAPER = 794  # px: A4 at 96 dots an inch
ON_PAPER = """() => {
  const shown = e => e.getClientRects().length && getComputedStyle(e).visibility !== "hidden"
  const clicked = "nav, button, .button, [type=submit], .tools, .foot, .filters, .skip"
  const found = [...document.querySelectorAll(clicked)].filter(shown)
  const dark = getComputedStyle(document.body).backgroundColor !== "rgb(255, 255, 255)"
  const right = innerWidth + 1
  const cut = [...document.querySelectorAll("main td, main th, main svg")]
    .filter(e => shown(e) && e.getBoundingClientRect().right > right)
  return [
    ...found.map(e => `prints <${e.localName} class="${e.className}">`),
    ...cut.slice(0, 1).map(e => `is cut at the right on paper: <${e.localName}>`),
    ...(dark ? ["is not printed on white"] : []),
  ]
}"""
READ: Any = ((1440, "light"), (1440, "dark"), (390, "light"))  # what axe looks at
WIDTHS = (1440, 768, 390)


def assert_readable(window: Visit, path: str) -> None:
    """Fail with axe's report, or with what overflows, of the page as it stands."""
    found = Axe().run(window.page)
    assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
    _assert_no_overflow(window, path)


def assert_readable_anywhere(window: Visit, path: str) -> None:
    """Fail likewise, of one page on desk, tablet and phone, by day and by night.

    The page is opened once; its window is then drawn in and its scheme changed.
    """
    for width in WIDTHS:
        window.page.set_viewport_size({"width": width, "height": HEIGHT})
        _assert_no_overflow(window, f"{path} at {width} px")
    for width, scheme in READ:
        window.page.set_viewport_size({"width": width, "height": HEIGHT})
        window.page.emulate_media(color_scheme=scheme)
        assert_readable(window, f"{path} at {width} px, {scheme}")
    window.page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    window.page.emulate_media(color_scheme="light")


def _assert_no_overflow(window: Visit, path: str) -> None:
    beyond = window.page.evaluate(BEYOND)
    assert beyond <= 0, f"{path} is {beyond} px too wide"


def clicked_on_paper(page: Page) -> list[str]:
    """Return what would be printed of what is only clicked, cut, or dark."""
    page.set_viewport_size({"width": PAPER, "height": HEIGHT})
    page.emulate_media(media="print", color_scheme="dark")
    found: list[str] = page.evaluate(ON_PAPER)
    page.emulate_media(media="screen", color_scheme="light")
    return found
