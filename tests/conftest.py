"""What every test shares: a fresh workspace, and Django set up against a real file."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from jalon.workspace.folder import Workspace, opened

SQLITE = "django.db.backends.sqlite3"
# A busy machine may take seconds to import what a first example needs: no fault of it.
hypothesis.register_profile(
    "jalon", hypothesis(), suppress_health_check=[HealthCheck.too_slow], deadline=None
)
hypothesis.load_profile("jalon")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """Test on a SQLite file, as in use: each thread has a connection of its own.

    Django's own choice, one connection in memory shared by every thread of the live
    server, lets two requests of one page end each other's transactions.
    """
    database = settings.DATABASES["default"]
    if database["ENGINE"] == SQLITE:
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        database["TEST"]["NAME"] = str(file)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A fresh, empty workspace, named by `JALON_WORKSPACE`."""
    folder = tmp_path / "workspace"
    (folder / "warehouse").mkdir(parents=True)
    monkeypatch.setenv("JALON_WORKSPACE", str(folder))
    return opened(folder)
