"""`python docs/site/pictures.py`: pictures of the guide, from the sample company.

Each is the screen of a page as somebody of the sample company sees it, in French and in
English, in `build/pictures/<language>/<name>.png`. A page that does not answer, or that
says something to the console, ends the work: a guide shows nothing that is broken.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
from tests.browser_setup import installed  # noqa: E402 -- a script of the project

PORT = 8093
ORIGIN = f"http://127.0.0.1:{PORT}"
DIRECTOR = ("helene.vasseur@ardoise.example", "demo-direction")
MANAGER = ("claire.morel@ardoise.example", "demo-manager")
SELLER = ("nicolas.aubert@ardoise.example", "demo-commercial")
PAGES: dict[str, tuple[tuple[str, str], str]] = {
    "my-objectives": (SELLER, "/"),
    "check-in": (SELLER, "/check-in/"),
    "new-objective": (SELLER, "/new-objective/"),
    "my-pay": (SELLER, "/pay/"),
    "team": (MANAGER, "/team/"),
    "weekly": (MANAGER, "/weekly/"),
    "points-of-team": (MANAGER, "/check-in/team/"),
    "funnel": (MANAGER, "/funnel/"),
    "alerts": (MANAGER, "/alerts/"),
    "direction": (DIRECTOR, "/direction/"),
    "pacing": (DIRECTOR, "/pacing/"),
    "cascade": (DIRECTOR, "/cascade/"),
    "planning": (DIRECTOR, "/planning/"),
    "data": (DIRECTOR, "/data/"),
    "quality": (DIRECTOR, "/data/quality/"),
    "catalogue": (DIRECTOR, "/kpis/"),
    "people": (DIRECTOR, "/people/"),
}
SIZE = {"width": 1280, "height": 860}
WAIT_SECONDS = 90


def main() -> None:
    """Make the sample company, serve it, take every picture in both languages."""
    jalon = Path(sys.executable).with_name("jalon")
    with tempfile.TemporaryDirectory() as folder:
        place = f"{folder}/company"
        subprocess.run([jalon, "demo", place, "--no-serve"], check=True, stdout=2)
        told = [jalon, "serve", "--no-worker", "--workspace", place]
        server = subprocess.Popen([*told, "--port", str(PORT)], env=dict(os.environ))
        try:
            _wait()
            with sync_playwright() as player:
                browser = player.chromium.launch(
                    executable_path=installed(), args=["--no-sandbox"]
                )
                for language in ("fr", "en"):
                    _taken(browser, language)
        finally:
            server.terminate()
            server.wait()


def _taken(browser: Browser, language: str) -> None:
    folder = ROOT / "build" / "pictures" / language
    folder.mkdir(parents=True, exist_ok=True)
    for login in (SELLER, MANAGER, DIRECTOR):
        context = browser.new_context(viewport=SIZE, device_scale_factor=1)
        cookie = {"name": "jalon_language", "value": language, "url": ORIGIN}
        context.add_cookies([cookie])
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))  # noqa: B023
        _log_in(page, *login)
        for name, (who, path) in PAGES.items():
            if who == login:
                answer = page.goto(ORIGIN + path, wait_until="networkidle")
                if answer is None or not answer.ok or faults:
                    raise SystemExit(f"{path} is broken: {answer}, {faults}")
                page.screenshot(path=folder / f"{name}.png")
        context.close()


def _log_in(page: Page, mail: str, password: str) -> None:
    page.goto(f"{ORIGIN}/login/")
    page.fill("#id_username", mail)
    page.fill("#id_password", password)
    page.click("main button")
    page.wait_for_url(lambda url: "login" not in url)


def _wait() -> None:
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"{ORIGIN}/login/", timeout=5).close()
        except (urllib.error.URLError, OSError):
            if time.monotonic() > until:
                raise
            time.sleep(0.5)
        else:
            return


if __name__ == "__main__":
    main()
