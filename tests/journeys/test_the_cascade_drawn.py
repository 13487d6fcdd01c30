"""The diagram of the cascade in a browser: folded by keyboard, back in time, on paper."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.journeys.conftest import Visit
from tests.journeys.readable import assert_readable

pytestmark = pytest.mark.browser
LANDSCAPE = [842, 595]  # A4 in points


def test_folds_by_keyboard_goes_back_in_time_and_prints_on_one_page(
    visit: Callable[..., Visit],
) -> None:
    window = visit()
    page = window.page
    window.log_in("alice")
    window.open("/direction/")
    page.get_by_role("link", name="En schéma").click()
    people = page.get_by_role("link", name="Inès Faure", exact=True)
    assert people.is_visible()

    page.locator("summary", has_text="Nouveaux clients").first.focus()
    page.keyboard.press("Enter")
    assert not people.is_visible()
    assert_readable(window, "/cascade/")

    page.get_by_role("link", name="Changement précédent").click()
    assert "tel qu’il était ce jour-là" in page.content()
    page.get_by_role("link", name="Changement suivant").click()
    page.get_by_role("link", name="Changement suivant").wait_for(state="detached")
    page.wait_for_load_state("load")

    paper = page.pdf(prefer_css_page_size=True)
    (box,) = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)
    assert [round(float(one)) for one in box] == LANDSCAPE


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_it_is_a_list(visit: Callable[..., Visit], scheme: str) -> None:
    window = visit(width=390, scheme=scheme)
    window.log_in("bob")
    window.open("/cascade/?on=2025-05-12")
    assert_readable(window, "/cascade/")
