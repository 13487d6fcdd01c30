"""Connect HubSpot by its key, say what its stages are, read it, have it read by itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jalon.connectors.hubspot.source import HubSpot
from jalon.connectors.hubspot.targets import HubSpotTargets
from jalon.usecases import refresh, sources, write_back
from jalon.workspace.folder import Workspace
from tests.connectors.sources import HASTY, KEY, stand
from tests.journeys.conftest import Visit
from tests.journeys.readable import assert_readable

pytestmark = pytest.mark.browser
PAGE = "/data/sources/hubspot/"


@pytest.fixture
def new_company(
    site: str, workspace: Workspace, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A company without any fact, whose HubSpot is on this machine."""
    del site
    settings.WORKSPACE = workspace
    settings.IMPORTS_HERE = True  # the work is done before the page answers
    monkeypatch.setenv("JALON_PRIVATE_HOSTS", "127.0.0.1")
    for module in (refresh, sources):
        monkeypatch.setattr(module, "source_of", lambda _kind: HubSpot(HASTY))
    writer = HubSpotTargets(HASTY)
    monkeypatch.setattr(write_back, "takes_targets", lambda _kind: writer)


def test_from_a_key_to_figures_that_refresh_by_themselves(
    visit: Callable[..., Visit], new_company: None, tmp_path: Path
) -> None:
    del new_company
    with stand("hubspot", tmp_path, deals=25) as crm:
        window = visit(width=390)
        window.log_in("olga")
        window.open("/data/sources/")
        assert_readable(window, "the kinds")
        give_its_key(window, crm.url)
        say_what_a_stage_is(window)
        window.page.set_viewport_size({"width": 1440, "height": 900})
        read_it_then_every_hour(window)
        window.open(f"{PAGE}write-back/")
        assert "Rien à écrire" in window.page.inner_text("main")
        assert_readable(window, "write-back")


def give_its_key(window: Visit, url: str) -> None:
    """A wrong key is refused in words; the right one says what it sees."""
    page = window.page
    page.click("text=HubSpot")
    page.fill("[name='setting.key']", "wrong-key")
    page.fill("[name='setting.url']", url)
    page.click("main .button-main")
    assert "refuse cette clé" in page.inner_text("[role=alert]")
    assert_readable(window, "a key refused")
    page.fill("[name='setting.key']", KEY)
    page.click("main .button-main")
    seen = page.inner_text("main")
    assert "Prête pour son premier import" in seen
    assert re.search(r"affaires\s*:\s*25", seen)
    assert KEY not in page.content()
    assert_readable(window, "ready")


def say_what_a_stage_is(window: Visit) -> None:
    """The proposal is corrected; won stays won, by the vendor's flag."""
    page = window.page
    page.select_option("[name='stage.12']", "sql")
    page.click("button[value=choose]")
    assert page.input_value("[name='stage.12']") == "sql"
    assert page.input_value("[name='stage.13']") == "won"


def read_it_then_every_hour(window: Visit) -> None:
    page = window.page
    page.click("button[value=refresh]")
    assert "g00000001" in page.inner_text("main")
    page.select_option("#every", "60")
    page.click("button[value=schedule]")
    assert "toutes les heures" in page.inner_text(".head")
    assert_readable(window, "read")
