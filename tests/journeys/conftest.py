"""A browser before the followed company; every page is watched for faults.

Without a browser the journeys are skipped with a word on a desk, and fail in CI.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Response

from jalon.workspace.folder import Workspace
from tests.browser_setup import installed
from tests.worlds import followed

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
    "true"  # the browser's loop runs beside Django
)
RULES = "[...document.styleSheets].map(sheet => sheet.cssRules.length)"
TRIES, PAUSE_MILLISECONDS = 100, 100
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@dataclass
class Visit:
    """A page being visited by somebody, and the faults seen on the way."""

    page: Page
    origin: str
    faults: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    def open(self, path: str) -> None:
        """Open an address of the site and check that its style came with it."""
        self.page.goto(self.origin + path)
        self.check_style()

    def check_style(self) -> None:
        """Fail where the style sheet did not load: axe alone would not see it."""
        rules: list[int] = []
        for _ in range(TRIES):
            self.page.wait_for_load_state("load")
            rules = self.page.evaluate(RULES)
            if rules and all(rules):
                return
            self.page.wait_for_timeout(PAUSE_MILLISECONDS)
        pytest.fail(f"the style sheets did not load: {rules}")

    def log_in(self, who: str) -> None:
        """Log in by the form."""
        self.open("/login/")
        self.page.fill("#id_username", f"{who}@exemple.fr")
        self.page.fill("#id_password", followed.PASSWORD)
        self.page.click("main button")

    def hear(self, message: ConsoleMessage) -> None:
        """Keep what the console complains of, refusals of the policy among them."""
        if message.type in {"error", "warning"}:
            self.faults.append(f"console: {message.text}")

    def crash(self, error: Error) -> None:
        """Keep an exception of a script."""
        self.faults.append(f"script: {error}")

    def receive(self, response: Response) -> None:
        """Keep an answer that failed, and anything that came from elsewhere."""
        if response.status >= 400 and response.status not in self.expected:
            self.faults.append(f"{response.status} {response.url}")
        if urlsplit(response.url).netloc != urlsplit(self.origin).netloc:
            self.faults.append(f"from elsewhere: {response.url}")


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any],
) -> dict[str, Any]:
    """Use the browser of this machine; Playwright's own where there is one."""
    found = installed()
    more = {"executable_path": found} if found else {}
    return {**browser_type_launch_args, "args": ARGUMENTS, **more}


@pytest.fixture(scope="session")
def a_browser(request: pytest.FixtureRequest) -> Browser:
    """The browser; where there is none, a word."""
    try:
        return request.getfixturevalue("browser")  # type: ignore[no-any-return]
    except Error as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no Chromium here; `make browser` installs one ({error})")


@pytest.fixture(scope="session")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The facts of the followed company, loaded once."""
    return followed.company(tmp_path_factory.mktemp("followed"))


@pytest.fixture
def site(
    facts: Workspace,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    transactional_db: None,
    live_server: Any,
) -> str:
    """The address of the site of the followed company."""
    settings.WORKSPACE = facts
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setenv("JALON_TODAY", followed.ON.isoformat())
    followed.people(facts)
    return str(live_server.url)


@pytest.fixture
def visit(a_browser: Browser, site: str) -> Iterator[Callable[..., Visit]]:
    """Open a window of a width and a colour scheme; no fault may be seen in it."""
    opened: list[Visit] = []

    def open_window(*, width: int = 1440, scheme: str = "light") -> Visit:
        size: Any = {"width": width, "height": 900}
        context = a_browser.new_context(
            viewport=size, color_scheme=scheme, accept_downloads=True
        )  # type: ignore[arg-type]
        page = context.new_page()
        visited = Visit(page, site)
        page.on("console", visited.hear)
        page.on("pageerror", visited.crash)
        page.on("response", visited.receive)
        opened.append(visited)
        return visited

    yield open_window
    faults = [fault for visited in opened for fault in visited.faults]
    for visited in opened:
        visited.page.context.close()
    assert not faults
