"""`jalon init` and `jalon doctor`, as a person runs them."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tomllib
from contextlib import closing
from pathlib import Path

import pytest

from jalon.usecases.create_workspace import issues
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Settings

RUN = [sys.executable, "-c", "from jalon.cli.main import main; main()"]


def jalon(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if name != "DATABASE_URL"
    }
    return subprocess.run(
        [*RUN, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
        env=environment,
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company") / "dupont"
    flags = ("--company", "Dupont & « Fils »", "--currency", "CHF", "--fiscal-month")
    done = jalon("init", str(folder), *flags, "4", "--language", "en", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["settings"]["currency"] == "CHF"
    return folder


def checks(folder: Path) -> tuple[int, dict[str, str]]:
    done = jalon("doctor", "--workspace", str(folder), "--json")
    assert done.stderr == ""
    document = json.loads(done.stdout)
    assert all(check["message"] for check in document["checks"])
    return done.returncode, {
        check["code"]: check["state"] for check in document["checks"]
    }


def test_init_writes_what_it_was_told_and_the_places(made: Path) -> None:
    written = tomllib.loads((made / "jalon.toml").read_text("utf-8"))
    assert written["company"] == "Dupont & « Fils »"
    assert written["fiscal_first_month"] == 4
    for place in ("warehouse", "inbox", "mappings", "kpis"):
        assert (made / place).is_dir()
    assert (made / "jalon.sqlite3").exists()


def test_init_never_overwrites_a_workspace(made: Path) -> None:
    done = jalon("init", str(made), "--company", "Other", "--lang", "en")
    assert (done.returncode, done.stdout) == (2, "")
    assert "already is a workspace" in done.stderr


def test_init_refuses_before_writing(tmp_path: Path) -> None:
    done = jalon("init", str(tmp_path / "new"), "--currency", "euro", "--lang", "en")
    assert done.returncode == 2
    assert "e.g. EUR" in done.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        pytest.param(Settings(country="XX"), "country", id="no such country"),
        pytest.param(Settings(timezone="Paris"), "timezone", id="no such place"),
        pytest.param(Settings(fiscal_first_month=13), "fiscal", id="a 13th month"),
        pytest.param(Settings(company=" "), "company", id="a company without name"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(settings: Settings, named: str) -> None:
    (issue,) = issues(settings)
    assert named in str(issue)
    assert "Expected" in str(issue)


def test_the_default_settings_can_be_used() -> None:
    assert issues(Settings()) == ()


def test_a_new_workspace_is_well(made: Path) -> None:
    code, states = checks(made)
    assert code == 0
    assert states["folder"] == states["settings"] == states["database"] == "ok"
    assert states["warehouse.empty"] == "note"


def test_doctor_names_a_folder_that_is_no_workspace(tmp_path: Path) -> None:
    code, states = checks(tmp_path / "nowhere")
    assert code == 1
    assert states["folder.missing"] == "finding"


def test_doctor_finds_and_mends_what_a_killed_import_left(made: Path) -> None:
    Generations(made / "warehouse").publish(lambda _: None)
    (made / "warehouse" / "g00000002.building").write_bytes(b"half")
    code, states = checks(made)
    assert code == 1
    assert states["warehouse.leftover"] == "finding"

    done = jalon("doctor", "--workspace", str(made), "--repair", "--lang", "fr")
    assert done.returncode == 0, done.stdout
    assert "Tout va bien." in done.stdout
    assert checks(made)[1]["warehouse"] == "ok"


def test_doctor_says_what_to_do_in_both_languages(tmp_path: Path) -> None:
    Generations(tmp_path / "warehouse").publish(lambda _: None)
    (tmp_path / "warehouse" / "CURRENT").write_text("g00000042")
    french = jalon("doctor", "--workspace", str(tmp_path), "--lang", "fr")
    english = jalon("doctor", "--workspace", str(tmp_path), "--lang", "en")
    assert french.returncode == english.returncode == 1
    assert "L’instantané courant g00000042 est désigné" in french.stdout
    assert "The current snapshot g00000042 is named" in english.stdout
    assert french.stdout.count("→") == english.stdout.count("→") > 0


def test_doctor_sees_a_database_behind_this_version(made: Path) -> None:
    with closing(sqlite3.connect(made / "jalon.sqlite3")) as database:
        rows = database.execute(
            "SELECT app, name, applied FROM django_migrations WHERE app = 'sessions'"
        ).fetchall()
        database.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
        database.commit()
        try:
            code, states = checks(made)
        finally:
            database.executemany(
                "INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, ?)",
                rows,
            )
            database.commit()
    assert code == 1
    assert states["database.behind"] == "finding"
