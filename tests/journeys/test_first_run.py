"""From an empty workspace to boards, in a browser before the real `jalon serve`.

Every act of a hand is counted: a field 1, a list 2 (open, choose), files 3 (open, pick,
confirm), a button or a box 1. The goals: under forty acts, under ten minutes.
"""

from __future__ import annotations

import csv
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.truth]

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
MAVEN = ("accounts.csv", "products.csv", "sales_pipeline.csv", "sales_teams.csv")
HYPERMARCHE = ("Exemple - Hypermarché_Achats_2020-2022.csv",)
ACTS, SECONDS = 40, 600
WAIT = 60_000
JALON = "from jalon.cli.main import main; main()"


@dataclass
class Newcomer:
    """Somebody who never saw Jalon: what their hand does is counted."""

    page: Page
    origin: str
    acts: int = 0
    begun: float = field(default_factory=time.monotonic)
    faults: list[str] = field(default_factory=list)

    def type(self, field_id: str, text: str) -> None:
        self.acts += 1
        self.page.fill(field_id, text)

    def choose(self, field_id: str, value: str) -> None:
        self.acts += 2
        self.page.select_option(field_id, value)

    def give(self, files: list[Path]) -> None:
        self.acts += 3
        self.page.set_input_files("#files", [str(one) for one in files])

    def click(self, selector: str) -> None:
        self.acts += 1
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state("load")

    def tick(self, selector: str, *, on: bool) -> None:
        if self.page.is_checked(selector) is not on:
            self.acts += 1
            self.page.set_checked(selector, on)

    def readable(self) -> None:
        """Fail where axe finds something, or something is wider than the window."""
        found = Axe().run(self.page)
        assert found.violations_count == 0, found.generate_report()
        beyond = "document.documentElement.scrollWidth - window.innerWidth"
        assert self.page.evaluate(beyond) <= 0, self.page.url

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.begun


def files_of(name: str, files: tuple[str, ...]) -> list[Path]:
    folder = SHARED / name
    if not folder.exists():
        pytest.skip(f"the public data set {name} is not beside the project (../shared)")
    return [folder / one for one in files]


Serve = Callable[[str], tuple[str, Path]]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Serve an empty folder as of a day; give its address and the folder."""
    started: list[subprocess.Popen[bytes]] = []

    def run(day: str) -> tuple[str, Path]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        folder = tmp_path / "company"
        subprocess.run([sys.executable, "-c", JALON, "init", str(folder)], check=True)
        command = [sys.executable, "-c", JALON, "serve", "--workspace", str(folder)]
        environment = {**os.environ, "JALON_TODAY": day}
        environment.pop("DATABASE_URL", None)
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            env=environment,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        started.append(process)
        origin = f"http://127.0.0.1:{port}"
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{origin}/login/", timeout=2).close()
            except OSError:
                time.sleep(0.25)
            else:
                return origin, folder
        pytest.fail("jalon serve does not answer")

    yield run
    for process in started:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


@pytest.fixture
def newcomer(a_browser: Browser, serve: Serve) -> Iterator[Callable[..., Newcomer]]:
    """Open a window on an empty workspace; no fault may be seen in it."""
    opened: list[Newcomer] = []

    def arrive(day: str, *, width: int = 1440, scheme: str = "light") -> Newcomer:
        origin, _ = serve(day)
        size: Any = {"width": width, "height": 900}
        page = a_browser.new_context(viewport=size, color_scheme=scheme).new_page()  # type: ignore[arg-type]
        found = Newcomer(page, origin)
        page.on(
            "console",
            lambda said: (
                found.faults.append(said.text)
                if said.type in {"error", "warning"}
                else None
            ),
        )
        page.on(
            "response",
            lambda said: (
                found.faults.append(f"{said.status} {said.url}")
                if said.status >= 400
                else None
            ),
        )
        page.on("pageerror", lambda error: found.faults.append(str(error)))
        page.goto(origin)
        opened.append(found)
        return found

    yield arrive
    faults = [fault for one in opened for fault in one.faults]
    for one in opened:
        one.page.context.close()
    assert not faults


def tell_the_company(who: Newcomer, name: str) -> None:
    who.type("#company", name)
    who.type("#name", "Camille Roux")
    who.type("#email", "camille@exemple.fr")
    who.type("#password", "objectifs-de-demain")
    who.click("main form button[type=submit]")


def import_files(who: Newcomer, files: list[Path]) -> None:
    who.give(files)
    who.click("main form.panel button[type=submit]")
    who.page.wait_for_selector("#checking", timeout=WAIT)
    who.readable()
    who.click("#checking .head button")
    who.page.wait_for_selector(".sum-line", timeout=WAIT)


def numbers(who: Newcomer) -> list[int]:
    """Return read, accepted, rejected and already there, as the report says."""
    said = who.page.locator(".sum-line strong").all_inner_texts()
    return [int("".join(one for one in text if one.isdigit())) for text in said]


def told(who: Newcomer, place: str) -> str:
    return " ".join(who.page.inner_text(place).split())


def standings(folder: Path, day: str) -> dict[str, dict[str, Any]]:
    """Return what `jalon objectives status --json` says, by id."""
    command = [sys.executable, "-c", JALON, "objectives", "status", "--json"]
    said = subprocess.run(
        [*command, "--workspace", str(folder), "--on", day],
        capture_output=True,
        check=True,
        text=True,
    )
    found = json.loads(said.stdout)
    rows = found["objectives"] if isinstance(found, dict) else found
    return {one["id"]: one for one in rows}


def won_in(first: str, after: str) -> Decimal:
    """Return what Maven's deals won in a period are worth, from the file itself."""
    with (SHARED / "crm_maven" / "sales_pipeline.csv").open(encoding="utf-8") as lines:
        return sum(
            (
                Decimal(row["close_value"])
                for row in csv.DictReader(lines)
                if row["deal_stage"] == "Won" and first <= row["close_date"] < after
            ),
            Decimal(0),
        )


def assert_teams_of_the_file(who: Newcomer) -> None:
    """The offices are the teams, led by the managers of the file."""
    cards = told(who, ".cards")
    for team, leaders in {
        "Central": ("Dustin Brinkmann", "Melvin Marxen"),
        "East": ("Cara Losch", "Rocco Neubert"),
        "West": ("Celia Rouche", "Summer Sewald"),
    }.items():
        assert team in cards
        assert all(leader in cards for leader in leaders)


def assert_figures_of_the_file(folder: Path) -> None:
    """Ten objectives; revenue is the file's, and the teams' targets make the whole."""
    found = standings(folder, "2017-10-16")
    assert len(found) == 10
    whole = found["revenue-growth-company-2017-10-01"]
    assert whole["actual"] == float(won_in("2017-10-01", "2017-10-17"))
    assert whole["baseline"] == float(won_in("2017-07-01", "2017-10-01"))
    teams = [one for key, one in found.items() if key.startswith("revenue-growth-team")]
    assert len(teams) == 3
    assert sum(one["target"] for one in teams) == whole["target"]


def assert_quick(who: Newcomer, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Print and check the acts of the hand and the time, the goals of the issue."""
    with capsys.disabled():
        print(f"\n{name}: {who.acts} acts of the hand, {who.seconds:.0f} s")
    assert who.acts < ACTS
    assert who.seconds < SECONDS


def set_ten_of_maven(who: Newcomer) -> None:
    """Set ten objectives: four models, two of them for each team too."""
    assert won_in("2017-07-01", "2017-10-01") == Decimal(2982255)
    assert "2 982,3" in told(who, "article:has(#model-revenue_growth)").replace(
        "\u202f", " "
    )
    who.choose("#owner-revenue_growth", "company+teams")
    who.choose("#owner-win_rate", "company+teams")
    who.tick("#model-new_sme_customers", on=False)
    who.tick("#model-new_sector", on=False)
    who.readable()
    who.click("#models .button-main")


def test_maven_from_nothing_to_boards(
    newcomer: Callable[..., Newcomer],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = files_of("crm_maven", MAVEN)
    who = newcomer("2017-10-16")
    assert who.page.url.endswith("/start/")
    who.readable()
    who.choose("#currency", "USD")
    who.choose("#country", "US")
    tell_the_company(who, "Maven")
    who.readable()
    import_files(who, files)
    assert numbers(who) == [8927, 8927, 0, 0]
    who.readable()
    who.click(".head .button-main")

    assert_teams_of_the_file(who)
    assert "41" in told(who, ".head")
    who.readable()
    who.click("main form .button-main")

    set_ten_of_maven(who)
    assert who.page.url == f"{who.origin}/"
    assert "10 objectifs sont fixés" in told(who, "main")
    who.readable()
    who.click(".side a[href='/objectives/']")
    assert "10 objectifs" in told(who, "main")
    who.readable()
    open_the_boards(who)

    assert_figures_of_the_file(tmp_path / "company")
    assert_quick(who, "Maven", capsys)


def open_the_boards(who: Newcomer) -> None:
    """Open the three boards: each tells the teams of the file."""
    for board in ("direction", "pacing", "team"):
        who.click(f".side a[href='/{board}/']")
        shown = told(who, "main")
        assert any(team in shown for team in ("Central", "East", "West"))
        if board == "direction":
            assert_handed_down(who)
        who.readable()


def assert_handed_down(who: Newcomer) -> None:
    """The company's revenue stands in three teams, whole, each with its state."""
    revenue = "Chiffre d’affaires"
    whole = who.page.locator(f'details:has(> summary:has-text("{revenue}"))').first
    assert "par rapport à la période précédente" in whole.inner_text()  # no N-1 yet
    teams = whole.locator(f'> ul > li > .node:has-text("{revenue}")').all()
    names = {team.locator(".node-name a").inner_text() for team in teams}
    assert names == {"Central", "East", "West"}
    shares = [team.locator(".node-share").inner_text() for team in teams]
    parts = [int("".join(c for c in one if c.isdigit())) for one in shares]
    assert 99 <= sum(parts) <= 101
    assert all(team.get_by_role("img").first.get_attribute("title") for team in teams)


def type_two_teams(who: Newcomer) -> None:
    """Paste three people in two teams."""
    who.type(
        "#people",
        "Nom; équipe; e-mail\n"
        "Marie Dupont; Grands comptes; marie@exemple.fr\n"
        "Paul Girard; Grands comptes; paul@exemple.fr\n"
        "Nadia Cherif; Proximité; nadia@exemple.fr\n",
    )
    who.click("main form .button-main")
    assert "3 personnes" in told(who, "main")
    cards = told(who, ".cards")
    assert all(
        word in cards for word in ("Grands comptes", "Proximité", "Nadia Cherif")
    )


def test_hypermarche_in_french_without_a_mapping_file(
    newcomer: Callable[..., Newcomer],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = files_of("hypermarche_fr_dev", HYPERMARCHE)
    who = newcomer("2022-10-17")
    tell_the_company(who, "Hypermarché")
    import_files(who, files)
    assert numbers(who) == [6472, 6472, 0, 0]
    report = told(who, "main table")
    assert all(word in report for word in ("lignes de commande", "comptes", "produits"))
    who.click(".head .button-main")

    type_two_teams(who)
    who.click("main form .button-main")

    who.click("#models details summary")
    shown = who.page.locator("#where-new_sme_customers option:checked").inner_text()
    assert shown == "Petite et moyenne entreprise"
    for box in who.page.locator("#models input[type=checkbox]").all():
        who.tick(f"#{box.get_attribute('id')}", on=True)
    who.type("#aim-win_rate", "25 %")
    who.type("#aim-sales_cycle", "35")
    who.readable()
    who.click("#models .button-main")
    assert "10 objectifs sont fixés" in told(who, "main")
    who.click(".side a[href='/objectives/']")
    assert "10 objectifs" in told(who, "main")
    who.click(".side a[href='/data/']")
    assert "6 472" in told(who, "main").replace("\u202f", " ")
    who.readable()

    found = standings(tmp_path / "company", "2022-10-17")
    revenue = found["revenue-growth-company-2022-10-01"]
    assert revenue["baseline"] == ventes(files[0], "2021-10", "2022-01")
    assert_quick(who, "Hypermarché", capsys)


def ventes(path: Path, first: str, after: str) -> float:
    """Return what was sold in some months, from the file itself."""
    total = 0
    with path.open(encoding="utf-8-sig") as lines:
        for row in csv.DictReader(lines, delimiter=";"):
            day, month, year = row["Date de commande"].split("/")
            if first <= f"{year}-{month}" < after:
                total += int(
                    "".join(c for c in row["Ventes"] if c.isdigit() or c == "-")
                )
            assert day
    return float(total)


def test_it_can_be_left_and_taken_up_again(
    newcomer: Callable[..., Newcomer], tmp_path: Path
) -> None:
    file = tmp_path / "affaires.csv"
    file.write_text(
        "N° affaire;Commercial;Étape;Montant;Créée le;Date de clôture\n"
        "1;Bob;Gagnée;1200;02/01/2025;20/02/2025\n"
        "2;Inès;Perdue;300;15/02/2025;28/02/2025\n",
        "utf-8",
    )
    who = newcomer("2025-06-16", width=390, scheme="dark")
    tell_the_company(who, "La petite entreprise")
    who.readable()
    who.give([file])
    who.click("main form.panel button[type=submit]")
    who.page.wait_for_selector("#checking", timeout=WAIT)
    who.readable()

    who.page.goto(f"{who.origin}/objectives/")
    who.click(".told a")

    assert who.page.locator("#checking").count() == 1
    who.click(".mapped details summary")
    who.page.select_option("#c-0-name", "N° affaire")
    who.page.wait_for_selector("tr:has(#c-0-name):has-text('votre choix')")
    who.page.reload()
    assert who.page.input_value("#c-0-name") == "N° affaire"
    who.click("#checking .head button")
    who.page.wait_for_selector(".sum-line", timeout=WAIT)
    assert numbers(who) == [2, 2, 0, 0]
    who.readable()
    for path in ("people", "objectives"):
        who.page.goto(f"{who.origin}/start/{path}/")
        who.readable()
    who.page.goto(f"{who.origin}/data/")
    who.readable()


def test_it_works_without_a_script(
    a_browser: Browser, serve: Serve, tmp_path: Path
) -> None:
    file = tmp_path / "affaires.csv"
    file.write_text(
        "N° affaire;Commercial;Étape;Montant;Créée le;Date de clôture\n"
        "1;Bob;Gagnée;1200;02/01/2025;20/02/2025\n"
        "2;Inès;Perdue;300;15/02/2025;28/02/2025\n",
        "utf-8",
    )
    origin, _ = serve("2025-06-16")
    page = a_browser.new_context(java_script_enabled=False).new_page()
    who = Newcomer(page, origin)
    page.goto(origin)
    tell_the_company(who, "La petite entreprise")
    who.give([file])
    who.click("main form.panel button[type=submit]")
    page.wait_for_selector("#checking", timeout=WAIT)
    page.click(".mapped details summary")
    page.select_option("#c-0-name", "N° affaire")
    who.click("#checking button[value=check]")
    assert page.input_value("#c-0-name") == "N° affaire"
    who.click("#checking .head button")
    page.wait_for_selector(".sum-line", timeout=WAIT)
    assert numbers(who) == [2, 2, 0, 0]
    who.click(".head .button-main")
    who.click("main form .button-main")
    page.fill("#aim-revenue_growth", "5 000")
    who.click("#models button[value=count]")
    assert "Cible" in told(who, "#aim-revenue_growth-said")
    who.click("#models button[value=set]")
    assert page.url == f"{origin}/"
    page.context.close()
