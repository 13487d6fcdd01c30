"""No accessibility finding and nothing wider than the window, on desk and phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.conftest import Visit
from tests.journeys.readable import assert_readable_anywhere

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
    "/wall/",
    "/surveys/",
    "/reviews/",
    "/learnings/",
    "/themes/",
    "/search/?q=bob",
    "/shortcuts/",
    "/views/",
    "/tiles/",
)


def test_axe_finds_nothing_and_nothing_overflows(visit: Callable[..., Visit]) -> None:
    window = visit()
    window.open("/login/")
    assert_readable_anywhere(window, "/login/")
    window.log_in("mona")
    for path in PAGES:
        window.open(path)
        assert_readable_anywhere(window, path)
