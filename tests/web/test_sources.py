"""The pages of the sources: connected, read, mapped, never a secret on them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jalon.records.sources import ConnectedSource, SourceRun, Why
from jalon.workspace.folder import Workspace
from tests.worlds.crm_in_sql import PASSWORD, Crm, held


@pytest.fixture
def client(
    reader: Callable[[str], Client], workspace: Workspace, settings: Any
) -> Client:
    """Olga, RevOps, on a workspace without any fact yet."""
    found = reader("olga")
    settings.WORKSPACE = workspace
    settings.IMPORTS_HERE = True
    return found


def posted(client: Client, crm: Crm, **changed: str) -> Any:
    told = {f"setting.{name}": value for name, value in crm.settings().items()}
    return client.post("/data/sources/new/sql/", {"name": "crm", **told, **changed})


def test_a_source_is_connected_read_and_watched(
    client: Client, workspace: Workspace, tmp_path: Path
) -> None:
    crm = Crm(tmp_path / "crm")

    kept = posted(client, crm)
    ready = client.get("/data/sources/crm/").content.decode()
    client.post("/data/sources/crm/", {"do": "refresh"})
    page = client.get("/data/sources/crm/").content.decode()

    assert kept.headers["Location"] == "/data/sources/crm/"
    assert "Prête pour son premier import" in ready
    assert held(workspace) == crm.truth()
    assert "g00000001" in page
    assert "12" in page
    assert PASSWORD not in ready + page
    assert "crm" in client.get("/data/").content.decode()
    settings_page = client.get("/data/sources/crm/settings/").content.decode()
    assert PASSWORD not in settings_page
    assert str(crm.path) in settings_page


def test_what_cannot_be_read_is_said_beside_the_form(
    client: Client, tmp_path: Path
) -> None:
    crm = Crm(tmp_path / "crm")

    page = posted(client, crm, **{"setting.url": "sqlite:////nowhere"})

    assert "/nowhere n’est pas un fichier lisible." in page.content.decode()
    assert PASSWORD not in page.content.decode()
    assert not ConnectedSource.objects.exists()


def test_a_run_that_fails_says_why_and_that_nothing_changed(
    client: Client, tmp_path: Path
) -> None:
    crm = Crm(tmp_path / "crm")
    posted(client, crm)
    crm.do("ALTER TABLE affaires RENAME TO autres")

    client.post("/data/sources/crm/", {"do": "refresh"})
    page = client.get("/data/sources/crm/").content.decode()

    assert "Rien n’a été changé." in page
    assert "affaires" in page
    assert "dernier rafraîchissement échoué" in client.get("/data/").content.decode()


def test_the_pace_and_the_hook(client: Client, tmp_path: Path) -> None:
    posted(client, Crm(tmp_path / "crm"))
    client.post("/data/sources/crm/", {"do": "schedule", "every": "60"})
    client.post("/data/sources/crm/", {"do": "hook"})
    page = client.get("/data/sources/crm/").content.decode()
    address = re.search(r"/hooks/sources/crm/[^/]+/", page)
    assert address is not None

    outside = Client(enforce_csrf_checks=True)
    knocked = outside.post(address[0])
    wrong = outside.post("/hooks/sources/crm/wrong/")

    assert ConnectedSource.objects.get().every == 60
    assert (knocked.status_code, wrong.status_code) == (202, 404)
    assert [run.why for run in SourceRun.objects.order_by("pk")] == [Why.WEBHOOK]


def test_a_pace_out_of_bounds_is_refused_in_words(
    client: Client, tmp_path: Path
) -> None:
    posted(client, Crm(tmp_path / "crm"))

    page = client.post(
        "/data/sources/crm/", {"do": "schedule", "every": "1"}, follow=True
    )

    assert "Toutes les 1 minutes n’est pas possible." in page.content.decode()


def test_the_page_of_quality_lists_and_leads_to_the_rows(
    reader: Callable[[str], Client],
) -> None:
    client = reader("olga")
    page = client.get("/data/quality/").content.decode()
    found = re.search(r"/data/quality/([a-z_]+)/", page)

    assert "Qualité des données" in page
    if found is None:
        assert "Rien à corriger" in page
        return
    rows = client.get(found[0])
    sheet = client.get(f"/data/quality/{found[1]}.csv")
    assert rows.status_code == 200
    assert sheet.content.startswith("\ufeff".encode())


def test_a_source_that_missed_two_moments_is_late(
    reader: Callable[[str], Client],
) -> None:
    client, now = reader("olga"), timezone.now()  # noqa: TID251 - the page reads it
    for name, age in (("prompt", 100), ("tardy", 121)):
        ConnectedSource.objects.create(
            name=name,
            kind="sql",
            every=60,
            read_at=now - timedelta(minutes=age),
            made_at=now,
            made_by="olga",
        )

    page = client.get("/data/").content.decode()

    assert "Sources en retard" in page
    assert re.search(r"✕ tardy\s*<", page)
