"""The followed company behind a client: one reader at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from jalon.workspace.folder import Workspace
from tests.worlds import followed


@pytest.fixture(scope="session")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The facts of the followed company, loaded once."""
    return followed.company(tmp_path_factory.mktemp("followed"))


@pytest.fixture
def company(
    facts: Workspace, settings: Any, monkeypatch: pytest.MonkeyPatch, db: None
) -> Workspace:
    """The company with its users and objectives, read on its day."""
    settings.WORKSPACE = facts
    monkeypatch.setenv("JALON_TODAY", followed.ON.isoformat())
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    followed.people(facts)
    return facts


@pytest.fixture
def reader(company: Workspace) -> Callable[[str], Client]:
    """Return a client logged in as somebody of the company."""

    def logged_in(key: str) -> Client:
        client = Client()
        assert client.login(username=f"{key}@exemple.fr", password=followed.PASSWORD)
        return client

    return logged_in
