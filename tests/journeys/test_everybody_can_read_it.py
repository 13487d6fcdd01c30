"""No accessibility finding and nothing wider than the window, on desk and phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.conftest import Visit

pytestmark = pytest.mark.browser
PAGES = (
    "/",
    "/objectives/",
    "/objectives/?when=all",
    "/objectives/ca-t2/",
    "/objectives/ca-t2-nouveaux/",
    "/objectives/closing-bob/",
    "/objectives/ca-t2-nouveaux/explain/",
    "/objectives/cycle-nouveaux/explain/",
    "/team/",
    "/direction/",
    "/pacing/",
    "/funnel/",
    "/weekly/",
    "/weekly/?step=2",
    "/coaching/bob/",
    "/territories/",
    "/alerts/",
    "/notifications/",
    "/account/tokens/",
    "/api/docs/",
    "/who-sees/?page=/journal/",
    "/forecast/",
    "/check-in/team/",
    "/objectives/ca-t2-bob/calls/",
    "/objectives/ca-t2-bob/gap/?against=previous",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_and_nothing_overflows(
    visit: Callable[..., Visit], width: int, scheme: str
) -> None:
    window = visit(width=width, scheme=scheme)
    window.open("/login/")
    assert_readable(window, "/login/")
    window.log_in("mona")
    for path in PAGES:
        window.open(path)
        assert_readable(window, path)


def assert_readable(window: Visit, path: str) -> None:
    found = Axe().run(window.page)
    assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
    beyond = window.page.evaluate(
        "document.documentElement.scrollWidth - window.innerWidth"
    )
    assert beyond <= 0, f"{path} is {beyond} px too wide"
